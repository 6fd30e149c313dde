#include "mlsd/scoring/isotonic.hpp"

#include "catch.hpp"
#include "draws.hpp"
#include "round_trip.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace test_isotonic_map {
using namespace mlsd;

isotonic_map random_map(std::size_t knots, std::uint64_t seed) {
  mlsd_test::draws random{seed};
  std::vector<double> x, y;
  for (std::size_t i = 0; i < knots; ++i) {
    x.push_back(random.normal() * 3);
    y.push_back(random.uniform());
  }
  std::sort(x.begin(), x.end());
  std::sort(y.begin(), y.end());
  return isotonic_map::make(x, y).value();
}

TEST_CASE("isotonic_map: straight between knots, constant beyond them, exact on them") {
  const auto m = isotonic_map::make({-1, 1, 3}, {0.125, 0.25, 0.75}).value();
  CHECK(m.probability(-100) == 0.125);
  CHECK(m.probability(-1) == 0.125);
  CHECK(m.probability(0) == 0.1875);
  CHECK(m.probability(1) == 0.25);
  CHECK(m.probability(2) == 0.5);
  CHECK(m.probability(3) == 0.75);
  CHECK(m.probability(1e300) == 0.75);
  CHECK(m.probability(std::numeric_limits<double>::infinity()) == 0.75);
  CHECK(m.probability(-std::numeric_limits<double>::infinity()) == 0.125);
  CHECK(std::isnan(m.probability(std::nan(""))));
  CHECK(m.margin(2) == 0);
  CHECK(isotonic_map{}.probability(5) == 0.5);
  CHECK(isotonic_map::make({2}, {0.3}).value().probability(-7) == 0.3);
}

TEST_CASE("isotonic_map: never decreases, rounding included") {
  const auto m = random_map(40, 3);
  for (double x = -9; x < 9;) {
    const double next = x + 0.0007;
    REQUIRE(m.probability(x) <= m.probability(next));
    x = next;
  }
  for (const double knot : m.x())
    for (double x = knot, before = std::nextafter(knot, -10); x < knot + 1e-14; before = x, x = std::nextafter(x, 10))
      REQUIRE(m.probability(before) <= m.probability(x));
}

TEST_CASE("isotonic_map: knots that are no map are errors") {
  const double inf = std::numeric_limits<double>::infinity();
  CHECK_FALSE(isotonic_map::make({}, {}));
  CHECK_FALSE(isotonic_map::make({1, 2}, {0.5}));
  CHECK_FALSE(isotonic_map::make({1, 1}, {0, 1}));
  CHECK_FALSE(isotonic_map::make({2, 1}, {0, 1}));
  CHECK_FALSE(isotonic_map::make({1, inf}, {0, 1}));
  CHECK_FALSE(isotonic_map::make({std::nan("")}, {0}));
  CHECK_FALSE(isotonic_map::make({1, 2}, {0.5, 0.4}));
  CHECK_FALSE(isotonic_map::make({1, 2}, {-0.1, 0.4}));
  CHECK_FALSE(isotonic_map::make({1, 2}, {0.1, 1.1}));
  CHECK_FALSE(isotonic_map::make({1, 2}, {0.1, std::nan("")}));
  CHECK_FALSE(isotonic_map::make({-1.5e308, 1.5e308}, {0, 1}));
  CHECK(isotonic_map::make({2, 1}, {0, 1}).error().message ==
        "isotonic map: knot 1 is not finite and to the right of the one before");
}

TEST_CASE("isotonic_map: a file gives it back, and a damaged file does no harm") {
  const auto m = random_map(30, 5);
  CHECK(mlsd_test::round_trips(m));
  const int refused = mlsd_test::mutate(m, 500, [](const isotonic_map& loaded) {
    for (const double x : {-1e300, -1.0, 0.0, 2.5, 1e300}) {
      const double p = loaded.probability(x);
      REQUIRE((p >= 0 && p <= 1));
    }
  });
  CHECK(refused > 250);
}

}  // namespace test_isotonic_map
