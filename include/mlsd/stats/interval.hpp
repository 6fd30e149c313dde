#pragma once

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "mlsd/core/math.hpp"

namespace mlsd {

/// A confidence interval: over many repetitions, a share of `level` of such intervals holds the true value.
/// NaN bounds: the data do not say.
struct interval {
  double lower = std::numeric_limits<double>::quiet_NaN();
  double upper = std::numeric_limits<double>::quiet_NaN();
  double level = 0.95;

  [[nodiscard]] constexpr bool contains(double x) const noexcept { return lower <= x && x <= upper; }
  [[nodiscard]] constexpr double width() const noexcept { return upper - lower; }
  /// Cut to where the value can be.
  [[nodiscard]] constexpr interval within(double low, double high) const noexcept {
    return {lower < low ? low : lower, upper > high ? high : upper, level};
  }
};

/// A value with its uncertainty.
struct estimate {
  double value = std::numeric_limits<double>::quiet_NaN();
  double standard_error = std::numeric_limits<double>::quiet_NaN();
  interval ci{};
};

/// z with P(-z < Z < z) = level, Z standard normal. Requires 0 < level < 1.
[[nodiscard]] inline double normal_z(double level) noexcept {
  assert(level > 0 && level < 1);
  return -math::normal_quantile((1 - level) / 2);
}

/// value +- z standard errors.
[[nodiscard]] inline estimate normal_estimate(estimate e, double level = 0.95) noexcept {
  const double half = normal_z(level) * e.standard_error;
  e.ci = {e.value - half, e.value + half, level};
  return e;
}

/// `successes` of `trials`; both may be sums of weights (give effective rows as trials then).
struct proportion {
  double successes = 0, trials = 0;
};

/// Wilson's score interval of a proportion: never empty, inside [0, 1], and covers well from a few trials on.
/// No trials: NaN. Source: Wilson (1927).
[[nodiscard]] inline interval wilson_interval(proportion p, double level = 0.95) noexcept {
  if (!(p.trials > 0)) return {.level = level};
  const double z = normal_z(level), n = p.trials, rate = p.successes / n;
  const double centre = (rate + z * z / (2 * n)) / (1 + z * z / n);
  const double half = z / (1 + z * z / n) * std::sqrt((std::max)(0.0, rate * (1 - rate) / n) + z * z / (4 * n * n));
  return {rate <= 0 ? 0 : (std::max)(0.0, centre - half), rate >= 1 ? 1 : (std::min)(1.0, centre + half), level};
}

}  // namespace mlsd
