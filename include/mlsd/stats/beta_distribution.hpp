#pragma once

#include <cassert>
#include <cmath>

#include "mlsd/core/math.hpp"
#include "mlsd/stats/chi_squared.hpp"

namespace mlsd {

namespace detail {

/// log Gamma(a + 1) less (a + 1/2) log a - a + log sqrt(2 pi), a > 0: what Stirling's formula leaves.
template <class = void> double stirling_error(double a) noexcept {
  if (a < 16) return log_gamma(a + 1) - ((a + 0.5) * math::log(a) - a + 0.91893853320467274178);
  const double r = 1 / (a * a);
  return (1.0 / 12 - r * (1.0 / 360 - r * (1.0 / 1260 - r * (1.0 / 1680 - r * (1.0 / 1188 - r * 691.0 / 360360))))) / a;
}

/// x log(x / m) + m - x without cancellation where x is near m; x, m > 0.
template <class = void> double poisson_deviance(double x, double m) noexcept {
  const double d = x - m;
  if (std::fabs(d) >= 0.1 * (x + m)) return x * math::log(x / m) - d;
  const double v = d / (x + m);
  double sum = d * v, power = 2 * x * v;
  for (int odd = 3; odd < 200; odd += 2) {
    power *= v * v;
    const double more = sum + power / odd;
    if (more == sum) break;
    sum = more;
  }
  return sum;
}

/// x^a y^b / B(a, b), y = 1 - x, in the saddle-point form, which loses no digits where a and b are large.
/// Source: Loader, Fast and Accurate Computation of Binomial Probabilities (2000).
template <class = void> double beta_factor(double a, double b, double x, double y) noexcept {
  const double n = a + b;
  const double exponent = stirling_error(n) - stirling_error(a) - stirling_error(b) - poisson_deviance(a, n * x) -
                          poisson_deviance(b, n * y);
  return std::sqrt(a * b / n) * 0.39894228040143267794 * math::exp(exponent);
}

/// I_x(a, b) by its continued fraction, for x below (a + 1) / (a + b + 2), evaluated forward as Lentz (1976) does.
/// Source: Abramowitz and Stegun (1964), 26.5.8.
template <class = void> double beta_fraction(double a, double b, double x, double y) noexcept {
  static constexpr double tiny = 1e-300;
  const auto off_zero = [](double v) { return std::fabs(v) < tiny ? tiny : v; };
  double c = 1, d = 1 / off_zero(1 - (a + b) / (a + 1) * x), h = d;
  const auto step = [&](double term) {
    d = 1 / off_zero(1 + term * d);
    c = off_zero(1 + term / c);
    h *= d * c;
    return d * c;
  };
  for (int m = 1; m < 100'000; ++m) {
    const double even = a + 2 * m;
    (void)step(m * (b - m) / (even - 1) * (x / even));
    if (std::fabs(step(-(a + m) / even * ((a + b + m) / (even + 1)) * x) - 1) < 1e-16) break;
  }
  return h * beta_factor(a, b, x, y) / a;
}

/// I_x(a, b), y = 1 - x given beside x, so that neither end loses digits.
template <class = void> double beta_lower(double a, double b, double x, double y) noexcept {
  if (!(x > 0)) return 0;
  if (!(y > 0)) return 1;
  return x < (a + 1) / (a + b + 2) ? beta_fraction(a, b, x, y) : 1 - beta_fraction(b, a, y, x);
}

}  // namespace detail

/// The beta distribution on [0, 1]: what is known of a rate after a - 1 successes and b - 1 failures, had all rates
/// been alike before. Relative error of tails below 1e-12 for a, b up to 1e6. O(sqrt(max(a, b))) steps, no allocation.
/// NaN in, NaN out. Requires a, b > 0.
struct beta_distribution {
  double a = 1, b = 1;

  friend constexpr bool operator==(const beta_distribution&, const beta_distribution&) = default;
  [[nodiscard]] constexpr double mean() const noexcept { return a / (a + b); }
  [[nodiscard]] constexpr double variance() const noexcept { return a * b / ((a + b) * (a + b) * (a + b + 1)); }

  /// P(X <= x).
  template <class = void> [[nodiscard]] double cdf(double x) const noexcept {
    assert(a > 0 && b > 0);
    return std::isnan(x) ? x : detail::beta_lower(a, b, x, 1 - x);
  }
  /// P(X > x).
  template <class = void> [[nodiscard]] double survival(double x) const noexcept {
    assert(a > 0 && b > 0);
    return std::isnan(x) ? x : detail::beta_lower(b, a, 1 - x, x);
  }
  /// The x with P(X <= x) = p, by bisection: as accurate as the tail it inverts, and absolutely 1e-16 near 1.
  /// Requires 0 <= p <= 1.
  template <class = void> [[nodiscard]] double quantile(double p) const noexcept {
    assert(p >= 0 && p <= 1);
    if (p <= 0 || p >= 1) return p;
    double low = 0, high = 1;
    for (int i = 0; i < 1100 && high - low > 1e-16 * high; ++i) {
      const double middle = low < high / 4 ? std::sqrt((std::fmax)(low, 1e-300)) * std::sqrt(high) : (low + high) / 2;
      if (!(middle > low && middle < high)) break;
      const bool is_below = p > 0.5 ? survival(middle) > 1 - p : cdf(middle) < p;
      (is_below ? low : high) = middle;
    }
    return high;
  }
};

}  // namespace mlsd
