#pragma once

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "mlsd/core/math.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/stats/chi_squared.hpp"

namespace mlsd {

/// `level`: false alarms over the whole life of the experiment, however often it is looked at. `concentration`: how
/// small a deviation is looked for first; of two equal arms, one of about 1 / (2 sqrt(concentration)).
struct sample_ratio_options {
  double level = 0.001;
  double concentration = 1000;
  friend bool operator==(const sample_ratio_options&, const sample_ratio_options&) = default;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("level", self.level);
    ar("concentration", self.concentration);
  }
};

/// `p_value`: chi-squared, for one look at a time fixed before. `p_any_time`: valid however often one looks, and when.
struct sample_ratio_verdict {
  double statistic = std::numeric_limits<double>::quiet_NaN();
  double p_value = 1, p_any_time = 1;
  bool mismatch = false;  ///< p_any_time below the level: the arms are not what was asked for, so trust no comparison
};

/// Whether the arms of an experiment hold the units that they should: the first question to ask of any experiment.
/// Update: O(1), no allocation. Merge: O(arms), exact; requires equal shares; `sample_ratio{}` is the identity.
/// An arm that does not exist is counted by `skipped()`. No unit: statistic NaN, p-values 1. A unit in an arm with
/// share 0: p-values 0. Count units, not rows: rows of one user come together. The any-time p-value is the inverse of a
/// Bayes factor, of a Dirichlet prior around the shares against the shares: on experiments without a mismatch it ever
/// falls below p with probability p at most. Source: Fabijan et al., Diagnosing Sample Ratio Mismatch in Online
/// Controlled Experiments (2019); Lindon, Malek, Anytime-Valid Inference for Multinomial Count Data (2022).
class sample_ratio {
 public:
  sample_ratio() = default;

  /// `shares`: of the arms, in proportion, at least two. Errors: shares that are negative or not finite, fewer than two
  /// above 0; a level outside (0, 1), a concentration that is not positive.
  template <class = void>
  [[nodiscard]] static result<sample_ratio> make(std::span<const double> shares, sample_ratio_options options = {}) {
    sample_ratio s;
    double sum = 0;
    for (const double share : shares) {
      if (!(share >= 0 && std::isfinite(share)))
        return error{errc::invalid_argument, "a share of an experiment is negative or not finite"};
      sum += share;
    }
    for (const double share : shares) s.shares_.push_back(share / sum);
    s.counts_.resize(shares.size());
    s.options_ = options;
    if (auto ok = s.validate(); !ok) return error{errc::invalid_argument, ok.error().message};
    if (shares.empty()) return error{errc::invalid_argument, "an experiment has no shares"};
    return s;
  }

  void update(std::size_t arm, std::uint64_t units = 1) noexcept {
    if (arm < counts_.size())
      counts_[arm] += units;
    else
      ++skipped_;
  }
  template <class = void> void merge(const sample_ratio& other) {
    if (shares_.empty()) {
      const std::uint64_t skipped = skipped_;
      *this = other;
      skipped_ += skipped;
      return;
    }
    skipped_ += other.skipped_;
    if (other.shares_.empty()) return;
    assert(shares_ == other.shares_ && options_ == other.options_);
    for (std::size_t a = 0; a < counts_.size(); ++a) counts_[a] += other.counts_[a];
  }

  template <class = void> [[nodiscard]] sample_ratio_verdict value() const noexcept {
    sample_ratio_verdict v;
    const double n = units();
    if (!(n > 0)) return v;
    double distance = 0, arms = 0;
    bool is_impossible = false;
    for (std::size_t a = 0; a < counts_.size(); ++a) {
      const double seen = static_cast<double>(counts_[a]), expected = n * shares_[a];
      is_impossible |= expected == 0 && seen > 0;
      if (!(expected > 0)) continue;
      distance += (seen - expected) * (seen - expected) / expected;
      ++arms;
    }
    v.statistic = is_impossible ? (std::numeric_limits<double>::infinity)() : distance;
    v.p_value = is_impossible ? 0 : chi_squared{arms - 1}.survival(distance);
    v.p_any_time = is_impossible ? 0 : (std::min)(1.0, math::exp(-log_bayes_factor(n)));
    v.mismatch = v.p_any_time < options_.level;
    return v;
  }
  /// By arm.
  [[nodiscard]] std::span<const std::uint64_t> counts() const noexcept { return counts_; }
  /// Adding up to 1.
  [[nodiscard]] std::span<const double> shares() const noexcept { return shares_; }
  [[nodiscard]] std::uint64_t skipped() const noexcept { return skipped_; }

  friend bool operator==(const sample_ratio&, const sample_ratio&) = default;

  static constexpr std::string_view type_name = "sample_ratio";
  static constexpr std::uint32_t version = 1;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("shares", self.shares_);
    ar("counts", self.counts_);
    ar("options", self.options_);
    ar("skipped", self.skipped_);
  }
  template <class = void> [[nodiscard]] result<void> validate() const {
    if (counts_.size() != shares_.size()) return error{errc::corrupt, "shares and counts differ in length"};
    double sum = 0;
    std::size_t arms = 0;
    for (const double share : shares_) {
      if (!(share >= 0 && share <= 1)) return error{errc::corrupt, "a share is negative or not finite"};
      sum += share;
      arms += share > 0;
    }
    if (!shares_.empty() && (arms < 2 || std::fabs(sum - 1) > 1e-9))
      return error{errc::corrupt, "fewer than two shares are above 0, or they do not add up"};
    if (!(options_.level > 0 && options_.level < 1)) return error{errc::corrupt, "level is not between 0 and 1"};
    if (!(options_.concentration > 0 && std::isfinite(options_.concentration)))
      return error{errc::corrupt, "concentration is not a positive number"};
    return {};
  }

 private:
  [[nodiscard]] double units() const noexcept {
    double n = 0;
    for (const std::uint64_t c : counts_) n += static_cast<double>(c);
    return n;
  }
  /// log of the probability of the counts under a Dirichlet prior with `concentration` x shares, less that under the
  /// shares.
  template <class = void> [[nodiscard]] double log_bayes_factor(double n) const noexcept {
    const double c = options_.concentration;
    double sum = detail::log_gamma(c) - detail::log_gamma(c + n);
    for (std::size_t a = 0; a < counts_.size(); ++a) {
      if (counts_[a] == 0) continue;
      const double prior = c * shares_[a], seen = static_cast<double>(counts_[a]);
      sum += detail::log_gamma(prior + seen) - detail::log_gamma(prior) - seen * math::log(shares_[a]);
    }
    return sum;
  }

  std::vector<double> shares_;
  std::vector<std::uint64_t> counts_;
  sample_ratio_options options_;
  std::uint64_t skipped_ = 0;
};

}  // namespace mlsd
