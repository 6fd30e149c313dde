#pragma once

#include <string_view>

namespace mlsd {

/// Keeps numbers within [lower, upper]. NaN stays NaN. Requires lower <= upper.
struct clip {
  static constexpr std::string_view type_name = "clip";
  float lower = 0, upper = 1;

  [[nodiscard]] constexpr float operator()(float x) const noexcept {
    x = x < lower ? lower : x;
    return upper < x ? upper : x;
  }
  template <class Self, class Ar>
  static constexpr void describe(Self& self, Ar& ar) {
    ar("lower", self.lower);
    ar("upper", self.upper);
  }
};

}  // namespace mlsd
