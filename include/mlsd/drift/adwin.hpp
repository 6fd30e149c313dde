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

#include "mlsd/core/fp.hpp"
#include "mlsd/core/math.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/drift/detection.hpp"

namespace mlsd {

/// What stays of the window after an alarm.
enum class after_change : std::uint8_t {
  keep,  ///< the part that looks like now: the paper, MOA
  reset  ///< nothing: river
};

/// `delta`: the chance of a false alarm that a look at the window is allowed. `clock`: updates between two looks.
struct adwin_options {
  double delta = 0.002;
  std::uint32_t clock = 32;
  after_change after = after_change::keep;
  std::uint32_t least_window = 10;  ///< no look at windows of this length or below
  std::uint32_t least_part = 5;     ///< shortest part of the window that is compared with the rest
  friend bool operator==(const adwin_options&, const adwin_options&) = default;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("delta", self.delta);
    ar("clock", self.clock);
    ar("after", self.after);
    ar("least_window", self.least_window);
    ar("least_part", self.least_part);
  }
  template <class = void> [[nodiscard]] result<void> validate() const {
    if (!(delta > 0 && delta < 1)) return error{errc::corrupt, "delta is not between 0 and 1"};
    if (clock == 0) return error{errc::corrupt, "clock is 0"};
    if (least_part == 0) return error{errc::corrupt, "the least part of a window is 0"};
    if (after != after_change::keep && after != after_change::reset)
      return error{errc::corrupt, "what comes after a change is none of those known"};
    return {};
  }
};

/// ADWIN: the mean of a stream over a window that grows while the mean stays, and loses its old part where two parts of
/// it differ by more than chance allows. For error rates and other values in [0, 1], or of about that size: its bound
/// takes the variance from the window, and 1 as the range.
/// Update: amortised O(1), O(log window) at every `clock`-th, no allocation. Size: 3.2 KiB; windows up to 2e10 values,
/// beyond which the oldest leave.
/// False alarms: the bound is loose. Of streams of 0/1 without change, measured shares with an alarm at the defaults:
/// none of 4,000 runs of 1,000 values, .002 to .007 of runs of 10,000. Delay, median: 80 values for an error rate that
/// goes from .2 to .5, 144 from .05 to .2, 528 from .2 to .3, after 2,000 values before the change.
/// NaN and infinite values are counted by `skipped()` and left out. Order matters, so there is no merge.
/// Between looks the window is a list of buckets of 1, 2, 4, ... values, at most 5 of a size, each with sum and sum of
/// squared deviations. All buckets are borders to cut at (some libraries skip the last of each size, and see changes
/// 100 values later). Source: Bifet, Gavalda, Learning from Time-Changing Data with Adaptive Windowing (2007).
class adwin {
 public:
  adwin() = default;
  /// Requires valid options.
  explicit adwin(adwin_options options) noexcept : options_(options) { assert(options.validate().has_value()); }

  /// Goes on with the stream. `drifted`: values left the window because the rest differs from them.
  detection update(double x) noexcept {
    if (!(x - x == 0)) {
      ++skipped_;
      return {};
    }
    append(x);
    if (++since_look_ < options_.clock) return {};
    since_look_ = 0;
    return {width_ > options_.least_window && look()};
  }

  /// Of the values in the window. NaN when it is empty.
  template <class = void> [[nodiscard]] double mean() const noexcept {
    return width_ > 0 ? total() / static_cast<double>(width_) : std::numeric_limits<double>::quiet_NaN();
  }
  /// Divides by the values in the window.
  template <class = void> [[nodiscard]] double variance() const noexcept {
    return width_ > 0 ? deviation(total()) / static_cast<double>(width_) : std::numeric_limits<double>::quiet_NaN();
  }
  /// Values in the window.
  [[nodiscard]] std::uint64_t width() const noexcept { return width_; }
  [[nodiscard]] std::uint64_t skipped() const noexcept { return skipped_; }
  [[nodiscard]] const adwin_options& options() const noexcept { return options_; }

  friend bool operator==(const adwin&, const adwin&) = default;

