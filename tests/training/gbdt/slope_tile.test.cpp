#include "mlsd/training/gbdt/slope_tile.hpp"

#include "catch.hpp"
#include "mlsd/core/random.hpp"
#include "mlsd/training/loss.hpp"

#include <cmath>
#include <memory>

namespace test_slope_tile {

using namespace mlsd;
using detail::slope_tile;

template <class Loss> std::unique_ptr<slope_tile> tile_of(std::uint64_t seed) {
  auto t = std::make_unique<slope_tile>();
  random_stream random(seed);
  for (std::size_t i = 0; i < slope_tile::rows; ++i) {
    t->margin[i] = random.normal() * 8;
    t->label[i] = random.bernoulli(0.5) ? 1.0f : 0.0f;
    t->weight[i] = static_cast<float>(random.uniform());
  }
  t->differentiate(Loss{});
  return t;
}

TEMPLATE_TEST_CASE("slope tile: the loss's own slopes, bit for bit, and the largest of them", "", logistic, squared,
                   poisson, focal, huber, quantile) {
  const auto t = tile_of<TestType>(5);
  float gradient = 0, hessian = 0;
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < slope_tile::rows; ++i) {
    const loss_slope s = TestType{}.slope(t->margin[i], t->label[i]);
    const double w = static_cast<double>(t->weight[i]);
    wrong += t->gradient[i] != static_cast<float>(w * s.gradient) || t->hessian[i] != static_cast<float>(w * s.hessian);
    gradient = (std::max)(gradient, std::fabs(t->gradient[i]));
    hessian = (std::max)(hessian, t->hessian[i]);
  }
  CHECK(wrong == 0);
  CHECK(t->largest.are_valid());
  CHECK(std::bit_cast<float>(t->largest.gradient) == gradient);
  CHECK(std::bit_cast<float>(t->largest.hessian) == hessian);
}

struct broken {
  static constexpr link_function output = link_function::identity;
  static result<void> check(std::span<const float>, std::span<const float>) { return {}; }
  static double initial(std::span<const float>, std::span<const float>) { return 0; }
  static loss_slope slope(double margin, float label) { return {margin, static_cast<double>(label)}; }
  static double value(double, float) { return 0; }
};

TEST_CASE("slope tile: what is not finite and negative hessians are seen, a hessian of minus zero is zero") {
  const auto valid = [](double margin, float label) {
    auto t = tile_of<broken>(1);
    t->weight[100] = 1;
    t->margin[100] = margin;
    t->label[100] = label;
    t->differentiate(broken{});
    return t->largest.are_valid();
  };
  constexpr double inf = (std::numeric_limits<double>::infinity)();
  CHECK(valid(-3, 0.5f));
  CHECK(valid(1, -0.0f));
  CHECK_FALSE(valid(inf, 1));
  CHECK_FALSE(valid(-inf, 1));
  CHECK_FALSE(valid((std::numeric_limits<double>::quiet_NaN)(), 1));
  CHECK_FALSE(valid(1e300, 1));  // infinite as float
  CHECK_FALSE(valid(1, -1e-30f));
  CHECK_FALSE(valid(1, (std::numeric_limits<float>::quiet_NaN)()));
}

}  // namespace test_slope_tile
