#pragma once

#include "mlsd/training/loss/loss_function.hpp"

namespace mlsd {

/// Half the squared error: the margin is the prediction.
struct squared {
  static constexpr link_function output = link_function::identity;

  template <class = void>
  [[nodiscard]] static result<void> check(std::span<const float>, std::span<const float> weights) {
    return detail::check_total_weight(weights);
  }
  [[nodiscard]] static double initial(std::span<const float> labels, std::span<const float> weights) noexcept {
    return detail::mean_label(labels, weights);
  }
  [[nodiscard]] static loss_slope slope(double margin, float label) noexcept {
    return {margin - static_cast<double>(label), 1.0};
  }
  [[nodiscard]] static double value(double margin, float label) noexcept {
    const double d = margin - static_cast<double>(label);
    return 0.5 * d * d;
  }
};

}  // namespace mlsd
