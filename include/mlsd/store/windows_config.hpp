#pragma once

#include "mlsd/core/result.hpp"
#include "mlsd/core/time.hpp"
#include "mlsd/store/window.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace mlsd {

/// What `windows` makes of one value of each event, such as an amount.
struct value_windows {
  double unit = 0.01;               ///< sums are exact in this unit: see fixed_point
  std::vector<window> sum{};        ///< 0 where the window holds no value
  std::vector<window> mean{};       ///< NaN where the window holds no value
  std::vector<duration> decayed{};  ///< half-lives H: the sum of value * 2^(-age / H) over all past values

  friend bool operator==(const value_windows&, const value_windows&) = default;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("unit", self.unit);
    ar("sum", self.sum);
    ar("mean", self.mean);
    ar("decayed", self.decayed);
  }
};

/// What `windows` knows of the past of a key. The columns come in the order of these fields: counts, all time, since
/// last; for each value its sums, means and decayed sums; for each item its distinct counts.
struct windows_config {
  static constexpr std::size_t most_windows = 64;  ///< different ones, and the most of anything else in the lists

  std::vector<window> count{};                  ///< events in each window
  bool all_time = false;                        ///< events ever
  bool since_last = false;                      ///< seconds since the last event, NaN if there was none
  std::vector<value_windows> values{};          ///< one for each value that an event has
  std::vector<std::vector<window>> distinct{};  ///< one for each item that an event has: how many different ones
  duration lateness{};                          ///< how far behind the newest event one may arrive and still count
  bool forget_idle_keys = false;                ///< drop a key once its last event has left the longest window, the
                                                ///< horizon: nothing from before such a gap is known, and memory has
                                                ///< a bound
  std::uint64_t reserve_keys = 0;               ///< room made at once for so many keys at a time,
  std::uint64_t reserve_events = 0;             ///< and for so many events within horizon and lateness

  friend bool operator==(const windows_config&, const windows_config&) = default;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("count", self.count);
    ar("all_time", self.all_time);
    ar("since_last", self.since_last);
    ar("values", self.values);
    ar("distinct", self.distinct);
    ar("lateness", self.lateness);
    ar("forget_idle_keys", self.forget_idle_keys);
    ar("reserve_keys", self.reserve_keys);
    ar("reserve_events", self.reserve_events);
  }

  /// Calls `f(list)` for every list of windows.
  template <class F> void for_each_list(F&& f) const {
    f(count);
    for (const value_windows& v : values) {
      f(v.sum);
      f(v.mean);
    }
    for (const std::vector<window>& d : distinct) f(d);
  }
  /// The longest reach of a window.
  template <class = void> [[nodiscard]] duration horizon() const {
    duration longest{};
    for_each_list([&](const std::vector<window>& list) {
      for (const window& w : list) longest = longest < w.reach() ? w.reach() : longest;
    });
    return longest;
  }
  template <class = void> [[nodiscard]] result<void> check() const {
    result<void> ok;
    bool short_lists = values.size() <= most_windows && distinct.size() <= most_windows;
    for_each_list([&](const std::vector<window>& list) {
      short_lists = short_lists && list.size() <= most_windows;
      for (const window& w : list)
        if (auto r = w.check(); ok && !r) ok = r;
    });
    if (!ok) return error{errc::invalid_argument, "windows: " + ok.error().message};
    for (const value_windows& v : values) {
      short_lists = short_lists && v.decayed.size() <= most_windows;
      if (!(v.unit >= 1e-100 && v.unit <= 1e100))
        return error{errc::invalid_argument, "windows: a unit of " + std::to_string(v.unit)};
      for (const duration h : v.decayed)
        if (h.ms <= 0) return error{errc::invalid_argument, "windows: a half-life is not positive"};
    }
    if (!short_lists)
      return error{errc::capacity, "windows: more than " + std::to_string(most_windows) + " of one kind"};
    if (lateness.ms < 0) return error{errc::invalid_argument, "windows: the lateness is negative"};
    if (forget_idle_keys && horizon().ms == 0)
      return error{errc::invalid_argument, "windows: keys cannot be forgotten without a window"};
    if (reserve_keys >> 31 != 0 || reserve_events >> 31 != 0)
      return error{errc::capacity, "windows: room for more than 2^31 keys or events"};
    return {};
  }
};

}  // namespace mlsd
