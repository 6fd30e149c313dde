#include "mlsd/features/log_plus_one.hpp"
#include "catch.hpp"
#include "golden_table.hpp"

#include <cmath>

namespace test_log_plus_one {

TEST_CASE("log_plus_one is ln(1 + x), with NaN below -1", "[features]") {
  const mlsd::log_plus_one f;
  CHECK(f(0.0f) == 0.0f);
  CHECK(f(-1.0f) == -(std::numeric_limits<float>::infinity)());
  CHECK(std::isnan(f(-1.5f)));
  CHECK(std::isnan(f(std::nanf(""))));
  CHECK(f(1e-20f) == 1e-20f);  // no cancellation
  const auto block = f(std::array<float, 2>{0, 3});
  CHECK(block[0] == f(0.0f));
  CHECK(block[1] == f(3.0f));
}

TEST_CASE("log_plus_one gives what NumPy's log1p gives", "[features]") {
  const auto golden = mlsd_test::golden_table("features/scalar/elementwise.csv");
  if (golden.empty()) {
    WARN("skipped: ../shared is absent");
    return;
  }
  const auto x = golden.numbers("x"), y = golden.numbers("log1p");
  for (std::size_t i = 0; i < x.size(); ++i) {
    const auto at = static_cast<float>(x[i]);
    if (static_cast<double>(at) != x[i] || x[i] == -1) continue;  // the golden has NaN where the limit is -infinity
    INFO("x = " << x[i]);
    const float got = mlsd::log_plus_one{}(at);
    if (std::isnan(y[i]))
      CHECK(std::isnan(got));
    else
      CHECK(got == Approx(y[i]).epsilon(1e-6));
  }
}

}  // namespace test_log_plus_one
