#include "mlsd/stats/moments.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "catch.hpp"
#include "draws.hpp"
#include "mlsd/core/concepts.hpp"
#include "round_trip.hpp"

namespace test_moments {

using mlsd::moments;

moments of(const std::vector<double>& x) {
  moments m;
  for (const double v : x) m.update(v);
  return m;
}

TEST_CASE("moments of a textbook sample") {
  const moments m = of({2, 4, 4, 4, 5, 5, 7, 9});
  CHECK(m.mean() == 5);
  CHECK(m.population_variance() == 4);
  CHECK(m.variance() == Approx(32.0 / 7).epsilon(1e-15));
  CHECK(m.effective_rows() == 8);
}

TEST_CASE("moments do not cancel: a large mean costs no digits of the variance") {
  const moments m = of({1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16});
  CHECK(m.variance() == 30);  // the two-sum formula gives 0 or nonsense here
}

TEST_CASE("moments: empty, one row, NaN, infinite values and weights") {
  moments m;
  CHECK(std::isnan(m.mean()));
  CHECK(std::isnan(m.variance()));
  m.update(std::nan(""));
  m.update(std::numeric_limits<double>::infinity());
  m.update(1, std::nan(""));
  m.update(1, -1);
  m.update(1, 0);
  CHECK(m.rows() == 0);
  CHECK(m.skipped() == 4);
  m.update(3);
  CHECK(m.mean() == 3);
  CHECK(m.population_variance() == 0);
  CHECK(std::isnan(m.variance()));
}

TEST_CASE("moments: weights are copies") {
  moments weighted, copied;
  const double x[] = {1.5, -2, 7}, w[] = {2, 3, 1};
  for (int i = 0; i < 3; ++i) {
    weighted.update(x[i], w[i]);
    for (int k = 0; k < w[i]; ++k) copied.update(x[i]);
  }
  CHECK(weighted.mean() == Approx(copied.mean()).epsilon(1e-15));
  CHECK(weighted.variance() == Approx(copied.variance()).epsilon(1e-14));
  CHECK(weighted.effective_rows() == Approx(36.0 / 14));
}

TEST_CASE("moments are a monoid: identity exact, associative within a few ulp, shards as the whole") {
  mlsd_test::draws random{7};
  moments part[3], whole;
  for (int i = 0; i < 3000; ++i) {
    const double x = 100 + random.normal();
    part[i % 3].update(x);
    whole.update(x);
  }
  moments left = part[0], right = part[1], all = part[0];
  left.merge(part[1]);
  left.merge(part[2]);
  right.merge(part[2]);
  all.merge(right);
  CHECK(left.mean() == Approx(all.mean()).epsilon(1e-15));
  CHECK(left.variance() == Approx(all.variance()).epsilon(1e-14));
  CHECK(left.mean() == Approx(whole.mean()).epsilon(1e-14));
  CHECK(left.variance() == Approx(whole.variance()).epsilon(1e-12));
  moments none, copy = left;
  copy.merge(none);
  CHECK(copy == left);
  none.merge(left);
  CHECK(none == left);
}

TEST_CASE("moments is a monitor, and files give it back") {
  static_assert(mlsd::monitor<moments, double, double>);
  CHECK(mlsd_test::round_trips(of({1, 2, 5})));
  CHECK(mlsd_test::round_trips(moments{}));
}

}  // namespace test_moments
