#pragma once

#include "mlsd/training/loss/loss_function.hpp"
#include "mlsd/training/loss/weighted_quantile.hpp"

#include <cmath>

namespace mlsd {

/// Absolute error (L1): the prediction is a median. Boosting takes the median of what is left in each leaf. The hessian
/// is taken as 1.
struct absolute {
  static constexpr link_function output = link_function::identity;

  template <class = void>
  [[nodiscard]] static result<void> check(std::span<const float>, std::span<const float> weights) {
    return detail::check_total_weight(weights);
  }
  template <class = void>
  [[nodiscard]] static double initial(std::span<const float> labels, std::span<const float> weights) {
    return detail::label_quantile(labels, 0.5, [&](std::size_t i) { return detail::weight_at(weights, i); });
  }
  [[nodiscard]] static loss_slope slope(double margin, float label) noexcept {
    const double d = margin - static_cast<double>(label);
    return {static_cast<double>((d > 0) - (d < 0)), 1.0};
  }
  [[nodiscard]] static double value(double margin, float label) noexcept {
    return std::fabs(margin - static_cast<double>(label));
  }
  [[nodiscard]] static double residual_quantile() noexcept { return 0.5; }
  [[nodiscard]] static double residual_weight(float) noexcept { return 1.0; }
};

}  // namespace mlsd
