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
  packed_trees<mixed_nodes> p;
  REQUIRE(p.build(gbdt_forest(random_gbdt::model({.trees = 150}, 3))));
  for (std::size_t i = 0; i < p.nodes.size(); ++i) {
    const auto& n = p.nodes[i];
    REQUIRE(n.cell < p.cells.size());
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
  packed_trees<number_nodes> p;
  CHECK_FALSE(p.build(gbdt_forest(random_gbdt::model({.trees = 2}, 3))));
  packed_trees<number_nodes> q;
  CHECK(q.build(gbdt_forest(random_gbdt::model({.codes = 0, .trees = 2}, 3))));
  CHECK(sizeof(number_nodes::node) == 8);
  CHECK(sizeof(mixed_nodes::node) == 16);
}

TEST_CASE("packed trees: codes too far apart for a table are refused, not allocated") {
  gbdt_tree tree;
  tree.splits = {{.feature = 0, .first_category = 0, .category_count = 1}};
  tree.categories = {0xFFFFFFFFu};
  tree.leaves = {1, 2};
  packed_trees<mixed_nodes> p;
  CHECK_FALSE(p.build(gbdt_forest({.code_columns = 1, .trees = {tree}})));
}

}  // namespace test_packed_trees
