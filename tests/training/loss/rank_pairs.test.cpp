#include "mlsd/training/loss/rank_pairs.hpp"

#include "catch.hpp"
#include "mlsd/core/random.hpp"

#include <cmath>
#include <limits>
#include <memory>

namespace test_rank_pairs {

using namespace mlsd;
using detail::pair_tile;

TEST_CASE("rank pairs: the weight of every pair, the same bits however it is compiled") {
  random_stream draw(3);
  const auto tile = std::make_unique<pair_tile>();
  for (const detail::pair_weights w : {detail::pair_weights{7, 2, 1, 0}, detail::pair_weights{1.5, 1, 0.01, 1}}) {
    const detail::ranked_row upper{5, 3, 0.7};
    for (std::size_t i = 0; i < pair_tile::rows; ++i) {
      tile->margin[i] = 6 - draw.uniform() * 10;
      tile->gain[i] = static_cast<double>(draw.uniform_int(5));
      tile->discount[i] = i % 5 == 0 ? (std::numeric_limits<double>::infinity)() : draw.uniform();
      tile->gradient[i] = tile->hessian[i] = 0;
    }
    const auto sums = tile->weigh(upper, w);
    double push_sum = 0, size = 0, bend_sum = 0;
    for (std::size_t i = 0; i < pair_tile::rows; ++i) {
      const double apart = 5 - tile->margin[i], better = 3 - tile->gain[i];
      const double wrong = math::sigmoid(w.steepness * (better > 0 ? -apart : apart));
      const double divisor = w.near + w.far * std::fabs(apart), closer = (std::max)(0.7 - tile->discount[i], 0.0);
      const double push = w.steepness / w.ideal * better * closer * wrong / divisor;
      CHECK(tile->gradient[i] == push);
      CHECK(tile->hessian[i] == w.steepness * std::fabs(push) * (1 - wrong));
      if (better == 0 || tile->discount[i] >= 0.7) CHECK(tile->gradient[i] == 0);
      push_sum += push;
      size += std::fabs(push);
      bend_sum += tile->hessian[i];
    }
    CHECK(sums.push == Approx(push_sum));
    CHECK(sums.size == Approx(size));
    CHECK(sums.bend == Approx(bend_sum));
  }
}

}  // namespace test_rank_pairs
