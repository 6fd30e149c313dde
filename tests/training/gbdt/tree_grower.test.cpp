#include "mlsd/training/gbdt/tree_grower.hpp"

#include "catch.hpp"
#include "mlsd/core/random.hpp"
#include "mlsd/core/threads.hpp"

#include <algorithm>
#include <cmath>
#include <span>
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
  CHECK(tree.splits[0].cover == 2000);
  CHECK(tree.leaf_covers[0] + tree.leaf_covers[1] + tree.leaf_covers[2] == 2000);
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

/// Calls `use(path)` with the splits above each leaf; `left[i]` says on which side of `path[i]` it is.
template <class Use> void for_each_path(const gbdt_tree& tree, Use use) {
  struct step {
    std::int32_t at;
    std::vector<std::size_t> path;
    std::vector<bool> left;
  };
  std::vector<step> open{{tree.splits.empty() ? -1 : 0, {}, {}}};
  while (!open.empty()) {
    const step s = open.back();
    open.pop_back();
    if (s.at < 0) {
      use(static_cast<std::size_t>(~s.at), s.path, s.left);
      continue;
    }
    for (const bool left : {true, false}) {
      step next = s;
      const auto& split = tree.splits[static_cast<std::size_t>(s.at)];
      next.at = left ? split.left : split.right;
      next.path.push_back(static_cast<std::size_t>(s.at));
      next.left.push_back(left);
      open.push_back(next);
    }
  }
}

/// Rows whose slopes are noise with some order in it, three features.
problem noise(std::size_t n) {
  problem p = make(n);
  random_stream random(4);
  for (std::size_t i = 0; i < n; ++i)
    p.slopes[i] = p.scale(static_cast<float>(random.normal() - 0.003 * static_cast<double>(p.x.number(0)[i])), 1);
  return p;
}

gbdt_tree grow_on(problem p, const growth_rules& rules) {
  sequential ex;
  const binned_matrix bins(p.x, {}, {}, ex);
  tree_grower grower(bins, rules);
  return grower.grow(p.rows, p.slopes, p.scale, std::vector<std::uint8_t>(3, 1), ex);
}

TEST_CASE("tree grower: by depth, a level is split before the next one begins") {
  const auto levels = [&](tree_growth growth) {
    const auto tree = grow_on(noise(4000), {.leaves = 31, .learning_rate = 1, .growth = growth});
    std::vector<std::size_t> level(tree.splits.size());  // of splits in the order in which they were made
    for_each_path(tree, [&](auto, const auto& path, const auto&) {
      for (std::size_t i = 0; i < path.size(); ++i) level[path[i]] = i;
    });
    return level;
  };
  const auto by_depth = levels(tree_growth::depth_wise), by_gain = levels(tree_growth::leaf_wise);
  CHECK(by_depth.size() == 30);
  CHECK(std::is_sorted(by_depth.begin(), by_depth.end()));
  CHECK_FALSE(std::is_sorted(by_gain.begin(), by_gain.end()));
}

TEST_CASE("tree grower: a monotone feature orders all that is below each of its splits") {
  const std::int8_t rising[] = {1, 0, -1};
  for (const double smoothing : {0.0, 5.0}) {
    const auto broken = [&](std::span<const std::int8_t> monotone) {
      growth_rules rules{.leaves = 31, .learning_rate = 1};
      rules.split.path_smoothing = smoothing;
      rules.split.monotone = !monotone.empty();
      rules.monotone = monotone;
      const auto tree = grow_on(noise(4000), rules);
      REQUIRE(tree.leaves.size() > 8);
      std::vector<double> highest_left(tree.splits.size(), -1e9), lowest_left(tree.splits.size(), 1e9);
      auto highest_right = highest_left, lowest_right = lowest_left;
      for_each_path(tree, [&](std::size_t leaf, const auto& path, const auto& left) {
        for (std::size_t i = 0; i < path.size(); ++i) {
          auto& high = left[i] ? highest_left : highest_right;
          auto& low = left[i] ? lowest_left : lowest_right;
          high[path[i]] = (std::max)(high[path[i]], tree.leaves[leaf]);
          low[path[i]] = (std::min)(low[path[i]], tree.leaves[leaf]);
        }
      });
      std::size_t wrong = 0;
      for (std::size_t s = 0; s < tree.splits.size(); ++s) {
        if (tree.splits[s].feature == 0) wrong += highest_left[s] > lowest_right[s];
        if (tree.splits[s].feature == 2) wrong += lowest_left[s] < highest_right[s];
      }
      return wrong;
    };
    CHECK(broken(rising) == 0);
    CHECK(broken({}) > 0);
  }
}

TEST_CASE("tree grower: features of one path share a group; features of no group never split") {
  const std::uint32_t first[] = {0}, second[] = {1};
  const std::span<const std::uint32_t> groups[] = {first, second};
  const auto tree = grow_on(noise(4000), {.leaves = 31, .learning_rate = 1, .interactions = groups});
  CHECK(tree.leaves.size() == 31);
  for_each_path(tree, [&](auto, const auto& path, const auto&) {
    for (const std::size_t s : path) {
      CHECK(tree.splits[s].feature == tree.splits[path[0]].feature);
      CHECK(tree.splits[s].feature != 2);
    }
  });
}

TEST_CASE("tree grower: path smoothing draws leaves to their parents") {
  const auto spread = [&](double smoothing) {
    growth_rules rules{.leaves = 31, .learning_rate = 1};
    rules.split.path_smoothing = smoothing;
    const auto tree = grow_on(noise(4000), rules);
    const auto [low, high] = std::minmax_element(tree.leaves.begin(), tree.leaves.end());
    return *high - *low;
  };
  CHECK(spread(10) < spread(0));
  CHECK(spread(1000) < 0.7 * spread(0));
}

TEST_CASE("tree grower: the tree does not depend on threads", "[threads]") {
  const growth_rules rules{.leaves = 31, .learning_rate = 0.1};
  const std::vector<std::uint8_t> all(3, 1);
  sequential one;
  problem p = noise(60000);
  const binned_matrix bins(p.x, {}, {}, one);
  tree_grower alone(bins, rules);
  const gbdt_tree expected = alone.grow(p.rows, p.slopes, p.scale, all, one);
  CHECK(expected.leaves.size() == 31);
  for (const std::size_t count : {2u, 3u}) {
    threads pool(count);
    problem q = noise(60000);
    tree_grower together(bins, rules);
    const gbdt_tree tree = together.grow(q.rows, q.slopes, q.scale, all, pool);
    CHECK(tree.leaves == expected.leaves);
    CHECK(tree.leaf_covers == expected.leaf_covers);
    CHECK(p.rows == q.rows);
  }
}

}  // namespace test_tree_grower
