#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "mlsd/core/result.hpp"
#include "mlsd/fwd.hpp"
#include "mlsd/metrics/interval.hpp"

namespace mlsd {

/// AUC of a stream of probabilities in constant memory, with a bound on its error that it computes itself.
/// Scores fall in `Bins` fixed bins, symmetric about 1/2 and of constant relative width toward 0 and toward 1, so that
/// click rates of 1e-3 keep the resolution of rates near 1/2: half of the bins split [2^-17, 1/2) at equal steps of
/// Bins / 32 an octave (width 2^-7 of the value for 4,096), the others mirror it; smaller distances share the end bins.
/// Size: 16 bytes a bin (64 KiB for 4,096). Update: O(1), no allocation. Merge: O(Bins), exact while sums of weights
/// are integers below 2^53, and so associative.
/// Pairs within a bin count half: |value() - AUC| <= error_bound(), which is half the weight of such pairs.
/// Scores outside [0, 1] or NaN, labels other than 0 and 1, weights that are NaN, infinite or negative: `skipped()`.
/// One class: NaN.
template <std::size_t Bins> class binned_auc {
  static_assert(std::has_single_bit(Bins) && Bins >= 32, "the number of bins is a power of two, at least 32");

 public:
  void update(double score, double label, double weight = 1) noexcept {
    const bool usable = score >= 0 && score <= 1 && (label == 0 || label == 1) && weight >= 0 && std::isfinite(weight);
    if (!usable) {
      ++skipped_;
      return;
    }
    (label == 1 ? positive_ : negative_)[bin(score)] += weight;
  }
  void merge(const binned_auc& other) noexcept {
    for (std::size_t b = 0; b < Bins; ++b) {
      positive_[b] += other.positive_[b];
      negative_[b] += other.negative_[b];
    }
    skipped_ += other.skipped_;
  }
  [[nodiscard]] double value() const noexcept { return pairs().in_order; }
  /// Half the share of pairs that fell in one bin; NaN for one class.
  [[nodiscard]] double error_bound() const noexcept { return pairs().within / 2; }
  /// The exact area lies here for certain (level 1); this says nothing of sampling.
  [[nodiscard]] interval bounds() const noexcept {
    const pair_shares p = pairs();
    return {p.in_order - p.within / 2, p.in_order + p.within / 2, 1};
  }
  [[nodiscard]] std::uint64_t skipped() const noexcept { return skipped_; }

  /// Ascending in the score. Requires 0 <= score <= 1.
  [[nodiscard]] static constexpr std::size_t bin(double score) noexcept {
    const bool upper = score >= 0.5;
    const std::size_t from_end = half_bin(upper ? 1 - score : score);
    return upper ? Bins - 1 - from_end : from_end;
  }

  friend bool operator==(const binned_auc&, const binned_auc&) = default;

  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("positive", self.positive_);
    ar("negative", self.negative_);
    ar("skipped", self.skipped_);
  }
  [[nodiscard]] result<void> validate() const {
    for (std::size_t b = 0; b < Bins; ++b)
      if (!(std::isfinite(positive_[b]) && positive_[b] >= 0 && std::isfinite(negative_[b]) && negative_[b] >= 0))
        return error{errc::corrupt, "a bin of an AUC is negative or not finite"};
    return {};
  }

 private:
  struct pair_shares {
    double in_order, within;
  };

  /// 0 below 2^-17, Bins / 2 - 1 just below (and at) 1/2.
  static constexpr std::size_t half_bin(double distance) noexcept {
    constexpr int steps = std::countr_zero(Bins) - 5;  // log2 of the bins of an octave
    constexpr std::uint64_t first = (std::uint64_t{1023 - 17} << steps);
    const std::uint64_t place = std::bit_cast<std::uint64_t>(distance) >> (52 - steps);
    const std::uint64_t above = place < first ? 0 : place - first;
    return above < Bins / 2 ? static_cast<std::size_t>(above) : Bins / 2 - 1;
  }
  [[nodiscard]] pair_shares pairs() const noexcept {
    double p = 0, n = 0;
    for (std::size_t b = 0; b < Bins; ++b) {
      p += positive_[b];
      n += negative_[b];
    }
    if (!(p > 0 && n > 0)) return {std::nan(""), std::nan("")};
    double below = 0, in_order = 0, within = 0;
    for (std::size_t b = 0; b < Bins; ++b) {
      const double here = negative_[b] / n, weight = positive_[b] / p;
      in_order += weight * (below + here / 2);
      within += weight * here;
      below += here;
    }
    return {in_order, within};
  }

  std::array<double, Bins> positive_{}, negative_{};
  std::uint64_t skipped_ = 0;
};

}  // namespace mlsd
