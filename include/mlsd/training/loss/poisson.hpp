#pragma once

#include "mlsd/core/fp.hpp"
#include "mlsd/training/loss/loss_function.hpp"

namespace mlsd {

/// Counts: exp(margin) - label * margin, for labels >= 0 of which one at least is positive. The hessian is taken e^0.7
/// times larger than it is, which keeps early steps short where the rate is still far too low.
struct poisson {
  static constexpr link_function output = link_function::exponential;

  template <class = void>
  [[nodiscard]] static result<void> check(std::span<const float> labels, std::span<const float> weights) {
    return detail::check_amounts(labels, weights, "poisson needs >= 0");
  }
  [[nodiscard]] static double initial(std::span<const float> labels, std::span<const float> weights) noexcept {
    return detail::log_mean_label(labels, weights);
  }
  [[nodiscard]] static loss_slope slope(double margin, float label) noexcept {
    const double rate = math::exp(margin);
    return {rate - static_cast<double>(label), rate * 2.0137527074704766};
  }
  [[nodiscard]] MLSD_UNCONTRACTED static double value(double margin, float label) noexcept {
    MLSD_CONTRACT_OFF
    return math::exp(margin) - static_cast<double>(label) * margin;
  }
};

}  // namespace mlsd
