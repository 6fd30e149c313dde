#include "mlsd/store/windows_config.hpp"

#include "round_trip.hpp"

#include <cmath>

#include "catch.hpp"

namespace test_windows_config {
using namespace mlsd;

TEST_CASE("windows_config: the horizon is the longest reach of any window", "[store]") {
  CHECK(windows_config{}.horizon() == duration{});
  const windows_config c{.count = {hours(1)},
                         .values = {{.sum = {minutes(5)}, .mean = {sawtooth(hours(2), minutes(30))}}},
                         .distinct = {{}, {tumbling(hours(2))}}};
  CHECK(c.horizon() == minutes(150));
  CHECK(c.check());
  CHECK(mlsd_test::round_trips(c));
}

TEST_CASE("windows_config: bad settings are errors that name them", "[store]") {
  const auto message = [](const windows_config& c) {
    const auto r = c.check();
    return r ? std::string() : r.error().message;
  };
  CHECK(message({}).empty());
  CHECK(message({.count = {hours(1), duration{0}}}) == "windows: a window of 0 ms is not positive");
  CHECK(message({.distinct = {{hopping({5}, {0})}}}) == "windows: a window with a hop of 0 ms");
  CHECK(message({.values = {{.unit = 0}}}).find("windows: a unit of 0") == 0);
  CHECK_FALSE(message({.values = {{.unit = NAN}}}).empty());
  CHECK_FALSE(message({.values = {{.unit = -1}}}).empty());
  CHECK_FALSE(message({.values = {{.unit = INFINITY}}}).empty());
  CHECK(message({.values = {{.decayed = {{0}}}}}) == "windows: a half-life is not positive");
  CHECK(message({.lateness = {-1}}) == "windows: the lateness is negative");
  CHECK(message({.values = {{.decayed = {{5}}}}, .forget_idle_keys = true}) ==
        "windows: keys cannot be forgotten without a window");
  CHECK(message({.reserve_keys = std::uint64_t{1} << 31}).find("2^31") != std::string::npos);
  CHECK(message({.values = std::vector<value_windows>(65)}) == "windows: more than 64 of one kind");
  CHECK(message({.count = std::vector<window>(65, hours(1))}) == "windows: more than 64 of one kind");
}

}  // namespace test_windows_config
