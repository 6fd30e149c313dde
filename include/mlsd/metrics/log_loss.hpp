#pragma once

#include <cassert>
#include <cmath>
#include <cstdint>
#include <limits>

#include "mlsd/core/math.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/metrics/interval.hpp"
#include "mlsd/stats/weighted_mean.hpp"

namespace mlsd {

/// Mean of -log p(label) over rows, p clipped to [epsilon, 1 - epsilon]; and with it the normalized entropy: log loss
/// divided by that of the constant that predicts the mean label, so that 1 is "no better than the base rate".
/// Update: O(1), no allocation. Merge: O(1), value within 4 ulp however the stream is sharded; equal epsilons.
/// Probabilities outside [0, 1] or NaN, labels other than 0 and 1, weights that are NaN, infinite or negative are
/// counted by `skipped()` and left out. No weight: NaN. One class: normalized entropy NaN.
/// Weights move values as copies of a row would; errors take each row as one draw with a fixed weight.
/// Source: Good, Rational Decisions (1952); normalized entropy: He et al., Practical Lessons from Predicting Clicks on
/// Ads at Facebook (2014); its error by the delta method.
class log_loss {
 public:
  log_loss() = default;
  /// Requires 0 < epsilon < 1/2.
  explicit log_loss(double epsilon) noexcept : epsilon_(epsilon) { assert(epsilon > 0 && epsilon < 0.5); }

  void update(double probability, double label, double weight = 1) noexcept {
    const bool usable = probability >= 0 && probability <= 1 && (label == 0 || label == 1);
    if (!usable) {
      negatives_.skip();
      return;
    }
    double p = probability < epsilon_ ? epsilon_ : probability;
    p = p > 1 - epsilon_ ? 1 - epsilon_ : p;
    if (label == 1) {
      positives_.update(-math::log(p), weight);
    } else {
      negatives_.update(-math::log_plus_one(-p), weight);
    }
  }
  void merge(const log_loss& other) noexcept {
    assert(epsilon_ == other.epsilon_);
    positives_.merge(other.positives_);
    negatives_.merge(other.negatives_);
  }

  [[nodiscard]] double value() const noexcept { return (positives_.total() + negatives_.total()) / weight(); }
  /// Normal interval, cut at 0. The error is NaN below two rows.
  [[nodiscard]] estimate with_interval(double level = 0.95) const noexcept {
    const double mean = value(), w = weight();
    const double spread = positives_.squared_deviation(1, -mean) + negatives_.squared_deviation(1, -mean);
    return bounded(mean, std::sqrt(spread / (w * w - weight_squared())), level);
  }

  /// Weighted mean of the labels.
  [[nodiscard]] double base_rate() const noexcept { return positives_.weight() / weight(); }
  /// Log loss of predicting the base rate: -r log r - (1 - r) log(1 - r).
  [[nodiscard]] double entropy() const noexcept {
    const double r = base_rate();
    if (!(r > 0 && r < 1)) return std::isnan(r) ? r : 0;
    return -r * math::log(r) - (1 - r) * math::log_plus_one(-r);
  }
  [[nodiscard]] double normalized_entropy() const noexcept {
    const double h = entropy();
    return h > 0 ? value() / h : std::nan("");
  }
  /// With loss L, entropy H, base rate r and h = H'(r) = log((1 - r) / r), a row (l, y) moves L / H by
  /// (l - L) / H - L h (y - r) / H^2 over the total weight; the error is that of the mean of these.
  [[nodiscard]] estimate normalized_entropy_with_interval(double level = 0.95) const noexcept {
    const double l = value(), h = entropy(), r = base_rate(), w = weight();
    if (!(h > 0)) return {.ci = {.level = level}};
    const double slope = l * math::log((1 - r) / r) / (h * h);
    const double spread = positives_.squared_deviation(1 / h, -l / h - slope * (1 - r)) +
                          negatives_.squared_deviation(1 / h, -l / h + slope * r);
    return bounded(l / h, std::sqrt(spread / (w * w - weight_squared())), level);
  }

  [[nodiscard]] double weight() const noexcept { return positives_.weight() + negatives_.weight(); }
  [[nodiscard]] std::uint64_t rows() const noexcept { return positives_.rows() + negatives_.rows(); }
  [[nodiscard]] std::uint64_t skipped() const noexcept { return positives_.skipped() + negatives_.skipped(); }
  [[nodiscard]] double epsilon() const noexcept { return epsilon_; }

  friend bool operator==(const log_loss&, const log_loss&) = default;

  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("epsilon", self.epsilon_);
    ar("positives", self.positives_);
    ar("negatives", self.negatives_);
  }
  template <class = void> [[nodiscard]] result<void> validate() const {
    if (!(epsilon_ > 0 && epsilon_ < 0.5)) return error{errc::corrupt, "epsilon is not between 0 and 1/2"};
    return {};
  }

 private:
  [[nodiscard]] double weight_squared() const noexcept {
    return positives_.weight_squared() + negatives_.weight_squared();
  }
  [[nodiscard]] estimate bounded(double value, double error, double level) const noexcept {
    estimate e{.value = value, .standard_error = rows() < 2 ? std::nan("") : error};
    e = normal_estimate(e, level);
    e.ci = e.ci.within(0, (std::numeric_limits<double>::infinity)());
    return e;
  }

  double epsilon_ = 1e-15;
  weighted_mean positives_, negatives_;  // of the loss
};

/// Mean of (p - label)^2. Update, merge, weights and what is left out: as `log_loss`.
/// Source: Brier, Verification of Forecasts Expressed in Terms of Probability (1950).
class brier_score {
 public:
  void update(double probability, double label, double weight = 1) noexcept {
    if (probability >= 0 && probability <= 1 && (label == 0 || label == 1)) {
      error_.update((probability - label) * (probability - label), weight);
    } else {
      error_.skip();
    }
  }
  void merge(const brier_score& other) noexcept { error_.merge(other.error_); }
  [[nodiscard]] double value() const noexcept { return error_.value(); }
  /// Normal interval, cut to [0, 1].
  [[nodiscard]] estimate with_interval(double level = 0.95) const noexcept {
    estimate e = normal_estimate({.value = error_.value(), .standard_error = error_.standard_error()}, level);
    e.ci = e.ci.within(0, 1);
    return e;
  }
  [[nodiscard]] std::uint64_t rows() const noexcept { return error_.rows(); }
  [[nodiscard]] std::uint64_t skipped() const noexcept { return error_.skipped(); }

  friend bool operator==(const brier_score&, const brier_score&) = default;

  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) { ar("error", self.error_); }

 private:
  weighted_mean error_;
};

}  // namespace mlsd
