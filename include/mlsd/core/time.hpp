#pragma once

#include "mlsd/core/result.hpp"

#include <compare>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace mlsd {

/// A length of time in milliseconds; negative is backwards.
struct duration {
  std::int64_t ms = 0;
  friend constexpr auto operator<=>(duration, duration) = default;
  template <class Self, class Ar>
  static constexpr void describe(Self& self, Ar& ar) {
    ar("ms", self.ms);
  }
};

/// A point in time: milliseconds since 1970-01-01T00:00:00 UTC, without leap seconds. Another type than `duration`, so
/// that two points cannot be added.
struct timestamp {
  std::int64_t ms = 0;
  friend constexpr auto operator<=>(timestamp, timestamp) = default;
  template <class Self, class Ar>
  static constexpr void describe(Self& self, Ar& ar) {
    ar("ms", self.ms);
  }
};

namespace detail {

inline constexpr std::int64_t most = (std::numeric_limits<std::int64_t>::max)();
inline constexpr std::int64_t least = (std::numeric_limits<std::int64_t>::min)();

[[nodiscard]] constexpr std::int64_t saturated_sum(std::int64_t a, std::int64_t b) noexcept {
  if (b > 0 && a > most - b) return most;
  if (b < 0 && a < least - b) return least;
  return a + b;
}
[[nodiscard]] constexpr std::int64_t saturated_difference(std::int64_t a, std::int64_t b) noexcept {
  if (b < 0 && a > most + b) return most;
  if (b > 0 && a < least + b) return least;
  return a - b;
}
/// `factor` > 0.
[[nodiscard]] constexpr std::int64_t saturated_product(std::int64_t a, std::int64_t factor) noexcept {
  if (a > most / factor) return most;
  if (a < least / factor) return least;
  return a * factor;
}
/// Rounds to minus infinity; `b` > 0.
[[nodiscard]] constexpr std::int64_t floor_quotient(std::int64_t a, std::int64_t b) noexcept {
  return a / b - (a % b < 0 ? 1 : 0);
}
/// In [0, b); `b` > 0.
[[nodiscard]] constexpr std::int64_t floor_remainder(std::int64_t a, std::int64_t b) noexcept {
  return a % b + (a % b < 0 ? b : 0);
}

inline constexpr std::int64_t second_ms = 1000, minute_ms = 60 * second_ms, hour_ms = 60 * minute_ms,
                              day_ms = 24 * hour_ms;

}  // namespace detail

/// Arithmetic saturates at the ends of 64 bits instead of overflowing: later than everything stays so.
[[nodiscard]] constexpr duration milliseconds(std::int64_t n) noexcept { return {n}; }
[[nodiscard]] constexpr duration seconds(std::int64_t n) noexcept {
  return {detail::saturated_product(n, detail::second_ms)};
}
[[nodiscard]] constexpr duration minutes(std::int64_t n) noexcept {
  return {detail::saturated_product(n, detail::minute_ms)};
}
[[nodiscard]] constexpr duration hours(std::int64_t n) noexcept {
  return {detail::saturated_product(n, detail::hour_ms)};
}
[[nodiscard]] constexpr duration days(std::int64_t n) noexcept {
  return {detail::saturated_product(n, detail::day_ms)};
}

[[nodiscard]] constexpr duration operator+(duration a, duration b) noexcept {
  return {detail::saturated_sum(a.ms, b.ms)};
}
[[nodiscard]] constexpr duration operator-(duration a, duration b) noexcept {
  return {detail::saturated_difference(a.ms, b.ms)};
}
[[nodiscard]] constexpr duration operator-(duration a) noexcept { return duration{} - a; }
[[nodiscard]] constexpr timestamp operator+(timestamp t, duration d) noexcept {
  return {detail::saturated_sum(t.ms, d.ms)};
}
[[nodiscard]] constexpr timestamp operator+(duration d, timestamp t) noexcept { return t + d; }
[[nodiscard]] constexpr timestamp operator-(timestamp t, duration d) noexcept {
  return {detail::saturated_difference(t.ms, d.ms)};
}
[[nodiscard]] constexpr duration operator-(timestamp a, timestamp b) noexcept {
  return {detail::saturated_difference(a.ms, b.ms)};
}
constexpr timestamp& operator+=(timestamp& t, duration d) noexcept { return t = t + d; }
constexpr timestamp& operator-=(timestamp& t, duration d) noexcept { return t = t - d; }

/// A date and a time of day in the proleptic Gregorian calendar. Year 0 is 1 BC.
struct civil_time {
  std::int64_t year = 1970;
  std::int32_t month = 1, day = 1, hour = 0, minute = 0, second = 0, millisecond = 0;
  friend constexpr bool operator==(const civil_time&, const civil_time&) = default;
};

