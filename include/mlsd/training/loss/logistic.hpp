#pragma once

#include "mlsd/training/loss/loss_function.hpp"

namespace mlsd {

/// Log loss of a label in {0, 1}: log(1 + exp(-margin)) or log(1 + exp(margin)). Both labels must occur.
struct logistic {
  static constexpr link_function output = link_function::logistic;

  template <class = void>
  [[nodiscard]] static result<void> check(std::span<const float> labels, std::span<const float> weights) {
    return detail::check_two_classes(labels, weights, "logistic needs 0 or 1");
  }
  [[nodiscard]] static double initial(std::span<const float> labels, std::span<const float> weights) noexcept {
    return math::logit(std::clamp(detail::mean_label(labels, weights), 1e-15, 1 - 1e-15));
  }
  [[nodiscard]] static loss_slope slope(double margin, float label) noexcept {
    const double p = math::sigmoid(margin);
    return {p - static_cast<double>(label), p * (1 - p)};
  }
  [[nodiscard]] static double value(double margin, float label) noexcept {
    return math::softplus(label == 1 ? -margin : margin);
  }
};

}  // namespace mlsd
