#include "mlsd/metrics/interval.hpp"

#include "catch.hpp"

namespace test_interval {

using namespace mlsd;

TEST_CASE("student_t: printed tables") {
  CHECK(student_t(3, 0.95) == Approx(3.1824).epsilon(0.01));
  CHECK(student_t(10, 0.95) == Approx(2.2281).epsilon(1e-4));
  CHECK(student_t(30, 0.99) == Approx(2.7500).epsilon(1e-4));
  CHECK(student_t(1e12, 0.9) == Approx(normal_z(0.9)).epsilon(1e-11));
}

}  // namespace test_interval
