#include "mlsd/scoring/import/json_tape.hpp"

#include "catch.hpp"

#include <cmath>
#include <string>

namespace test_json_tape {

using namespace mlsd::detail;

/// {"name": "x", "list": [1, 2, "y", 3], "inner": {"yes": true}, "n": 4, "name": null}, at bytes 10, 20, ...
json_tape sample() {
  json_tape t;
  t.open(json_type::object, 10);
  t.key("name");
  t.text("x", 20);
  t.key("list");
  t.open(json_type::array, 30);
  t.number(1, 31);
  t.number(2, 32);
  t.text("y", 33);
  t.number(3, 34);
  t.close();
  t.key("inner");
  t.open(json_type::object, 40);
  t.key("yes");
  t.number(1, 41, json_type::boolean);
  t.close();
  t.key("n");
  t.number(4, 50);
  t.key("name");
  t.null(60);
  t.close();
  return t;
}

TEST_CASE("json tape: values are found, with their kind, place and path") {
  const json_tape t = sample();
  REQUIRE(!t.is_open());
  const json_value root = t.root();
  CHECK((root.is(json_type::object) && root.size() == 5 && root.path().empty()));
  CHECK(root.find("name").text() == "x");  // the first of two
  CHECK(root.find("n").number() == 4);
  CHECK(root.find("inner").find("yes").is(json_type::boolean));
  CHECK(root.find("inner").find("yes").path() == "inner.yes");
  const json_value list = root.find("list");
  CHECK((list.size() == 4 && list.numbers().size() == 2 && list.numbers()[1] == 2));
  CHECK((list.child().text() == "y" && list.child().path() == "list[2]"));
  CHECK((list.child().next().number() == 3 && list.child().next().path() == "list[3]"));
  CHECK(!list.child().next().next());

  const json_value none = root.find("nothing");
  CHECK((!none && none.is(json_type::none) && !none.find("a") && none.text().empty() && none.numbers().empty()));
  CHECK(!json_tape().root());
  const mlsd::error e = list.fault("is odd");
  CHECK((e.message == "list: is odd" && e.position == 30));
}

TEST_CASE("json tape: a path has its part's place in front, and an end") {
  json_tape t = sample();
  t.root_path("model.trees[3]");
  CHECK(t.root().path() == "model.trees[3]");
  CHECK(t.root().find("list").path() == "model.trees[3].list");
  t.clear();
  CHECK((t.empty() && !t.root()));
  for (int i = 0; i < 100'000; ++i) t.open(json_type::array, 0);
  CHECK(t.open_path().size() < 300);
}

TEST_CASE("json fields: the first fault stands, and reads give nothing after it") {
  const json_tape t = sample();
  const auto fault = [&](auto&& reads) {
    json_fields fields(t.root());
    reads(fields);
    return fields.good() ? std::string("none") : fields.error().message;
  };
  CHECK(fault([](json_fields& f) { CHECK(f.number("n") == 4); }) == "none");
  CHECK(fault([](json_fields& f) { CHECK(f.integer("n", 0, 4) == 4); }) == "none");
  CHECK(fault([](json_fields& f) { CHECK(f.integer("n", 0, 3) == 0); }) == "n: is no whole number in range");
  CHECK(fault([](json_fields& f) { CHECK(f.text("n").empty()); }) == "n: is not a text");
  CHECK(fault([](json_fields& f) { CHECK(f.text("name").empty()); }) == "name: is there twice");
  CHECK(fault([](json_fields& f) { CHECK(!f.object("other")); }) == "the document: has no 'other'");
  CHECK(fault([](json_fields& f) { CHECK(f.numbers("list").empty()); }) == "list: has an element that is not a number");
  CHECK(fault([](json_fields& f) {
          CHECK(f.text("n").empty());
          CHECK(f.number("n") == 0);
          CHECK(f.numbers("other").empty());
        }) == "n: is not a text");
  CHECK(json_fields(t.root().find("n")).error().message == "n: is not an object");
  CHECK(!json_fields(json_value()).good());
  json_fields inner(t.root().find("inner"));
  CHECK((inner.boolean("yes") && inner.good()));
}

TEST_CASE("whole: numbers without a fraction, in range") {
  CHECK(whole(3, 0, 3) == 3);
  CHECK(whole(-0.0, 0, 3) == 0);
  for (const double v : {3.5, 4.0, -1.0, std::nan(""), HUGE_VAL, -HUGE_VAL}) CHECK(!whole(v, 0, 3));
}

}  // namespace test_json_tape
