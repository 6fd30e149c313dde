#include "mlsd/stats/interval.hpp"

#include <cmath>

#include "catch.hpp"

namespace test_stats_interval {

using namespace mlsd;

TEST_CASE("normal_z: printed tables") {
  CHECK(normal_z(0.95) == Approx(1.959963984540054).epsilon(1e-13));
  CHECK(normal_z(0.99) == Approx(2.5758293035489).epsilon(1e-12));
}

TEST_CASE("wilson_interval: Newcombe's worked examples (1998)") {
  const interval a = wilson_interval({.successes = 81, .trials = 263});
  CHECK(a.lower == Approx(0.2553).margin(5e-5));
  CHECK(a.upper == Approx(0.3662).margin(5e-5));
  const interval b = wilson_interval({.successes = 0, .trials = 20});
  CHECK(b.lower == 0);
  CHECK(b.upper == Approx(0.1611).margin(5e-5));
  const interval c = wilson_interval({.successes = 29, .trials = 29});
  CHECK(c.lower == Approx(0.8830).margin(5e-5));
  CHECK(c.upper == 1);
  CHECK(std::isnan(wilson_interval({}).lower));
  CHECK_FALSE(wilson_interval({}).contains(0.5));
}

TEST_CASE("normal_estimate and interval") {
  const estimate e = normal_estimate({.value = 1, .standard_error = 2}, 0.9);
  CHECK(e.ci.lower == Approx(1 - 2 * 1.6448536).epsilon(1e-7));
  CHECK(e.ci.width() == Approx(4 * 1.6448536).epsilon(1e-7));
  CHECK(e.ci.level == 0.9);
  CHECK(e.ci.contains(1));
  CHECK(e.ci.within(0, 2).lower == 0);
  CHECK(e.ci.within(0, 2).upper == 2);
  CHECK(std::isnan(normal_estimate({.value = 1}).ci.within(0, 1).upper));
}

}  // namespace test_stats_interval
