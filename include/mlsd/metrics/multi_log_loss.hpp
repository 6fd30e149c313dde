#pragma once

#include "mlsd/core/math.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/metrics/class_label.hpp"
#include "mlsd/metrics/interval.hpp"
#include "mlsd/stats/weighted_mean.hpp"

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

namespace mlsd {

/// Mean of -log p of the label's class over rows, p clipped to [epsilon, 1 - epsilon]. Predictions are the
/// probabilities of the K classes; only that of the label is read, so they need not add up to 1.
/// Update: O(1), no allocation. Merge: O(1), value within 4 ulp however the stream is sharded; equal epsilons.
/// Labels that are no whole number from 0 to K - 1, a probability of the label outside [0, 1] or NaN, and weights that
/// are NaN, infinite or negative are counted by `skipped()` and left out. No weight: NaN.
/// Source: Good, Rational Decisions (1952).
class multi_log_loss {
 public:
  static constexpr bool greater_is_better = false;  ///< so that training may stop early by it

  multi_log_loss() = default;
  /// Requires 0 < epsilon < 1/2.
  explicit multi_log_loss(double epsilon) noexcept : epsilon_(epsilon) { assert(epsilon > 0 && epsilon < 0.5); }

  void update(std::span<const double> probabilities, double label, double weight = 1) noexcept {
    const std::size_t k = detail::class_of_label(label, probabilities.size());
    if (k == probabilities.size() || !(probabilities[k] >= 0 && probabilities[k] <= 1)) return loss_.skip();
    double p = probabilities[k] < epsilon_ ? epsilon_ : probabilities[k];
    p = p > 1 - epsilon_ ? 1 - epsilon_ : p;
    loss_.update(-math::log(p), weight);
  }
  void merge(const multi_log_loss& other) noexcept {
    assert(epsilon_ == other.epsilon_);
    loss_.merge(other.loss_);
  }

  [[nodiscard]] double value() const noexcept { return loss_.value(); }
  /// Normal interval, cut at 0. The error is NaN below two rows.
  [[nodiscard]] estimate with_interval(double level = 0.95) const noexcept {
    estimate e = normal_estimate({.value = loss_.value(), .standard_error = loss_.standard_error()}, level);
    e.ci = e.ci.within(0, (std::numeric_limits<double>::infinity)());
    return e;
  }
  [[nodiscard]] double weight() const noexcept { return loss_.weight(); }
  [[nodiscard]] std::uint64_t rows() const noexcept { return loss_.rows(); }
  [[nodiscard]] std::uint64_t skipped() const noexcept { return loss_.skipped(); }
  [[nodiscard]] double epsilon() const noexcept { return epsilon_; }

  friend bool operator==(const multi_log_loss&, const multi_log_loss&) = default;

  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("epsilon", self.epsilon_);
    ar("loss", self.loss_);
  }
  template <class = void> [[nodiscard]] result<void> validate() const {
    if (!(epsilon_ > 0 && epsilon_ < 0.5)) return error{errc::corrupt, "epsilon is not between 0 and 1/2"};
    return {};
  }

 private:
  double epsilon_ = 1e-15;
  weighted_mean loss_;
};

}  // namespace mlsd
