#pragma once

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "mlsd/core/math.hpp"

namespace mlsd {

/// P(K > x) for the limit of sqrt(n) D_n: 2 sum (-1)^(k-1) exp(-2 k^2 x^2). Relative error below 1e-13.
/// 1 at x <= 0. Source: Kolmogorov (1933); below x = 1 the transformed (theta) series.
[[nodiscard]] inline double kolmogorov_survival(double x) noexcept {
  if (std::isnan(x)) return x;
  if (x <= 0.04) return 1;
  if (x < 1) {
    constexpr double pi = 3.14159265358979323846;
    double sum = 0;
    for (int k = 9; k >= 1; k -= 2) sum += math::exp(-k * k * pi * pi / (8 * x * x));
    return 1 - sum * std::sqrt(2 * pi) / x;
  }
  double sum = 0;
  for (int k = 6; k >= 1; --k) sum = math::exp(-2.0 * k * k * x * x) - sum;
  return 2 * sum;
}

/// P(D+ > d) for n draws from a continuous distribution: Smirnov's one-sided statistic.
///   d sum over k <= n (1 - d) of C(n, k) (k/n + d)^(k-1) (1 - k/n - d)^(n-k)
/// n <= 100,000: exact, O(n) terms, all positive, relative error about 1e-11. Above: exp(-(6 n d + 1)^2 / (18 n) -
/// 4 n d^4 / 9), O(1), relative error 1e-5 where the tail is 0.01, 2e-5 at 1e-5, 1e-3 at 1e-250.
/// Source: Birnbaum, Tingey (1951); Maag, Dicaire (1971), to which the term in d^4 is added.
[[nodiscard]] inline double smirnov_survival(std::uint64_t n, double d) noexcept {
  if (std::isnan(d)) return d;
  if (d <= 0) return 1;
  if (d >= 1 || n == 0) return 0;
  const double size = static_cast<double>(n);
  if (n > 100'000) {
    const double a = 6 * size * d + 1;
    return math::exp(-a * a / (18 * size) - 4 * size * d * d * d * d / 9);
  }
  double log_choose = 0, sum = 0;
  for (std::uint64_t k = 0; k <= n; ++k) {
    const double i = static_cast<double>(k);
    if (k > 0) log_choose += math::log((size - i + 1) / i);
    const double low = i / size + d, high = 1 - low;
    if (high < 0) break;
    if (high == 0) {
      sum += k == n ? math::exp(log_choose + (i - 1) * math::log(low)) : 0;
      break;
    }
    sum += math::exp(log_choose + (i - 1) * math::log(low) + (size - i) * math::log(high));
  }
  return (std::min)(1.0, d * sum);
}

namespace detail {

/// P(D_n < d) exactly, by powers of Durbin's matrix, [m, m] with m = 2 ceil(n d) - 1. O(m^3 log n), allocates 3 m^2.
/// Source: Durbin (1973); Marsaglia, Tsang, Wang (2003).
template <class = void> double kolmogorov_matrix_cdf(std::uint64_t n, double d) {
  const double nd = static_cast<double>(n) * d;
  const std::size_t k = static_cast<std::size_t>(nd) + 1;
  const std::size_t m = 2 * k - 1;
  const double h = static_cast<double>(k) - nd;
  std::vector<double> base(m * m, 0.0), power(m * m, 0.0), product(m * m);
  const auto at = [m](std::vector<double>& a, std::size_t i, std::size_t j) -> double& { return a[i * m + j]; };
  for (std::size_t i = 0; i < m; ++i)
    for (std::size_t j = 0; j < m; ++j) at(base, i, j) = i + 1 >= j ? 1.0 : 0.0;
  double h_power = 1;
  for (std::size_t i = 0; i < m; ++i) {
    h_power *= h;
    at(base, i, 0) -= h_power;
    at(base, m - 1, m - 1 - i) -= h_power;
  }
  if (2 * h > 1) at(base, m - 1, 0) += std::pow(2 * h - 1, static_cast<double>(m));
  for (std::size_t i = 0; i < m; ++i)
    for (std::size_t j = 0; j <= i; ++j)
      for (std::size_t g = 2; g <= i - j + 1; ++g) at(base, i, j) /= static_cast<double>(g);
  for (std::size_t i = 0; i < m; ++i) at(power, i, i) = 1;
  double log_scale = 0, base_log_scale = 0;
  const auto multiply = [&](std::vector<double>& a, std::vector<double>& b) {  // product = a b
    std::fill(product.begin(), product.end(), 0.0);
    for (std::size_t i = 0; i < m; ++i)
      for (std::size_t l = 0; l < m; ++l) {
        const double f = at(a, i, l);
        for (std::size_t j = 0; j < m; ++j) at(product, i, j) += f * at(b, l, j);
      }
    const double centre = at(product, k - 1, k - 1);
    if (centre > 1e-140 && centre < 1e140) return 0.0;
    for (double& x : product) x /= centre;
    return math::log(centre);
  };
  for (std::uint64_t e = n; e != 0; e /= 2) {
    if (e % 2 == 1) {
      log_scale += base_log_scale + multiply(power, base);
      power.swap(product);
    }
    base_log_scale = 2 * base_log_scale + multiply(base, base);
    base.swap(product);
  }
  const double size = static_cast<double>(n);
  double log_factor = log_scale;  // n! / n^n
  for (std::uint64_t i = 1; i <= n; ++i) log_factor += math::log(static_cast<double>(i) / size);
  return at(power, k - 1, k - 1) * math::exp(log_factor);
}

/// P(D_n < d) within 0.07 / n^2 for n > 140: the limit and its corrections of order n^-1/2, n^-1 and n^-3/2.
/// Source: Pelz, Good (1976), in the form of Simard, L'Ecuyer (2011), eq. 9.
inline double kolmogorov_series_cdf(std::uint64_t n, double d) noexcept {
  constexpr double pi2 = 9.8696044010893586188, root_two_pi = 2.5066282746310005024;
  const double root_n = std::sqrt(static_cast<double>(n)), z = root_n * d;
  const double z2 = z * z, z4 = z2 * z2, z6 = z4 * z2, z8 = z4 * z4, pi4 = pi2 * pi2, pi6 = pi4 * pi2;
  double k0 = 0, k1 = 0, k2 = 0, k3 = 0, extra2 = 0, extra3 = 0;
  for (int k = 1; k < 40; ++k) {
    const double odd = (k - 0.5) * (k - 0.5), odd2 = odd * odd, odd3 = odd2 * odd;
    const double q = math::exp(-odd * pi2 / (2 * z2));
    k0 += q;
    k1 += (pi2 * odd - z2) * q;
    k2 += (6 * z6 + 2 * z4 + pi2 * (2 * z4 - 5 * z2) * odd + pi4 * (1 - 2 * z2) * odd2) * q;
    k3 += (pi6 * odd3 * (5 - 30 * z2) + pi4 * odd2 * (-60 * z2 + 212 * z4) + pi2 * odd * (135 * z4 - 96 * z6) -
           30 * z6 - 90 * z8) *
          q;
    const double even = static_cast<double>(k) * k, r = math::exp(-even * pi2 / (2 * z2));
    extra2 += even * r;
    extra3 += even * (3 * z2 - pi2 * even) * r;
    if (q < 1e-20) break;
  }
  k0 *= root_two_pi / z;
  k1 *= root_two_pi / (6 * z4);
  k2 = k2 * root_two_pi / (72 * z6 * z) - extra2 * pi2 * root_two_pi / (36 * z2 * z);
  k3 = k3 * root_two_pi / (6480 * z8 * z2) + extra3 * pi2 * root_two_pi / (216 * z6);
  return k0 + k1 / root_n + k2 / (root_n * root_n) + k3 / (root_n * root_n * root_n);
}

}  // namespace detail

/// P(D_n > d) for the two-sided statistic of n draws from a continuous distribution.
/// n <= 140: exact (Durbin's matrix) up to n d^2 = 4, twice Smirnov's tail beyond, relative error 1e-10.
/// n > 140: the series of Pelz and Good up to n d^2 = 2.2, absolute error 0.07 / n^2 (4e-6 at 141, 3e-9 at 5,000);
/// beyond, twice Smirnov's tail less the leading term of what is counted twice, relative error 1e-6. n = 0: NaN.
/// O(n) for tails, O((n d)^3 log n) and an allocation for the matrix, O(1) for the series.
/// Source: Simard, L'Ecuyer, Computing the Two-Sided Kolmogorov-Smirnov Distribution (2011).
template <class = void> [[nodiscard]] double kolmogorov_smirnov_survival(std::uint64_t n, double d) {
  if (n == 0 || std::isnan(d)) return std::nan("");
  const double size = static_cast<double>(n);
  if (d * size <= 0.5) return 1;
  if (d >= 1) return 0;
  if (size * d * d >= 370) return 0;
  const double z2 = size * d * d;
  if (z2 >= (n <= 140 ? 4 : 2.2)) return 2 * smirnov_survival(n, d) - (n <= 140 ? 0 : 2 * math::exp(-8 * z2));
  const double cdf = n <= 140 ? detail::kolmogorov_matrix_cdf(n, d) : detail::kolmogorov_series_cdf(n, d);
  return (std::min)(1.0, (std::max)(0.0, 1 - cdf));
}

/// The d with P(D_n > d) = p; 1 where no d below 1 has it. A handful of evaluations: Newton steps on the logarithm of
/// the tail, whose slope is close to -4 n d, kept inside a bracket. Absolute error below 1e-9.
template <class = void> [[nodiscard]] double kolmogorov_smirnov_critical(std::uint64_t n, double p) {
  assert(p > 0 && p < 1);
  const double size = static_cast<double>(n);
  double low = 0, high = 1;
  double d = (std::min)(0.999, (std::sqrt(-18 * size * math::log(p / 2)) - 1) / (6 * size));
  for (int i = 0; i < 60 && high - low > 1e-10; ++i) {
    if (i > 10 || !(d > low && d < high)) d = low + (high - low) / 2;
    const double tail = kolmogorov_smirnov_survival(n, d);
    (tail > p ? low : high) = d;
    const double step = tail > 0 && tail < 1 ? math::log(tail / p) / (4 * size * d) : 1;
    if (std::fabs(step) < 1e-11) return d;
    d += step;
  }
  return high;
}

}  // namespace mlsd
