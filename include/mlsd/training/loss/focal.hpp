#pragma once

#include "mlsd/core/fp.hpp"
#include "mlsd/training/loss/loss_function.hpp"

#include <cmath>

namespace mlsd {

/// Log loss that loses interest in rows it is sure of: -a (1 - p)^focus log(p), p the probability of the row's label,
/// a = `positive_share` for label 1 and 1 - `positive_share` for label 0. Both labels must occur. Predictions are not
/// calibrated. Far on the wrong side, where the loss is concave, the hessian is that of log loss under the row's
/// weight a (1 - p)^focus; elsewhere it is exact.
/// Source: Lin et al., Focal Loss for Dense Object Detection (2017).
struct focal {
  double focus = 2;              ///< gamma of the paper, >= 0; 0 is log loss
  double positive_share = 0.25;  ///< alpha of the paper, in (0, 1)

  static constexpr link_function output = link_function::logistic;

  template <class = void>
  [[nodiscard]] result<void> check(std::span<const float> labels, std::span<const float> weights) const {
    if (!(focus >= 0 && focus <= 100)) return error{errc::invalid_argument, "focal: focus must be in [0, 100]"};
    if (!(positive_share > 0 && positive_share < 1))
      return error{errc::invalid_argument, "focal: positive_share must be between 0 and 1"};
    return detail::check_two_classes(labels, weights, "focal needs 0 or 1");
  }
  /// Where the two classes pull equally: bisection, to the last bit.
  [[nodiscard]] MLSD_UNCONTRACTED double initial(std::span<const float> labels,
                                                 std::span<const float> weights) const noexcept {
    MLSD_CONTRACT_OFF
    const double positive = detail::mean_label(labels, weights);
    double low = -40, high = 40;
    for (double m = 0; low < m && m < high; m = 0.5 * (low + high)) {
      const double pull = positive * slope(m, 1).gradient + (1 - positive) * slope(m, 0).gradient;
      (pull < 0 ? low : high) = m;
    }
    return low;
  }
  [[nodiscard]] MLSD_UNCONTRACTED loss_slope slope(double margin, float label) const noexcept {
    MLSD_CONTRACT_OFF
    const double z = label == 1 ? margin : -margin;
    const double p = math::sigmoid(z), q = math::sigmoid(-z), log_p = -math::softplus(-z);
    const double weight = weight_of(label, z);
    const double gradient = weight * (focus * p * log_p - q);
    const double bend = q * (1 + 2 * focus) + focus * log_p * (q - focus * p);
    return {label == 1 ? gradient : -gradient, weight * p * (std::max)(bend, q)};
  }
  [[nodiscard]] double value(double margin, float label) const noexcept {
    const double z = label == 1 ? margin : -margin;
    return weight_of(label, z) * math::softplus(-z);
  }

 private:
  /// a (1 - p)^focus.
  [[nodiscard]] double weight_of(float label, double z) const noexcept {
    return (label == 1 ? positive_share : 1 - positive_share) * math::exp(-focus * math::softplus(z));
  }
};

}  // namespace mlsd
