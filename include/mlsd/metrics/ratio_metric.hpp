#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>

#include "mlsd/core/fp.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/metrics/interval.hpp"

namespace mlsd {

/// A ratio of two totals over units that are drawn independently: click-through rate (clicks / impressions by user),
/// revenue a request, watch time a session. One update a unit, with the unit's own totals: rows of one user are not
/// independent, and an interval over rows would be too narrow.
/// Update: O(1), no allocation. Merge: O(1); value and error within 10 n ulp of the whole however units are sharded.
/// Totals that are NaN or infinite, and weights that are NaN, infinite or negative, are counted by `skipped()` and left
/// out. No unit, or a denominator that sums to 0: NaN. One unit: standard error NaN.
/// Weights move the value as copies of the unit would; the error takes each unit as one draw with a fixed weight.
/// Source: Deng, Knoblich, Lu, Applying the Delta Method in Metric Analytics (2018); centred sums: Chan, Golub, LeVeque
/// (1979).
class ratio_metric {
 public:
  MLSD_UNCONTRACTED void update(double numerator, double denominator, double weight = 1) noexcept {
    MLSD_CONTRACT_OFF
    const double check = numerator * 0 + denominator * 0;  // NaN if either is not finite
    if (!(check == 0 && std::isfinite(weight) && weight >= 0)) {
      ++skipped_;
      return;
    }
    if (weight == 0) return;
    const double squared = weight * weight;
    weight_ += weight;
    numerator_ += weight * numerator;
    denominator_ += weight * denominator;
    combine({squared, numerator, denominator, 0, 0, 0});
    ++units_;
  }
  void merge(const ratio_metric& other) noexcept {
    weight_ += other.weight_;
    numerator_ += other.numerator_;
    denominator_ += other.denominator_;
    if (other.squared_.weight > 0) combine(other.squared_);
    units_ += other.units_;
    skipped_ += other.skipped_;
  }

  [[nodiscard]] double value() const noexcept {
    return denominator_ != 0 ? numerator_ / denominator_ : std::numeric_limits<double>::quiet_NaN();
  }
  /// With ratio r of totals N / D, a unit (n, d) moves it by (n - r d) / D: se^2 = sum w^2 (n - r d)^2 / D^2, and
  /// m / (m - 1) times that for m units of equal weight.
  template <class = void> [[nodiscard]] MLSD_UNCONTRACTED double standard_error() const noexcept {
    MLSD_CONTRACT_OFF
    const double r = value(), s = squared_.weight;
    if (units_ < 2 || std::isnan(r)) return std::numeric_limits<double>::quiet_NaN();
    const double centre = squared_.numerator - r * squared_.denominator;
    const double spread = squared_.nn - 2 * r * squared_.nd + r * r * squared_.dd + s * centre * centre;
    const double draws = weight_ * (weight_ / s);
    return std::sqrt((spread < 0 ? 0 : spread) * (draws / (draws - 1))) / std::fabs(denominator_);
  }
  /// Normal interval, from 30 units or so on.
  template <class = void> [[nodiscard]] estimate with_interval(double level = 0.95) const noexcept {
    return normal_estimate({.value = value(), .standard_error = standard_error()}, level);
  }
  /// Sums of weight x total.
  [[nodiscard]] double numerator() const noexcept { return numerator_; }
  [[nodiscard]] double denominator() const noexcept { return denominator_; }
  [[nodiscard]] std::uint64_t units() const noexcept { return units_; }
  [[nodiscard]] std::uint64_t skipped() const noexcept { return skipped_; }

  friend bool operator==(const ratio_metric&, const ratio_metric&) = default;

  static constexpr std::string_view type_name = "ratio_metric";
  static constexpr std::uint32_t version = 1;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("weight", self.weight_);
    ar("numerator", self.numerator_);
    ar("denominator", self.denominator_);
    ar("squared", self.squared_);
    ar("units", self.units_);
    ar("skipped", self.skipped_);
  }

 private:
  /// Means of both totals under squared weights, and sums of squared weight x deviations from them.
  struct second_moments {
    double weight = 0, numerator = 0, denominator = 0, nn = 0, nd = 0, dd = 0;
    friend bool operator==(const second_moments&, const second_moments&) = default;
    template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
      ar("weight", self.weight);
      ar("numerator", self.numerator);
      ar("denominator", self.denominator);
      ar("nn", self.nn);
      ar("nd", self.nd);
      ar("dd", self.dd);
    }
  };

  MLSD_UNCONTRACTED void combine(const second_moments& o) noexcept {
    MLSD_CONTRACT_OFF
    if (squared_.weight == 0) {  // merging into the identity copies the bits
      squared_ = o;
      return;
    }
    const double total = squared_.weight + o.weight, share = o.weight / total, scale = squared_.weight * share;
    const double n = o.numerator - squared_.numerator, d = o.denominator - squared_.denominator;
    squared_.nn += o.nn + n * n * scale;
    squared_.nd += o.nd + n * d * scale;
    squared_.dd += o.dd + d * d * scale;
    squared_.numerator += n * share;
    squared_.denominator += d * share;
    squared_.weight = total;
  }

  double weight_ = 0, numerator_ = 0, denominator_ = 0;
  second_moments squared_;
  std::uint64_t units_ = 0, skipped_ = 0;
};

}  // namespace mlsd
