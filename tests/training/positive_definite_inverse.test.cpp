#include "mlsd/training/positive_definite_inverse.hpp"
#include "catch.hpp"
#include "mlsd/core/random.hpp"
#include "mlsd/core/threads.hpp"

#include <cmath>
#include <vector>

namespace test_positive_definite_inverse {
using namespace mlsd;

/// X'X / n + ridge, the upper half spoilt: only the lower one may be read.
std::vector<double> definite(std::size_t n, double ridge) {
  const std::size_t stride = inverse_stride(n);
  random_stream draw(n);
  std::vector<double> x(n * n), a(n * stride, 1e300);
  for (double& v : x) v = draw.normal();
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = i == j ? ridge : 0.0;
      for (std::size_t k = 0; k < n; ++k) sum += x[k * n + i] * x[k * n + j] / static_cast<double>(n);
      a[i * stride + j] = sum;
    }
  return a;
}

TEST_CASE("positive definite inverse: times the matrix it is the identity") {
  for (const std::size_t n : {1u, 2u, 7u, 8u, 63u, 64u, 65u, 130u, 200u}) {
    const std::size_t stride = inverse_stride(n);
    const auto a = definite(n, 0.1);
    auto inverse = a;
    REQUIRE(invert_positive_definite(inverse, n));
    double off = 0;
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j) {
        double sum = 0;
        for (std::size_t k = 0; k < n; ++k)
          sum += inverse[i * stride + k] * (k >= j ? a[k * stride + j] : a[j * stride + k]);
        off = (std::max)(off, std::fabs(sum - (i == j ? 1.0 : 0.0)));
        REQUIRE(inverse[i * stride + j] == inverse[j * stride + i]);
      }
    CHECK(off < 1e-10);
    for (std::size_t j = n; j < stride; ++j) CHECK(inverse[j] == 0);
  }
}

TEST_CASE("positive definite inverse: refuses what is not") {
  std::vector<double> a(3 * 8, 0.0);
  a[0] = a[9] = 1;
  a[8] = 2;  // [[1, 2], [2, 1]]
  a[18] = 1;
  CHECK_FALSE(invert_positive_definite(a, 3));
  std::vector<double> nan(8, std::nan(""));
  CHECK_FALSE(invert_positive_definite(nan, 1));
  CHECK(invert_positive_definite({}, 0));
}

TEST_CASE("positive definite inverse: the same bits on threads and without the instruction set", "[threads]") {
  const std::size_t n = 150;
  auto alone = definite(n, 0.5), together = alone;
  REQUIRE(invert_positive_definite(alone, n));
  threads pool(3);
  REQUIRE(invert_positive_definite(together, n, pool));
  CHECK(alone == together);
  random_stream draw(1);
  std::vector<double> s(11 * 16), t(11 * 5), v(5 * 16);
  for (auto* m : {&s, &t, &v})
    for (double& x : *m) x = draw.normal();
  auto portable = s;
  detail::subtract_product(s.data(), t.data(), v.data(), 11, 16, 16, 5);
  detail::subtract_product_portable(portable.data(), t.data(), v.data(), 11, 16, 16, 5);
  CHECK(s == portable);
}

}  // namespace test_positive_definite_inverse
