#include "mlsd/core/fp.hpp"

#include "catch.hpp"

#include <cstddef>

namespace test_fp {

// (1 + e)(1 - e) - 1 is -e^2 if the product is kept in full, and 0 or -ulp if it is rounded first.
constexpr double e = 0x1p-30;
constexpr std::size_t n = 64;

struct kernel {
  double a, c;
  double operator()(double x) const noexcept {
    MLSD_CONTRACT_OFF
    return a * x + c;
  }
};
template <class F>
MLSD_UNCONTRACTED [[gnu::noinline]] void in_tiles(const F f, double* __restrict out, const double* x) {
  MLSD_CONTRACT_OFF
  for (std::size_t i = 0; i < n; ++i) out[i] = f(x[i]);
}
template <class F> MLSD_UNCONTRACTED [[gnu::noinline]] double in_one_row(const F& f, double x) {
  MLSD_CONTRACT_OFF
  return f(x);
}

TEST_CASE("fp: a marked driver rounds every product, whatever -march allows") {
  volatile double one = 1;
  const kernel f{one + e, -one};
  double x[n], out[n];
  for (double& v : x) v = one - e;
  in_tiles(f, out, x);
  for (const double y : out) CHECK(y == 0);  // (1 - 2^-60) rounds to 1
  CHECK(in_one_row(f, x[0]) == 0);
}

TEST_CASE("fp: this build is not -ffast-math") {
  volatile double zero = 0;
  const double nan = zero / zero;
  CHECK(nan != nan);
  volatile double large = 1e16, one = 1;
  CHECK((large + one) - large == 0);  // sums are taken in the order written
}

}  // namespace test_fp
