#include "mlsd/features/calendar.hpp"
#include "catch.hpp"

#include <limits>

namespace test_calendar {
using mlsd::timestamp;

TEST_CASE("hour_of_day is the hour of the clock at its offset", "[features]") {
  constexpr mlsd::hour_of_day utc;
  static_assert(utc(timestamp{0}).value == 0);
  static_assert(utc(timestamp{3'600'000 - 1}).value == 0 && utc(timestamp{3'600'000}).value == 1);
  static_assert(utc(timestamp{-1}).value == 23);  // before 1970
  static_assert(mlsd::hour_of_day{.utc_offset = 330}(timestamp{0}).value == 5);
  static_assert(mlsd::hour_of_day{.utc_offset = -30}(timestamp{0}).value == 23);
  constexpr std::int64_t most = (std::numeric_limits<std::int64_t>::max)(),
                         least = (std::numeric_limits<std::int64_t>::min)();
  for (const std::int64_t ms : {most, least})
    for (const std::int32_t offset : {-1439, 0, 1439})
      CHECK(mlsd::hour_of_day{.utc_offset = offset}(timestamp{ms}).value < mlsd::hour_of_day::cardinality());
}

TEST_CASE("hour_of_day agrees with the calendar", "[features]") {
  for (std::int64_t ms = -400'000'000; ms < 400'000'000; ms += 1'234'567)
    CHECK(mlsd::hour_of_day{}(timestamp{ms}).value == static_cast<std::uint32_t>(mlsd::to_civil(timestamp{ms}).hour));
}

}  // namespace test_calendar
