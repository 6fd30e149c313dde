#pragma once

#include "mlsd/core/result.hpp"

#include <compare>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

namespace mlsd {

/// A length of time in milliseconds; negative is backwards.
struct duration {
  std::int64_t ms = 0;
  friend constexpr auto operator<=>(duration, duration) = default;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) { ar("ms", self.ms); }
};

/// A point in time: milliseconds since 1970-01-01T00:00:00 UTC, without leap seconds. Another type than `duration`, so
/// that two points cannot be added.
struct timestamp {
  std::int64_t ms = 0;
  friend constexpr auto operator<=>(timestamp, timestamp) = default;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) { ar("ms", self.ms); }
};

namespace detail::time_parts {

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

}  // namespace detail::time_parts

/// Arithmetic saturates at the ends of 64 bits instead of overflowing: later than everything stays so.
[[nodiscard]] constexpr duration milliseconds(std::int64_t n) noexcept { return {n}; }
[[nodiscard]] constexpr duration seconds(std::int64_t n) noexcept {
  return {detail::time_parts::saturated_product(n, detail::time_parts::second_ms)};
}
[[nodiscard]] constexpr duration minutes(std::int64_t n) noexcept {
  return {detail::time_parts::saturated_product(n, detail::time_parts::minute_ms)};
}
[[nodiscard]] constexpr duration hours(std::int64_t n) noexcept {
  return {detail::time_parts::saturated_product(n, detail::time_parts::hour_ms)};
}
[[nodiscard]] constexpr duration days(std::int64_t n) noexcept {
  return {detail::time_parts::saturated_product(n, detail::time_parts::day_ms)};
}

