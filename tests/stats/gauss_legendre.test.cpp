#include "mlsd/stats/gauss_legendre.hpp"

#include "catch.hpp"

#include <algorithm>
#include <cmath>

namespace test_gauss_legendre {

using namespace mlsd;

/// In every table: on [-1, 1], the points are 0 and +-sqrt(3/5), the weights 8/9 and 5/9.
TEST_CASE("gauss-legendre: three points, by the formula") {
  const quadrature r = gauss_legendre(3);
  CHECK(r.points[0] == Approx((1 - std::sqrt(0.6)) / 2).epsilon(1e-15));
  CHECK(r.points[1] == 0.5);
  CHECK(r.points[2] == Approx((1 + std::sqrt(0.6)) / 2).epsilon(1e-15));
  CHECK(r.weights[0] == Approx(5.0 / 18).epsilon(1e-15));
  CHECK(r.weights[1] == Approx(8.0 / 18).epsilon(1e-15));
}

TEST_CASE("gauss-legendre: exact for powers up to 2 n - 1") {
  double worst = 0;
  for (const std::size_t n : {1u, 2u, 3u, 4u, 7u, 20u, 65u, 200u, 512u}) {
    const quadrature r = gauss_legendre(n);
    CHECK(std::is_sorted(r.points.begin(), r.points.end()));
    CHECK(r.points.front() > 0);
    CHECK(r.points.back() < 1);
    for (const std::size_t power : {std::size_t{0}, std::size_t{1}, n, 2 * n - 1}) {
      double sum = 0;
      for (std::size_t i = 0; i < n; ++i) sum += r.weights[i] * std::pow(r.points[i], static_cast<double>(power));
      worst = (std::max)(worst, std::abs(sum * static_cast<double>(power + 1) - 1));
    }
  }
  CHECK(worst < 2e-13);
}

}  // namespace test_gauss_legendre
