#include "mlsd/stats/compensated_sum.hpp"

#include <vector>

#include "catch.hpp"
#include "draws.hpp"

namespace test_compensated_sum {

TEST_CASE("compensated_sum keeps what a plain sum drops") {
  mlsd::compensated_sum s;
  for (const double x : {1.0, 1e100, 1.0, -1e100}) s.update(x);
  CHECK(s.value() == 2.0);  // Neumaier's own example; a plain sum gives 0, Kahan's gives 0

  mlsd::compensated_sum tenths;
  for (int i = 0; i < 10'000'000; i += 10) tenths.update(0.1);
  CHECK(tenths.value() == 1e6 * 0.1);
}

TEST_CASE("compensated_sum is a monoid: shards agree with the whole") {
  mlsd_test::draws random{1};
  std::vector<double> x(1000);
  for (double& v : x) v = random.exponential();
  mlsd::compensated_sum whole, left, right, none;
  for (std::size_t i = 0; i < x.size(); ++i) {
    whole.update(x[i]);
    (i < 300 ? left : right).update(x[i]);
  }
  mlsd::compensated_sum merged = left;
  merged.merge(right);
  CHECK(merged.value() == whole.value());
  mlsd::compensated_sum copy = merged;
  copy.merge(none);
  CHECK(copy == merged);
  none.merge(merged);
  CHECK(none == merged);
}

}  // namespace test_compensated_sum
