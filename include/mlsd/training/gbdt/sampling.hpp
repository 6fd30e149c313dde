#pragma once

#include "mlsd/core/fp.hpp"
#include "mlsd/core/hash.hpp"
#include "mlsd/training/gbdt/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace mlsd::detail {

/// What a tree sees of rows, features and earlier trees; the fields of the trainer of the same names. Every draw is a
/// function of seed, tree and index alone, whatever the threads.
struct sampling_rules {
  double row_fraction = 1, column_fraction = 1;
  double top_fraction = 0, other_fraction = 0;  // of gradient-based sampling, if the first is above 0
  double drop_fraction = 0, skip_drop = 0;      // of dropout, likewise
  std::uint32_t most_dropped = 0;
  std::uint64_t seed = 1;

  [[nodiscard]] bool are_random() const noexcept {
    return row_fraction < 1 || column_fraction < 1 || top_fraction > 0 || drop_fraction > 0;
  }
  /// Uniform in [0, 1).
  [[nodiscard]] double draw(std::uint32_t tree, std::size_t index) const noexcept {
    return static_cast<double>(combine(combine(seed, tree), index) >> 11) * 0x1.0p-53;
  }
};

/// The rows of a tree, ascending: all that weigh something, or each with probability `row_fraction`.
template <class = void>
void draw_rows(const sampling_rules& rules, std::uint32_t tree, std::size_t n, std::span<const float> weight,
               std::vector<std::uint32_t>& rows) {
  rows.clear();
  rows.reserve(n);
  for (std::size_t i = 0; i < n; ++i) {
    if (!weight.empty() && !(weight[i] > 0)) continue;
    if (rules.row_fraction < 1 && !(rules.draw(tree, i) < rules.row_fraction)) continue;
    rows.push_back(static_cast<std::uint32_t>(i));
  }
}

/// The features of a tree, each with a `column`, [features], 1 if it may split by them: at least one, each with the
/// same probability. Draws go by column, whatever the order of features.
template <class Feature>
void draw_features(const sampling_rules& rules, std::uint32_t tree, const std::vector<Feature>& features,
                   std::vector<std::uint8_t>& allowed) {
  allowed.assign(features.size(), 1);
  if (rules.column_fraction >= 1 || features.empty()) return;
  const auto wanted = static_cast<double>(features.size()) * rules.column_fraction;
  const std::size_t keep = (std::max)(std::size_t{1}, static_cast<std::size_t>(std::lround(wanted)));
  const std::uint32_t seed_of_columns = tree ^ 0x4000'0000u;
  std::vector<std::pair<double, std::size_t>> order(features.size());
  for (std::size_t f = 0; f < features.size(); ++f) order[f] = {rules.draw(seed_of_columns, features[f].column), f};
  std::sort(order.begin(), order.end());
  for (std::size_t i = keep; i < features.size(); ++i) allowed[order[i].second] = 0;
}

/// Gradient-based one-side sampling: the share `top_fraction` of the rows with the largest |gradient| * hessian stays,
/// of the others so many that they are `other_fraction` of all, whose slopes grow to stand for those that go. Slopes
/// are the bits of floats, one list of all rows for each output; sizes are summed over outputs. O(n outputs), allocates
/// 16 bytes a row.
/// Source: Ke et al., LightGBM (2017).
template <class = void>
MLSD_UNCONTRACTED void keep_large_slopes(const sampling_rules& rules, std::uint32_t tree,
                                         std::vector<std::uint32_t>& rows, std::span<std::vector<row_slope>> slopes) {
  MLSD_CONTRACT_OFF
  const std::size_t n = rows.size();
  const auto wanted = std::lround(static_cast<double>(n) * rules.top_fraction);
  const std::size_t top = (std::max)(std::size_t{1}, static_cast<std::size_t>(wanted));
  const double share = rules.other_fraction / (1 - rules.top_fraction);
  if (top >= n || !(share < 1)) return;
  std::vector<double> size(n, 0.0);
  for (const std::vector<row_slope>& of : slopes)
    for (std::size_t i = 0; i < n; ++i)
      size[i] += std::fabs(static_cast<double>(std::bit_cast<float>(of[i].gradient))) *
                 static_cast<double>(std::bit_cast<float>(of[i].hessian));
  std::vector<double> sorted = size;
  const auto last = sorted.begin() + static_cast<std::ptrdiff_t>(top - 1);
  std::nth_element(sorted.begin(), last, sorted.end(), [](double a, double b) { return a > b; });
  const double least = *last;
  const auto grown = [&](auto bits) {
    return static_cast<float>(static_cast<double>(std::bit_cast<float>(bits)) / share);
  };
  const std::uint32_t seed_of_others = ~tree;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const bool is_large = !(size[i] < least);
    if (!is_large && !(rules.draw(seed_of_others, rows[i]) < share)) continue;
    for (std::vector<row_slope>& of : slopes) {
      const row_slope s = of[i];
      of[kept] = is_large ? s : row_slope::of_floats(grown(s.gradient), grown(s.hessian));
    }
    rows[kept++] = rows[i];
  }
  rows.resize(kept);
  for (std::vector<row_slope>& of : slopes) of.resize(kept);
}

/// Which of `trees` trees are left out while tree `tree` is grown: none with probability `skip_drop`, else each with
/// probability `drop_fraction`, or less where that would be more than `most_dropped` on average.
/// Source: Vinayak and Gilad-Bachrach, DART (2015).
template <class = void>
[[nodiscard]] std::vector<std::size_t> draw_dropped(const sampling_rules& rules, std::uint32_t tree,
                                                    std::size_t trees) {
  std::vector<std::size_t> dropped;
  const std::uint32_t seed_of_trees = tree ^ 0x8000'0000u;
  if (!(rules.drop_fraction > 0) || trees == 0 || rules.draw(seed_of_trees, trees) < rules.skip_drop) return dropped;
  const double share =
      (std::min)(rules.drop_fraction, static_cast<double>(rules.most_dropped) / static_cast<double>(trees));
  for (std::size_t i = 0; i < trees; ++i)
    if (rules.draw(seed_of_trees, i) < share) dropped.push_back(i);
  return dropped;
}

}  // namespace mlsd::detail
