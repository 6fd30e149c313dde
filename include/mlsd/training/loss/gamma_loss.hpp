#pragma once

#include "mlsd/core/fp.hpp"
#include "mlsd/training/loss/loss_function.hpp"

namespace mlsd {

/// Amounts whose error grows with them, such as the cost of a claim: label * exp(-margin) + margin, for labels > 0.
/// The log-likelihood of a gamma distribution with log link, up to what does not depend on the margin.
struct gamma_loss {
  static constexpr link_function output = link_function::exponential;

  template <class = void>
  [[nodiscard]] static result<void> check(std::span<const float> labels, std::span<const float> weights) {
    return detail::check_labels(labels, weights, "gamma_loss needs > 0", [](float y) { return y > 0; });
  }
  [[nodiscard]] static double initial(std::span<const float> labels, std::span<const float> weights) noexcept {
    return detail::log_mean_label(labels, weights);
  }
  [[nodiscard]] MLSD_UNCONTRACTED static loss_slope slope(double margin, float label) noexcept {
    MLSD_CONTRACT_OFF
    const double ratio = static_cast<double>(label) * math::exp(-margin);
    return {1 - ratio, ratio};
  }
  [[nodiscard]] MLSD_UNCONTRACTED static double value(double margin, float label) noexcept {
    MLSD_CONTRACT_OFF
    return static_cast<double>(label) * math::exp(-margin) + margin;
  }
};

}  // namespace mlsd
