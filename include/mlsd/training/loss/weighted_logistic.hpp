#pragma once

#include "mlsd/training/loss/logistic.hpp"

#include <cmath>

namespace mlsd {

/// Log loss in which a row of label 1 counts `positive_weight` times: for rare positives, or costs that differ.
/// Probabilities then are those of a world in which positives are that much more frequent. Both labels must occur.
struct weighted_logistic {
  double positive_weight = 1;  ///< > 0

  static constexpr link_function output = link_function::logistic;

  template <class = void>
  [[nodiscard]] result<void> check(std::span<const float> labels, std::span<const float> weights) const {
    if (!(positive_weight > 0) || !std::isfinite(positive_weight))
      return error{errc::invalid_argument, "weighted_logistic: positive_weight must be positive"};
    return detail::check_two_classes(labels, weights, "weighted_logistic needs 0 or 1");
  }
  [[nodiscard]] double initial(std::span<const float> labels, std::span<const float> weights) const noexcept {
    return logistic::initial(labels, weights) + math::log(positive_weight);
  }
  [[nodiscard]] loss_slope slope(double margin, float label) const noexcept {
    const loss_slope s = logistic::slope(margin, label);
    const double w = weight_of(label);
    return {w * s.gradient, w * s.hessian};
  }
  [[nodiscard]] double value(double margin, float label) const noexcept {
    return weight_of(label) * logistic::value(margin, label);
  }

 private:
  [[nodiscard]] double weight_of(float label) const noexcept { return label == 1 ? positive_weight : 1.0; }
};

}  // namespace mlsd
