#pragma once

#include "mlsd/core/fp.hpp"
#include "mlsd/training/gbdt/split_gain.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

namespace mlsd::detail {

/// What a leaf may say: near what its parent says, between limits.
struct leaf_limits {
  double parent = 0;
  double lower = -(std::numeric_limits<double>::infinity)(), upper = (std::numeric_limits<double>::infinity)();
};

/// What a split must satisfy; the fields of the trainer of the same names.
struct split_rules {
  double l1 = 0, l2 = 0, min_gain = 0, min_hessian = 0;
  std::uint64_t min_rows_in_leaf = 1;
  double category_smoothing = 0, category_l2 = 0;
  std::uint32_t max_categories = 32, one_hot_categories = 4, min_rows_in_category = 1;
  double path_smoothing = 0;
  bool monotone = false;  // some feature is

  /// The least rows of a side as such: half of what hessians are to make up, since a few unsure rows are no evidence;
  /// all of them in a leaf that does not bend.
  [[nodiscard]] double least_rows(const split_side& leaf) const noexcept {
    return (std::max)(1.0, (leaf.hessian > 0 ? 0.5 : 1.0) * static_cast<double>(min_rows_in_leaf));
  }
  /// The least hessian of a side: `min_hessian`, and what `min_rows_in_leaf` average rows of the leaf that is split add
  /// up to; half a row less, so that as many equal rows are enough whatever the rounding.
  [[nodiscard]] double least_hessian(const split_side& leaf) const noexcept {
    if (min_rows_in_leaf <= 1 || leaf.rows == 0) return min_hessian;
    return (std::max)(min_hessian, (static_cast<double>(min_rows_in_leaf) - 0.5) * leaf.hessian / leaf.rows);
  }
  /// The gradient after l1 has shrunk it towards 0.
  [[nodiscard]] double shrunk(double gradient) const noexcept {
    if (l1 == 0) return gradient;
    return std::copysign((std::max)(0.0, std::fabs(gradient) - l1), gradient);
  }
  /// Twice what the best constant takes off the loss: shrunk(G)^2 / (H + ridge).
  [[nodiscard]] double score(double gradient, double hessian, double ridge) const noexcept {
    const double g = shrunk(gradient);
    const double denominator = hessian + ridge;
    return denominator > 0 ? g * g / denominator : 0.0;
  }
  /// The best constant.
  [[nodiscard]] double value(double gradient, double hessian, double ridge) const noexcept {
    const double denominator = hessian + ridge;
    return denominator > 0 ? -shrunk(gradient) / denominator : 0.0;
  }

  /// Whether leaves may say the best constant, whatever is around them.
  [[nodiscard]] bool is_free() const noexcept { return path_smoothing == 0 && !monotone; }
  /// What a leaf may say: the best constant, drawn to what its parent says by rows / path_smoothing, within the limits.
  MLSD_UNCONTRACTED [[nodiscard]] double value(const split_side& s, double ridge,
                                               const leaf_limits& limits) const noexcept {
    MLSD_CONTRACT_OFF
    double v = value(s.gradient, s.hessian, ridge);
    if (is_free()) return v;
    if (path_smoothing > 0) {
      const double own = s.rows / path_smoothing;
      v = (v * own + limits.parent) / (own + 1);
    }
    return (std::min)((std::max)(v, limits.lower), limits.upper);
  }
  /// Twice what a leaf takes off the loss by saying `v`.
  MLSD_UNCONTRACTED [[nodiscard]] double score_of(const split_side& s, double ridge, double v) const noexcept {
    MLSD_CONTRACT_OFF
    return -(2 * shrunk(s.gradient) + (s.hessian + ridge) * v) * v;
  }
};

}  // namespace mlsd::detail
