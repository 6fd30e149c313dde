#include "mlsd/scoring/gbdt/ranked_trees.hpp"

#include "catch.hpp"
#include "scoring/gbdt/random_gbdt.hpp"

#include <algorithm>
#include <vector>

namespace test_ranked_trees {

using namespace mlsd;
using detail::ranked_trees;
using detail::tree_cells;

bool fits(const gbdt_description& d) {
  const gbdt_forest forest(d);
  REQUIRE(forest.validate());
  tree_cells<> cells;
  REQUIRE(cells.build(forest));
  return ranked_trees<>{}.build(forest, cells);
}

TEST_CASE("ranked trees: slots of children come first, thresholds are ranks") {
  const gbdt_forest forest(random_gbdt::model({.codes = 0, .trees = 30}, 3));
  tree_cells<> cells;
  REQUIRE(cells.build(forest));
  ranked_trees<> r;
  REQUIRE(r.build(forest, cells));
  CHECK(r.trees.size() == 30);
  CHECK(r.columns.size() == 5);
  for (const auto& column : r.columns) {
    const float* const cuts = r.cuts.data() + column.first_cut;
    CHECK(std::is_sorted(cuts, cuts + 256));
  }
  std::vector<bool> by_column(r.cells.size(), false);
  for (const std::uint32_t c : r.by_column) by_column[c] = true;
  CHECK(std::count(by_column.begin(), by_column.end(), true) == static_cast<std::ptrdiff_t>(r.cells.size()));
  for (const auto& t : r.trees) {
    REQUIRE(t.leaves % 16 == 0);
    for (std::size_t i = 0; i < t.splits; ++i) {
      const auto& s = r.splits[t.first_split + i];
      REQUIRE(s.key < r.key_slots + r.list_slots);
      for (const std::size_t child : {std::size_t{s.left}, std::size_t{s.right}})
        REQUIRE((child < r.leaf_slots ? child <= t.splits : child < r.leaf_slots + i));
    }
  }
}

TEST_CASE("ranked trees: what does not fit into bytes is refused") {
  CHECK(fits(random_gbdt::model({.codes = 0, .trees = 3}, 1)));
  CHECK(fits(random_gbdt::model({.trees = 3}, 1)));
  CHECK_FALSE(fits(random_gbdt::model({.trees = 3, .cardinality = 300}, 1)));         // more than 254 categories
  CHECK_FALSE(fits(random_gbdt::model({.codes = 0, .trees = 3, .lines = true}, 1)));  // lines
  CHECK_FALSE(fits(random_gbdt::model({.numbers = 3, .codes = 0, .trees = 3, .splits = 256}, 1)));  // 257 leaves
  CHECK_FALSE(fits(random_gbdt::model({.codes = 0, .outputs = 33}, 1)));
  CHECK(fits(random_gbdt::model({.numbers = 400, .codes = 0, .trees = 60, .splits = 50}, 1)));
  CHECK_FALSE(fits(random_gbdt::model({.numbers = 1500, .codes = 0, .trees = 60, .splits = 50}, 1)));  // too many keys
}

}  // namespace test_ranked_trees
