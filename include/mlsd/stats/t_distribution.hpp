#pragma once

#include <cassert>
#include <cmath>
#include <limits>

#include "mlsd/stats/beta_distribution.hpp"

namespace mlsd {

/// Student's t with `degrees` > 0 degrees of freedom (not only whole numbers; infinite ones: the normal distribution).
/// Relative error of tails below 1e-12 up to 1e6 degrees. O(sqrt(degrees)) steps, no allocation. NaN in, NaN out.
struct t_distribution {
  double degrees = 1;

  /// P(T > t), accurate far into the tail.
  template <class = void> [[nodiscard]] double survival(double t) const noexcept {
    assert(degrees > 0);
    if (std::isnan(t)) return t;
    if (std::isinf(degrees)) return math::normal_cdf(-t);
    if (std::isinf(t)) return t > 0 ? 0 : 1;
    const double upper = upper_tail(std::fabs(t));
    return t > 0 ? upper : 1 - upper;
  }
  /// P(T <= t).
  template <class = void> [[nodiscard]] double cdf(double t) const noexcept { return survival(-t); }
  /// P(|T| >= |t|): the two-sided p-value.
  template <class = void> [[nodiscard]] double two_sided(double t) const noexcept { return 2 * survival(std::fabs(t)); }
  /// The t with P(T > t) = p, by bisection: as accurate as the tail it inverts. Requires 0 <= p <= 1.
  template <class = void> [[nodiscard]] double critical(double p) const noexcept {
    assert(p >= 0 && p <= 1);
    if (std::isinf(degrees)) return -math::normal_quantile(p);
    if (p == 0.5) return 0;
    if (p > 0.5) return -critical(1 - p);
    constexpr double infinite = (std::numeric_limits<double>::infinity)();
    if (p <= 0) return infinite;
    double low = 0, high = 2;
    while (survival(high) > p) {
      low = high;
      high *= high;
      if (std::isinf(high)) return high;
    }
    for (int i = 0; i < 200 && high - low > 1e-15 * high; ++i) {
      const double middle = low > 0 && low < high / 4 ? std::sqrt(low) * std::sqrt(high) : low + (high - low) / 2;
      (survival(middle) > p ? low : high) = middle;
    }
    return high;
  }

 private:
  /// For t >= 0. With x = degrees / (degrees + t^2), P(|T| > t) = I_x(degrees / 2, 1 / 2).
  template <class = void> [[nodiscard]] double upper_tail(double t) const noexcept {
    const double ratio = t / degrees * t;
    return detail::beta_lower(degrees / 2, 0.5, 1 / (1 + ratio), ratio / (1 + ratio)) / 2;
  }
};

}  // namespace mlsd
