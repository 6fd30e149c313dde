#pragma once

#include "mlsd/core/fp.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace mlsd {

/// A rule that integrates over [0, 1]: the sum of weight x f(point). With n points it is exact for polynomials of
/// degree 2 n - 1, but for rounding. Points are ascending, weights positive, and both the same bits everywhere.
struct quadrature {
  std::vector<double> points{}, weights{};
};

namespace detail {

/// The Legendre polynomial of degree n at x, and its derivative; |x| < 1.
struct legendre_value {
  double value, slope;
};
template <class = void> MLSD_UNCONTRACTED [[nodiscard]] legendre_value legendre(std::size_t n, double x) noexcept {
  MLSD_CONTRACT_OFF
  double before = 1, now = x;
  for (std::size_t k = 2; k <= n; ++k) {
    const double j = static_cast<double>(k);
    const double next = ((2 * j - 1) * x * now - (j - 1) * before) / j;
    before = now;
    now = next;
  }
  return {now, static_cast<double>(n) * (before - x * now) / ((1 - x) * (1 + x))};
}

/// cos(x) for 0 <= x <= pi / 2, to 7 digits: where Newton's iteration starts.
template <class = void> MLSD_UNCONTRACTED [[nodiscard]] double rough_cosine(double x) noexcept {
  MLSD_CONTRACT_OFF
  double sum = 1;
  for (int k = 12; k > 0; k -= 2) sum = 1 - sum * (x * x) / (k * (k - 1));
  return sum;
}

}  // namespace detail

/// The Gauss-Legendre rule of `n` points, 1 to 1,000. Relative error of points and weights below 1e-13. O(n^2).
template <class = void> MLSD_UNCONTRACTED [[nodiscard]] quadrature gauss_legendre(std::size_t n) {
  MLSD_CONTRACT_OFF
  constexpr double pi = 3.141592653589793;
  quadrature rule{std::vector<double>(n), std::vector<double>(n)};
  for (std::size_t i = 0; 2 * i < n; ++i) {
    const bool middle = 2 * i + 1 == n;
    double x =
        middle ? 0.0 : detail::rough_cosine(pi * (static_cast<double>(i) + 0.75) / (static_cast<double>(n) + 0.5));
    detail::legendre_value p = detail::legendre(n, x);
    for (int round = 0; round < 8 && !middle; ++round) {
      x -= p.value / p.slope;
      p = detail::legendre(n, x);
    }
    const double weight = 1 / ((1 - x) * (1 + x) * p.slope * p.slope);
    rule.points[i] = (1 - x) / 2;
    rule.points[n - 1 - i] = (1 + x) / 2;
    rule.weights[i] = rule.weights[n - 1 - i] = weight;
  }
  return rule;
}

}  // namespace mlsd
