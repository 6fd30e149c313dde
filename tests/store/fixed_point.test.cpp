#include "mlsd/store/fixed_point.hpp"

#include "draws.hpp"

#include <cmath>
#include <cstdint>

#include "catch.hpp"

namespace test_fixed_point {
using mlsd::fixed_point;

TEST_CASE("fixed_point: a decimal with few digits is exactly that many units", "[store]") {
  const fixed_point cents(0.01), millis(0.001), binary(0x1p-10), thousands(1000), thirds(3);
  for (std::int64_t n = -20'000; n <= 20'000; n += 7) {
    const auto x = static_cast<double>(n);
    REQUIRE(cents(x / 100) == n);
    REQUIRE(cents.value(n) == x / 100);
    REQUIRE(millis(x / 1000) == n);
    REQUIRE(millis.value(n) == x / 1000);
    REQUIRE(binary(x * 0x1p-10) == n);
    REQUIRE(binary.value(n) == x * 0x1p-10);
    REQUIRE(thousands(x * 1000) == n);
    REQUIRE(thousands.value(n) == x * 1000);
    REQUIRE(thirds(x * 3) == n);
  }
  CHECK(cents(1.005e8) == 10'050'000'000);
}

TEST_CASE("fixed_point: rounds to the nearest, ties to even; beyond its range there is no number", "[store]") {
  const fixed_point one(1), cents;
  CHECK(cents.unit() == 0.01);
  CHECK(one(0.5) == 0);
  CHECK(one(1.5) == 2);
  CHECK(one(-2.5) == -2);
  CHECK(one(0.49999999999999994) == 0);
  CHECK(one(0x1p40) == fixed_point::most);
  CHECK(one(-0x1p40) == -fixed_point::most);
  for (const double x : {0x1p40 + 1, -0x1p41, 1e300, static_cast<double>(NAN), static_cast<double>(INFINITY)})
    CHECK(one(x) == fixed_point::none);
  CHECK(one(-0.0) == 0);
  CHECK(one(5e-324) == 0);
}

TEST_CASE("fixed_point: a mean is rounded once", "[store]") {
  const fixed_point cents(0.01);
  mlsd_test::draws draw{4};
  for (int i = 0; i < 2000; ++i) {
    const auto units = static_cast<std::int64_t>(draw.below(2'000'000)) - 1'000'000;
    const std::uint64_t n = draw.below(1000) + 1;
    const auto exact = static_cast<long double>(units) / static_cast<long double>(100 * n);
    REQUIRE(cents.mean(units, n) == static_cast<double>(exact));
  }
  CHECK(std::isnan(cents.mean(0, 0)));
  CHECK(fixed_point(3).mean(4, 2) == 6);
}

}  // namespace test_fixed_point
