#include "mlsd/archive/compare.hpp"

#include "archive/sample.hpp"
#include "catch.hpp"

namespace test_compare {
using namespace mlsd;

template <class Change> std::string first_difference(Change change) {
  const auto a = test_archive::filled();
  auto b = a;
  change(b);
  const auto d = compare(a, b);
  return d ? to_string(*d) : "";
}

TEST_CASE("compare: equal values, NaN of the same bits included") {
  CHECK_FALSE(compare(test_archive::filled(), test_archive::filled()));
  CHECK_FALSE(compare(test_archive::quiet_nan_with(3), test_archive::quiet_nan_with(3)));
}

TEST_CASE("compare: the first difference, by path, with both values") {
  using e = test_archive::everything;
  CHECK(first_difference([](e& b) { b.scalars.u8 = 1; }) == "scalars.u8: 255 is not 1");
  CHECK(first_difference([](e& b) { b.scalars.yes = false; }) == "scalars.yes: true is not false");
  CHECK(first_difference([](e& b) { b.scalars.f64 = 0; }) == "scalars.f64: -0 is not 0");
  CHECK(first_difference([](e& b) { b.scalars.how_deep = test_archive::depth::deep; }) ==
        "scalars.how_deep: -7 is not 70000");
  CHECK(first_difference([](e& b) { b.many.doubles[10] = 2; }) == "many.doubles.10: 1 is not 2");
  CHECK(first_difference([](e& b) { b.many.words[1] = "two"; }) == "many.words.1: \"one\" is not \"two\"");
  CHECK(first_difference([](e& b) { b.many.words.pop_back(); }) == "many.words: 3 items is not 2 items");
  CHECK(first_difference([](e& b) { b.many.points[1].x = test_archive::quiet_nan_with(6); }) ==
        "many.points.1.x: nan (0x7fc00005) is not nan (0x7fc00006)");
  CHECK(first_difference([](e& b) { b.many.rows[2][79] = 3; }) == "many.rows.2.79: 2.5 is not 3");
  CHECK(first_difference([](e& b) { b.many.block[39] = 0; }) == "many.block.39: 0.3333333333333333 is not 0");
  CHECK(first_difference([](e& b) { b.many.maybe.reset(); }) == "many.maybe: a value is not none");
  CHECK(first_difference([](e& b) { b.many.named.second = "x"; }) == "many.named.second: \"nine\" is not \"x\"");
  CHECK(first_difference([](e& b) { b.many.bits[200] = !b.many.bits[200]; }) == "many.bits.200: false is not true");
  CHECK(first_difference([](e& b) { b.root.children[1].children[0].value = 5; }) ==
        "root.children.1.children.0.value: 4 is not 5");
}

TEST_CASE("compare: plain values have no path") {
  const auto d = compare(1.5, 2.0);
  REQUIRE(d);
  CHECK(d->path.empty());
  CHECK(to_string(*d) == "1.5 is not 2");
}

}  // namespace test_compare