  static constexpr std::string_view type_name = "adwin";
  static constexpr std::uint32_t version = 1;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("options", self.options_);
    ar("rows", self.row_);
    ar("width", self.width_);
    ar("since_look", self.since_look_);
    ar("is_stale", self.is_stale_);
    ar("skipped", self.skipped_);
  }
  template <class = void> [[nodiscard]] result<void> validate() const {
    std::uint64_t width = 0;
    for (std::size_t r = 0; r < rows; ++r) {
      if (row_[r].size > most) return error{errc::corrupt, "a window has too many buckets of a length"};
      width += std::uint64_t{row_[r].size} << r;
      for (std::size_t i = 0; i < row_[r].size; ++i)
        if (!(std::isfinite(row_[r].sum[i]) && row_[r].deviation[i] >= 0))
          return error{errc::corrupt, "a bucket of a window is not finite"};
    }
    if (width != width_) return error{errc::corrupt, "the buckets of a window do not add up to its width"};
    if (since_look_ >= options_.clock) return error{errc::corrupt, "a look at the window was left out"};
    return {};
  }

 private:
  static constexpr std::size_t most = 5;   // buckets of a size, between updates
  static constexpr std::size_t rows = 32;  // buckets of row r hold 2^r values

  /// 2^-r.
  static constexpr double inverse_length(std::size_t r) noexcept {
    return std::bit_cast<double>(std::uint64_t{1023 - r} << 52);
  }
  /// 2^r.
  static constexpr double length(std::size_t r) noexcept {
    return std::bit_cast<double>(std::uint64_t{1023 + r} << 52);
  }
  /// One past the highest row that can be in use.
  [[nodiscard]] std::size_t top() const noexcept {
    const auto high = static_cast<std::size_t>(std::bit_width(width_));
    return high < rows ? high : rows;
  }

  void append(double x) noexcept {
    if (is_stale_) clear();
    row& newest = row_[0];
    newest.sum[newest.size] = x;
    newest.deviation[newest.size] = 0;
    ++width_;
    if (++newest.size > most) merge_oldest();
  }

  /// The two oldest buckets of a row with one too many become one of the next row: with n values each, their deviations
  /// and (s - t)^2 / 2n.
  template <class = void> MLSD_UNCONTRACTED void merge_oldest() noexcept {
    MLSD_CONTRACT_OFF
    for (std::size_t r = 0; row_[r].size > most; ++r) {
      row& from = row_[r];
      if (r + 1 == rows) {
        forget(r);
        return;
      }
      row& to = row_[r + 1];
      const double between = from.sum[0] - from.sum[1];
      to.sum[to.size] = from.sum[0] + from.sum[1];
      to.deviation[to.size] = (from.deviation[0] + from.deviation[1]) + between * between * inverse_length(r + 1);
      ++to.size;
      from.remove<2>();
    }
  }

  /// The oldest bucket of row r leaves the window.
  void forget(std::size_t r) noexcept {
    row_[r].remove<1>();
    width_ -= std::uint64_t{1} << r;
  }
  void forget_oldest() noexcept {
    std::size_t r = top();
    while (row_[--r].size == 0) {
    }
    forget(r);
  }
  void clear() noexcept {
    for (row& r : row_) r.size = 0;
    width_ = 0;
    is_stale_ = false;
  }

  // Sums run within a row first: the additions of one row then do not wait for those of another.

  [[nodiscard]] double total() const noexcept {
    double sum = 0;
    for (std::size_t r = top(); r-- > 0;) {
      double of_row = 0;
      for (std::size_t i = 0; i < row_[r].size; ++i) of_row += row_[r].sum[i];
      sum += of_row;
    }
    return sum;
  }
  /// Sum of squared deviations from the mean: those within buckets, and length x (mean - mean of all)^2 of each.
  template <class = void> [[nodiscard]] MLSD_UNCONTRACTED double deviation(double total) const noexcept {
    MLSD_CONTRACT_OFF
    const double mean = total / static_cast<double>(width_);
    double sum = 0;
    for (std::size_t r = top(); r-- > 0;) {
      const double inverse = inverse_length(r), expected = mean * length(r);
      double within = 0, between = 0;
      for (std::size_t i = 0; i < row_[r].size; ++i) {
        const double off = row_[r].sum[i] - expected;
        within += row_[r].deviation[i];
        between += off * off;
      }
      sum += within + between * inverse;
    }
    return sum;
  }

  template <class = void> bool look() noexcept {
    bool drifted = false;
    while (has_change()) {
      drifted = true;
      forget_oldest();
    }
    is_stale_ = drifted && options_.after == after_change::reset;
    return drifted;
  }

  /// Whether the window can be cut so that the means m0, m1 of its parts of n0 and n1 values differ by more than
  ///   sqrt(2 h v l) + 2/3 h l,  h = 1 / (n0 - p + 1) + 1 / (n1 - p + 1),  l = log(2 log(n) / delta),
  /// v the variance of the window, p the least part. Most cuts fail even without the second term: with
  /// m0 - m1 = (u0 n - u n0) / (n0 n1) that is seen without a division or a root.
  template <class = void> [[nodiscard]] MLSD_UNCONTRACTED bool has_change() const noexcept {
    MLSD_CONTRACT_OFF
    const double n = static_cast<double>(width_), u = total(), v = deviation(u) / n;
    const double l = math::log(2 * math::log(n) / options_.delta), least = options_.least_part, less = least - 1;
    const double bound = 2 * v * l * (n - 2 * less) * (1 - 1e-9);
    double n0 = 0, u_older = 0;
    for (std::size_t r = top(); r-- > 0;) {
      double of_row = 0;
      for (std::size_t i = 0; i < row_[r].size; ++i) {
        n0 += length(r);
        of_row += row_[r].sum[i];
        const double u0 = u_older + of_row, n1 = n - n0, across = n0 * n1, apart_across = u0 * n - u * n0;
        if (apart_across * apart_across * ((n0 - less) * (n1 - less)) <= bound * (across * across)) continue;
        if (n0 < least) continue;
        if (n1 < least) return false;
        const double h = 1 / (n0 - less) + 1 / (n1 - less);
        const double apart = std::fabs(u0 / n0 - (u - u0) / n1);
        if (apart > std::sqrt(2 * h * v * l) + 2.0 / 3 * l * h) return true;
      }
      u_older += of_row;
    }
    return false;
  }

  /// Buckets of one length, oldest first.
  struct row {
    std::array<double, most + 1> sum{}, deviation{};
    std::uint32_t size = 0;

    /// A constant number of moves, whatever the size: a few wide loads and stores.
    template <std::uint32_t Oldest> void remove() noexcept {
      size -= Oldest;
      for (std::size_t i = 0; i + Oldest <= most; ++i) sum[i] = sum[i + Oldest];
      for (std::size_t i = 0; i + Oldest <= most; ++i) deviation[i] = deviation[i + Oldest];
    }
    friend bool operator==(const row&, const row&) = default;
    template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
      ar("sum", self.sum);
      ar("deviation", self.deviation);
      ar("size", self.size);
    }
  };

  adwin_options options_;
  std::array<row, rows> row_{};
  std::uint64_t width_ = 0, skipped_ = 0;
  std::uint32_t since_look_ = 0;
  bool is_stale_ = false;  // the next update forgets everything
};

}  // namespace mlsd
