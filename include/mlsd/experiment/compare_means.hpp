#pragma once

#include <cmath>
#include <limits>

#include "mlsd/experiment/comparison.hpp"
#include "mlsd/stats/interval.hpp"
#include "mlsd/stats/moments.hpp"
#include "mlsd/stats/t_distribution.hpp"

namespace mlsd {

/// Two means by Welch's t-test, which does not ask for equal variances: revenue a user, watch time, anything that is
/// measured once a unit. The interval of the difference agrees with the test; that of the lift is of the delta method.
/// Weights of `moments` are counts of rows. O(1) but for the quantile of t.
/// Below two rows in an arm: values without errors, NaN p-value. No spread in either arm: standard error 0, p-value
/// NaN. A control mean of 0: lift NaN. Heavy tails (a few large buyers) need thousands of units before t holds. Source:
/// Welch (1947); Satterthwaite (1946).
template <class = void>
[[nodiscard]] comparison compare_means(const moments& control, const moments& treatment, double level = 0.95) noexcept {
  comparison c{.control = control.mean(), .treatment = treatment.mean()};
  const double a = control.variance() / control.weight(), b = treatment.variance() / treatment.weight();
  const double error = std::sqrt(a + b);
  c.degrees = (a + b) * (a + b) / (a * a / (control.weight() - 1) + b * b / (treatment.weight() - 1));
  const double t = c.degrees > 0 ? t_distribution{c.degrees}.critical((1 - level) / 2) : std::nan("");

  const auto with_error = [&](double value, double standard_error) {
    const double half = t * standard_error;
    return estimate{value, standard_error, {value - half, value + half, level}};
  };
  c.difference = with_error(c.treatment - c.control, error);
  c.statistic = c.difference.value / error;
  c.p_value = c.degrees > 0 ? t_distribution{c.degrees}.two_sided(c.statistic) : std::nan("");

  const double ratio = c.control != 0 ? c.treatment / c.control : std::nan("");
  c.lift = with_error(ratio - 1, std::sqrt(b + ratio * ratio * a) / std::fabs(c.control));
  return c;
}

}  // namespace mlsd
