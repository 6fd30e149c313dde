#include "mlsd/training/gbdt/leaf_values.hpp"

#include "catch.hpp"

#include <vector>

namespace test_leaf_values {

using namespace mlsd;

TEST_CASE("leaf values: scaled, and blended with new ones") {
  gbdt_tree tree;
  tree.leaves = {1, -3};
  detail::scale_leaves(tree, 0.5);
  CHECK(tree.leaves == std::vector<double>{0.5, -1.5});
  detail::blend_leaves(tree, 0.75, std::vector<double>{2.5, -1.5});
  CHECK(tree.leaves == std::vector<double>{1, -1.5});
}

TEST_CASE("leaf values: Newton steps of the rows of each leaf; without rows, the old value") {
  gbdt_tree tree;
  tree.leaves = {7, 8, 9};
  const std::vector<std::uint32_t> leaf{0, 2, 1, 0, 2}, rows{0, 1, 3};  // rows 2 and 4 were not drawn
  const detail::slope_scale scale(4, 2, 3);
  const std::vector<detail::row_slope> slopes{scale(1, 0.5f), scale(-4, 2), scale(2, 1)};
  detail::growth_rules rules{.learning_rate = 0.5};
  CHECK(detail::newton_leaves(tree, leaf, rows, slopes, scale, rules) == std::vector<double>{-1, 8, 1});
  rules.split.l2 = 0.5;
  CHECK(detail::newton_leaves(tree, leaf, rows, slopes, scale, rules)[0] == -0.75);
}

}  // namespace test_leaf_values
