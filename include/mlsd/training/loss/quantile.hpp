#pragma once

#include "mlsd/training/loss/loss_function.hpp"
#include "mlsd/training/loss/weighted_quantile.hpp"

namespace mlsd {

/// Pinball loss: the prediction is the value below which a share `level` of labels lies. Boosting takes the quantile of
/// what is left in each leaf. The hessian is taken as 1.
/// Source: Koenker, Bassett, Regression Quantiles (1978).
struct quantile {
  double level = 0.9;  ///< in (0, 1)

  static constexpr link_function output = link_function::identity;

  template <class = void>
  [[nodiscard]] result<void> check(std::span<const float>, std::span<const float> weights) const {
    if (!(level > 0 && level < 1)) return error{errc::invalid_argument, "quantile: level must be between 0 and 1"};
    return detail::check_total_weight(weights);
  }
  template <class = void>
  [[nodiscard]] double initial(std::span<const float> labels, std::span<const float> weights) const {
    return detail::label_quantile(labels, level, [&](std::size_t i) { return detail::weight_at(weights, i); });
  }
  [[nodiscard]] loss_slope slope(double margin, float label) const noexcept {
    return {margin >= static_cast<double>(label) ? 1 - level : -level, 1.0};
  }
  [[nodiscard]] double value(double margin, float label) const noexcept {
    const double d = margin - static_cast<double>(label);
    return d >= 0 ? (1 - level) * d : -level * d;
  }
  [[nodiscard]] double residual_quantile() const noexcept { return level; }
  [[nodiscard]] static double residual_weight(float) noexcept { return 1.0; }
};

}  // namespace mlsd
