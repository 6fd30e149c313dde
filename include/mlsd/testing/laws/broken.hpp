#pragma once

#include "mlsd/core/result.hpp"

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>

/// The laws of the contracts in core/concepts.hpp, for any test framework: each is a function that returns success, or
/// an error that says what differed and where. Run them on components of your own.
namespace mlsd::laws {

/// The error of a law that does not hold.
[[nodiscard]] inline error broken(std::string_view law, std::string where) {
  std::string message(law);
  message.append(": ").append(where);
  return error{errc::mismatch, std::move(message)};
}

/// The bits of a number: NaN equals NaN, 0 and -0 differ.
[[nodiscard]] constexpr std::uint64_t bits(double x) noexcept { return std::bit_cast<std::uint64_t>(x); }
[[nodiscard]] constexpr std::uint64_t bits(float x) noexcept { return std::bit_cast<std::uint32_t>(x); }
template <std::integral I> [[nodiscard]] constexpr std::uint64_t bits(I x) noexcept {
  return static_cast<std::uint64_t>(x);
}

/// A number with all its digits.
[[nodiscard]] inline std::string digits(double x) {
  char text[32];
  std::snprintf(text, sizeof text, "%.17g", x);
  return text;
}

}  // namespace mlsd::laws
