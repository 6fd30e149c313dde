#include "mlsd/training/gbdt/fixed_slopes.hpp"

#include "catch.hpp"
#include "mlsd/core/threads.hpp"

#include <cmath>
#include <limits>
#include <vector>

namespace test_fixed_slopes {

using namespace mlsd;
using detail::row_slope;

std::vector<row_slope> some(std::size_t n) {
  std::vector<row_slope> slopes;
  for (std::size_t i = 0; i < n; ++i) {
    const auto x = static_cast<float>(i % 97) / 64;
    slopes.push_back(row_slope::of_floats(i % 2 == 0 ? x : -x, x + 0.25f));
  }
  return slopes;
}

TEST_CASE("fixed slopes: the largest are found, and what is not finite is named") {
  const auto most = detail::largest_of(some(1000));
  CHECK(std::bit_cast<float>(most.gradient) == 1.5f);
  CHECK(std::bit_cast<float>(most.hessian) == 1.75f);
  CHECK(detail::check_slopes(most, 0));
  auto bad = some(3);
  bad.push_back(row_slope::of_floats((std::numeric_limits<float>::quiet_NaN)(), 1));
  const auto wrong = detail::check_slopes(detail::largest_of(bad), 17);
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().code == errc::not_finite);
  CHECK(wrong.error().message.find("tree 17") != std::string::npos);
  bad.back() = row_slope::of_floats(1, -1);
  CHECK_FALSE(detail::check_slopes(detail::largest_of(bad), 0));
}

TEST_CASE("fixed slopes: the scale gives them back; coarse ones are right on average, whatever the threads") {
  sequential one;
  threads three(3);
  detail::boosting_rules rules;
  const auto floats = some(50'000);
  for (const int bits : {0, 6}) {
    rules.gradient_bits = bits;
    auto a = floats, b = floats;
    const auto scale = detail::to_fixed_point(rules, 5, detail::largest_of(floats), a, one);
    (void)detail::to_fixed_point(rules, 5, detail::largest_of(floats), b, three);
    double sum = 0, wanted = 0;
    bool same = true;
    for (std::size_t i = 0; i < floats.size(); ++i) {
      same = same && a[i].gradient == b[i].gradient && a[i].hessian == b[i].hessian;
      sum += scale.hessian(scale.widen(a[i]));
      wanted += static_cast<double>(std::bit_cast<float>(floats[i].hessian));
    }
    CHECK(same);
    CHECK(sum == Approx(wanted).epsilon(bits == 0 ? 1e-6 : 0.01));
  }
}

}  // namespace test_fixed_slopes
