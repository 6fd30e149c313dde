#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "mlsd/core/math.hpp"
#include "mlsd/metrics/delong.hpp"

namespace mlsd {

/// Two areas on the same rows: first - second, and z = difference / standard error, two-sided p.
struct auc_comparison {
  double first = std::numeric_limits<double>::quiet_NaN();
  double second = std::numeric_limits<double>::quiet_NaN();
  double difference = std::numeric_limits<double>::quiet_NaN();
  double standard_error = std::numeric_limits<double>::quiet_NaN();
  interval ci{};
  double z = std::numeric_limits<double>::quiet_NaN();
  double p_value = std::numeric_limits<double>::quiet_NaN();
  std::uint64_t skipped = 0;
};

namespace detail {

template <class Real>
auc_comparison compare_auc(std::span<const Real> first, std::span<const Real> second, std::span<const Real> labels,
                           std::span<const Real> weights, double level) {
  auc_comparison c{.ci = {.level = level}};
  const std::vector<unsigned> y = usable_labels(first, second, labels, weights, c.skipped);
  const placements a(first, y, weights), b(second, y, weights);
  c.first = a.auc;
  c.second = b.auc;
  c.difference = a.auc - b.auc;
  double spread[2] = {0, 0};
  for (std::size_t i = 0; i < y.size(); ++i)
    if (y[i] != 2) {
      const double w = weights.empty() ? 1.0 : static_cast<double>(weights[i]);
      const double d = w * (a.share[i] - b.share[i] - c.difference);
      spread[y[i]] += d * d;
    }
  c.standard_error = std::sqrt(a.of[0].variance_of_mean(spread[0]) + a.of[1].variance_of_mean(spread[1]));
  c.ci = normal_estimate({.value = c.difference, .standard_error = c.standard_error}, level).ci;
  if (c.difference == 0) {  // also where two scores rank alike and the error is 0
    c.z = 0;
    c.p_value = 1;
  } else {
    c.z = c.difference / c.standard_error;
    c.p_value = 2 * math::normal_cdf(-std::fabs(c.z));
  }
  return c;
}

}  // namespace detail

/// DeLong's test of two scores of the same rows, with the interval of the difference. Complexity, ties, NaN and weights
/// as `delong`; a row is left out of both when either score is NaN.
template <class = void>
[[nodiscard]] auc_comparison compare_auc(std::span<const float> first, std::span<const float> second,
                                         std::span<const float> labels, std::span<const float> weights = {},
                                         double level = 0.95) {
  return detail::compare_auc(first, second, labels, weights, level);
}
template <class = void>
[[nodiscard]] auc_comparison compare_auc(std::span<const double> first, std::span<const double> second,
                                         std::span<const double> labels, std::span<const double> weights = {},
                                         double level = 0.95) {
  return detail::compare_auc(first, second, labels, weights, level);
}

}  // namespace mlsd
