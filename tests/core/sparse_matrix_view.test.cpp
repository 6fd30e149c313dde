#include "mlsd/core/sparse_matrix_view.hpp"
#include "catch.hpp"

#include <limits>
#include <vector>

namespace test_sparse_matrix_view {
using namespace mlsd;

struct parts {
  std::vector<std::uint64_t> offset{0, 2, 2, 3};
  std::vector<std::uint32_t> index{4, 1, 0};
  std::vector<float> value{2, 3, -1};
  sparse_matrix_view view() const { return {offset, index, value, 5}; }
};

TEST_CASE("sparse_matrix_view: rows are what lies between their offsets") {
  const parts p;
  const auto m = p.view();
  CHECK(m.rows() == 3);
  CHECK(m.size() == 3);
  REQUIRE(m[0].size() == 2);
  CHECK(m[0].index[1] == 1);
  CHECK(m[0].value_of(1) == 3);
  CHECK(m[1].size() == 0);
  CHECK(m[2].value_of(0) == -1);
  CHECK(m.binary()[2].value_of(0) == 1);
  CHECK(sparse_matrix_view{}.rows() == 0);
  CHECK(sparse_matrix_view{}.check("x"));
}

TEST_CASE("sparse_matrix_view: what is broken is named") {
  CHECK(parts{}.view().check("m"));
  const auto code = [](auto&& damage) {
    parts p;
    damage(p);
    const auto ok = p.view().check("m");
    return ok ? "" : ok.error().message;
  };
  CHECK(code([](parts& p) { p.index[1] = 5; }) == "m: entry 1 is in column 5 of 5");
  CHECK(code([](parts& p) { p.value[2] = std::numeric_limits<float>::infinity(); }) == "m: entry 2 is not finite");
  CHECK(code([](parts& p) { p.value.pop_back(); }) == "m: 3 entries but 2 values");
  CHECK(code([](parts& p) { p.offset = {0, 3, 2, 3}; }) == "m: row 1 has no end");
  CHECK(code([](parts& p) { p.offset = {0, ~std::uint64_t{0}, 2, 3}; }) == "m: row 0 has no end");
  CHECK(code([](parts& p) { p.offset.back() = 2; }) == "m: the rows do not span the entries");
  CHECK(code([](parts& p) { p.offset.clear(); }) == "m: the rows do not span the entries");
}

}  // namespace test_sparse_matrix_view
