#include "mlsd/drift/verdict.hpp"

#include <cmath>

#include "catch.hpp"

namespace test_verdict {

TEST_CASE("drift_verdict: nothing seen is no alarm") {
  const mlsd::drift_verdict v;
  CHECK(std::isnan(v.statistic));
  CHECK(v.p_value == 1);
  CHECK_FALSE(v.significant);
  CHECK_FALSE(v.material);
  CHECK_FALSE(v.drifted);
}

}  // namespace test_verdict
