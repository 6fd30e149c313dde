#pragma once

#include "mlsd/training/loss/loss_function.hpp"

#include <concepts>
#include <cstdint>
#include <span>

namespace mlsd {

/// What a trainer minimises where the rows of a group are one list to be put in order. Called once a list with its
/// margins and labels [n]: `slopes` writes [n], `value` is the loss of the list. `draw` is a number of the iteration
/// and the list, for losses that draw at random. `scratch` is memory that one thread may use again. Weights scale the
/// slopes of rows; a row of weight 0 teaches nothing, but still stands in its list.
template <class L>
concept group_loss =
    std::default_initializable<L> && std::default_initializable<typename L::scratch> &&
    requires(const L loss, std::span<const double> margins, std::span<const float> labels, std::uint64_t draw,
             std::span<loss_slope> out, typename L::scratch& scratch, std::span<const float> weights) {
      { L::output } -> std::convertible_to<link_function>;
      { loss.check(labels, weights) } -> std::same_as<result<void>>;  // the labels are in the loss's domain
      loss.slopes(margins, labels, draw, out, scratch);
      { loss.value(margins, labels, scratch) } -> std::same_as<double>;
    };

namespace detail {
/// 2^label - 1 of a graded label.
[[nodiscard]] inline double label_gain(float label) noexcept {
  return static_cast<double>((std::uint64_t{1} << static_cast<unsigned>(label)) - 1);
}
/// Labels are whole grades from 0 to 31 that are not all alike.
template <class = void>
[[nodiscard]] result<void> check_grades(std::span<const float> labels, std::span<const float> weights,
                                        const char* needs) {
  return check_labels(labels, weights, needs,
                      [](float y) { return y >= 0 && y <= 31 && y == static_cast<float>(static_cast<int>(y)); });
}
}  // namespace detail
}  // namespace mlsd
