#include "mlsd/serve/deadline.hpp"
#include "serve/shop.hpp"

#include <limits>

#include "catch.hpp"

namespace test_deadline {

TEST_CASE("deadline: absolute, and none by default", "[serve]") {
  const mlsd::deadline none, at_100{100};
  CHECK(none.allows(0, (std::numeric_limits<std::int64_t>::max)()));
  CHECK(at_100.allows(60, 40));
  CHECK_FALSE(at_100.allows(61, 40));
  CHECK(at_100.allows(100, 0));
  CHECK_FALSE(at_100.allows(101, 0));
  test_serve::hand_clock::time = 7;
  CHECK(mlsd::deadline::in<test_serve::hand_clock>(std::chrono::microseconds(1)) == mlsd::deadline{1007});
}

TEST_CASE("steady_clock: does not run backwards", "[serve]") {
  std::int64_t before = mlsd::steady_clock::now();
  for (int i = 0; i < 1000; ++i) {
    const std::int64_t now = mlsd::steady_clock::now();
    CHECK(now >= before);
    before = now;
  }
}

}  // namespace test_deadline
