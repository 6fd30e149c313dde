#include "mlsd/scoring/class_shares.hpp"

#include "catch.hpp"

#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

namespace test_class_shares {

std::vector<double> shares(std::vector<double> margins) {
  mlsd::detail::class_shares(margins);
  return margins;
}

TEST_CASE("class shares: numpy's exp(m - max) / sum of [0.5, -1.25, 3, 2.999]") {
  const auto p = shares({0.5, -1.25, 3, 2.999});
  const std::vector<double> wanted{0.039174843872578934, 0.006807567103793548, 0.4772472988891943, 0.4767702901344333};
  for (std::size_t k = 0; k < p.size(); ++k) CHECK(p[k] == Approx(wanted[k]).epsilon(1e-14));
  CHECK(std::accumulate(p.begin(), p.end(), 0.0) == Approx(1).epsilon(1e-15));
}

TEST_CASE("class shares: large margins do not overflow; ties are equal; NaN spreads; nothing stays nothing") {
  CHECK(shares({1e300, -1e300}) == std::vector<double>{1, 0});
  CHECK(shares({-1000, -1000}) == std::vector<double>{0.5, 0.5});
  CHECK(shares({7}) == std::vector<double>{1});
  CHECK(shares({}).empty());
  for (const double p : shares({0, (std::numeric_limits<double>::quiet_NaN)(), 1})) CHECK(std::isnan(p));
  std::vector<double> floats{0.1, 0.2};
  mlsd::detail::class_shares<float>(floats);
  for (const double p : floats) CHECK(p == static_cast<double>(static_cast<float>(p)));
}

}  // namespace test_class_shares
