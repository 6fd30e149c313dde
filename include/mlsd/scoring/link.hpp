#pragma once

#include <cstdint>

#include "mlsd/core/math.hpp"

namespace mlsd {

/// How a margin (the sum a model computes) becomes its prediction. A value of a saved model: numbers never change.
enum class link : std::uint8_t {
  identity = 0,    ///< the margin itself: regression, ranking
  logistic = 1,    ///< 1 / (1 + exp(-margin)): a probability
  exponential = 2  ///< exp(margin): a rate or an amount
};

/// True if `l` is one of the enumerators; a byte from a file may not be.
[[nodiscard]] constexpr bool known(link l) noexcept { return l <= link::exponential; }

/// The prediction for a margin; NaN stays NaN. The same bits on every machine: only the library's own exp is used.
[[nodiscard]] inline double apply(link l, double margin) noexcept {
  switch (l) {
    case link::logistic:
      return math::sigmoid(margin);
    case link::exponential:
      return math::exp(margin);
    case link::identity:
      break;
  }
  return margin;
}

}  // namespace mlsd
