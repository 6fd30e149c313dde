#include "mlsd/training/gbdt/tree_walk.hpp"

#include "data/sparse_rows.hpp"
#include "mlsd/core/executor.hpp"
#include "mlsd/data/feature_matrix.hpp"
#include "training/gbdt/rows.hpp"

#include "catch.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
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
      forest, rows.x, ex,
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

TEST_CASE("tree walk: lines ask for their columns, of sparse rows too") {
  const labelled_matrix dense = sparse_rows::table(700, 5);
  const labelled_sparse sparse = sparse_rows::sparse_of(dense);
  gbdt_tree tree;
  tree.splits = {{.feature = 61, .left = ~0, .right = ~1, .threshold = 0.5}};
  tree.leaves = {1, 10};
  tree.lines = {{0.25, {{60, 2.0}, {63, 3.0}}}, {7, {}}};
  const auto forest = detail::forest_of(68, 0, tree);
  CHECK(detail::columns_of(forest) == std::vector<std::uint32_t>{60, 61, 63});
  std::vector<double> a(700, 0.5), b = a;
  sequential ex;
  detail::add_tree(a, forest, dense.x, 1, ex);
  detail::add_tree(b, forest, sparse.x, 1, ex);
  CHECK(a == b);
  const mixed_columns x = dense.x.columns();
  std::size_t constants = 0;
  for (std::size_t i = 0; i < 700; ++i) {
    const auto at = [&](std::size_t j) { return static_cast<double>(x.numbers[j * x.stride + i]); };
    const double line = 0.25 + 2 * at(60) + 3 * at(63), value = at(61) > 0.5 ? 7 : std::isnan(line) ? 1 : line;
    constants += value == 1;
    CHECK(a[i] == Approx(0.5 + value));
  }
  CHECK(constants > 0);
}

}  // namespace test_tree_walk
