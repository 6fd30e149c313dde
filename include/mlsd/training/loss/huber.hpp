#pragma once

#include "mlsd/training/loss/squared.hpp"

#include <cmath>

namespace mlsd {

/// Half the squared error up to `delta`, linear from there on: outliers pull, but no harder than `delta`.
/// Source: Huber, Robust Estimation of a Location Parameter (1964). The hessian is taken as 1 everywhere.
struct huber {
  double delta = 0.9;  ///< > 0, in units of the label

  static constexpr link_function output = link_function::identity;

  template <class = void>
  [[nodiscard]] result<void> check(std::span<const float>, std::span<const float> weights) const {
    if (!(delta > 0) || !std::isfinite(delta)) return error{errc::invalid_argument, "huber: delta must be positive"};
    return detail::check_total_weight(weights);
  }
  [[nodiscard]] static double initial(std::span<const float> labels, std::span<const float> weights) noexcept {
    return squared::initial(labels, weights);
  }
  [[nodiscard]] loss_slope slope(double margin, float label) const noexcept {
    return {std::clamp(margin - static_cast<double>(label), -delta, delta), 1.0};
  }
  [[nodiscard]] double value(double margin, float label) const noexcept {
    const double d = std::fabs(margin - static_cast<double>(label)), near = (std::min)(d, delta);
    return near * (d - 0.5 * near);
  }
};

}  // namespace mlsd
