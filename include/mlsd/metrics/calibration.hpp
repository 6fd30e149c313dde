#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "mlsd/core/math.hpp"
#include "mlsd/metrics/interval.hpp"
#include "mlsd/metrics/reliability.hpp"
#include "mlsd/stats/weighted_mean.hpp"

namespace mlsd {

/// How far a reliability diagram is from its diagonal. With gap = observed rate - mean prediction of a bin, and each
/// bin's share of the weight:
struct calibration_error {
  double expected = std::nan("");   ///< ECE: sum of share |gap|
  double maximum = std::nan("");    ///< MCE: largest |gap|
  double root_mean = std::nan("");  ///< sqrt of sum of share gap^2
  double ratio = std::nan("");      ///< sum of predictions / sum of labels; infinite without positive labels
  /// ECE of a perfectly calibrated model on as many rows: what noise alone gives. An ECE near it says nothing.
  double noise = std::nan("");
  /// ECE less the estimated bias of each |gap|, at least 0. Nearer to the truth on average; still above it when the
  /// truth is near 0.
  double debiased = std::nan("");
  /// Interval of the true ECE over these bins. Noise only ever adds to the ECE, so the lower end gives up, beside z
  /// standard errors, the most bias that the bins leave possible; coverage is at least `ci.level`.
  interval ci{};
};

namespace detail {

/// E|X| - |mean|, X normal: how much noise of size `sd` adds to the mean of |X| on average.
inline double folded_bias(double mean, double sd) noexcept {
  if (!(sd > 0)) return 0;
  const double t = std::fabs(mean) / sd;
  const double density = math::exp(-0.5 * t * t) * 0.39894228040143267794;
  return 2 * sd * (density - t * math::normal_cdf(-t));
}

}  // namespace detail

/// Sums up a reliability diagram. O(B). Binary definition: |mean(label) - mean(p)| by bin of p, not the accuracy of the
/// likelier class. Empty: NaN. The ECE depends on the bins and is biased upward by noise, the more the more bins:
/// compare models only on like bins and rows, and read it with `noise` and `ci`.
/// The interval takes gaps as normal, given the predictions; it speaks of the binned ECE, which can be smaller than
/// the miscalibration inside bins.
/// Source: Naeini, Cooper, Hauskrecht (2015); on its bias: Broecker (2012), Roelofs et al. (2022).
[[nodiscard]] inline calibration_error calibration(const reliability& diagram, double level = 0.95) noexcept {
  calibration_error c{.ci = {.level = level}};
  double weight = 0, predicted = 0, observed = 0;
  for (const reliability_bin& b : diagram.value()) {
    weight += b.weight;
    predicted += b.predicted;
    observed += b.observed;
  }
  if (!(weight > 0)) return c;
  const double z = normal_z(level);
  double squares = 0, variance = 0, bias = 0, most_bias = 0;
  c.expected = c.maximum = c.noise = 0;
  for (const reliability_bin& b : diagram.value()) {
    if (!(b.weight > 0)) continue;
    const double share = b.weight / weight, gap = std::fabs(b.gap()), sd = std::sqrt(b.gap_variance());
    c.expected += share * gap;
    c.maximum = gap > c.maximum ? gap : c.maximum;
    squares += share * gap * gap;
    variance += share * share * sd * sd;
    c.noise += share * detail::folded_bias(0, sd);
    bias += share * detail::folded_bias(gap, sd);
    const double least = gap - z * sd;
    most_bias += share * detail::folded_bias(least > 0 ? least : 0, sd);
  }
  c.root_mean = std::sqrt(squares);
  c.ratio = predicted / observed;
  c.debiased = c.expected > bias ? c.expected - bias : 0;
  const double half = z * std::sqrt(variance);
  c.ci = interval{c.expected - most_bias - half, c.expected + half, level}.within(0, 1);
  return c;
}

/// Distance of predictions from the true probabilities, where they are known (simulated streams).
/// `value()` is the mean of |p - truth|. Update: O(1), no allocation. Merge: O(1), value within 2 ulp however sharded.
/// NaN predictions or truths, and weights that are NaN, infinite or negative, are counted by `skipped()`. Empty: NaN.
class probability_error {
 public:
  void update(double probability, double truth, double weight = 1) noexcept {
    const double d = probability - truth;
    absolute_.update(std::fabs(d), weight);
    signed_.update(d, weight);
  }
  void merge(const probability_error& other) noexcept {
    absolute_.merge(other.absolute_);
    signed_.merge(other.signed_);
  }
  [[nodiscard]] double value() const noexcept { return absolute_.value(); }
  /// Normal interval of the mean absolute error, cut at 0.
  [[nodiscard]] estimate with_interval(double level = 0.95) const noexcept {
    estimate e = normal_estimate({.value = value(), .standard_error = absolute_.standard_error()}, level);
    e.ci = e.ci.within(0, (std::numeric_limits<double>::max)());
    return e;
  }
  /// Mean of p - truth.
  [[nodiscard]] double bias() const noexcept { return signed_.value(); }
  [[nodiscard]] std::uint64_t rows() const noexcept { return absolute_.rows(); }
  [[nodiscard]] std::uint64_t skipped() const noexcept { return absolute_.skipped(); }

  friend bool operator==(const probability_error&, const probability_error&) = default;

  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("absolute", self.absolute_);
    ar("signed", self.signed_);
  }

 private:
  weighted_mean absolute_, signed_;
};

}  // namespace mlsd
