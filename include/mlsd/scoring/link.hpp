#pragma once

#include "mlsd/core/math.hpp"
#include "mlsd/scoring/class_shares.hpp"

#include <cassert>
#include <cstdint>
#include <span>

namespace mlsd {

/// How a margin (the sum a model computes) becomes its prediction. A value of a saved model: numbers never change.
enum class link_function : std::uint8_t {
  identity = 0,     ///< the margin itself: regression, ranking
  logistic = 1,     ///< 1 / (1 + exp(-margin)): a probability
  exponential = 2,  ///< exp(margin): a rate or an amount
  softmax = 3       ///< exp(margin) over the sum over all outputs: probabilities of classes
};

/// True if `l` is one of the enumerators; a byte from a file may not be.
[[nodiscard]] constexpr bool known(link_function l) noexcept { return l <= link_function::softmax; }

/// True if each output has its prediction from its own margin alone.
[[nodiscard]] constexpr bool is_of_one_margin(link_function l) noexcept { return l != link_function::softmax; }

/// The prediction for a margin; NaN stays NaN. The same bits on every machine: only the library's own exp is used.
/// Requires a link of one margin.
[[nodiscard]] inline double apply(link_function l, double margin) noexcept {
  assert(is_of_one_margin(l));
  switch (l) {
    case link_function::logistic:
      return math::sigmoid(margin);
    case link_function::exponential:
      return math::exp(margin);
    case link_function::identity:
    case link_function::softmax:
      break;
  }
  return margin;
}
/// Turns the margins of one row [outputs] into its predictions, in place.
inline void apply_in_place(link_function l, std::span<double> margins) noexcept {
  if (l == link_function::softmax) return detail::class_shares(margins);
  for (double& m : margins) m = apply(l, m);
}

}  // namespace mlsd
