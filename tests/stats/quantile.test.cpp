#include "mlsd/stats/quantile.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "catch.hpp"
#include "draws.hpp"

namespace test_quantile {

using mlsd::sorted_sample;

sorted_sample of(const std::vector<double>& x, const std::vector<float>& w = {}) {
  return sorted_sample::from(std::span<const double>(x), std::span<const float>(w));
}

TEST_CASE("sorted_sample: type 7 quantiles, as numpy and R print them") {
  const sorted_sample s = of({3, 1, 4, 1, 5, 9, 2, 6});  // numpy.quantile(..., [0, .1, .25, .5, .9, 1])
  CHECK(s.quantile(0) == 1);
  CHECK(s.quantile(0.1) == 1);
  CHECK(s.quantile(0.25) == 1.75);
  CHECK(s.quantile(0.5) == 3.5);
  CHECK(s.quantile(0.9) == Approx(6.9).epsilon(1e-15));
  CHECK(s.quantile(1) == 9);
  CHECK(s.values().size() == 7);
  CHECK(s.rows() == 8);
}

TEST_CASE("sorted_sample: weights are copies; weights normalised to 1 work too") {
  const sorted_sample weighted = of({3, 1, 2}, {2, 1, 3}), copied = of({1, 2, 2, 2, 3, 3});
  const sorted_sample normalised = of({3, 1, 2}, {0.25f, 0.25f, 0.25f}), plain = of({1, 2, 3});
  for (int i = 0; i <= 20; ++i) {
    CHECK(weighted.quantile(i / 20.0) == copied.quantile(i / 20.0));
    CHECK(normalised.quantile(i / 20.0) == Approx(plain.quantile(i / 20.0)).epsilon(1e-15));
  }
}

TEST_CASE("sorted_sample: quantiles rise with q for any weights and stay inside the data") {
  mlsd_test::draws random{8};
  std::vector<double> x(101);
  std::vector<float> w(101);
  for (std::size_t i = 0; i < x.size(); ++i) {
    x[i] = random.normal();
    w[i] = static_cast<float>(random.exponential());
  }
  const sorted_sample s = of(x, w);
  double last = s.values().front();
  for (int i = 0; i <= 1000; ++i) {
    const double q = s.quantile(i / 1000.0);
    CHECK(q >= last);
    last = q;
  }
  CHECK(last == s.values().back());
}

TEST_CASE("sorted_sample: empty, NaN, infinite values, weights that do not count, signed zeros") {
  const double inf = std::numeric_limits<double>::infinity();
  CHECK(std::isnan(of({}).quantile(0.5)));
  CHECK(std::isnan(of({std::nan("")}).quantile(0.5)));
  CHECK(of({1, std::nan(""), 3}).quantile(0.5) == 2);
  CHECK(of({1, 2, 3}, {1, 0, std::nanf("")}).rows() == 1);
  CHECK(of({0.0, -0.0}).values().size() == 1);
  const sorted_sample s = of({-inf, 0, inf});
  CHECK(s.quantile(0) == -inf);
  CHECK(s.quantile(0.25) == -inf);
  CHECK(s.quantile(0.5) == 0);
  CHECK(s.quantile(0.75) == inf);
}

}  // namespace test_quantile
