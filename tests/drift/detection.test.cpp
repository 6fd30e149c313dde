#include "mlsd/drift/detection.hpp"

#include "catch.hpp"

namespace test_detection {

TEST_CASE("detection: no drift unless said") {
  static_assert(!mlsd::detection{}.drifted && sizeof(mlsd::detection) == 1);
  CHECK(mlsd::detection{true}.drifted);
}

}  // namespace test_detection
