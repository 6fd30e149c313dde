#include "mlsd/features/clip.hpp"
#include "catch.hpp"

#include <cmath>
#include <limits>

TEST_CASE("clip keeps numbers between its bounds, and NaN as it is", "[features]") {
  constexpr mlsd::clip c{-1, 2};
  constexpr float inf = (std::numeric_limits<float>::infinity)();
  static_assert(c(-3) == -1 && c(-1) == -1 && c(0.5f) == 0.5f && c(2) == 2 && c(7) == 2);
  CHECK(c(inf) == 2);
  CHECK(c(-inf) == -1);
  CHECK(std::isnan(c((std::numeric_limits<float>::quiet_NaN)())));
}
