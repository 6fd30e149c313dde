// Repeatable random numbers for simulations in tests (SplitMix64).
#pragma once

#include <cmath>
#include <cstdint>

#include "mlsd/core/math.hpp"

namespace mlsd_test {

struct draws {
  std::uint64_t state;

  std::uint64_t bits() {
    std::uint64_t z = (state += 0x9E37'79B9'7F4A'7C15u);
    z = (z ^ (z >> 30)) * 0xBF58'476D'1CE4'E5B9u;
    z = (z ^ (z >> 27)) * 0x94D0'49BB'1331'11EBu;
    return z ^ (z >> 31);
  }
  /// In (0, 1).
  double uniform() { return (static_cast<double>(bits() >> 12) + 0.5) * 0x1p-52; }
  double normal() { return mlsd::math::normal_quantile(uniform()); }
  double exponential() { return -std::log(uniform()); }
  std::uint64_t below(std::uint64_t n) { return bits() % n; }
};

}  // namespace mlsd_test
