#pragma once

#include "mlsd/core/math.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/scoring/link.hpp"

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <limits>
#include <span>
#include <string>

namespace mlsd {

/// First and second derivative of a loss by the margin, for one row of weight 1.
struct loss_slope {
  double gradient = 0, hessian = 0;
};

/// What a trainer minimises: a stateless type, named as a template argument, `fit<logistic>(data)`. Margins are
/// doubles, labels floats, an empty weight span means all 1. A user's own loss is any type with these members.
template <class L>
concept loss_function =
    std::default_initializable<L> &&
    requires(const L loss, double margin, float label, std::span<const float> labels, std::span<const float> weights) {
      { L::output } -> std::convertible_to<link_function>;
      { loss.check(labels, weights) } -> std::same_as<result<void>>;  // the labels are in the loss's domain
      { loss.initial(labels, weights) } -> std::same_as<double>;      // the best constant margin
      { loss.slope(margin, label) } -> std::same_as<loss_slope>;
      { loss.value(margin, label) } -> std::same_as<double>;
    };

namespace detail {
[[nodiscard]] inline double mean_label(std::span<const float> values, std::span<const float> weights) noexcept {
  double sum = 0, total = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double w = weights.empty() ? 1.0 : static_cast<double>(weights[i]);
    sum += w * static_cast<double>(values[i]);
    total += w;
  }
  return total > 0 ? sum / total : 0.0;
}

template <class = void> [[nodiscard]] result<void> check_total_weight(std::span<const float> weights) {
  if (weights.empty() || std::any_of(weights.begin(), weights.end(), [](float w) { return w > 0; })) return {};
  return error{errc::invalid_argument, "the weights of all rows are zero"};
}
}  // namespace detail

/// Log loss of a label in {0, 1}: log(1 + exp(-margin)) or log(1 + exp(margin)). Both labels must occur.
struct logistic {
  static constexpr link_function output = link_function::logistic;

  template <class = void>
  [[nodiscard]] static result<void> check(std::span<const float> labels, std::span<const float> weights) {
    if (auto ok = detail::check_total_weight(weights); !ok) return ok;
    bool seen[2] = {false, false};
    for (std::size_t i = 0; i < labels.size(); ++i) {
      if (labels[i] != 0 && labels[i] != 1)
        return error{errc::invalid_argument, "row " + std::to_string(i) + ": the label is " +
                                                 std::to_string(labels[i]) + ", logistic needs 0 or 1"};
      if (weights.empty() || weights[i] > 0) seen[labels[i] == 1 ? 1 : 0] = true;
    }
    if (!seen[0] || !seen[1])
      return error{errc::one_class, std::string("every row has label ") + (seen[1] ? "1" : "0")};
    return {};
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

/// Counts: exp(margin) - label * margin, for labels >= 0 of which one at least is positive. The hessian is taken e^0.7
/// times larger than it is, which keeps early steps short where the rate is still far too low.
struct poisson {
  static constexpr link_function output = link_function::exponential;

  template <class = void>
  [[nodiscard]] static result<void> check(std::span<const float> labels, std::span<const float> weights) {
    if (auto ok = detail::check_total_weight(weights); !ok) return ok;
    bool positive = false;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      if (!(labels[i] >= 0))
        return error{errc::invalid_argument, "row " + std::to_string(i) + ": the label is " +
                                                 std::to_string(labels[i]) + ", poisson needs >= 0"};
      positive = positive || (labels[i] > 0 && (weights.empty() || weights[i] > 0));
    }
    if (!positive) return error{errc::one_class, "every label is 0"};
    return {};
  }
  [[nodiscard]] static double initial(std::span<const float> labels, std::span<const float> weights) noexcept {
    return math::log((std::max)(detail::mean_label(labels, weights), (std::numeric_limits<double>::min)()));
  }
  [[nodiscard]] static loss_slope slope(double margin, float label) noexcept {
    const double rate = math::exp(margin);
    return {rate - static_cast<double>(label), rate * 2.0137527074704766};
  }
  [[nodiscard]] static double value(double margin, float label) noexcept {
    return math::exp(margin) - static_cast<double>(label) * margin;
  }
};

}  // namespace mlsd
