#include "mlsd/training/loss/weighted_quantile.hpp"

#include "catch.hpp"
#include "mlsd/core/random.hpp"

#include <algorithm>
#include <vector>

namespace test_weighted_quantile {

using namespace mlsd;
using detail::weighted_value;

double quantile_of(std::vector<weighted_value> v, double level) {
  std::vector<weighted_value> scratch;
  return detail::weighted_quantile<>(v, level, scratch);
}

TEST_CASE("weighted quantile: by hand") {
  CHECK(quantile_of({{3, 1}}, 0.9) == 3);
  CHECK(quantile_of({{3, 1}, {1, 1}, {2, 1}}, 0.5) == 2);
  CHECK(quantile_of({{4, 1}, {3, 1}, {1, 1}, {2, 1}}, 0.5) == 2.5);
  CHECK(quantile_of({{1, 1}, {2, 5}, {3, 1}}, 0.5) == 2);
  CHECK(quantile_of({{1, 2}, {2, 0}, {3, 2}}, 0.5) == 2);  // halfway over a value that weighs nothing
  CHECK(quantile_of({{2, 0}, {3, 2}}, 0.001) == 3);
}

TEST_CASE("weighted quantile: weights are counts, and no constant has less pinball loss") {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    random_stream draw(seed);
    std::vector<weighted_value> v, copies;
    const std::size_t n = seed < 45 ? 1 + static_cast<std::size_t>(draw.uniform() * 12) : 400;
    for (std::size_t i = 0; i < n; ++i) {
      v.push_back({static_cast<double>(static_cast<int>(draw.uniform() * 20)), static_cast<double>(1 + i % 3)});
      for (int k = 0; k < static_cast<int>(v.back().weight); ++k) copies.push_back({v.back().value, 1});
    }
    for (const double level : {0.1, 0.25, 0.5, 0.8}) {
      const double q = quantile_of(v, level);
      CHECK(q == quantile_of(copies, level));
      const auto loss = [&](double c) {
        double sum = 0;
        for (const auto& x : v) sum += x.weight * (c >= x.value ? (1 - level) * (c - x.value) : level * (x.value - c));
        return sum;
      };
      for (const auto& x : v) CHECK(loss(q) <= loss(x.value) + 1e-9);
    }
  }
}

}  // namespace test_weighted_quantile
