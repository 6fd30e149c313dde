#include "mlsd/store/window_plan.hpp"

#include <vector>

#include "catch.hpp"

namespace test_window_plan {
using namespace mlsd;
using detail::window_aggregate;
using detail::window_plan;

TEST_CASE("window_plan: columns come as configured; equal windows are looked up once", "[store]") {
  const windows_config c{.count = {hours(2), hours(1)},
                         .all_time = true,
                         .since_last = true,
                         .values = {{.sum = {hours(1)}}, {.unit = 1, .mean = {hours(3)}, .decayed = {{8}}}},
                         .distinct = {{}, {hours(1), tumbling(hours(1))}}};
  const window_plan p = window_plan::of(c).value();
  CHECK(p.windows == std::vector<window>{hours(2), hours(1), hours(3), tumbling(hours(1))});
  CHECK(p.horizon == hours(3));
  using enum window_aggregate;
  const std::vector<detail::window_column> wanted{{count, 0, 0},      {count, 1, 0},    {all_time, 0, 0},
                                                  {since_last, 0, 0}, {sum, 1, 0},      {mean, 2, 1},
                                                  {decayed, 0, 1},    {distinct, 0, 1}, {distinct, 1, 1}};
  REQUIRE(p.columns.size() == wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    CHECK(p.columns[i].what == wanted[i].what);
    CHECK(p.columns[i].at == wanted[i].at);
    CHECK(p.columns[i].input == wanted[i].input);
  }
  REQUIRE(p.tracked.size() == 2);
  CHECK(p.tracked[1].item == 1);
  CHECK(p.tracked[1].window == 3);
  REQUIRE(p.decays.size() == 1);
  CHECK(p.decays[0].value == 1);
  CHECK(p.decays[0].rate * 8 == Approx(-0.693147180559945));
  REQUIRE(p.units.size() == 2);
  CHECK(p.units[1].unit() == 1);
}

TEST_CASE("window_plan: more different windows than a look-up has room for are an error", "[store]") {
  windows_config c;
  for (std::int64_t i = 1; i <= 64; ++i) c.count.push_back(minutes(i));
  CHECK(window_plan::of(c));
  c.distinct = {{hours(9)}};
  CHECK(window_plan::of(c).error().code == errc::capacity);
  for (std::int64_t i = 1; i <= 64; ++i) c.distinct.push_back({seconds(i), seconds(100 + i), seconds(200 + i)});
  CHECK_FALSE(window_plan::of(c));
}

}  // namespace test_window_plan
