#pragma once

#include "mlsd/archive/text.hpp"
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

/// What a trainer minimises, row by row: a type, named as a template argument, `fit<logistic>(data)`, or where it has
/// settings a value, `fit(quantile{.level = 0.9}, data)`. Margins are doubles, labels floats, an empty weight span
/// means all 1. A user's own loss is any type with these members. Hessians are >= 0.
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

/// A loss with a kink, whose hessian says nothing of how far to go: boosting gives each leaf the quantile
/// `residual_quantile()` of label - margin, rows counting `residual_weight(label)` times their weight.
template <class L>
concept residual_loss = loss_function<L> && requires(const L loss, float label) {
  { loss.residual_quantile() } -> std::same_as<double>;  // in (0, 1)
  { loss.residual_weight(label) } -> std::same_as<double>;
};

namespace detail {

[[nodiscard]] inline double weight_at(std::span<const float> weights, std::size_t i) noexcept {
  return weights.empty() ? 1.0 : static_cast<double>(weights[i]);
}

[[nodiscard]] inline double mean_label(std::span<const float> values, std::span<const float> weights) noexcept {
  double sum = 0, total = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double w = weight_at(weights, i);
    sum += w * static_cast<double>(values[i]);
    total += w;
  }
  return total > 0 ? sum / total : 0.0;
}
/// The margin of the exponential link whose prediction is the mean label.
[[nodiscard]] inline double log_mean_label(std::span<const float> labels, std::span<const float> weights) noexcept {
  return math::log((std::max)(mean_label(labels, weights), (std::numeric_limits<double>::min)()));
}

template <class = void> [[nodiscard]] result<void> check_total_weight(std::span<const float> weights) {
  if (weights.empty() || std::any_of(weights.begin(), weights.end(), [](float w) { return w > 0; })) return {};
  return error{errc::invalid_argument, "the weights of all rows are zero"};
}

/// The shortest text that reads back as the label.
template <class = void> [[nodiscard]] std::string text_of_label(float label) {
  std::string out;
  append_number(out, label);
  return out;
}
/// Says which row has the label, and what the loss needs: "poisson needs >= 0".
template <class = void>
[[nodiscard]] error wrong_label(std::span<const float> labels, std::size_t i, const char* needs) {
  return {errc::invalid_argument,
          "row " + std::to_string(i) + ": the label is " + text_of_label(labels[i]) + ", " + needs};
}

/// Every label satisfies `is_valid`, and some row weighs something; `needs` is what the error says.
template <class Predicate>
[[nodiscard]] result<void> check_labels(std::span<const float> labels, std::span<const float> weights,
                                        const char* needs, Predicate is_valid) {
  if (auto ok = check_total_weight(weights); !ok) return ok;
  for (std::size_t i = 0; i < labels.size(); ++i)
    if (!is_valid(labels[i])) return wrong_label(labels, i, needs);
  return {};
}

/// Labels are 0 or 1, and both occur with some weight.
template <class = void>
[[nodiscard]] result<void> check_two_classes(std::span<const float> labels, std::span<const float> weights,
                                             const char* needs) {
  if (auto ok = check_labels(labels, weights, needs, [](float y) { return y == 0 || y == 1; }); !ok) return ok;
  bool seen[2] = {false, false};
  for (std::size_t i = 0; i < labels.size(); ++i)
    if (weights.empty() || weights[i] > 0) seen[labels[i] == 1 ? 1 : 0] = true;
  if (!seen[0] || !seen[1]) return error{errc::one_class, std::string("every row has label ") + (seen[1] ? "1" : "0")};
  return {};
}

/// Labels are >= 0, and one that weighs something is positive.
template <class = void>
[[nodiscard]] result<void> check_amounts(std::span<const float> labels, std::span<const float> weights,
                                         const char* needs) {
  if (auto ok = check_labels(labels, weights, needs, [](float y) { return y >= 0; }); !ok) return ok;
  for (std::size_t i = 0; i < labels.size(); ++i)
    if (labels[i] > 0 && (weights.empty() || weights[i] > 0)) return {};
  return error{errc::one_class, "every label is 0"};
}

}  // namespace detail
}  // namespace mlsd
