#pragma once

#include "mlsd/core/fp.hpp"

#include <cmath>
#include <cstdint>
#include <limits>

namespace mlsd {

/// Numbers as whole multiples of a unit, such as 0.01 or a power of two, so that their sums are exact and do not depend
/// on order. A number is rounded to the nearest multiple, ties to even; NaN, infinity and what is beyond 2^40 units
/// have none. Sums of fewer than 2^23 numbers fit 64 bits. The same bits on every compiler and instruction set.
class fixed_point {
 public:
  static constexpr std::int64_t most = std::int64_t{1} << 40;  ///< units
  static constexpr std::int64_t none = (std::numeric_limits<std::int64_t>::min)();

  fixed_point() = default;
  /// Requires a positive finite unit. Where 1 / unit is a whole number to 12 digits, the whole number is meant.
  explicit fixed_point(double unit) noexcept : unit_(unit), per_(0) {
    const double inverse = 1 / unit, whole = std::floor(inverse + 0.5);
    if (whole >= 1 && whole <= 0x1p52 && std::fabs(inverse - whole) <= 1e-12 * whole) per_ = whole;
  }

  /// The number in units, or `none`.
  [[nodiscard]] MLSD_UNCONTRACTED std::int64_t operator()(double x) const noexcept {
    MLSD_CONTRACT_OFF
    const double units = per_ != 0 ? x * per_ : x / unit_;
    if (!(units >= -static_cast<double>(most) && units <= static_cast<double>(most))) return none;
    constexpr double to_even = 0x1.8p52;  // adding it rounds to a whole number
    return static_cast<std::int64_t>((units + to_even) - to_even);
  }
  /// What so many units are.
  [[nodiscard]] double value(double units) const noexcept { return per_ != 0 ? units / per_ : units * unit_; }
  [[nodiscard]] double value(std::int64_t units) const noexcept { return value(static_cast<double>(units)); }
  /// value(units) / count with one rounding where the unit is 1 over a whole number; NaN for a count of 0.
  [[nodiscard]] double mean(std::int64_t units, std::uint64_t count) const noexcept {
    const auto sum = static_cast<double>(units), n = static_cast<double>(count);
    return per_ != 0 ? sum / (n * per_) : sum * unit_ / n;
  }
  [[nodiscard]] double unit() const noexcept { return unit_; }

  friend bool operator==(const fixed_point&, const fixed_point&) = default;

 private:
  double unit_ = 0.01;
  double per_ = 100;  // units in 1 where whole, else 0
};

}  // namespace mlsd
