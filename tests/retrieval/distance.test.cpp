#include "mlsd/retrieval/distance.hpp"

#include "mlsd/core/random.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "catch.hpp"

namespace test_distance {
using namespace mlsd;

TEST_CASE("distance: values by hand") {
  const std::vector<float> a{1, 2, 3}, b{4, -2, 3}, zero{0, 0, 0};
  CHECK(squared_l2(a, b) == 25);
  CHECK(inner_product(a, b) == 9);
  CHECK(cosine(a, a) == 1);
  CHECK(cosine(a, b) == static_cast<float>(9 / std::sqrt(14.0 * 29.0)));
  CHECK(cosine(a, std::vector<float>{-2, -4, -6}) == -1);
  CHECK(cosine(a, zero) == 0);
  CHECK(cosine(zero, zero) == 0);
  CHECK(squared_l2({}, {}) == 0);
  CHECK(inner_product({}, {}) == 0);
  CHECK(cosine({}, {}) == 0);
  CHECK_FALSE(std::signbit(inner_product({}, {})));
  CHECK(to_string(vector_metric::cosine) == "cosine");
}

TEST_CASE("distance: NaN stays NaN, and infinity is a distance") {
  const float nan = std::numeric_limits<float>::quiet_NaN(), infinity = std::numeric_limits<float>::infinity();
  const std::vector<float> a{1, nan}, b{1, 1}, c{1, infinity};
  CHECK(std::isnan(squared_l2(a, b)));
  CHECK(std::isnan(inner_product(a, b)));
  CHECK(std::isnan(cosine(a, b)));
  CHECK(squared_l2(c, b) == infinity);
}

TEST_CASE("distance: errors stay within the stated bounds") {
  for (const std::size_t d : {3u, 64u, 100u, 784u, 1000u}) {
    random_stream random(d);
    std::vector<float> a(d), b(d);
    for (std::size_t i = 0; i < d; ++i) {
      a[i] = static_cast<float>(random.normal());
      b[i] = static_cast<float>(random.normal());
    }
    double squared = 0, product = 0, magnitude = 0;
    for (std::size_t i = 0; i < d; ++i) {
      const double difference = static_cast<double>(a[i] - b[i]);
      squared += difference * difference;
      product += double{a[i]} * double{b[i]};
      magnitude += std::abs(double{a[i]} * double{b[i]});
    }
    const double steps = static_cast<double>(d) / 32;
    CHECK(std::abs(double{squared_l2(a, b)} - squared) <= (steps + 8) * 0x1p-23 * squared);
    CHECK(std::abs(double{inner_product(a, b)} - product) <= (steps + 7) * 0x1p-23 * magnitude);
  }
}

}  // namespace test_distance
