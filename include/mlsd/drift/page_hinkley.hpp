#pragma once

#include <cassert>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>

#include "mlsd/core/fp.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/drift/detection.hpp"

namespace mlsd {

/// Which changes of the mean count.
enum class drift_direction : std::uint8_t { both, up, down };

/// `threshold`: how much the values must have gone astray in sum. `tolerance`: how much of each deviation is forgiven.
/// `forgetting`: what is left of the sum after each value. `least`: values before the first alarm.
struct page_hinkley_options {
  double threshold = 50;
  double tolerance = 0.005;
  double forgetting = 0.9999;
  std::uint64_t least = 30;
  drift_direction towards = drift_direction::both;
  friend bool operator==(const page_hinkley_options&, const page_hinkley_options&) = default;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("threshold", self.threshold);
    ar("tolerance", self.tolerance);
    ar("forgetting", self.forgetting);
    ar("least", self.least);
    ar("towards", self.towards);
  }
  template <class = void> [[nodiscard]] result<void> validate() const {
    if (!(threshold > 0)) return error{errc::corrupt, "threshold is not above 0"};
    if (!(std::isfinite(tolerance) && tolerance >= 0))
      return error{errc::corrupt, "tolerance is negative or not finite"};
    if (!(forgetting > 0 && forgetting <= 1)) return error{errc::corrupt, "forgetting is not above 0 and at most 1"};
    if (towards > drift_direction::down)
      return error{errc::corrupt, "the direction of a change is none of those known"};
    return {};
  }
};

/// Page-Hinkley: alarms when the deviations from the running mean, summed, rise by more than `threshold` above their
/// lowest sum so far, or fall as far below their highest. After an alarm it starts anew, with the next value.
/// Update: O(1), no allocation.
/// False alarms: they depend on the threshold over the spread of the values, and keep coming on endless streams. Of 0/1
/// at a rate of .5, measured shares with an alarm at the defaults: .0015 of runs of 1,000 values, .64 of runs of
/// 10,000. Delay after a change of the mean by d: about threshold / d values. The threshold must fit the scale of the
/// values. NaN and infinite values are counted by `skipped()` and left out. Order matters, so there is no merge.
/// Source: Page, Continuous Inspection Schemes (1954); Hinkley (1971); two-sided with forgetting, as in river.
class page_hinkley {
 public:
  page_hinkley() = default;
  /// Requires valid options.
  explicit page_hinkley(page_hinkley_options options) noexcept : options_(options) {
    assert(options.validate().has_value());
  }

  template <class = void> MLSD_UNCONTRACTED detection update(double x) noexcept {
    MLSD_CONTRACT_OFF
    if (!(x - x == 0)) {
      ++skipped_;
      return {};
    }
    ++count_;
    mean_ += (x - mean_) / static_cast<double>(count_);
    const double off = x - mean_;
    up_.add(off - options_.tolerance, options_.forgetting);
    down_.add(-off - options_.tolerance, options_.forgetting);
    const bool rose = options_.towards != drift_direction::down && up_.height() > options_.threshold;
    const bool fell = options_.towards != drift_direction::up && down_.height() > options_.threshold;
    const bool drifted = count_ >= options_.least && (rose || fell);
    if (drifted) restart();
    return {drifted};
  }

  /// Of the values since the last alarm. NaN when there are none.
  [[nodiscard]] double mean() const noexcept { return count_ > 0 ? mean_ : std::numeric_limits<double>::quiet_NaN(); }
  /// Values since the last alarm.
  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  [[nodiscard]] std::uint64_t skipped() const noexcept { return skipped_; }
  [[nodiscard]] const page_hinkley_options& options() const noexcept { return options_; }

  friend bool operator==(const page_hinkley&, const page_hinkley&) = default;

  static constexpr std::string_view type_name = "page_hinkley";
  static constexpr std::uint32_t version = 1;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("options", self.options_);
    ar("up", self.up_);
    ar("down", self.down_);
    ar("mean", self.mean_);
    ar("count", self.count_);
    ar("skipped", self.skipped_);
  }

 private:
  /// A sum that forgets, and the lowest it has been.
  struct walk {
    double sum = 0, lowest = (std::numeric_limits<double>::infinity)();
    MLSD_UNCONTRACTED void add(double step, double forgetting) noexcept {
      MLSD_CONTRACT_OFF
      sum = forgetting * sum + step;
      lowest = sum < lowest ? sum : lowest;
    }
    [[nodiscard]] double height() const noexcept { return sum - lowest; }
    friend bool operator==(const walk&, const walk&) = default;
    template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
      ar("sum", self.sum);
      ar("lowest", self.lowest);
    }
  };

  void restart() noexcept {
    up_ = down_ = {};
    mean_ = 0;
    count_ = 0;
  }

  page_hinkley_options options_;
  walk up_, down_;
  double mean_ = 0;
  std::uint64_t count_ = 0, skipped_ = 0;
};

}  // namespace mlsd
