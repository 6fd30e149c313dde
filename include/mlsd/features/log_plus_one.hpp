#pragma once

#include "mlsd/core/math.hpp"

#include <array>
#include <cstddef>
#include <string_view>

namespace mlsd {

/// ln(1 + x), the same bits on every machine. Below -1 and for NaN the result is NaN; at -1 it is -infinity: clip
/// first where that can happen.
struct log_plus_one {
  static constexpr std::string_view type_name = "log_plus_one";
  [[nodiscard]] constexpr float operator()(float x) const noexcept { return math::log_plus_one(x); }
  /// Of each number of a block.
  template <std::size_t N>
  [[nodiscard]] constexpr std::array<float, N> operator()(std::array<float, N> x) const noexcept {
    for (float& v : x) v = math::log_plus_one(v);
    return x;
  }
};

}  // namespace mlsd
