#include "mlsd/scoring/margin_shift.hpp"

#include "catch.hpp"
#include "mlsd/core/math.hpp"
#include "round_trip.hpp"

#include <cmath>

namespace test_margin_shift {
using namespace mlsd;

TEST_CASE("margin_shift: multiplies the odds") {
  const margin_shift m(std::log(0.1));
  for (const double p : {0.001, 0.3, 0.5, 0.99}) {
    const double odds = p / (1 - p) * 0.1;
    CHECK(m.probability(math::logit(p)) == Approx(odds / (1 + odds)).epsilon(1e-13));
    CHECK(m.margin(math::logit(p)) == math::logit(p) + m.shift());
  }
  CHECK(margin_shift{}.probability(0) == 0.5);
}

TEST_CASE("margin_shift: a file gives it back; what is not finite is refused") {
  CHECK(mlsd_test::round_trips(margin_shift(-2.5)));
  CHECK_FALSE(margin_shift(std::nan("")).validate());
}

}  // namespace test_margin_shift
