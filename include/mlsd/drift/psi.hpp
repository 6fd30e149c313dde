#pragma once

#include <cassert>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "mlsd/core/math.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/drift/psi_reference.hpp"
#include "mlsd/drift/verdict.hpp"
#include "mlsd/stats/chi_squared.hpp"

namespace mlsd {

/// `level`: false alarms in the long run. `material`: the least index that is called drift (by custom .1 is a
/// moderate shift, .25 a large one). `smoothing`: rows added to every bin on both sides.
struct psi_options {
  double level = 0.01;
  double material = 0.1;
  double smoothing = 0.5;
  friend bool operator==(const psi_options&, const psi_options&) = default;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("level", self.level);
    ar("material", self.material);
    ar("smoothing", self.smoothing);
  }
};

/// Population stability index of a stream against a fixed reference: sum over bins of (q - p) log(q / p), with
/// p, q = (weight in the bin + s) / (weight + s bins), so that it is finite whatever is empty (Laplace smoothing).
/// The bin for missing values counts as a bin where either side has missing values; so NaN is seen, never dropped.
/// Update: O(1) for up to 16 bins, O(log bins) beyond, no allocation. Merge: O(bins), exact while sums of weights are
/// integers below 2^53, and so associative; requires equal references; `psi{}` is the identity.
/// Weights are counts of rows in the smoothing, fixed weights of independent rows in the critical value.
///
/// The critical value and the p-value take PSI / (1/n + 1/m) as chi-squared with (occupied bins - 1) degrees, n and m
/// Kish's effective rows of the two sides: good from about five rows expected in each bin, a bit conservative below
/// (see the tests for measured rates). A single look is meant: peeking raises the rate of false alarms.
/// Weights that are NaN, infinite or negative are counted by `skipped()` and left out. Nothing seen: NaN, p-value 1.
/// Source: Lewis, An Introduction to Credit Scoring (1994); Yurdakul, Naranjo, Statistical Properties of the Population
/// Stability Index (2020).
class psi {
 public:
  psi() = default;
  template <class = void>
  explicit psi(psi_reference reference, psi_options options = {})
      : reference_(std::move(reference)), options_(options), weight_(reference_.bins(), 0.0) {
    assert(options.smoothing > 0 && options.level > 0 && options.level < 1);
  }

  /// Requires a reference of numbers.
  template <std::floating_point Number> void update(Number x, double weight = 1) noexcept {
    assert(!reference_.categorical());
    add(reference_.bin(static_cast<double>(x)), weight);
  }
  /// Requires a reference of codes.
  template <std::same_as<std::uint32_t> Code> void update(Code code, double weight = 1) noexcept {
    assert(reference_.categorical());
    add(reference_.bin(code), weight);
  }
  template <class = void> void merge(const psi& other) {
    if (other.is_identity()) return;
    if (is_identity()) {
      *this = other;
      return;
    }
    assert(reference_ == other.reference_ && options_ == other.options_);
    for (std::size_t b = 0; b < weight_.size(); ++b) weight_[b] += other.weight_[b];
    squared_ += other.squared_;
    rows_ += other.rows_;
    skipped_ += other.skipped_;
  }

  [[nodiscard]] drift_verdict value() const noexcept {
    drift_verdict v{.n = effective_rows(), .n_reference = reference_.effective_rows()};
    if (!(v.n > 0 && v.n_reference > 0)) return v;
    v.statistic = statistic();
    std::size_t occupied = 0;
    for (std::size_t b = 0; b < weight_.size(); ++b) occupied += weight_[b] > 0 || reference_.weight()[b] > 0;
    const double unit = 1 / v.n + 1 / v.n_reference;
    if (occupied > 1) {
      const chi_squared null{static_cast<double>(occupied - 1)};
      v.critical = unit * null.critical(options_.level);
      v.p_value = null.survival(v.statistic / unit);
      v.significant = v.statistic > v.critical;
    }
    v.material = v.statistic >= options_.material;
    v.drifted = v.significant && v.material;
    return v;
  }
  /// The index alone; NaN while either side is empty.
  [[nodiscard]] double statistic() const noexcept {
    double seen = 0, expected = 0;
    for (std::size_t b = 0; b < weight_.size(); ++b) {
      seen += weight_[b];
      expected += reference_.weight()[b];
    }
    if (!(seen > 0 && expected > 0)) return std::nan("");
    const bool no_missing = !reference_.categorical() && weight_.back() == 0 && reference_.weight().back() == 0;
    const std::size_t bins = weight_.size() - (no_missing ? 1 : 0);
    const double s = options_.smoothing, all = s * static_cast<double>(bins);
    double sum = 0;
    for (std::size_t b = 0; b < bins; ++b) {
      const double p = (reference_.weight()[b] + s) / (expected + all), q = (weight_[b] + s) / (seen + all);
      sum += (q - p) * math::log(q / p);
    }
    return sum;
  }
  /// Weight seen by bin [reference().bins()].
  [[nodiscard]] std::span<const double> weight() const noexcept { return weight_; }
  [[nodiscard]] double effective_rows() const noexcept {
    double w = 0;
    for (const double b : weight_) w += b;
    return squared_ > 0 ? w * (w / squared_) : 0;
  }
  [[nodiscard]] const psi_reference& reference() const noexcept { return reference_; }
  [[nodiscard]] std::uint64_t rows() const noexcept { return rows_; }
  [[nodiscard]] std::uint64_t skipped() const noexcept { return skipped_; }

  friend bool operator==(const psi&, const psi&) = default;

  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("reference", self.reference_);
    ar("options", self.options_);
    ar("weight", self.weight_);
    ar("squared", self.squared_);
    ar("rows", self.rows_);
    ar("skipped", self.skipped_);
  }
  template <class = void> [[nodiscard]] result<void> validate() const {
    if (auto ok = reference_.validate(); !ok) return ok;
    if (weight_.size() != reference_.bins())
      return error{errc::corrupt, "a monitor has " + std::to_string(weight_.size()) + " bins, its reference " +
                                      std::to_string(reference_.bins())};
    for (const double w : weight_)
      if (!(std::isfinite(w) && w >= 0)) return error{errc::corrupt, "a monitor's bin is negative or not finite"};
    if (!(options_.level > 0 && options_.level < 1)) return error{errc::corrupt, "level is not between 0 and 1"};
    if (!(std::isfinite(options_.smoothing) && options_.smoothing > 0))
      return error{errc::corrupt, "smoothing is not a positive number"};
    return {};
  }

 private:
  void add(std::size_t bin, double weight) noexcept {
    if (!(std::isfinite(weight) && weight >= 0)) {
      ++skipped_;
      return;
    }
    weight_[bin] += weight;
    squared_ += weight * weight;
    ++rows_;
  }
  [[nodiscard]] bool is_identity() const noexcept {
    return reference_.effective_rows() == 0 && rows_ == 0 && skipped_ == 0;
  }

  psi_reference reference_;
  psi_options options_;
  std::vector<double> weight_{0.0, 0.0};
  double squared_ = 0;
  std::uint64_t rows_ = 0, skipped_ = 0;
};

}  // namespace mlsd
