#pragma once

#include <cassert>
#include <cmath>
#include <limits>

#include "mlsd/core/math.hpp"
#include "mlsd/experiment/comparison.hpp"
#include "mlsd/stats/interval.hpp"

namespace mlsd {

/// Two conversion rates. The test is the z-test with the pooled rate; the interval of the difference is Newcombe's, of
/// two Wilson intervals, which covers well from a few successes on and never leaves [-1, 1]: near the level, test and
/// interval may disagree. The interval of the lift is that of the log of the ratio of the rates.
/// `difference.standard_error` is that of the unpooled rates.
/// Both rates 0, or both 1: statistic 0, p-value 1, the interval of the difference as ever. No success in an arm: the
/// interval of the lift is NaN. No trials in an arm: all NaN.
/// Trials must be independent: count users, not page views (`ratio_metric` and `compare_means` for those).
/// Both rates 1: the interval of the lift is empty, as Katz et al. have it; that of the difference is not.
/// Source: Newcombe, Interval Estimation for the Difference Between Independent Proportions (1998), method 10; ratio:
/// Katz et al. (1978).
template <class = void>
[[nodiscard]] comparison compare_proportions(proportion control, proportion treatment, double level = 0.95) noexcept {
  assert(!(control.successes > control.trials) && !(treatment.successes > treatment.trials));
  comparison c{.difference = {.ci = {.level = level}}, .lift = {.ci = {.level = level}}};
  if (!(control.trials > 0 && treatment.trials > 0)) return c;
  const double n0 = control.trials, n1 = treatment.trials;
  const double p0 = control.successes / n0, p1 = treatment.successes / n1;
  c.control = p0;
  c.treatment = p1;

  const double d = p1 - p0, pooled = (control.successes + treatment.successes) / (n0 + n1);
  const double pooled_error = std::sqrt(pooled * (1 - pooled) * (1 / n0 + 1 / n1));
  c.statistic = d == 0 ? 0 : d / pooled_error;
  c.p_value = d == 0 ? 1 : 2 * math::normal_cdf(-std::fabs(c.statistic));

  const interval i0 = wilson_interval(control, level), i1 = wilson_interval(treatment, level);
  c.difference.value = d;
  c.difference.standard_error = std::sqrt(p0 * (1 - p0) / n0 + p1 * (1 - p1) / n1);
  c.difference.ci.lower = d - std::hypot(p1 - i1.lower, i0.upper - p0);
  c.difference.ci.upper = d + std::hypot(i1.upper - p1, p0 - i0.lower);

  if (!(p0 > 0)) return c;
  const double ratio = p1 / p0;
  c.lift.value = ratio - 1;
  if (!(p1 > 0)) return c;
  const double log_error = std::sqrt((1 - p0) / (n0 * p0) + (1 - p1) / (n1 * p1)), half = normal_z(level) * log_error;
  c.lift.standard_error = ratio * log_error;
  c.lift.ci.lower = ratio * math::exp(-half) - 1;
  c.lift.ci.upper = ratio * math::exp(half) - 1;
  return c;
}

}  // namespace mlsd
