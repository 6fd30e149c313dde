#include "mlsd/scoring/platt.hpp"

#include "catch.hpp"
#include "round_trip.hpp"

#include <cmath>
#include <limits>

namespace test_platt_map {
using namespace mlsd;

TEST_CASE("platt_map: sigmoid of a line") {
  const platt_map m(2, -1);
  CHECK(m.margin(3) == 5);
  CHECK(m.probability(0.5) == 0.5);
  CHECK(m.probability(3) == Approx(1 / (1 + std::exp(-5.0))).epsilon(1e-15));
  CHECK(platt_map{}.margin(0.7) == 0.7);
  CHECK(std::isnan(m.probability(std::nan(""))));
  CHECK(m.probability(1e308) == 1);
}

TEST_CASE("platt_map: a file gives it back; what is not finite is refused") {
  CHECK(mlsd_test::round_trips(platt_map(0.1, -3)));
  CHECK(platt_map(0.1, -3).validate());
  CHECK_FALSE(platt_map(std::nan(""), 0).validate());
  CHECK_FALSE(platt_map(1, std::numeric_limits<double>::infinity()).validate());
  CHECK(mlsd_test::mutate(platt_map(0.1, -3), 200, [](const platt_map& m) { REQUIRE(m.validate()); }) > 0);
}

}  // namespace test_platt_map
