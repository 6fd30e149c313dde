#pragma once

#include <cassert>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "mlsd/core/result.hpp"
#include "mlsd/metrics/interval.hpp"
#include "mlsd/stats/histogram.hpp"

namespace mlsd {

/// Sums over the rows of one bin of predicted probability.
struct reliability_bin {
  double weight = 0, weight_squared = 0;
  double predicted = 0;  ///< sum of w p
  double observed = 0;   ///< sum of w y

  [[nodiscard]] double mean_predicted() const noexcept { return predicted / weight; }
  [[nodiscard]] double rate() const noexcept { return observed / weight; }
  /// Rate less mean prediction: above 0 the model predicts too little.
  [[nodiscard]] double gap() const noexcept { return (observed - predicted) / weight; }
  /// Rows of equal weight that would say as much (Kish 1965): (sum w)^2 / sum w^2.
  [[nodiscard]] double effective_rows() const noexcept {
    return weight_squared > 0 ? weight * (weight / weight_squared) : 0;
  }
  /// Wilson's interval of the rate.
  [[nodiscard]] interval rate_interval(double level = 0.95) const noexcept {
    return wilson_interval({.successes = rate() * effective_rows(), .trials = effective_rows()}, level);
  }
  /// Variance of `gap` given the predictions: that of the rate, with one success and one failure added so that a bin
  /// of one outcome is not taken for certain. Rows whose probability varies within the bin make it an upper bound.
  [[nodiscard]] double gap_variance() const noexcept {
    const double n = effective_rows(), r = (rate() * n + 1) / (n + 2);
    return r * (1 - r) / n;
  }
  friend bool operator==(const reliability_bin&, const reliability_bin&) = default;

  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("weight", self.weight);
    ar("weight_squared", self.weight_squared);
    ar("predicted", self.predicted);
    ar("observed", self.observed);
  }
};

/// What a reliability diagram shows: predicted and observed rates by bin of predicted probability, for binary labels.
/// Equal width: bin floor(p B), 1 in the last. Equal mass: edges at quantiles of given scores, closed on the right,
/// ties never split. Update: O(1) or O(log B), no allocation. Merge: O(B), associative up to rounding of the sums
/// (n ulp); requires the same bins; `reliability{}` (no bins) is the identity and skips every row.
/// Probabilities outside [0, 1] or NaN, labels other than 0 and 1, weights that are NaN, infinite or negative are
/// counted by `skipped()` and left out.
/// Source: DeGroot, Fienberg (1983); Naeini, Cooper, Hauskrecht (2015).
class reliability {
 public:
  reliability() = default;

  template <class = void> [[nodiscard]] static reliability equal_width(std::size_t bins) {
    assert(bins >= 1);
    reliability r;
    r.bins_.resize(bins);
    return r;
  }
  /// At most `bins` bins with about equal weight of `scores` in each. `weights`: as many, or none.
  template <class = void>
  [[nodiscard]] static reliability equal_mass(std::size_t bins, std::span<const float> scores,
                                              std::span<const float> weights = {}) {
    reliability r;
    r.by_edges_ = true;
    r.edges_ = bin_edges::equal_mass(bins, sorted_sample::from(scores, weights));
    r.bins_.resize(r.edges_.bins());
    return r;
  }

  void update(double probability, double label, double weight = 1) noexcept {
    const bool usable = !bins_.empty() && probability >= 0 && probability <= 1 && (label == 0 || label == 1) &&
                        std::isfinite(weight) && weight >= 0;
    if (!usable) {
      ++skipped_;
      return;
    }
    ++rows_;
    reliability_bin& b = bins_[index(probability)];
    b.weight += weight;
    b.weight_squared += weight * weight;
    b.predicted += weight * probability;
    b.observed += weight * label;
  }
  template <class = void> void merge(const reliability& other) {
    if (other.bins_.empty()) return;
    if (bins_.empty()) {
      *this = other;
      return;
    }
    assert(bins_.size() == other.bins_.size() && by_edges_ == other.by_edges_ && edges_ == other.edges_);
    for (std::size_t i = 0; i < bins_.size(); ++i) {
      bins_[i].weight += other.bins_[i].weight;
      bins_[i].weight_squared += other.bins_[i].weight_squared;
      bins_[i].predicted += other.bins_[i].predicted;
      bins_[i].observed += other.bins_[i].observed;
    }
    rows_ += other.rows_;
    skipped_ += other.skipped_;
  }

  /// The bins, ascending in probability [B]; empty ones have weight 0 (and NaN rates).
  [[nodiscard]] std::span<const reliability_bin> value() const noexcept { return {bins_.data(), bins_.size()}; }
  /// Where bin i ends; it starts where the one before ends, the first at 0, the last ends at 1.
  [[nodiscard]] double upper_edge(std::size_t i) const noexcept {
    if (i + 1 >= bins_.size()) return 1;
    return by_edges_ ? edges_.edges()[i] : static_cast<double>(i + 1) / static_cast<double>(bins_.size());
  }
  [[nodiscard]] std::uint64_t rows() const noexcept { return rows_; }
  [[nodiscard]] std::uint64_t skipped() const noexcept { return skipped_; }

  friend bool operator==(const reliability&, const reliability&) = default;

  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("by_edges", self.by_edges_);
    ar("edges", self.edges_);
    ar("bins", self.bins_);
    ar("rows", self.rows_);
    ar("skipped", self.skipped_);
  }
  template <class = void> [[nodiscard]] result<void> validate() const {
    if (auto ok = edges_.validate(); !ok) return ok;
    if (by_edges_ && bins_.size() != edges_.bins())
      return error{errc::corrupt, "a reliability diagram has " + std::to_string(bins_.size()) + " bins, not " +
                                      std::to_string(edges_.bins())};
    return {};
  }

 private:
  [[nodiscard]] std::size_t index(double p) const noexcept {
    if (by_edges_) return edges_(p);
    const std::size_t i = static_cast<std::size_t>(p * static_cast<double>(bins_.size()));
    return i < bins_.size() ? i : bins_.size() - 1;
  }

  bool by_edges_ = false;
  bin_edges edges_;
  std::vector<reliability_bin> bins_;
  std::uint64_t rows_ = 0, skipped_ = 0;
};

}  // namespace mlsd
