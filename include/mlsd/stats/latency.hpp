#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

#include "mlsd/core/result.hpp"
#include "mlsd/stats/interval.hpp"

namespace mlsd {

/// The percentiles that a service is judged by, in the unit that was recorded. NaN when nothing was.
struct latency_summary {
  std::uint64_t count = 0;
  double mean = std::numeric_limits<double>::quiet_NaN();
  double p50 = std::numeric_limits<double>::quiet_NaN(), p90 = std::numeric_limits<double>::quiet_NaN();
  double p99 = std::numeric_limits<double>::quiet_NaN(), p999 = std::numeric_limits<double>::quiet_NaN();
  double max = std::numeric_limits<double>::quiet_NaN();
};

/// How long things took: counts by log-linear cells, 64 to an octave, for durations as whole numbers of any unit
/// (nanoseconds, as a rule).
/// Update: O(1), no allocation, about a nanosecond. Merge: O(cells), exact, associative. Size: 18.5 KiB.
/// Error: values below 128 have cells of their own; above, a cell is at most 1/64 of its value wide, and a quantile is
/// the middle of its cell: at most 1/128 off relatively. Values from 2^42 on (73 minutes in nanoseconds) share the last
/// cell; smallest, largest and mean are exact (the sum must stay below 2^64).
/// Ranks: quantile q is the smallest value that a share of at least q is not above. Nothing recorded: NaN.
/// Source: the log-linear histogram of Tene's HdrHistogram (2012); intervals of order statistics: Hahn, Meeker (1991).
class latency {
  static constexpr unsigned steps = 6;     // log2 of the cells of an octave
  static constexpr unsigned octaves = 42;  // log2 of the first value that has no cell
  static constexpr std::size_t cells = (octaves - steps + 1) << steps;

 public:
  void update(std::uint64_t duration, std::uint64_t count = 1) noexcept {
    cells_[cell(duration)] += count;
    sum_ += duration * count;
    if (count == 0) return;
    smallest_ = (std::min)(smallest_, duration);
    largest_ = (std::max)(largest_, duration);
  }
  void merge(const latency& other) noexcept {
    for (std::size_t c = 0; c < cells; ++c) cells_[c] += other.cells_[c];
    sum_ += other.sum_;
    smallest_ = (std::min)(smallest_, other.smallest_);
    largest_ = (std::max)(largest_, other.largest_);
  }

  /// The median.
  [[nodiscard]] double value() const noexcept { return quantile(0.5); }
  /// O(cells). Requires 0 <= q <= 1.
  template <class = void> [[nodiscard]] double quantile(double q) const noexcept {
    assert(q >= 0 && q <= 1);
    const double n = static_cast<double>(count());
    return at_rank(std::ceil(q * n));
  }
  /// Interval of the true quantile, free of any distribution: the values whose ranks lie z standard deviations of a
  /// binomial count off. Too few values to bound one side: 0 or infinity there. Durations drawn independently.
  template <class = void> [[nodiscard]] interval quantile_interval(double q, double level = 0.95) const noexcept {
    assert(q >= 0 && q <= 1);
    const double n = static_cast<double>(count());
    if (!(n > 0)) return {.level = level};
    const double spread = normal_z(level) * std::sqrt(n * q * (1 - q));
    const double below = std::floor(n * q - spread), above = std::ceil(n * q + spread) + 1;
    return {below < 1 ? 0 : at_rank(below), above > n ? (std::numeric_limits<double>::infinity)() : at_rank(above),
            level};
  }
  template <class = void> [[nodiscard]] latency_summary summary() const noexcept {
    return {.count = count(),
            .mean = mean(),
            .p50 = quantile(0.5),
            .p90 = quantile(0.9),
            .p99 = quantile(0.99),
            .p999 = quantile(0.999),
            .max = at_rank(static_cast<double>(count()))};
  }
  [[nodiscard]] double mean() const noexcept { return static_cast<double>(sum_) / static_cast<double>(count()); }
  [[nodiscard]] std::uint64_t smallest() const noexcept { return largest_ < smallest_ ? 0 : smallest_; }
  [[nodiscard]] std::uint64_t largest() const noexcept { return largest_; }
  /// O(cells).
  [[nodiscard]] std::uint64_t count() const noexcept {
    std::uint64_t n = 0;
    for (const std::uint64_t c : cells_) n += c;
    return n;
  }

  friend bool operator==(const latency&, const latency&) = default;

  static constexpr std::string_view type_name = "latency";
  static constexpr std::uint32_t version = 1;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("cells", self.cells_);
    ar("sum", self.sum_);
    ar("smallest", self.smallest_);
    ar("largest", self.largest_);
  }
  template <class = void> [[nodiscard]] result<void> validate() const {
    const bool is_empty = count() == 0;
    if (is_empty ? sum_ != 0 || largest_ != 0 || ~smallest_ != 0 : smallest_ > largest_)
      return error{errc::corrupt, "the extremes of a latency contradict its counts"};
    if (!is_empty && (cells_[cell(smallest_)] == 0 || cells_[cell(largest_)] == 0))
      return error{errc::corrupt, "the extremes of a latency lie in empty cells"};
    return {};
  }

 private:
  /// Ascending. A value with e binary digits beyond its first 7 falls into cell (first 7 digits) + 64 e.
  static constexpr std::size_t cell(std::uint64_t x) noexcept {
    constexpr std::uint64_t last = (std::uint64_t{1} << octaves) - 1;
    const std::uint64_t v = x < last ? x : last;
    const auto extra = static_cast<unsigned>(std::bit_width(v | (std::uint64_t{1} << steps))) - (steps + 1);
    return static_cast<std::size_t>((v >> extra) + (std::uint64_t{extra} << steps));
  }
  static constexpr double middle(std::size_t c) noexcept {
    const std::size_t extra = c < (std::size_t{2} << steps) ? 0 : (c >> steps) - 1;
    const std::uint64_t first = static_cast<std::uint64_t>(c - (extra << steps)) << extra;
    return static_cast<double>(first) + static_cast<double>((std::uint64_t{1} << extra) - 1) / 2;
  }
  /// 1 is the smallest. Ranks outside 1 ... count are moved to the next one inside.
  template <class = void> [[nodiscard]] double at_rank(double rank) const noexcept {
    const double n = static_cast<double>(count());
    if (!(n > 0)) return std::numeric_limits<double>::quiet_NaN();
    if (rank >= n) return static_cast<double>(largest_);
    if (rank <= 1) return static_cast<double>(smallest_);
    double below = 0;
    std::size_t c = 0;
    for (; c + 1 < cells; ++c) {
      below += static_cast<double>(cells_[c]);
      if (below >= rank) break;
    }
    return (std::clamp)(middle(c), static_cast<double>(smallest_), static_cast<double>(largest_));
  }

  std::array<std::uint64_t, cells> cells_{};
  std::uint64_t sum_ = 0, smallest_ = (std::numeric_limits<std::uint64_t>::max)(), largest_ = 0;
};

}  // namespace mlsd
