#pragma once

#include "mlsd/training/loss/absolute.hpp"

#include <cmath>

namespace mlsd {

/// Mean absolute percentage error: |margin - label| / max(1, |label|). Labels below 1 in size count as 1, so that those
/// near 0 do not rule. Boosting takes the median of what is left in each leaf, weighted alike.
struct mape {
  static constexpr link_function output = link_function::identity;

  template <class = void>
  [[nodiscard]] static result<void> check(std::span<const float>, std::span<const float> weights) {
    return detail::check_total_weight(weights);
  }
  template <class = void>
  [[nodiscard]] static double initial(std::span<const float> labels, std::span<const float> weights) {
    return detail::label_quantile(
        labels, 0.5, [&](std::size_t i) { return detail::weight_at(weights, i) * residual_weight(labels[i]); });
  }
  [[nodiscard]] static loss_slope slope(double margin, float label) noexcept {
    return {absolute::slope(margin, label).gradient * residual_weight(label), 1.0};
  }
  [[nodiscard]] static double value(double margin, float label) noexcept {
    return absolute::value(margin, label) * residual_weight(label);
  }
  [[nodiscard]] static double residual_quantile() noexcept { return 0.5; }
  [[nodiscard]] static double residual_weight(float label) noexcept {
    return 1 / (std::max)(1.0, std::fabs(static_cast<double>(label)));
  }
};

}  // namespace mlsd
