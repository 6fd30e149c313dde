#include "mlsd/scoring/gbdt/forest.hpp"

#include "catch.hpp"
#include "scoring/gbdt/random_gbdt.hpp"

#include <limits>
#include <string>

namespace test_gbdt_forest {

using namespace mlsd;

/// Two numbers and a code: split 0 on number 0, split 1 on the code, split 2 on number 1.
gbdt_description small() {
  gbdt_tree tree;
  tree.splits = {{.feature = 0, .left = 1, .right = 2, .threshold = 1.5f, .nan_left = true},
                 {.feature = 2, .left = ~0, .right = ~1, .first_category = 0, .category_count = 2},
                 {.feature = 1, .left = ~2, .right = ~3, .threshold = -1.0f}};
  tree.categories = {3, 70};
  tree.leaves = {1, 2, 4, 8};
  return {.number_columns = 2, .code_columns = 1, .trees = {tree}};
}

std::size_t leaf(const gbdt_forest& f, float a, float b, std::uint32_t c) {
  const float x[] = {a, b};
  return f.leaf_index(
      0, [&](std::size_t j) { return x[j]; }, [&](std::size_t) { return c; });
}

TEST_CASE("gbdt forest: equal goes left, NaN goes its own way, unlisted codes go right") {
  const gbdt_forest f(small());
  REQUIRE(f.validate());
  const float nan = (std::numeric_limits<float>::quiet_NaN)();
  CHECK(leaf(f, 1.5f, 0, 3) == 0);
  CHECK(leaf(f, 1.5f, 0, 70) == 0);
  CHECK(leaf(f, 1.5f, 0, 4) == 1);
  CHECK(leaf(f, 1.5f, 0, 0xFFFFFFFFu) == 1);
  CHECK(leaf(f, 1.5000001f, -1.0f, 3) == 2);
  CHECK(leaf(f, 2, 0, 3) == 3);
  CHECK(leaf(f, nan, 0, 3) == 0);
  CHECK(leaf(f, 2, nan, 3) == 3);
  CHECK(f.leaf(0, 3) == 8);
}

TEST_CASE("gbdt forest: zero as missing, categories in numbers, lines, floats and doubles") {
  const double nan = (std::numeric_limits<double>::quiet_NaN)();
  const auto goes_left = [&](const gbdt_split& split, auto x) {
    gbdt_tree tree{.splits = {split}, .leaves = {1, 2}, .categories = {0, 7}};
    const gbdt_forest f({.number_columns = 1, .trees = {tree}});
    REQUIRE(f.validate());
    return f.leaf_index(
               0, [&](std::size_t) { return x; }, [](std::size_t) { return 0u; }) == 0;
  };
  const gbdt_split zero{.threshold = -1, .nan_left = true, .test = gbdt_test::number_or_zero};
  for (const double x : {0.0, -0.0, 1e-36, -1e-36, nan, -1.0}) CHECK(goes_left(zero, x));
  CHECK(goes_left(zero, 1e-35f));
  CHECK_FALSE(goes_left(zero, 1.1e-35));
  const gbdt_split exact{.threshold = 0.1};
  CHECK(goes_left(exact, 0.1));
  CHECK_FALSE(goes_left(exact, 0.1f));  // 0.1f is above 0.1

  const gbdt_split truncated{.test = gbdt_test::truncated, .category_count = 2};
  for (const double x : {0.0, 0.9, -0.9, 7.0, 7.999}) CHECK(goes_left(truncated, x));
  for (const double x : {1.0, -1.0, 8.0, 1e300, -1e300, nan}) CHECK_FALSE(goes_left(truncated, x));
  const gbdt_split floored{.nan_left = true, .test = gbdt_test::floored, .category_count = 2};
  for (const double x : {0.0, -0.0, 0.9, 7.5, nan}) CHECK(goes_left(floored, x));
  for (const double x : {-0.1, -0.9, 4294967296.0}) CHECK_FALSE(goes_left(floored, x));

  const gbdt_tree lines{
      .splits = {{.threshold = 0}}, .leaves = {1, 2}, .lines = {{0.5, {{0, 2.0}, {1, 3.0}}}, {0.25, {}}}};
  const gbdt_forest f({.number_columns = 2, .trees = {{.leaves = {16}}, lines, {.leaves = {32}}}});
  REQUIRE(f.validate());
  const auto sum = [&](double a, double b) {
    double s = 0;
    const double x[] = {a, b};
    f.add([&](std::size_t j) { return x[j]; }, [](std::size_t) { return 0u; }, {&s, 1});
    return s;
  };
  CHECK(sum(-1, 10) == 48 + 0.5 - 2 + 30);
  CHECK(sum(-1, nan) == 48 + 1);
  CHECK(sum(3, nan) == 48 + 0.25);
}

template <class Change> std::string broken(Change change) {
  gbdt_description d = small();
  change(d.trees[0]);
  const auto r = gbdt_forest(d).validate();
  return r ? "" : r.error().message;
}

TEST_CASE("gbdt forest: validate names what is damaged, and where") {
  using tree = gbdt_tree;
  const auto says = [](const std::string& message, const char* what) {
    INFO(message);
    CHECK(message.find(what) != std::string::npos);
  };
  says(broken([](tree& t) { t.splits[1].left = 0; }), "split 1: a child is out of range");  // a loop
  says(broken([](tree& t) { t.splits[1].left = 1; }), "out of range");                      // itself
  says(broken([](tree& t) { t.splits[2].right = 7; }), "out of range");
  says(broken([](tree& t) { t.splits[2].right = ~4; }), "out of range");
  says(broken([](tree& t) { t.splits[2].right = (std::numeric_limits<std::int32_t>::min)(); }), "out of range");
  says(broken([](tree& t) { t.splits[2].right = ~2; }), "two parents");
  says(broken([](tree& t) { t.splits[0].right = 1; }), "two parents");
  says(broken([](tree& t) { t.splits[0].feature = 3; }), "feature 3 is out of range");
  says(broken([](tree& t) { t.splits[0].threshold = (std::numeric_limits<float>::quiet_NaN)(); }), "NaN");
  says(broken([](tree& t) { t.categories = {70, 3}; }), "not strictly ascending");
  says(broken([](tree& t) { t.categories = {3, 3}; }), "not strictly ascending");
  says(broken([](tree& t) { t.splits[0].category_count = 1; }), "by categories");
  says(broken([](tree& t) { t.leaves[2] = (std::numeric_limits<double>::infinity)(); }), "leaf 2 is not finite");
  says(broken([](tree& t) { t.leaves.pop_back(); }), "n + 1 leaves");
  says(broken([](tree& t) { t.output = 1; }), "its output is out of range");
  says(broken([](tree& t) { t.splits[0].test = gbdt_test::code; }), "does not fit its column");
  says(broken([](tree& t) { t.splits[0].test = static_cast<gbdt_test>(9); }), "does not fit its column");
  says(broken([](tree& t) { t.leaf_covers = {1}; }), "a cover and others have none");
  says(broken([](tree& t) { t.splits[0].cover = -1; }), "a cover is negative");
  says(broken([](tree& t) { t.lines = {{}, {}}; }), "do not fit the leaves");
  says(broken([](tree& t) { t.lines.assign(4, {0, {{2, 1.0}}}); }), "no number column");
  says(broken([](tree& t) { t.lines.assign(4, {1e308 * 10, {}}); }), "not finite");
  gbdt_description wide = small();
  wide.code_columns = 0xFFFFFFFFu;
  const auto r = gbdt_forest(wide).validate();
  REQUIRE_FALSE(r);
  CHECK(r.error().code == errc::capacity);
}

TEST_CASE("gbdt forest: describe and back is the same forest") {
  const gbdt_forest f(random_gbdt::model({.trees = 9}, 4));
  REQUIRE(f.validate());
  const auto bytes = random_gbdt::saved_bytes(f);
  gbdt_forest g;
  random_gbdt::loader in{bytes};
  in("forest", g);
  REQUIRE(g.validate());
  CHECK(random_gbdt::saved_bytes(g) == bytes);
  CHECK(g.trees() == 9);
}

TEST_CASE("gbdt forest: covers are known if all trees know theirs") {
  gbdt_description d = random_gbdt::model({.trees = 4}, 1);
  CHECK(gbdt_forest(d).has_covers());
  d.trees[2].leaf_covers.clear();
  const gbdt_forest some(d);
  CHECK(some.validate());
  CHECK_FALSE(some.has_covers());
}

TEST_CASE("gbdt forest: without trees it is valid and has none") {
  CHECK(gbdt_forest{}.validate());
  CHECK(gbdt_forest{}.trees() == 0);
}

}  // namespace test_gbdt_forest
