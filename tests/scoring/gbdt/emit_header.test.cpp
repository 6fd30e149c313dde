#include "mlsd/scoring/gbdt/emit_header.hpp"

#include "catch.hpp"
#include "scoring/gbdt/random_gbdt.hpp"

#include <limits>
#include <string>

namespace test_emit_header {

using namespace mlsd;

// That an emitted header compiles and scores the same bits: tests/emit.

TEST_CASE("emit header: numbers are written bit for bit") {
  detail::header_writer<> w;
  for (const double v : {0.0, -0.0, 1.0, -0.1, 5e-324, std::numeric_limits<double>::infinity(),
                         -std::numeric_limits<double>::infinity()}) {
    w.number(v);
    w.text += ' ';
  }
  CHECK(w.text == "0x0p+0 -0x0p+0 0x1p+0 -0x1.999999999999ap-4 0x0.0000000000001p-1022 infinity -infinity ");
}

TEST_CASE("emit header: what it cannot write is an error with the reason") {
  const auto says = [](const gbdt_description& d, std::string_view name) {
    const auto r = emit_header(gbdt_model::build(d).value(), name);
    return r ? std::string{} : r.error().message;
  };
  const gbdt_description fine = random_gbdt::model({.trees = 2}, 1);
  CHECK(says(fine, "ads").empty());
  for (const char* name : {"", "1a", "a b", "a::b", "a-b"})
    CHECK(says(fine, name).find("is not a name") != std::string::npos);
  CHECK(says(random_gbdt::model({.lines = true}, 1), "ads").find("lines") != std::string::npos);
  gbdt_description both = fine;
  both.scale = 2;
  CHECK(says(both, "ads").empty());
  both.bias = {1};
  CHECK(says(both, "ads").find("both a scale and a bias") != std::string::npos);
}

TEST_CASE("emit header: the header needs only the standard library") {
  const std::string text = emit_header(gbdt_model::build(random_gbdt::model({.trees = 2}, 1)).value(), "ads").value();
  CHECK(text.find("mlsd/") == std::string::npos);
  CHECK(text.find("namespace ads {") != std::string::npos);
}

}  // namespace test_emit_header