[[nodiscard]] constexpr duration operator+(duration a, duration b) noexcept {
  return {detail::time_parts::saturated_sum(a.ms, b.ms)};
}
[[nodiscard]] constexpr duration operator-(duration a, duration b) noexcept {
  return {detail::time_parts::saturated_difference(a.ms, b.ms)};
}
[[nodiscard]] constexpr duration operator-(duration a) noexcept { return duration{} - a; }
[[nodiscard]] constexpr timestamp operator+(timestamp t, duration d) noexcept {
  return {detail::time_parts::saturated_sum(t.ms, d.ms)};
}
[[nodiscard]] constexpr timestamp operator+(duration d, timestamp t) noexcept { return t + d; }
[[nodiscard]] constexpr timestamp operator-(timestamp t, duration d) noexcept {
  return {detail::time_parts::saturated_difference(t.ms, d.ms)};
}
[[nodiscard]] constexpr duration operator-(timestamp a, timestamp b) noexcept {
  return {detail::time_parts::saturated_difference(a.ms, b.ms)};
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
  using detail::time_parts::floor_quotient, detail::time_parts::floor_remainder;
  const timestamp local = t + utc_offset;
  const std::int64_t in_day = floor_remainder(local.ms, detail::time_parts::day_ms);
  // Days from 1 March of year 0, in cycles of 400 years; years that start in March end with the leap day, and their
  // months have 31 30 31 30 31 31 30 31 30 31 31 days: day 0 of month m is (153 m + 2) / 5.
  const std::int64_t day = floor_quotient(local.ms, detail::time_parts::day_ms) + 719'468;
  const std::int64_t cycle = floor_quotient(day, 146'097), in_cycle = floor_remainder(day, 146'097);
  const std::int64_t year = (in_cycle - in_cycle / 1'460 + in_cycle / 36'524 - in_cycle / 146'096) / 365;
  const std::int64_t in_year = in_cycle - (365 * year + year / 4 - year / 100);
  const std::int64_t month = (5 * in_year + 2) / 153;
  const auto part = [](std::int64_t x) { return static_cast<std::int32_t>(x); };
  return {.year = 400 * cycle + year + (month >= 10 ? 1 : 0),
          .month = part(month < 10 ? month + 3 : month - 9),
          .day = part(in_year - (153 * month + 2) / 5 + 1),
          .hour = part(in_day / detail::time_parts::hour_ms),
          .minute = part(in_day % detail::time_parts::hour_ms / detail::time_parts::minute_ms),
          .second = part(in_day % detail::time_parts::minute_ms / detail::time_parts::second_ms),
          .millisecond = part(in_day % detail::time_parts::second_ms)};
}

/// The inverse of `to_civil` for fields within their ranges, saturating beyond the years that 64 bits hold. Fields
/// outside of their ranges count on: 1 January plus 31 days is 1 February; the month must be 1 to 12.
[[nodiscard]] constexpr timestamp from_civil(const civil_time& c, duration utc_offset = {}) noexcept {
  constexpr std::int64_t horizon = 300'000'000;  // years; more than 64 bits of milliseconds hold
  const std::int64_t bounded = c.year > horizon ? horizon : c.year < -horizon ? -horizon : c.year;
  const std::int64_t year = bounded - (c.month <= 2 ? 1 : 0), month = c.month > 2 ? c.month - 3 : c.month + 9;
  const std::int64_t cycle = detail::time_parts::floor_quotient(year, 400),
                     in_cycle = detail::time_parts::floor_remainder(year, 400);
  const std::int64_t day =
      (153 * month + 2) / 5 + c.day - 1 + 365 * in_cycle + in_cycle / 4 - in_cycle / 100 + 146'097 * cycle - 719'468;
  const std::int64_t in_day = c.hour * detail::time_parts::hour_ms + c.minute * detail::time_parts::minute_ms +
                              c.second * detail::time_parts::second_ms + c.millisecond;
  // The day and the time of day may saturate apart: near the lower end, the day alone is out of range.
  if (day < 0) return timestamp{} + days(day + 1) + duration{in_day - detail::time_parts::day_ms} - utc_offset;
  return timestamp{} + days(day) + duration{in_day} - utc_offset;
}

/// 0 to 23, `utc_offset` east of UTC.
[[nodiscard]] constexpr std::int32_t civil_hour(timestamp t, duration utc_offset = {}) noexcept {
  return static_cast<std::int32_t>(
      detail::time_parts::floor_remainder((t + utc_offset).ms, detail::time_parts::day_ms) /
      detail::time_parts::hour_ms);
}
/// 0 is Monday, 6 is Sunday, `utc_offset` east of UTC. 1970-01-01 was a Thursday.
[[nodiscard]] constexpr std::int32_t civil_weekday(timestamp t, duration utc_offset = {}) noexcept {
  const std::int64_t day = detail::time_parts::floor_quotient((t + utc_offset).ms, detail::time_parts::day_ms);
  return static_cast<std::int32_t>(detail::time_parts::floor_remainder(day + 3, 7));
}

/// The start of the bucket of width `width` > 0 that t is in; buckets count from 1970. For widths that divide a day,
/// days start at midnight UTC.
[[nodiscard]] constexpr timestamp floor_to(timestamp t, duration width) noexcept {
  return t - duration{detail::time_parts::floor_remainder(t.ms, width.ms)};
}

/// "2017-11-06T16:00:00Z", with ".250" before the Z where the milliseconds are not 0. A year that needs more than four
/// digits has a sign: "+12017-...". For years 0 to 9999 `parse_timestamp` reads it back.
template <class = void> [[nodiscard]] std::string to_string(timestamp t) {
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

namespace detail::time_parts {

/// Reads one timestamp; the first fault stops it.
class reader {
 public:
  explicit constexpr reader(std::string_view text) noexcept : text_(text) {}

  template <class = void> [[nodiscard]] result<timestamp> read() {
    const std::int64_t ms = looks_like_epoch() ? epoch() : calendar();
    if (fault_.empty() && at_ != text_.size()) fail("unexpected text after the time");
    if (fault_.empty()) return timestamp{ms};
    std::string shown(text_.substr(0, 40));
    if (text_.size() > 40) shown += "...";
    return error{errc::parse, "time '" + shown + "': " + fault_, at_};
  }

 private:
  [[nodiscard]] char peek() const noexcept { return at_ < text_.size() ? text_[at_] : '\0'; }
  [[nodiscard]] static constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
  bool accept(char c) noexcept {
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  template <class = void> void fail(std::string what) {
    if (fault_.empty()) fault_ = std::move(what);
  }
  template <class = void> void expect(char c) {
    if (fault_.empty() && !accept(c)) fail(std::string("expected '") + c + "'");
  }

  [[nodiscard]] bool looks_like_epoch() const noexcept {
    std::size_t i = !text_.empty() && text_.front() == '-' ? 1 : 0;
    const std::size_t first = i;
    while (i < text_.size() && is_digit(text_[i])) ++i;
    return i > first && (i == text_.size() || text_[i] == '.');
  }

  template <class = void> std::int64_t epoch() {
    constexpr std::int64_t boundary = 100'000'000'000, last = 253'402'300'799'999, first = -62'167'219'200'000;
    const bool negative = accept('-');
    std::int64_t n = 0;
    for (; is_digit(peek()); ++at_) n = n > last ? n : n * 10 + (peek() - '0');
    if (n < boundary) n = n * second_ms + fraction();
    if (negative) n = -n;
    if (n < first || n > last) fail("seconds or milliseconds beyond the years 0 to 9999");
    return n;
  }

  template <class = void> std::int64_t calendar() {
    civil_time c{.year = number("year", 4, 0, 9999)};
    const char separator = peek() == '/' ? '/' : '-';
    expect(separator);
    c.month = number("month", 2, 1, 12);
    expect(separator);
    if (fault_.empty()) c.day = number("day", 2, 1, days_in_month(c.year, c.month));
    std::int64_t offset = 0;
    if (fault_.empty() && at_ != text_.size()) {
      if (!accept('T') && !accept(' ')) fail("expected 'T' or a space");
      c.hour = number("hour", 2, 0, 23);
      expect(':');
      c.minute = number("minute", 2, 0, 59);
      if (fault_.empty() && accept(':')) {
        c.second = number("second", 2, 0, 59);
        if (fault_.empty()) c.millisecond = fraction();
      }
      if (fault_.empty()) offset = utc_offset();
    }
    return fault_.empty() ? from_civil(c, duration{offset}).ms : 0;
  }

  /// Exactly `digits` digits that make a number in [low, high].
  template <class = void> std::int32_t number(const char* name, int digits, std::int32_t low, std::int32_t high) {
    if (!fault_.empty()) return low;
    std::int32_t n = 0;
    for (int i = 0; i < digits; ++i, ++at_) {
      if (!is_digit(peek())) return fail(std::string("expected a digit of the ") + name), low;
      n = n * 10 + (peek() - '0');
    }
    if (n >= low && n <= high) return n;
    at_ -= static_cast<std::size_t>(digits);
    return fail(std::string(name) + " " + std::to_string(n) + " is not in " + std::to_string(low) + " to " +
                std::to_string(high)),
           low;
  }

  /// "." and one to nine digits, as milliseconds, the rest cut off; 0 where there is no ".".
  template <class = void> std::int32_t fraction() {
    if (!accept('.')) return 0;
    std::int32_t ms = 0, unit = 100, digits = 0;
    for (; digits < 9 && is_digit(peek()); ++digits, ++at_, unit /= 10) ms += unit * (peek() - '0');
    if (digits == 0) fail("expected a digit after '.'");
    return ms;
  }

  /// Nothing or Z is 0; else a sign, hours, and minutes with or without ":".
  template <class = void> std::int64_t utc_offset() {
    if (at_ == text_.size() || accept('Z')) return 0;
    const bool west = peek() == '-';
    if (!accept('-') && !accept('+')) return fail("expected 'Z' or an offset such as +01:00"), 0;
    const std::int64_t hour = number("hour of the offset", 2, 0, 23);
    std::int64_t minute = 0;
    if (fault_.empty() && at_ != text_.size()) {
      accept(':');
      minute = number("minute of the offset", 2, 0, 59);
    }
    return (west ? -1 : 1) * (hour * hour_ms + minute * minute_ms);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string fault_;
};

}  // namespace detail::time_parts

/// Reads the whole of a text as a time, strictly; UTC where it has no offset. Years 0 to 9999.
/// - A date, YYYY-MM-DD or YYYY/MM/DD; after 'T' or a space, hh:mm, then optionally :ss and .fraction of 1 to 9 digits,
///   cut to milliseconds; then optionally Z, +hh:mm, +hhmm or +hh (ISO 8601, RFC 3339).
/// - A number: seconds since 1970, with an optional fraction, where its magnitude is below 10^11 (year 5138), else
///   milliseconds (10^11 is 1973-03-03). So 20240131 is a number of seconds, not a date. Microseconds are an error.
/// No blanks around, no 24:00, no leap second :60. The error says which part is wrong; its position counts bytes from
/// the start of the text. Success allocates nothing.
template <class = void> [[nodiscard]] result<timestamp> parse_timestamp(std::string_view text) {
  return detail::time_parts::reader(text).read();
}

}  // namespace mlsd
