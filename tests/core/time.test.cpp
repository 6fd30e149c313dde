#include "mlsd/core/time.hpp"

#include "catch.hpp"

#include <limits>
#include <string>

namespace test_time {

using namespace mlsd;
constexpr std::int64_t max64 = (std::numeric_limits<std::int64_t>::max)();
constexpr std::int64_t min64 = (std::numeric_limits<std::int64_t>::min)();

struct golden {
  const char* text;
  std::int64_t ms;
  std::int32_t weekday;
};
// From Python's datetime.
constexpr golden goldens[] = {
    {"1970-01-01T00:00:00Z", 0, 3},
    {"2017-11-06T16:00:00Z", 1509984000000, 0},
    {"2000-02-29T23:59:59Z", 951868799000, 1},
    {"1969-12-31T23:59:59Z", -1000, 2},
    {"0001-01-01T00:00:00Z", -62135596800000, 0},
    {"9999-12-31T23:59:59Z", 253402300799000, 4},
    {"1900-03-01T00:00:00Z", -2203891200000, 3},
    {"2024-02-29T12:30:45Z", 1709209845000, 3},
};
std::int64_t ms_of(std::string_view text) { return parse_timestamp(text).value().ms; }

TEST_CASE("time: dates that another implementation computed") {
  for (const golden& g : goldens) {
    CHECK(ms_of(g.text) == g.ms);
    CHECK(to_string(timestamp{g.ms}) == g.text);
    CHECK(civil_weekday({g.ms}) == g.weekday);
    CHECK(from_civil(to_civil({g.ms})).ms == g.ms);
  }
}

TEST_CASE("time: the calendar counts every day of 800 years in order") {
  civil_time expected{.year = 1599, .month = 12, .day = 31};
  const std::int64_t first = from_civil({.year = 1600}).ms / 86'400'000;
  for (std::int64_t day = first; day < first + 2 * 146'097; ++day) {
    if (++expected.day > days_in_month(expected.year, expected.month)) {
      expected.day = 1;
      if (++expected.month > 12) expected.month = 1, ++expected.year;
    }
    const timestamp t{day * 86'400'000};
    REQUIRE(to_civil(t) == expected);
    REQUIRE(from_civil(expected) == t);
  }
  CHECK(expected.year == 2399);
  CHECK(expected.month == 12);
  CHECK(days_in_month(1900, 2) == 28);
  CHECK(days_in_month(2000, 2) == 29);
  CHECK(days_in_month(2023, 2) == 28);
  CHECK(days_in_month(2024, 2) == 29);
}

TEST_CASE("time: every 64-bit timestamp has a civil time, and back") {
  for (const std::int64_t ms : {min64, min64 + 1, min64 + 86'400'000, std::int64_t{-1}, max64 - 1, max64})
    CHECK(from_civil(to_civil({ms})).ms == ms);
  CHECK(to_civil({-1}) == civil_time{1969, 12, 31, 23, 59, 59, 999});
  CHECK(to_civil({max64}).year == 292'278'994);
  CHECK(to_string(timestamp{max64}) == "+292278994-08-17T07:12:55.807Z");
  CHECK(to_string(timestamp{min64}) == "-292275055-05-16T16:47:04.192Z");
  CHECK(from_civil({.year = max64}).ms == max64);
  CHECK(from_civil({.year = min64}).ms == min64);
}

TEST_CASE("time: arithmetic saturates") {
  CHECK(timestamp{max64} + seconds(1) == timestamp{max64});
  CHECK(timestamp{min64} - days(1) == timestamp{min64});
  CHECK(timestamp{5} - timestamp{3} == milliseconds(2));
  CHECK(timestamp{max64} - timestamp{min64} == duration{max64});
  CHECK(timestamp{min64} - timestamp{max64} == duration{min64});
  CHECK(-duration{min64} == duration{max64});
  CHECK(days(max64) == duration{max64});
  CHECK(hours(min64) == duration{min64});
  CHECK(days(1) == hours(24));
  CHECK(hours(1) == minutes(60));
  CHECK(minutes(1) == seconds(60));
  CHECK(seconds(1) == milliseconds(1000));
  timestamp t{10};
  CHECK((t += seconds(1)) == timestamp{1010});
  CHECK((t -= seconds(2)) == timestamp{-990});
  STATIC_REQUIRE(timestamp{1} < timestamp{2});
}

TEST_CASE("time: hours and weekdays by local clock, before 1970 too") {
  const timestamp t{ms_of("2017-11-06T22:30:00Z")};
  CHECK(civil_hour(t) == 22);
  CHECK(civil_hour(t, hours(8)) == 6);
  CHECK(civil_weekday(t, hours(8)) == 1);
  CHECK(civil_hour(t, -hours(23)) == 23);
  CHECK(civil_hour({-1}) == 23);
  CHECK(civil_weekday({-1}) == 2);
  CHECK(civil_hour({max64}, hours(1)) == civil_hour({max64}));
  CHECK(to_civil(t, hours(2)) == civil_time{2017, 11, 7, 0, 30, 0, 0});
  CHECK(from_civil({2017, 11, 7, 0, 30, 0, 0}, hours(2)) == t);
  CHECK(floor_to({ms_of("2017-11-06T22:30:00Z")}, hours(1)).ms == ms_of("2017-11-06T22:00:00Z"));
  CHECK(floor_to({-1}, days(1)).ms == -86'400'000);
  CHECK(floor_to({min64}, days(1)).ms == min64);
}

TEST_CASE("time: the usual ways to write one instant") {
  for (const char* text : {"2017-11-06T16:00:00Z", "2017-11-06 16:00:00", "2017/11/06 16:00:00", "2017-11-06T16:00",
                           "2017-11-06 16:00Z", "2017-11-06T16:00:00.000", "2017-11-06T16:00:00.0009999Z",
                           "2017-11-07T00:00:00+08:00", "2017-11-07T00:00:00+0800", "2017-11-07 00:00:00+08",
                           "2017-11-06T10:30:00-05:30", "1509984000", "1509984000.0", "1509984000000"})
    CHECK(ms_of(text) == 1509984000000);
  CHECK(ms_of("2017-11-06") == 1509926400000);
  CHECK(ms_of("2017/11/06") == 1509926400000);
  CHECK(ms_of("2017-11-06T16:00:00.25Z") == 1509984000250);
  CHECK(ms_of("2017-11-06T16:00:00.123456789+00:00") == 1509984000123);
  CHECK(ms_of("1969-12-31T23:59:59.999Z") == -1);
  CHECK(ms_of("-1.5") == -1500);
  CHECK(ms_of("0") == 0);
  CHECK(ms_of("-0.0005") == 0);
  CHECK(ms_of("99999999999") == 99'999'999'999'000);  // the last seconds
  CHECK(ms_of("100000000000") == 100'000'000'000);    // the first milliseconds
  CHECK(ms_of("253402300799999") == 253'402'300'799'999);
}

TEST_CASE("time: what is no time is an error that names the culprit and its place") {
  struct wrong {
    const char *text, *reason;
    std::uint64_t position;
  };
  for (const wrong& w : {
           wrong{"", "expected a digit of the year", 0},
           {"hello", "expected a digit of the year", 0},
           {"2017-13-01", "month 13 is not in 1 to 12", 5},
           {"2017-00-01", "month 0 is not in 1 to 12", 5},
           {"2017-02-30", "day 30 is not in 1 to 28", 8},
           {"2016-02-30", "day 30 is not in 1 to 29", 8},
           {"2017-04-31", "day 31 is not in 1 to 30", 8},
           {"2017-11-06T24:00", "hour 24 is not in 0 to 23", 11},
           {"2017-11-06T23:60", "minute 60 is not in 0 to 59", 14},
           {"2016-12-31T23:59:60Z", "second 60 is not in 0 to 59", 17},
           {"2017-11/06", "expected '-'", 7},
           {"2017/11-06", "expected '/'", 7},
           {"17-11-06", "expected a digit of the year", 2},
           {"2017-1-06", "expected a digit of the month", 6},
           {"2017-11-06T", "expected a digit of the hour", 11},
           {"2017-11-06T16", "expected ':'", 13},
           {"2017-11-06T16:00:00.", "expected a digit after '.'", 20},
           {"2017-11-06T16:00:00.1234567890", "expected 'Z' or an offset such as +01:00", 29},
           {"2017-11-06T16:00:00 ", "expected 'Z' or an offset such as +01:00", 19},
           {"2017-11-06T16:00:00+24:00", "hour of the offset 24 is not in 0 to 23", 20},
           {"2017-11-06T16:00:00+01:60", "minute of the offset 60 is not in 0 to 59", 23},
           {"2017-11-06T16:00:00Zulu", "unexpected text after the time", 20},
           {"2017-11-06x", "expected 'T' or a space", 10},
           {" 2017-11-06", "expected a digit of the year", 0},
           {"1509984000.", "expected a digit after '.'", 11},
           {"1509984000000.5", "unexpected text after the time", 13},
           {"1509984000000000", "seconds or milliseconds beyond the years 0 to 9999", 16},
           {"-99999999999", "seconds or milliseconds beyond the years 0 to 9999", 12},
           {"99999999999999999999999999999999", "seconds or milliseconds beyond the years 0 to 9999", 32},
           {"-", "expected a digit of the year", 0},
       }) {
    const auto r = parse_timestamp(w.text);
    INFO(w.text);
    REQUIRE_FALSE(r);
    CHECK(r.error().code == errc::parse);
    CHECK(r.error().message == "time '" + std::string(w.text) + "': " + w.reason);
    CHECK(r.error().position == w.position);
  }
  const std::string nul("2017-11-06\0", 11);
  CHECK_FALSE(parse_timestamp(nul));
  CHECK(parse_timestamp(std::string(1000, 'x')).error().message.size() < 100);
}

TEST_CASE("time: what to_string writes, parse_timestamp reads") {
  for (std::int64_t ms = -62'167'219'200'000; ms < 253'402'300'800'000; ms += 86'400'000LL * 997 + 12'345'679)
    REQUIRE(ms_of(to_string(timestamp{ms})) == ms);
}

}  // namespace test_time