/// Days in a month, 1 to 12, of a year.
[[nodiscard]] constexpr std::int32_t days_in_month(std::int64_t year, std::int32_t month) noexcept {
  if (month == 2) return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/// The clock and the calendar at t, `utc_offset` east of UTC. For times before 1970 too; every timestamp has one.
[[nodiscard]] constexpr civil_time to_civil(timestamp t, duration utc_offset = {}) noexcept {
  using detail::floor_quotient, detail::floor_remainder;
  const timestamp local = t + utc_offset;
  const std::int64_t in_day = floor_remainder(local.ms, detail::day_ms);
  // Days from 1 March of year 0, in cycles of 400 years; years that start in March end with the leap day, and their
  // months have 31 30 31 30 31 31 30 31 30 31 31 days: day 0 of month m is (153 m + 2) / 5.
  const std::int64_t day = floor_quotient(local.ms, detail::day_ms) + 719'468;
  const std::int64_t cycle = floor_quotient(day, 146'097), in_cycle = floor_remainder(day, 146'097);
  const std::int64_t year = (in_cycle - in_cycle / 1'460 + in_cycle / 36'524 - in_cycle / 146'096) / 365;
  const std::int64_t in_year = in_cycle - (365 * year + year / 4 - year / 100);
  const std::int64_t month = (5 * in_year + 2) / 153;
  const auto part = [](std::int64_t x) { return static_cast<std::int32_t>(x); };
  return {.year = 400 * cycle + year + (month >= 10 ? 1 : 0),
          .month = part(month < 10 ? month + 3 : month - 9),
          .day = part(in_year - (153 * month + 2) / 5 + 1),
          .hour = part(in_day / detail::hour_ms),
          .minute = part(in_day % detail::hour_ms / detail::minute_ms),
          .second = part(in_day % detail::minute_ms / detail::second_ms),
          .millisecond = part(in_day % detail::second_ms)};
}

/// The inverse of `to_civil` for fields within their ranges, saturating beyond the years that 64 bits hold. Fields
/// outside of their ranges count on: 1 January plus 31 days is 1 February; the month must be 1 to 12.
[[nodiscard]] constexpr timestamp from_civil(const civil_time& c, duration utc_offset = {}) noexcept {
  constexpr std::int64_t horizon = 300'000'000;  // years; more than 64 bits of milliseconds hold
  const std::int64_t bounded = c.year > horizon ? horizon : c.year < -horizon ? -horizon : c.year;
  const std::int64_t year = bounded - (c.month <= 2 ? 1 : 0), month = c.month > 2 ? c.month - 3 : c.month + 9;
  const std::int64_t cycle = detail::floor_quotient(year, 400), in_cycle = detail::floor_remainder(year, 400);
  const std::int64_t day = (153 * month + 2) / 5 + c.day - 1 + 365 * in_cycle + in_cycle / 4 - in_cycle / 100 +
                           146'097 * cycle - 719'468;
  const std::int64_t in_day =
      c.hour * detail::hour_ms + c.minute * detail::minute_ms + c.second * detail::second_ms + c.millisecond;
  // The day and the time of day may saturate apart: near the lower end, the day alone is out of range.
  if (day < 0) return timestamp{} + days(day + 1) + duration{in_day - detail::day_ms} - utc_offset;
  return timestamp{} + days(day) + duration{in_day} - utc_offset;
}

/// 0 to 23, `utc_offset` east of UTC.
[[nodiscard]] constexpr std::int32_t civil_hour(timestamp t, duration utc_offset = {}) noexcept {
  return static_cast<std::int32_t>(detail::floor_remainder((t + utc_offset).ms, detail::day_ms) / detail::hour_ms);
}
/// 0 is Monday, 6 is Sunday, `utc_offset` east of UTC. 1970-01-01 was a Thursday.
[[nodiscard]] constexpr std::int32_t civil_weekday(timestamp t, duration utc_offset = {}) noexcept {
  const std::int64_t day = detail::floor_quotient((t + utc_offset).ms, detail::day_ms);
  return static_cast<std::int32_t>(detail::floor_remainder(day + 3, 7));
}

/// The start of the bucket of width `width` > 0 that t is in; buckets count from 1970. For widths that divide a day,
/// days start at midnight UTC.
[[nodiscard]] constexpr timestamp floor_to(timestamp t, duration width) noexcept {
  return t - duration{detail::floor_remainder(t.ms, width.ms)};
}

/// "2017-11-06T16:00:00Z", with ".250" before the Z where the milliseconds are not 0. A year that needs more than four
/// digits has a sign: "+12017-...". For years 0 to 9999 `parse_timestamp` reads it back.
[[nodiscard]] inline std::string to_string(timestamp t) {
  const civil_time c = to_civil(t);
  std::string out;
  const auto put = [&out](std::int64_t n, std::size_t width) {
    const std::string digits = std::to_string(n);
    if (digits.size() < width) out.append(width - digits.size(), '0');
    out += digits;
  };
  if (c.year < 0 || c.year > 9999) out += c.year < 0 ? '-' : '+';
  put(c.year < 0 ? -c.year : c.year, 4);
  const struct {
    char before;
    std::int32_t value;
  } fields[] = {{'-', c.month}, {'-', c.day}, {'T', c.hour}, {':', c.minute}, {':', c.second}};
  for (const auto& f : fields) {
    out += f.before;
    put(f.value, 2);
  }
  if (c.millisecond != 0) {
    out += '.';
    put(c.millisecond, 3);
  }
  return out += 'Z';
}

}  // namespace mlsd
