#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "mlsd/stats/kolmogorov.hpp"
#include "mlsd/stats/quantile.hpp"

namespace mlsd {

/// How the p-value of a two-sample Kolmogorov-Smirnov test is found.
enum class ks_p : std::uint8_t {
  automatic,     ///< exact up to a million pairs of rows without weights, else asymptotic
  exact,         ///< given the ties: over all ways to deal the pooled values into two samples (as R since 4.2)
  exact_untied,  ///< as if no two values were equal (as scipy); the same where none are
  asymptotic     ///< one-sample law with round(n m / (n + m)) draws (as scipy); conservative under ties
};

struct ks_result {
  double statistic = std::numeric_limits<double>::quiet_NaN();  ///< sup |F - G|
  double p_value = std::numeric_limits<double>::quiet_NaN();
  double n = 0, m = 0;  ///< effective rows of the two samples
};

namespace detail {

/// Draws of the one-sample law that stands for two samples of n and m effective rows; 0 where there is none.
inline std::uint64_t ks_rows(double n, double m) noexcept {
  const double rows = std::nearbyint(n / (n + m) * m);
  return rows > 0 ? static_cast<std::uint64_t>((std::min)(rows, 0x1p53)) : 0;
}

/// P(D >= distance / (n m)) when n + m pooled values are dealt at random into samples of n and m; `ends[i + j]` says
/// whether i + j values complete a group of ties. Walks the lattice of (i, j): the share of paths to (i, j) that have
/// met |i m - j n| >= distance is 1 there, else the mean of the two cells that lead to it, weighted by i and j.
/// Only additions of positive numbers: tails keep their relative accuracy. O(n m), allocates 8 m bytes.
template <class = void>
double ks_exact_survival(std::uint64_t n, std::uint64_t m, std::uint64_t distance, const std::vector<char>& ends) {
  if (distance == 0) return 1;
  const auto met = [&](std::uint64_t i, std::uint64_t j) {
    const std::uint64_t a = i * m, b = j * n;
    return ends[i + j] != 0 && (a > b ? a - b : b - a) >= distance;
  };
  std::vector<double> share(m + 1);
  for (std::uint64_t i = 0; i <= n; ++i)
    for (std::uint64_t j = 0; j <= m; ++j) {
      if (met(i, j)) {
        share[j] = 1;
      } else if (i == 0) {
        share[j] = j == 0 ? 0 : share[j - 1];
      } else if (j > 0) {
        const double a = static_cast<double>(i), b = static_cast<double>(j);
        share[j] = (a * share[j] + b * share[j - 1]) * (1 / (a + b));
      }
    }
  return share[m];
}

struct ks_walk {
  double statistic = 0;
  std::uint64_t distance = 0;  // statistic * n * m, for samples without weights
  std::vector<char> ends;      // [n + m + 1]
};

/// One pass over two sorted samples. `counted`: every weight is 1.
template <class = void> ks_walk ks_compare(const sorted_sample& x, const sorted_sample& y, bool counted) {
  ks_walk w;
  if (counted) w.ends.assign(x.rows() + y.rows() + 1, 0);
  double f = 0, g = 0;
  for (std::size_t i = 0, j = 0; i < x.values().size() || j < y.values().size();) {
    const bool from_x = i < x.values().size() && (j == y.values().size() || x.values()[i] <= y.values()[j]);
    const bool from_y = j < y.values().size() && (i == x.values().size() || y.values()[j] <= x.values()[i]);
    if (from_x) f = x.cumulative()[i++];
    if (from_y) g = y.cumulative()[j++];
    w.statistic = (std::max)(w.statistic, std::fabs(f / x.weight() - g / y.weight()));
    if (!counted) continue;
    const double here = std::fabs(f * y.weight() - g * x.weight());
    w.distance = (std::max)(w.distance, static_cast<std::uint64_t>(here));
    w.ends[static_cast<std::size_t>(f + g)] = 1;
  }
  return w;
}

}  // namespace detail

/// Two-sample Kolmogorov-Smirnov test of x [n] against y [m], both sorted before: O(n + m), plus O(n m) when exact.
/// Ties are handled in the statistic, and in the exact p-value. An exact p-value needs rows without weights and
/// n m < 2^53; otherwise the asymptotic one is given, with Kish's effective rows for n and m.
/// Either sample empty: NaN. `asymptotic` with n m / (n + m) rounding to 0: NaN.
/// Source: Smirnov (1939); exact: Schroeer, Trenkler (1995); asymptotic: Simard, L'Ecuyer (2011).
template <class = void>
[[nodiscard]] ks_result ks_test(const sorted_sample& x, const sorted_sample& y, ks_p p = ks_p::automatic) {
  ks_result r{.n = x.effective_rows(), .m = y.effective_rows()};
  if (x.rows() == 0 || y.rows() == 0) return r;
  const double n = static_cast<double>(x.rows()), m = static_cast<double>(y.rows());
  const bool counted = x.weight() == n && y.weight() == m && r.n == n && r.m == m && n * m < 0x1p53;
  const auto walk = detail::ks_compare(x, y, counted);
  r.statistic = walk.statistic;
  if (p == ks_p::automatic) p = counted && n * m <= 1e6 ? ks_p::exact : ks_p::asymptotic;
  if (p == ks_p::asymptotic || !counted) {
    r.p_value = kolmogorov_smirnov_survival(detail::ks_rows(r.n, r.m), r.statistic);
    return r;
  }
  const bool untied = p == ks_p::exact_untied;
  r.p_value = detail::ks_exact_survival(x.rows(), y.rows(), walk.distance,
                                        untied ? std::vector<char>(walk.ends.size(), 1) : walk.ends);
  return r;
}

/// The same from unsorted columns without weights, NaN left out. O((n + m) log(n + m)); allocates 16 bytes a row.
template <class = void>
[[nodiscard]] ks_result ks_test(std::span<const float> x, std::span<const float> y, ks_p p = ks_p::automatic) {
  return ks_test(sorted_sample::from(x), sorted_sample::from(y), p);
}
template <class = void>
[[nodiscard]] ks_result ks_test(std::span<const double> x, std::span<const double> y, ks_p p = ks_p::automatic) {
  return ks_test(sorted_sample::from(x), sorted_sample::from(y), p);
}

}  // namespace mlsd
