#pragma once

namespace mlsd {

/// A sum of doubles that carries its own rounding error (Neumaier's variant of Kahan's method).
/// O(1), no allocation. Sums of integers below 2^53 are exact in any order; otherwise the relative error is
/// 2^-52 of the result plus n 2^-104 of the sum of magnitudes, so shards merged in any order agree within 2 ulp
/// unless terms cancel. Requires finite input.
/// Source: Neumaier, Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen (1974).
class compensated_sum {
 public:
  constexpr void update(double x) noexcept {
    const double total = sum_ + x;
    const double larger = magnitude(sum_) >= magnitude(x) ? sum_ : x;
    const double smaller = magnitude(sum_) >= magnitude(x) ? x : sum_;
    rest_ += (larger - total) + smaller;
    sum_ = total;
  }
  constexpr void merge(const compensated_sum& other) noexcept {
    update(other.sum_);
    rest_ += other.rest_;
  }
  [[nodiscard]] constexpr double value() const noexcept { return sum_ + rest_; }

  friend bool operator==(const compensated_sum&, const compensated_sum&) = default;

  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("sum", self.sum_);
    ar("rest", self.rest_);
  }

 private:
  static constexpr double magnitude(double x) noexcept { return x < 0 ? -x : x; }

  double sum_ = 0, rest_ = 0;
};

}  // namespace mlsd
