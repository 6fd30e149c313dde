#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

namespace mlsd {

/// Weighted mean and variance of a stream. O(1), no allocation.
/// Weights are counts of rows where a variance is asked for: weight 3 and the row three times give the same.
/// NaN and infinite values, and weights that are NaN, infinite or negative, are counted by `skipped()` and left out;
/// weight 0 changes nothing. With no weight the mean is NaN.
/// Merging: with d = mean_b - mean_a and W = W_a + W_b, the mean moves by d W_b / W, and
///   sum over b of w (x - mean)^2 = M_b + W_b (mean_b - mean)^2, and so for a; together M_a + M_b + d^2 W_a W_b / W.
/// Identity exact; associative within a few ulp of the mean and of M (relative error of M about 10 n ulp at worst).
/// Source: Chan, Golub, LeVeque, Updating Formulae and a Pairwise Algorithm for Computing Sample Variances (1979).
class moments {
 public:
  void update(double x, double weight = 1) noexcept {
    if (!(std::isfinite(x) && std::isfinite(weight) && weight >= 0)) {
      ++skipped_;
      return;
    }
    if (weight == 0) return;
    combine(weight, x, 0);
    ++rows_;
    weight_squared_ += weight * weight;
  }
  void merge(const moments& other) noexcept {
    if (other.weight_ > 0) combine(other.weight_, other.mean_, other.deviation_);
    rows_ += other.rows_;
    skipped_ += other.skipped_;
    weight_squared_ += other.weight_squared_;
  }

  /// The mean: what makes this a monitor.
  [[nodiscard]] double value() const noexcept { return mean(); }
  [[nodiscard]] double mean() const noexcept { return weight_ > 0 ? mean_ : nan(); }
  /// Divides by the sum of weights W. NaN without weight.
  [[nodiscard]] double population_variance() const noexcept { return weight_ > 0 ? deviation_ / weight_ : nan(); }
  /// Divides by W - 1. NaN unless W > 1.
  [[nodiscard]] double variance() const noexcept { return weight_ > 1 ? deviation_ / (weight_ - 1) : nan(); }
  [[nodiscard]] double weight() const noexcept { return weight_; }
  /// Rows of equal weight that would say as much (Kish 1965): (sum w)^2 / sum w^2.
  [[nodiscard]] double effective_rows() const noexcept {
    return weight_squared_ > 0 ? weight_ * (weight_ / weight_squared_) : 0;
  }
  [[nodiscard]] std::uint64_t rows() const noexcept { return rows_; }
  [[nodiscard]] std::uint64_t skipped() const noexcept { return skipped_; }

  friend bool operator==(const moments&, const moments&) = default;

  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("weight", self.weight_);
    ar("weight_squared", self.weight_squared_);
    ar("mean", self.mean_);
    ar("deviation", self.deviation_);
    ar("rows", self.rows_);
    ar("skipped", self.skipped_);
  }

 private:
  static constexpr double nan() noexcept { return std::numeric_limits<double>::quiet_NaN(); }

  void combine(double weight, double mean, double deviation) noexcept {
    if (weight_ == 0) {  // merging into the identity copies the bits
      weight_ = weight;
      mean_ = mean;
      deviation_ = deviation;
      return;
    }
    const double total = weight_ + weight;
    const double delta = mean - mean_;
    const double share = weight / total;
    deviation_ += deviation + delta * delta * (weight_ * share);
    mean_ += delta * share;
    weight_ = total;
  }

  double weight_ = 0, weight_squared_ = 0, mean_ = 0, deviation_ = 0;
  std::uint64_t rows_ = 0, skipped_ = 0;
};

}  // namespace mlsd
