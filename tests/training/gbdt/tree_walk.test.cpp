#include "mlsd/training/gbdt/tree_walk.hpp"

#include "mlsd/core/executor.hpp"
#include "mlsd/data/feature_matrix.hpp"
#include "training/gbdt/rows.hpp"

#include "catch.hpp"

#include <algorithm>
#include <vector>

namespace test_tree_walk {

using namespace mlsd;

TEST_CASE("tree walk: every row that is not skipped is used once, with the leaf that the forest says") {
  const labelled_matrix rows = gbdt_rows::table(500, 4);
  gbdt_tree tree;
  tree.splits = {{.feature = 0, .left = ~0, .right = 1, .threshold = 1}, {.feature = 6, .left = ~1, .right = ~2}};
  tree.splits[1].category_count = 2;
  tree.categories = {3, 5};
  tree.leaves = {1, 10, 100};
  const auto forest = detail::forest_of(6, 2, tree);
  std::vector<std::uint8_t> skip(rows.rows());
  for (std::size_t i = 0; i < skip.size(); i += 3) skip[i] = 1;
  std::vector<int> uses(rows.rows());
  std::size_t of_leaf[3] = {};
  sequential ex;
  detail::for_each_leaf(
      forest, rows.x.columns(), ex,
      [&](std::size_t i, std::size_t l) {
        ++uses[i], ++of_leaf[l];
        const bool left = rows.x.number(0)[i] <= 1, listed = rows.x.code(0)[i] == 3 || rows.x.code(0)[i] == 5;
        CHECK(l == (left ? 0u : listed ? 1u : 2u));
      },
      skip);
  for (std::size_t i = 0; i < skip.size(); ++i) CHECK(uses[i] == 1 - skip[i]);
  CHECK((std::min)({of_leaf[0], of_leaf[1], of_leaf[2]}) > 0);

  std::vector<double> margin(rows.rows(), 0.5);
  detail::add_tree(margin, forest, rows.x, -1, ex);
  CHECK(std::all_of(margin.begin(), margin.end(), [](double m) { return m == -0.5 || m == -9.5 || m == -99.5; }));
}

}  // namespace test_tree_walk
