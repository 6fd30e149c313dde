#include "mlsd/retrieval/history.hpp"
#include "catch.hpp"

#include <vector>

namespace test_history {
using namespace mlsd;

TEST_CASE("history: weights halve by rank and by age") {
  std::vector<float> w(5);
  weigh_by_rank(w, 2);
  CHECK(w[4] == 1);
  CHECK(w[2] == Approx(0.5));
  CHECK(w[0] == Approx(0.25));
  CHECK(w[3] == Approx(0.70710678));
  weigh_by_rank({}, 2);
  const std::vector<timestamp> t{{0}, {3'600'000}, {7'200'000}, {9'000'000}, {7'200'000}};
  weigh_by_age(t, timestamp{7'200'000}, hours(1), w);
  CHECK(w[0] == Approx(0.25));
  CHECK(w[1] == Approx(0.5));
  CHECK((w[2] == 1 && w[3] == 1 && w[4] == 1));
}

}  // namespace test_history
