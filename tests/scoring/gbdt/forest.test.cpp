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

TEST_CASE("gbdt forest: without trees it is valid and has none") {
  CHECK(gbdt_forest{}.validate());
  CHECK(gbdt_forest{}.trees() == 0);
}

}  // namespace test_gbdt_forest
