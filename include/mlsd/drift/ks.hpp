#pragma once

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "mlsd/core/result.hpp"
#include "mlsd/drift/ks_reference.hpp"
#include "mlsd/drift/ks_test.hpp"
#include "mlsd/drift/verdict.hpp"

namespace mlsd {

/// `level`: false alarms in the long run. `material`: the least distance between distribution functions that is
/// called drift.
struct ks_options {
  double level = 0.01;
  double material = 0.1;
  friend bool operator==(const ks_options&, const ks_options&) = default;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("level", self.level);
    ar("material", self.material);
  }
};

/// Two-sample Kolmogorov-Smirnov statistic of a stream against a fixed reference, in constant memory.
/// Update: O(log knots), no allocation. Merge: O(knots), exact while sums of weights are integers below 2^53, and
/// so associative; requires equal references; `ks{}` is the identity.
/// The statistic of `value()` is the largest distance at a knot, a lower bound of the true one; `bound()` is an upper
/// bound, at most the largest reference weight between two knots above it. The p-value is asymptotic, with Kish's
/// effective rows; ties and thinned references make it conservative, looking again and again raises false alarms.
/// NaN values are counted by `missing()`; weights that are NaN, infinite or negative by `skipped()`; both are left out.
/// Nothing seen, or an empty reference: statistic NaN, p-value 1.
/// Source: Smirnov (1939); Simard, L'Ecuyer (2011).
class ks {
 public:
  ks() = default;
  explicit ks(ks_reference reference, ks_options options = {})
      : reference_(std::move(reference)), options_(options), weight_(reference_.cells(), 0.0) {}

  void update(double x, double weight = 1) noexcept {
    if (!(std::isfinite(weight) && weight >= 0)) {
      ++skipped_;
    } else if (std::isnan(x)) {
      ++missing_;
    } else {
      weight_[reference_.cell(x)] += weight;
      squared_ += weight * weight;
      ++rows_;
    }
  }
  template <class = void> void merge(const ks& other) {
    if (other.is_identity()) return;
    if (is_identity()) {
      *this = other;
      return;
    }
    assert(reference_ == other.reference_);
    for (std::size_t c = 0; c < weight_.size(); ++c) weight_[c] += other.weight_[c];
    squared_ += other.squared_;
    rows_ += other.rows_, missing_ += other.missing_, skipped_ += other.skipped_;
  }

  template <class = void> [[nodiscard]] drift_verdict value() const {
    drift_verdict v{.n = effective_rows(), .n_reference = reference_.effective_rows()};
    const std::uint64_t rows = detail::ks_rows(v.n, v.n_reference);
    if (!(v.n > 0 && v.n_reference > 0)) return v;
    v.statistic = distances().first;
    if (rows == 0) return v;
    v.p_value = kolmogorov_smirnov_survival(rows, v.statistic);
    v.critical = kolmogorov_smirnov_critical(rows, options_.level);
    v.significant = v.p_value < options_.level;
    v.material = v.statistic >= options_.material;
    v.drifted = v.significant && v.material;
    return v;
  }
  /// No true distance is larger: within a cell between knots, |F - G| is at most the larger corner difference.
  [[nodiscard]] double bound() const noexcept { return distances().second; }

  [[nodiscard]] double effective_rows() const noexcept {
    double w = 0;
    for (const double c : weight_) w += c;
    return squared_ > 0 ? w * (w / squared_) : 0;
  }
  [[nodiscard]] const ks_reference& reference() const noexcept { return reference_; }
  [[nodiscard]] std::uint64_t rows() const noexcept { return rows_; }
  [[nodiscard]] std::uint64_t missing() const noexcept { return missing_; }
  [[nodiscard]] std::uint64_t skipped() const noexcept { return skipped_; }

  friend bool operator==(const ks&, const ks&) = default;

  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("reference", self.reference_);
    ar("options", self.options_);
    ar("weight", self.weight_);
    ar("squared", self.squared_);
    ar("rows", self.rows_);
    ar("missing", self.missing_);
    ar("skipped", self.skipped_);
  }
  template <class = void> [[nodiscard]] result<void> validate() const {
    if (auto ok = reference_.validate(); !ok) return ok;
    if (weight_.size() != reference_.cells())
      return error{errc::corrupt, "a monitor has " + std::to_string(weight_.size()) + " cells, its reference " +
                                      std::to_string(reference_.cells())};
    for (const double w : weight_)
      if (!(std::isfinite(w) && w >= 0)) return error{errc::corrupt, "a monitor's cell is negative or not finite"};
    if (!(options_.level > 0 && options_.level < 1)) return error{errc::corrupt, "level is not between 0 and 1"};
    return {};
  }

 private:
  [[nodiscard]] bool is_identity() const noexcept {
    return reference_.empty() && rows_ == 0 && missing_ == 0 && skipped_ == 0;
  }

  /// Largest |F - G| at the ends of cells, and the largest it can be anywhere.
  [[nodiscard]] std::pair<double, double> distances() const noexcept {
    double reference_total = 0, total = 0;
    for (std::size_t c = 0; c < weight_.size(); ++c) {
      reference_total += reference_.weight()[c];
      total += weight_[c];
    }
    double f = 0, g = 0, least = 0, most = 0, f_before = 0, g_before = 0;
    for (std::size_t c = 0; c < weight_.size(); ++c) {
      f += reference_.weight()[c];
      g += weight_[c];
      const double f_now = f / reference_total, g_now = g / total;
      least = (std::max)(least, std::fabs(f_now - g_now));
      if (c % 2 == 0) most = (std::max)(most, (std::max)(f_now - g_before, g_now - f_before));
      f_before = f_now;
      g_before = g_now;
    }
    return {least, (std::max)(least, most)};
  }

  ks_reference reference_;
  ks_options options_;
  std::vector<double> weight_{0.0};
  double squared_ = 0;
  std::uint64_t rows_ = 0, missing_ = 0, skipped_ = 0;
};

}  // namespace mlsd
