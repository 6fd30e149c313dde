#pragma once

#include "mlsd/metrics/class_label.hpp"
#include "mlsd/metrics/interval.hpp"
#include "mlsd/stats/weighted_mean.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace mlsd {

/// The share of rows whose label is the class of the greatest prediction, of the first where several are; or of rows
/// of one probability, whether it is above 1/2 just where the label is 1.
/// Update: O(K), no allocation. Merge: O(1), value within 2 ulp however the stream is sharded.
/// Labels that are no whole number from 0 to K - 1 (of one probability, 0 or 1), predictions that are NaN, and weights
/// that are NaN, infinite or negative are counted by `skipped()` and left out. No weight: NaN.
class accuracy {
 public:
  static constexpr bool greater_is_better = true;  ///< so that training may stop early by it

  void update(std::span<const double> predictions, double label, double weight = 1) noexcept {
    const std::size_t k = detail::class_of_label(label, predictions.size());
    std::size_t best = 0;
    bool is_number = k != predictions.size();
    for (std::size_t i = 0; i < predictions.size(); ++i) {
      is_number = is_number && predictions[i] == predictions[i];
      if (predictions[i] > predictions[best]) best = i;
    }
    if (!is_number) return right_.skip();
    right_.update(best == k ? 1 : 0, weight);
  }
  void update(double probability, double label, double weight = 1) noexcept {
    if (probability != probability || !(label == 0 || label == 1)) return right_.skip();
    right_.update((probability > 0.5) == (label == 1) ? 1 : 0, weight);
  }
  void merge(const accuracy& other) noexcept { right_.merge(other.right_); }

  [[nodiscard]] double value() const noexcept { return right_.value(); }
  [[nodiscard]] double error_rate() const noexcept { return 1 - right_.value(); }
  /// Wilson's interval for as many rows as the weights are worth.
  [[nodiscard]] estimate with_interval(double level = 0.95) const noexcept {
    const double n = right_.effective_rows();
    return {
        .value = value(), .standard_error = right_.standard_error(), .ci = wilson_interval({value() * n, n}, level)};
  }
  [[nodiscard]] double weight() const noexcept { return right_.weight(); }
  [[nodiscard]] std::uint64_t rows() const noexcept { return right_.rows(); }
  [[nodiscard]] std::uint64_t skipped() const noexcept { return right_.skipped(); }

  friend bool operator==(const accuracy&, const accuracy&) = default;

  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) { ar("right", self.right_); }

 private:
  weighted_mean right_;
};

}  // namespace mlsd
