#pragma once

#include <cstdint>
#include <string_view>

namespace mlsd {

/// How a program rounds `a * b + c`. Two programs give the same bits for users' kernels only where this agrees.
enum class fp_mode : std::uint32_t {
  any = 0,         ///< not recorded
  strict = 1,      ///< twice: product, then sum
  contracted = 2,  ///< once: a fused multiply-add
  fast = 3         ///< as `-ffast-math` likes
};

[[nodiscard]] constexpr std::string_view to_string(fp_mode mode) noexcept {
  constexpr std::string_view names[] = {"any", "strict", "contracted", "fast"};
  return static_cast<std::uint32_t>(mode) < 4 ? names[static_cast<std::uint32_t>(mode)] : "unknown";
}

/// The mode that this build has, found by a product whose last bit only a fused sum keeps.
[[nodiscard]] inline fp_mode fp_mode_of_build() noexcept {
#if defined(__FAST_MATH__)
  return fp_mode::fast;
#else
  const volatile double a = 1.0 + 0x1p-27, c = -(1.0 + 0x1p-26);
  const double x = a, z = c;
  return x * x + z != 0.0 ? fp_mode::contracted : fp_mode::strict;
#endif
}

}  // namespace mlsd
