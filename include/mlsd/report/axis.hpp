#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "mlsd/core/time.hpp"
#include "mlsd/report/text.hpp"

namespace mlsd::report {

/// How an axis places its values. `log` shows positive values only; `time` takes milliseconds since 1970, UTC.
enum class axis_scale : unsigned char { linear, log, time };

/// One axis of a chart. The data decide its range, widened to round numbers and to hold every value of `include`.
/// `as_percent` labels 0.02 as 2%.
struct axis {
  std::string label{};
  axis_scale scale = axis_scale::linear;
  bool as_percent = false;
  std::vector<double> include{};
};

namespace detail {

/// Values further out than this are treated as infinite, so that differences of two never overflow.
inline constexpr double far_away = 1e300;

[[nodiscard]] inline bool drawable(double value, axis_scale scale) noexcept {
  return std::fabs(value) <= (scale == axis_scale::time ? 8.64e15 : far_away) &&
         (scale != axis_scale::log || value >= 1 / far_away);
}

/// Smallest and largest of what was added; empty at first.
struct extent {
  double low = HUGE_VAL, high = -HUGE_VAL;

  void add(double value, axis_scale scale) noexcept {
    if (!drawable(value, scale)) return;
    low = (std::min)(low, value);
    high = (std::max)(high, value);
  }
  [[nodiscard]] bool empty() const noexcept { return low > high; }
};

/// mantissa * 10^exponent, rounded once for |exponent| <= 22: 3 * 10^-1 is 0.3.
[[nodiscard]] inline double decimal(double mantissa, int exponent) noexcept {
  return exponent < 0 ? mantissa / std::pow(10.0, -exponent) : mantissa * std::pow(10.0, exponent);
}

/// A range of one value, or one too narrow for doubles to tell its ticks apart, gets some air.
[[nodiscard]] inline extent widened(extent range) noexcept {
  if (range.empty()) return {0, 1};
  const double size = (std::max)(std::fabs(range.low), std::fabs(range.high));
  if (size < 1e-280) return {0, 1};
  if (range.high - range.low > 1e-9 * size) return range;
  return range.low > 0 ? extent{range.low / 2, range.high * 1.5} : extent{range.low - size / 2, range.high + size / 2};
}

inline constexpr double day_ms = 86'400'000;

[[nodiscard]] inline civil_time civil_of(double ms) noexcept {
  return to_civil({static_cast<std::int64_t>(std::floor(ms))});
}

}  // namespace detail

/// Round numbers (1, 2 or 5 times a power of ten apart) that cover [low, high], at most `most` >= 3 of them, ascending.
/// A range without width gets some; NaN and infinite ends give 0 to 1. O(most).
template <class = void> [[nodiscard]] std::vector<double> linear_ticks(double low, double high, std::size_t most) {
  assert(most >= 3);
  detail::extent range;
  range.add(low, axis_scale::linear);
  range.add(high, axis_scale::linear);
  range = detail::widened(range);
  int exponent = static_cast<int>(std::floor(std::log10((range.high - range.low) / static_cast<double>(most))));
  for (;; ++exponent) {
    for (const double mantissa : {1.0, 2.0, 5.0}) {
      const double step = detail::decimal(mantissa, exponent);
      // A hair of tolerance, or 0.3 / 0.1 would ask for one more tick.
      const double first = std::floor(range.low / step + 1e-9), last = std::ceil(range.high / step - 1e-9);
      if (!(last - first + 1 <= static_cast<double>(most))) continue;
      std::vector<double> ticks;
      for (double i = first; i <= last; ++i) ticks.push_back(detail::decimal(i * mantissa, exponent) + 0.0);
      return ticks;
    }
  }
}

/// Powers of ten, or 1, 2 and 5 times them where that fits, that cover [low, high], at most `most` >= 3 of them.
/// Ends that are not positive numbers count as absent; both absent give 0.1 to 1. O(most).
template <class = void> [[nodiscard]] std::vector<double> log_ticks(double low, double high, std::size_t most) {
  assert(most >= 3);
  detail::extent range;
  range.add(low, axis_scale::log);
  range.add(high, axis_scale::log);
  if (range.empty()) range = {0.1, 1};
  if (range.low == range.high) range = {range.low / 2, range.high * 2};
  const auto floor10 = [](double x) { return static_cast<int>(std::floor(std::log10(x) + 1e-12)); };
  const int first = floor10(range.low), last = floor10(range.high) + 1;
  std::vector<double> fine;
  for (int e = first; e <= last && last - first < 8; ++e)
    for (const double mantissa : {1.0, 2.0, 5.0}) fine.push_back(detail::decimal(mantissa, e));
  while (fine.size() > 1 && fine[1] <= range.low * (1 + 1e-9)) fine.erase(fine.begin());
  while (fine.size() > 1 && fine[fine.size() - 2] >= range.high * (1 - 1e-9)) fine.pop_back();
  if (!fine.empty() && fine.size() <= most) return fine;
  const int top = detail::decimal(1, last - 1) >= range.high * (1 - 1e-9) ? last - 1 : last;
  const int step = (top - first + static_cast<int>(most) - 2) / (static_cast<int>(most) - 1);
  std::vector<double> ticks;
  for (int e = first; ticks.empty() || e < top + step; e += step) ticks.push_back(detail::decimal(1, e));
  return ticks;
}

/// Round moments (milliseconds since 1970, UTC) inside [low, high], at most `most` >= 3 of them: whole
/// seconds, minutes, hours, days, months or years. They do not cover the range: time axes end where the data end.
/// None if an end is not a number or lies more than 270,000 years away. O(most).
template <class = void> [[nodiscard]] std::vector<double> time_ticks(double low, double high, std::size_t most) {
  constexpr double minute = 60'000, hour = 60 * minute, day = detail::day_ms;
  constexpr std::array steps{1e0,       1e1,        1e2,         1e3,         5e3,     15e3,     30e3,
                             minute,    5 * minute, 15 * minute, 30 * minute, hour,    3 * hour, 6 * hour,
                             12 * hour, day,        2 * day,     7 * day,     14 * day};
  const double room = static_cast<double>(most);
  std::vector<double> ticks;
  if (!detail::drawable(low, axis_scale::time) || !detail::drawable(high, axis_scale::time)) return ticks;
  for (const double step : steps) {
    // The first Monday of 1970 is the 5th.
    const double origin = step >= 7 * day ? 4 * day : 0;
    const double first = std::ceil((low - origin) / step), last = std::floor((high - origin) / step);
    if (last - first + 1 > room) continue;
    for (double i = first; i <= last; ++i) ticks.push_back(origin + i * step);
    if (ticks.size() >= 2 || step < 7 * day) return ticks;
    ticks.clear();
  }
  const auto month_of = [](double ms) {
    const civil_time c = detail::civil_of(ms);
    return c.year * 12 + c.month - 1;
  };
  const auto start_of = [](std::int64_t month) {
    const std::int64_t year = month >= 0 ? month / 12 : (month - 11) / 12;
    return static_cast<double>(from_civil({.year = year, .month = static_cast<int>(month - year * 12) + 1}).ms);
  };
  std::int64_t step = 1;
  const std::int64_t from = month_of(low), to = month_of(high);
  for (const std::int64_t months : {1, 3, 6, 12, 24, 60, 120, 240, 600}) {
    step = months;
    if (static_cast<double>(to - from) / static_cast<double>(step) + 1 < room) break;
  }
  while (static_cast<double>(to - from) / static_cast<double>(step) + 1 > room) step *= 2;
  for (std::int64_t m = (from - ((from % step) + step) % step); m <= to; m += step)
    if (start_of(m) >= low && start_of(m) <= high) ticks.push_back(start_of(m));
  return ticks;
}

namespace detail {

[[nodiscard]] inline std::string two_digits(std::int64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); }

/// As much of the moment as `step` needs: "14:05:30", "14:05", "6 Nov" (at midnight too), "Nov 2017", "2017".
template <class = void> [[nodiscard]] std::string time_label(double ms, double step, bool several_days) {
  constexpr const char* month[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const civil_time c = civil_of(ms);
  const std::string name = month[c.month - 1];
  if (step > 360 * day_ms) return std::to_string(c.year);
  if (step > 27 * day_ms) return name + " " + std::to_string(c.year);
  const bool midnight = c.hour + c.minute + c.second + c.millisecond == 0;
  if (step >= day_ms || (several_days && midnight)) return std::to_string(c.day) + " " + name;
  std::string out = two_digits(c.hour) + ":" + two_digits(c.minute);
  if (step < 60'000) out += ":" + two_digits(c.second);
  if (step < 1000) out += "." + std::to_string(c.millisecond + 1000).substr(1);
  return out;
}

/// A value of an axis on its own: "0.0123", "2017-11-06 14:05:30".
template <class = void> [[nodiscard]] std::string value_text(double value, axis_scale scale) {
  if (scale != axis_scale::time || !drawable(value, scale)) return compact(value);
  const civil_time d = civil_of(value);
  return std::to_string(d.year) + "-" + two_digits(d.month) + "-" + two_digits(d.day) + " " +
         time_label(value, 1e3, false);
}

/// What the labels of a time axis leave out: the day, or the year, and the zone.
template <class = void> [[nodiscard]] std::string time_context(double low, double high, double step) {
  const civil_time from = civil_of(low), to = civil_of(high);
  if (step > 27 * day_ms) return "UTC";
  if (from.year != to.year) return std::to_string(from.year) + " to " + std::to_string(to.year) + ", UTC";
  const bool one_day = from.month == to.month && from.day == to.day;
  return (one_day ? time_label(low, day_ms, false) + " " : "") + std::to_string(from.year) + ", UTC";
}

/// Labels for ticks on a linear axis: one unit and one number of decimals for all, so that they can be compared.
template <class = void>
[[nodiscard]] std::vector<std::string> linear_labels(const std::vector<double>& ticks, bool as_percent) {
  const double unit = as_percent ? 100 : 1, step = ticks.size() > 1 ? unit * (ticks[1] - ticks[0]) : unit;
  const double largest = unit * (std::max)(std::fabs(ticks.front()), std::fabs(ticks.back()));
  const auto power = [](double v) { return static_cast<int>(std::floor(std::log10(v) + 1e-9)); };
  constexpr const char* suffix[] = {"", "k", "M", "G", "T"};
  int thousands = largest >= 1e5 && largest < 1e15 && !as_percent ? power(largest) / 3 : 0;
  if (3 * thousands - power(step) > 3) thousands = 0;
  const int decimals = (std::max)(0, 3 * thousands - power(step));
  const bool by_exponent = decimals > 5 || largest >= 1e15;
  std::vector<std::string> labels;
  for (const double tick : ticks) {
    const double value = unit * tick;
    const auto digits = [&] { return (std::min)(15, 1 + power(std::fabs(value)) - power(step)); };
    std::string label = tick == 0     ? "0"
                        : by_exponent ? sign(value) + scientific(round_to(std::fabs(value), digits()))
                                      : fixed(value / std::pow(1000.0, thousands), decimals) + suffix[thousands];
    labels.push_back(as_percent ? label + "%" : label);
  }
  return labels;
}

/// An axis with its range and ticks settled; maps a value to its place in [0, 1].
struct fitted_axis {
  axis_scale scale = axis_scale::linear;
  double low = 0, high = 1;
  std::vector<double> ticks{};
  std::vector<std::string> labels{};
  std::string label{};

  [[nodiscard]] double operator()(double value) const noexcept {
    const bool log = scale == axis_scale::log;
    const auto place = [&](double v) { return log ? std::log10(v) : v; };
    const double at = (place(value) - place(low)) / (place(high) - place(low));
    return (std::min)(1.0, (std::max)(0.0, at));
  }
};

template <class = void> [[nodiscard]] fitted_axis fit(const axis& settings, extent range, std::size_t most_ticks) {
  for (const double value : settings.include) range.add(value, settings.scale);
  fitted_axis fitted{settings.scale};
  fitted.label = settings.label;
  if (settings.scale == axis_scale::time) {
    if (range.empty()) range = {0, day_ms};
    if (range.high - range.low < 1) range = {range.low - 500, range.high + 500};
    fitted.low = range.low;
    fitted.high = range.high;
    fitted.ticks = time_ticks(range.low, range.high, most_ticks);
    const double step = fitted.ticks.size() > 1 ? fitted.ticks[1] - fitted.ticks[0] : day_ms;
    const bool several_days = std::floor(range.low / day_ms) != std::floor(range.high / day_ms);
    for (const double tick : fitted.ticks) fitted.labels.push_back(time_label(tick, step, several_days));
    fitted.label += (fitted.label.empty() ? "" : ", ") + time_context(range.low, range.high, step);
    return fitted;
  }
  const bool log = settings.scale == axis_scale::log;
  if (log && range.empty()) range = {0.1, 1};
  if (!log) range = widened(range);
  fitted.ticks = log ? log_ticks(range.low, range.high, most_ticks) : linear_ticks(range.low, range.high, most_ticks);
  fitted.low = fitted.ticks.front();
  fitted.high = fitted.ticks.back();
  if (log) {
    const bool thousands = fitted.high >= 1e5 && !settings.as_percent;
    for (const double tick : fitted.ticks)
      fitted.labels.push_back(settings.as_percent                      ? compact(100 * tick) + "%"
                              : thousands && tick >= 1e3 && tick < 1e5 ? compact(tick / 1e3) + "k"
                                                                       : compact(tick));
  } else {
    fitted.labels = linear_labels(fitted.ticks, settings.as_percent);
  }
  return fitted;
}

}  // namespace detail

}  // namespace mlsd::report
