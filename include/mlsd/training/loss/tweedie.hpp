#pragma once

#include "mlsd/core/fp.hpp"
#include "mlsd/training/loss/loss_function.hpp"

namespace mlsd {

/// Amounts that are often exactly 0, such as claims of a year: labels >= 0, one at least positive. The variance is
/// mean^power; power near 1 is close to poisson, near 2 to gamma. Minus the quasi-likelihood:
/// exp((2 - power) margin) / (2 - power) - label exp((1 - power) margin) / (1 - power).
/// Source: Jorgensen, Exponential Dispersion Models (1987).
struct tweedie {
  double power = 1.5;  ///< in (1, 2)

  static constexpr link_function output = link_function::exponential;

  template <class = void>
  [[nodiscard]] result<void> check(std::span<const float> labels, std::span<const float> weights) const {
    if (!(power > 1 && power < 2)) return error{errc::invalid_argument, "tweedie: power must be between 1 and 2"};
    return detail::check_amounts(labels, weights, "tweedie needs >= 0");
  }
  [[nodiscard]] static double initial(std::span<const float> labels, std::span<const float> weights) noexcept {
    return detail::log_mean_label(labels, weights);
  }
  [[nodiscard]] MLSD_UNCONTRACTED loss_slope slope(double margin, float label) const noexcept {
    MLSD_CONTRACT_OFF
    const double amount = static_cast<double>(label) * math::exp((1 - power) * margin);
    const double rate = math::exp((2 - power) * margin);
    return {rate - amount, (2 - power) * rate + (power - 1) * amount};
  }
  [[nodiscard]] MLSD_UNCONTRACTED double value(double margin, float label) const noexcept {
    MLSD_CONTRACT_OFF
    return math::exp((2 - power) * margin) / (2 - power) +
           static_cast<double>(label) * math::exp((1 - power) * margin) / (power - 1);
  }
};

}  // namespace mlsd
