#pragma once

#include "mlsd/core/math.hpp"

#include <cstdint>

namespace mlsd {

/// How a margin (the sum a model computes) becomes its prediction. A value of a saved model: numbers never change.
enum class link_function : std::uint8_t {
  identity = 0,    ///< the margin itself: regression, ranking
  logistic = 1,    ///< 1 / (1 + exp(-margin)): a probability
  exponential = 2  ///< exp(margin): a rate or an amount
};

/// True if `l` is one of the enumerators; a byte from a file may not be.
[[nodiscard]] constexpr bool known(link_function l) noexcept { return l <= link_function::exponential; }

/// The prediction for a margin; NaN stays NaN. The same bits on every machine: only the library's own exp is used.
[[nodiscard]] inline double apply(link_function l, double margin) noexcept {
  switch (l) {
    case link_function::logistic:
      return math::sigmoid(margin);
    case link_function::exponential:
      return math::exp(margin);
    case link_function::identity:
      break;
  }
  return margin;
}

}  // namespace mlsd
