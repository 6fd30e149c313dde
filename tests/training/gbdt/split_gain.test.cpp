#include "mlsd/training/gbdt/split_gain.hpp"

#include "mlsd/core/random.hpp"

#include "catch.hpp"

#include <algorithm>
#include <cmath>

namespace test_split_gain {

using namespace mlsd;
using detail::split_gains;
using detail::split_side;
using detail::split_terms;

/// The textbook's gain.
double naive(const split_terms& t, const split_side& bins) {
  const auto score = [&](double g, double h) {
    const double shrunk = (std::max)(0.0, std::fabs(g) - t.l1);
    return h + t.l2 > 0 ? shrunk * shrunk / (h + t.l2) : 0.0;
  };
  const split_side l{bins.gradient + t.also_left.gradient, bins.hessian + t.also_left.hessian};
  const split_side r{t.total.gradient - l.gradient, t.total.hessian - l.hessian};
  for (const split_side& s : {l, r})
    if (s.hessian < t.min_hessian) return 0;
  return score(l.gradient, l.hessian) + score(r.gradient, r.hessian) - t.parent;
}

TEST_CASE("split gain: the textbook's formula, with every penalty and limit") {
  random_stream random(8);
  for (int round = 0; round < 200; ++round) {
    const auto some = [&](double of) { return random.bernoulli(0.5) ? random.uniform() * of : 0.0; };
    const split_terms t{.total = {random.normal() * 30, 60},
                        .also_left = {random.normal(), some(5)},
                        .parent = some(3),
                        .l1 = some(4),
                        .l2 = some(2),
                        .min_hessian = some(8)};
    double g[split_gains::tile], h[split_gains::tile], gain[split_gains::tile];
    for (std::size_t i = 0; i < split_gains::tile; ++i) g[i] = random.normal() * 10, h[i] = some(54);
    split_gains::fill<>(t, g, h, gain);
    for (std::size_t i = 0; i < split_gains::tile; ++i)
      REQUIRE(gain[i] == Approx(naive(t, {g[i], h[i]})).epsilon(1e-10).margin(1e-10));
  }
}

}  // namespace test_split_gain
