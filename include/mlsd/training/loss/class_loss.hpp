#pragma once

#include "mlsd/training/loss/loss_function.hpp"

#include <concepts>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace mlsd {

/// What a trainer minimises where a row has several margins, one for each class: labels are their numbers 0 ... K - 1.
/// `outputs` says how many margins labels ask for, and every other member is given as many: `initial` returns [K],
/// `slopes` reads the margins of a row [K] and writes the first and second derivative by each [K], second ones >= 0.
/// Labels of rows of weight 0 may be anything; `slopes` and `value` never see them. A user's own loss is any type with
/// these members.
template <class L>
concept class_loss =
    std::default_initializable<L> &&
    requires(const L loss, std::span<const float> labels, std::span<const float> weights, std::size_t outputs,
             std::span<const double> margins, float label, std::span<loss_slope> out) {
      { L::output } -> std::convertible_to<link_function>;
      { loss.outputs(labels, weights) } -> std::same_as<std::size_t>;
      { loss.check(labels, weights, outputs) } -> std::same_as<result<void>>;  // the labels are in the loss's domain
      { loss.initial(labels, weights, outputs) } -> std::same_as<std::vector<double>>;  // the best constant margins
      loss.slopes(margins, label, out);
      { loss.value(margins, label) } -> std::same_as<double>;
    };

namespace detail {

/// The most classes that are told apart: a label that is an amount is no class.
inline constexpr std::size_t most_classes = 4096;

/// The largest label of a row that counts and one, between 1 and `most_classes`, whatever the labels are.
template <class = void>
[[nodiscard]] std::size_t classes_of(std::span<const float> labels, std::span<const float> weights) noexcept {
  float largest = 0;
  for (std::size_t i = 0; i < labels.size(); ++i)
    if (labels[i] > largest && weight_at(weights, i) > 0) largest = labels[i];
  return largest < static_cast<float>(most_classes) ? static_cast<std::size_t>(largest) + 1 : most_classes;
}

/// Labels of rows that count are whole numbers below `classes`, and two of them occur.
template <class = void>
[[nodiscard]] result<void> check_class_labels(std::span<const float> labels, std::span<const float> weights,
                                              std::size_t classes, const char* name) {
  const std::string needs = name + (" needs a whole number from 0 to " + std::to_string(classes - 1));
  const auto is_class = [&](float y) {
    return y >= 0 && y < static_cast<float>(classes) && y == static_cast<float>(static_cast<std::size_t>(y));
  };
  const auto counts = [&](std::size_t i) { return weight_at(weights, i) > 0; };
  if (auto ok = check_total_weight(weights); !ok) return ok;
  for (std::size_t i = 0; i < labels.size(); ++i)
    if (counts(i) && !is_class(labels[i])) return wrong_label(labels, i, needs.c_str());
  std::size_t first = 0;
  while (first < labels.size() && !counts(first)) ++first;
  for (std::size_t i = first; i < labels.size(); ++i)
    if (counts(i) && labels[i] != labels[first]) return {};
  return error{errc::one_class, labels.empty() ? "no rows" : "every row has label " + text_of_label(labels[first])};
}

}  // namespace detail
}  // namespace mlsd
