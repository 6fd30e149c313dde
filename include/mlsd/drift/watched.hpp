#pragma once

#include <cassert>
#include <concepts>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>

#include "mlsd/core/feature.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/core/time.hpp"

namespace mlsd {

/// What was seen under one name, and when it drifted.
struct watch_line {
  std::uint64_t updates = 0;
  std::uint64_t alarms = 0;
  std::uint64_t first_alarm = 0, last_alarm = 0;  ///< the number of the update, from 1; 0: none yet
  timestamp last_time{};                          ///< of the last alarm, as told to the watch
  friend bool operator==(const watch_line&, const watch_line&) = default;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("updates", self.updates);
    ar("alarms", self.alarms);
    ar("first_alarm", self.first_alarm);
    ar("last_alarm", self.last_alarm);
    ar("last_time", self.last_time);
  }
};

/// How many values a monitor judges at once. Detectors decide by themselves.
struct watch_window {
  std::uint64_t values = 1000;
};

namespace detail {
/// A monitor of drift merges and gives a verdict when asked; a detector does neither.
template <class M>
concept windowed_monitor = requires(M& m, const M& other) {
  m.merge(other);
  { other.value().drifted } -> std::convertible_to<bool>;
};
struct no_monitor {
  friend bool operator==(const no_monitor&, const no_monitor&) = default;
};
}  // namespace detail

/// One name under watch: `watched{"error"_f, adwin{}}`, `watched{"amount"_f, psi(reference), watch_window{5'000}}`.
/// A detector alarms when it drifts. A monitor is asked once a window of values, each window on its own: it was made
/// for a single look, so its level holds for each window, and its verdict on the last full one is `verdict()`. Update:
/// that of the monitor, and its verdict and a copy of the fresh one a window; no allocation beyond those.
template <fixed_string Name, class Monitor> class watched {
 public:
  static constexpr auto name = Name;
  static constexpr bool has_windows = detail::windowed_monitor<Monitor>;

  watched() = default;
  /// Requires a window of at least one value.
  watched(feature<Name>, Monitor monitor, watch_window window = {})
      : monitor_(std::move(monitor)), window_(window.values) {
    assert(window_ > 0);
    if constexpr (has_windows) fresh_ = monitor_;
  }

  /// True if this value raised an alarm. `sample`: what the monitor's `update` takes.
  template <class... Sample> bool update(timestamp now, const Sample&... sample) noexcept {
    ++line_.updates;
    bool drifted = false;
    if constexpr (has_windows) {
      monitor_.update(sample...);
      if (++seen_ < window_) return false;
      verdict_ = monitor_.value().drifted;
      drifted = verdict_;
      monitor_ = fresh_;
      seen_ = 0;
    } else {
      drifted = monitor_.update(sample...).drifted;
      verdict_ = drifted;
    }
    if (drifted) note(now);
    return drifted;
  }

  [[nodiscard]] const Monitor& monitor() const noexcept { return monitor_; }
  [[nodiscard]] const watch_line& line() const noexcept { return line_; }
  /// Whether the last full window, or the last value of a detector, drifted.
  [[nodiscard]] bool verdict() const noexcept { return verdict_; }

  friend bool operator==(const watched&, const watched&) = default;

  static constexpr std::string_view type_name = "watched";
  static constexpr std::uint32_t version = 1;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("monitor", self.monitor_);
    if constexpr (has_windows) ar("fresh", self.fresh_);
    ar("window", self.window_);
    ar("seen", self.seen_);
    ar("verdict", self.verdict_);
    ar("line", self.line_);
  }
  template <class = void> [[nodiscard]] result<void> validate() const {
    if (window_ == 0 || (has_windows && seen_ >= window_))
      return error{errc::corrupt, "the window of a watched value holds no value, or too many"};
    return {};
  }

 private:
  template <class = void> void note(timestamp now) noexcept {
    ++line_.alarms;
    if (line_.first_alarm == 0) line_.first_alarm = line_.updates;
    line_.last_alarm = line_.updates;
    line_.last_time = now;
  }

  Monitor monitor_{};
  [[no_unique_address]] std::conditional_t<has_windows, Monitor, detail::no_monitor> fresh_{};
  std::uint64_t window_ = watch_window{}.values, seen_ = 0;
  bool verdict_ = false;
  watch_line line_;
};

}  // namespace mlsd
