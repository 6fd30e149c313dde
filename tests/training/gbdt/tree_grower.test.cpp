#include "mlsd/training/gbdt/tree_grower.hpp"

#include "catch.hpp"
#include "mlsd/core/threads.hpp"

#include <cmath>
#include <vector>

namespace test_tree_grower {

using namespace mlsd;
using namespace mlsd::detail;

struct problem {
  feature_matrix x;
  std::vector<std::uint32_t> rows;
  std::vector<row_slope> slopes;
  slope_scale scale;
};

problem make(std::size_t n) {
  problem p{feature_matrix(std::vector<feature_info>(3), n), {}, {}, slope_scale(4, 1, n)};
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < 3; ++j) p.x.number(j)[i] = static_cast<float>((i * (2 * j + 7)) % 101);
    const float target = p.x.number(0)[i] > 50 ? 3.0f : p.x.number(1)[i] > 20 ? 1.0f : -1.0f;
    p.rows.push_back(static_cast<std::uint32_t>(i));
    p.slopes.push_back(p.scale(-target, 1));
  }
  return p;
}

TEST_CASE("tree grower: finds the tree behind the slopes; leaves cover all rows once, in order") {
  problem p = make(2000);
  sequential ex;
  const binned_matrix bins(p.x, {}, {}, ex);
  const growth_rules rules{.leaves = 3, .learning_rate = 1};
  tree_grower grower(bins, rules);
  const std::vector<std::uint8_t> all(3, 1);
  const gbdt_tree tree = grower.grow(p.rows, p.slopes, p.scale, all, ex);
  REQUIRE(tree.splits.size() == 2);
  CHECK(tree.splits[0].feature == 0);
  CHECK(tree.splits[0].threshold == 50.5f);
  CHECK(tree.splits[1].feature == 1);
  CHECK(tree.splits[1].threshold == 20.5f);
  CHECK(tree.leaves == std::vector<double>{-1, 3, 1});
  std::vector<int> seen(2000, 0);
  for (std::size_t l = 0; l < grower.leaves(); ++l)
    for (std::size_t i = grower[l].first; i < grower[l].last; ++i) {
      ++seen[p.rows[i]];
      CHECK((i == grower[l].first || p.rows[i - 1] < p.rows[i]));
    }
  CHECK(seen == std::vector<int>(2000, 1));
}

TEST_CASE("tree grower: depth, leaves and allowed features bound the tree") {
  sequential ex;
  const auto grow = [&](const growth_rules& rules, const std::vector<std::uint8_t>& allowed) {
    problem p = make(2000);
    const binned_matrix bins(p.x, {}, {}, ex);
    tree_grower grower(bins, rules);
    return grower.grow(p.rows, p.slopes, p.scale, allowed, ex);
  };
  CHECK(grow({.leaves = 31, .max_depth = 1, .learning_rate = 1}, {1, 1, 1}).splits.size() == 1);
  CHECK(grow({.leaves = 2, .learning_rate = 1}, {1, 1, 1}).leaves.size() == 2);
  for (const auto& s : grow({.leaves = 8, .learning_rate = 1}, {0, 1, 0}).splits) CHECK(s.feature == 1);
  const auto none = grow({.leaves = 8, .learning_rate = 0.5}, {0, 0, 0});
  CHECK(none.splits.empty());
  REQUIRE(none.leaves.size() == 1);
}

TEST_CASE("tree grower: the tree does not depend on threads") {
  const growth_rules rules{.leaves = 31, .learning_rate = 0.1};
  const std::vector<std::uint8_t> all(3, 1);
  sequential one;
  threads two(2);
  problem p = make(60000), q = make(60000);
  const binned_matrix bins(p.x, {}, {}, one);
  tree_grower a(bins, rules), b(bins, rules);
  const gbdt_tree s = a.grow(p.rows, p.slopes, p.scale, all, one), t = b.grow(q.rows, q.slopes, q.scale, all, two);
  CHECK(s.leaves == t.leaves);
  CHECK(p.rows == q.rows);
}

}  // namespace test_tree_grower
