#include "mlsd/training/gbdt/level_search.hpp"

#include "mlsd/core/random.hpp"

#include "catch.hpp"

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace test_level_search {

using namespace mlsd::detail;
using mlsd::random_stream;

/// Nodes with random histograms of one feature, of which some bins are empty.
struct level {
  slope_scale scale{100, 1, 10000};
  binned_matrix::feature f;
  std::vector<std::vector<slope_sum>> histograms;
  std::vector<level_node> nodes;

  level(const binned_matrix::feature& feature, std::size_t n, random_stream& random) : f(feature), histograms(n) {
    f.first_bin = 2;
    for (auto& histogram : histograms) {
      histogram.resize(f.first_bin + f.bins());
      slope_sum total;
      for (std::size_t k = f.first_bin; k < histogram.size(); ++k) {
        const std::size_t rows = random.uniform() < 0.3 ? 0 : static_cast<std::size_t>(random.uniform() * 30);
        const auto mean = static_cast<float>(random.normal()), hessian = static_cast<float>(random.uniform());
        for (std::size_t i = 0; i < rows; ++i)
          histogram[k] = histogram[k] + scale.widen(scale(mean + static_cast<float>(random.normal()), hessian));
        total = total + histogram[k];
      }
      nodes.push_back({total, histogram.data()});
    }
  }

  /// The sum of the nodes' gains if the marked bins go left.
  [[nodiscard]] double gain(const std::vector<std::uint8_t>& left, const split_rules& rules, double ridge) const {
    double sum = 0;
    for (const level_node& n : nodes) {
      slope_sum l;
      for (std::size_t k = 0; k < f.bins(); ++k)
        if (left[k] != 0) l = l + n.histogram[f.first_bin + k];
      const slope_sum r = n.total - l;
      const double all = scale.hessian(n.total), rows = static_cast<double>(scale.count(n.total));
      const double least = rules.least_hessian({0, all, rows});
      const auto rows_of = [&](const slope_sum& s) { return static_cast<double>(scale.count(s)); };
      if (const double fewest = rules.least_rows({0, all, rows}); rows_of(l) < fewest || rows_of(r) < fewest) continue;
      if (scale.hessian(l) < least || scale.hessian(r) < least) continue;
      sum += rules.score(scale.gradient(l), scale.hessian(l), ridge) +
             rules.score(scale.gradient(r), scale.hessian(r), ridge) -
             rules.score(scale.gradient(n.total), all, rules.l2);
    }
    return sum;
  }
};

using flags = std::vector<std::uint8_t>;

/// What the search finds is what it says, and nothing of `candidates` is better.
void check_best(const level& l, const split_rules& rules, double ridge, const std::vector<flags>& candidates) {
  level_search<> find(rules, l.scale, l.nodes);
  split_candidate best = find(l.f, 7);
  double most = 0;
  for (const flags& left : candidates) most = (std::max)(most, l.gain(left, rules, ridge));
  CHECK(best.gain == Approx(most).epsilon(1e-9));
  if (!(best.gain > 0)) return;
  CHECK(best.feature == 7);
  CHECK(best.ridge == ridge);
  flags left;
  find.left_bins(l.f, best, left);
  CHECK(l.gain(left, rules, ridge) == Approx(best.gain).epsilon(1e-9));
}

TEST_CASE("level search: the bound and the side of NaN with the largest sum of gains") {
  random_stream random(1);
  for (const bool some_missing : {false, true})
    for (const split_rules& rules : {split_rules{}, split_rules{.l1 = 1, .l2 = 3, .min_rows_in_leaf = 150},
                                     split_rules{.min_hessian = 40, .min_rows_in_leaf = 1}})
      for (const std::uint32_t bins : {2u, 33u, 70u}) {
        const level l({.has_special = some_missing, .ordinary = bins}, 5, random);
        std::vector<flags> candidates;
        for (std::size_t k = 0; k < bins; ++k)
          for (const bool missing_left : {false, true}) {
            flags left(bins + 1, 0);
            std::fill_n(left.begin(), k + 1, std::uint8_t{1});
            left[bins] = missing_left && some_missing;
            candidates.push_back(left);
          }
        check_best(l, rules, rules.l2, candidates);
      }
}

TEST_CASE("level search: a node gains nothing by a side of few rows, however much they bend") {
  const slope_scale scale(100, 1, 1000);
  slope_sum few, others;
  for (int i = 0; i < 9; ++i) few = few + scale.widen(scale(-9, 1));
  for (int i = 0; i < 91; ++i) others = others + scale.widen(scale(1, 0.125f));  // the few are worth 44 rows
  const std::vector<slope_sum> first{few, others}, second{others, few};
  for (const bool is_code : {false, true}) {
    const binned_matrix::feature f{.is_code = is_code, .ordinary = 2};
    const auto gain = [&](const std::vector<level_node>& nodes, std::uint64_t fewest) {
      return level_search<>({.l2 = 1, .min_rows_in_leaf = fewest}, scale, nodes)(f, 0).gain;
    };
    const level_node a{few + others, first.data()}, b{few + others, second.data()};
    const double one = gain({a}, 18);
    CHECK(one > 0);
    CHECK(gain({b}, 18) == one);
    CHECK(gain({a, b}, 18) == Approx(2 * one).epsilon(1e-12));
    CHECK(gain({a}, 19) == 0);
    CHECK(gain({b}, 19) == 0);
  }
}

TEST_CASE("level search: few categories one by one, many by prefixes of one order for all nodes") {
  random_stream random(2);
  const split_rules rules{.l2 = 1,
                          .category_smoothing = 2,
                          .category_l2 = 4,
                          .max_categories = 100,
                          .one_hot_categories = 6,
                          .min_rows_in_category = 1};
  for (const std::uint32_t categories : {3u, 6u}) {
    const level l({.is_code = true, .ordinary = categories}, 4, random);
    std::vector<flags> candidates;
    for (std::size_t k = 0; k < categories; ++k) {
      candidates.emplace_back(categories + 1);
      candidates.back()[k] = 1;
    }
    check_best(l, rules, rules.l2, candidates);
  }
  const level l({.is_code = true, .has_special = true, .ordinary = 12}, 4, random);
  std::vector<std::pair<double, std::size_t>> order;
  for (std::size_t k = 0; k < 12; ++k) {
    slope_sum s;
    for (const auto& histogram : l.histograms) s = s + histogram[l.f.first_bin + k];
    if (l.scale.count(s) >= 2) order.push_back({l.scale.gradient(s) / (l.scale.hessian(s) + 2), k});
  }
  std::sort(order.begin(), order.end());
  std::vector<flags> candidates;
  for (std::size_t n = 1; n <= (order.size() + 1) / 2; ++n) {
    flags first(13), last(13);
    for (std::size_t i = 0; i < n; ++i) first[order[i].second] = last[order[order.size() - 1 - i].second] = 1;
    candidates.push_back(first);
    candidates.push_back(last);
  }
  check_best(l, rules, rules.l2 + rules.category_l2, candidates);
}

TEST_CASE("level search: where no row is missing, NaN goes with the rows; noise and what is too small is no gain") {
  random_stream random(3);
  const binned_matrix::feature f{.ordinary = 40};
  const level l(f, 3, random);
  const split_rules usual;
  level_search<> find(usual, l.scale, l.nodes);
  split_candidate best = find(l.f, 0);
  REQUIRE(best.gain > 0);
  flags sides;
  find.left_bins(l.f, best, sides);
  std::uint64_t left = 0, all = 0;
  for (const level_node& n : l.nodes)
    for (std::size_t k = 0; k < 40; ++k) {
      all += l.scale.count(n.histogram[l.f.first_bin + k]);
      left += k <= best.bin ? l.scale.count(n.histogram[l.f.first_bin + k]) : 0;
    }
  CHECK(best.special_left == (2 * left > all));
  const split_rules wide{.min_rows_in_leaf = 2000}, dear{.min_gain = best.gain * 1.01},
      cheap{.min_gain = best.gain * 0.99};
  CHECK(level_search<>(wide, l.scale, l.nodes)(l.f, 0).gain == 0);
  CHECK(level_search<>(dear, l.scale, l.nodes)(l.f, 0).gain == 0);
  CHECK(level_search<>(cheap, l.scale, l.nodes)(l.f, 0).gain == best.gain);

  // Bins that are all alike: what is gained is rounding.
  std::vector<slope_sum> same(40);
  slope_sum total;
  for (slope_sum& s : same) s = l.scale.widen(l.scale(0.1f, 0.3f)), total = total + s;
  const level_node node{total, same.data()};
  CHECK(level_search<>(usual, l.scale, std::span(&node, 1))(f, 0).gain == 0);
}

}  // namespace test_level_search
