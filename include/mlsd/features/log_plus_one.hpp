#pragma once

#include "mlsd/core/math.hpp"

namespace mlsd {

/// ln(1 + x), the same bits on every machine. Below -1 and for NaN the result is NaN; at -1 it is -infinity: clip
/// first where that can happen.
struct log_plus_one {
  [[nodiscard]] constexpr float operator()(float x) const noexcept { return math::log_plus_one(x); }
};

}  // namespace mlsd
