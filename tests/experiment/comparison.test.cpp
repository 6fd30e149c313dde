#include "mlsd/experiment/comparison.hpp"

#include <cmath>

#include "catch.hpp"

namespace test_comparison {

TEST_CASE("comparison: says nothing until it is made") {
  const mlsd::comparison c;
  CHECK(std::isnan(c.p_value));
  CHECK_FALSE(c.difference.ci.contains(0));
  CHECK(std::isinf(c.degrees));
}

}  // namespace test_comparison
