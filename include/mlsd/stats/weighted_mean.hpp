#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

#include "mlsd/stats/compensated_sum.hpp"

namespace mlsd {

/// A weighted mean and its standard error. O(1), no allocation.
/// The mean reads weights as counts (weight 3 is the row three times); the standard error reads each row as one
/// independent draw with a fixed weight, so scaling all weights changes nothing and duplicated rows do not add
/// certainty: se^2 = sum w^2 (x - mean)^2 / W^2 / (1 - sum w^2 / W^2), which is s^2 / n for equal weights.
/// NaN and infinite values, and weights that are NaN, infinite or negative, are counted by `skipped()` and left out.
/// No weight: mean NaN; fewer than two rows: standard error NaN. Mean within 2 ulp however the stream is sharded.
/// Source: Cochran, Sampling Techniques, 3rd ed. (1977), section 6.4 (ratio estimator).
class weighted_mean {
 public:
  void update(double x, double weight = 1) noexcept {
    if (!(std::isfinite(x) && std::isfinite(weight) && weight >= 0)) {
      ++skipped_;
      return;
    }
    if (weight == 0) return;
    const double squared = weight * weight;
    ++rows_;
    weight_.update(weight);
    total_.update(weight * x);
    squared_ += squared;
    squared_x_ += squared * x;
    squared_xx_ += squared * x * x;
  }
  void merge(const weighted_mean& other) noexcept {
    rows_ += other.rows_;
    skipped_ += other.skipped_;
    weight_.merge(other.weight_);
    total_.merge(other.total_);
    squared_ += other.squared_;
    squared_x_ += other.squared_x_;
    squared_xx_ += other.squared_xx_;
  }

  [[nodiscard]] double value() const noexcept { return total() / weight(); }
  [[nodiscard]] double standard_error() const noexcept {
    const double w = weight();
    return rows_ < 2 ? std::numeric_limits<double>::quiet_NaN()
                     : std::sqrt(squared_deviation(1, -value()) / (w * w - squared_));
  }
  [[nodiscard]] double weight() const noexcept { return weight_.value(); }
  [[nodiscard]] double weight_squared() const noexcept { return squared_; }
  [[nodiscard]] double total() const noexcept { return total_.value(); }
  /// sum w^2 (a x + b)^2: what delta methods are made of. Never negative.
  [[nodiscard]] double squared_deviation(double a, double b) const noexcept {
    const double sum = a * a * squared_xx_ + 2 * a * b * squared_x_ + b * b * squared_;
    return sum > 0 ? sum : 0;
  }
  /// Rows of equal weight that would say as much (Kish 1965): (sum w)^2 / sum w^2.
  [[nodiscard]] double effective_rows() const noexcept { return squared_ > 0 ? weight() * (weight() / squared_) : 0; }
  [[nodiscard]] std::uint64_t rows() const noexcept { return rows_; }
  [[nodiscard]] std::uint64_t skipped() const noexcept { return skipped_; }
  /// Counts a row that the caller had to leave out.
  void skip() noexcept { ++skipped_; }

  friend bool operator==(const weighted_mean&, const weighted_mean&) = default;

  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("weight", self.weight_);
    ar("total", self.total_);
    ar("squared", self.squared_);
    ar("squared_x", self.squared_x_);
    ar("squared_xx", self.squared_xx_);
    ar("rows", self.rows_);
    ar("skipped", self.skipped_);
  }

 private:
  compensated_sum weight_, total_;
  double squared_ = 0, squared_x_ = 0, squared_xx_ = 0;
  std::uint64_t rows_ = 0, skipped_ = 0;
};

}  // namespace mlsd
