#include "mlsd/scoring/gbdt/packed_trees.hpp"

#include "catch.hpp"
#include "scoring/gbdt/random_gbdt.hpp"

#include <limits>

namespace test_packed_trees {

using namespace mlsd;
using detail::mixed_nodes;
using detail::number_nodes;
using detail::packed_trees;

TEST_CASE("packed trees: children lie after their parent and leaves lead nowhere") {
  const gbdt_forest forest(random_gbdt::model({.trees = 150}, 3));
  detail::tree_cells<> cells;
  REQUIRE(cells.build(forest));
  packed_trees<mixed_nodes> p;
  REQUIRE(p.build(forest, cells));
  for (std::size_t i = 0; i < p.nodes.size(); ++i) {
    const auto& n = p.nodes[i];
    REQUIRE(n.cell < cells.size());
    if (n.step == 0) {
      REQUIRE(n.threshold == detail::largest_key);
    } else {
      REQUIRE(i + n.step + 1 < p.nodes.size());
    }
  }
  CHECK(p.root.size() == 150);
  CHECK(p.groups.size() == 8 + 2);  // blocks of 128 and 22 trees, 16 to a group
}

TEST_CASE("packed trees: nodes for numbers refuse codes, and steps that do not fit") {
  for (const std::uint32_t codes : {0u, 2u}) {
    const gbdt_forest forest(random_gbdt::model({.codes = codes, .trees = 2}, 3));
    detail::tree_cells<> cells;
    REQUIRE(cells.build(forest));
    CHECK(packed_trees<number_nodes>{}.build(forest, cells) == (codes == 0));
  }
  CHECK(sizeof(number_nodes::node) == 8);
  CHECK(sizeof(mixed_nodes::node) == 16);
}

}  // namespace test_packed_trees
