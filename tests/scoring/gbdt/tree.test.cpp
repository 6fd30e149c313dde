#include "mlsd/scoring/gbdt/tree.hpp"

#include "catch.hpp"

namespace test_gbdt_tree {

TEST_CASE("gbdt tree: what is not said is a tree of one leaf, worth nothing") {
  const mlsd::gbdt_tree tree{};
  CHECK(tree.splits.empty());
  REQUIRE(tree.leaves.size() == 1);
  CHECK(tree.leaves[0] == 0.0);
  const mlsd::gbdt_description d{.number_columns = 3};
  CHECK(d.trees.empty());
  CHECK(d.base == std::vector<double>{0.0});
  CHECK(d.output == mlsd::link_function::identity);
}

TEST_CASE("gbdt tree: a new split leads to two different leaves") {
  const mlsd::gbdt_split split{.feature = 1, .threshold = 0.5f};
  CHECK(split.left == ~0);
  CHECK(split.right == ~1);
  CHECK_FALSE(split.nan_left);
}

}  // namespace test_gbdt_tree
