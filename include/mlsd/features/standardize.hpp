#pragma once

#include "mlsd/core/fp.hpp"

#include <cmath>
#include <limits>
#include <string_view>

namespace mlsd {

/// (x - mean) / deviation, with the weighted mean and population deviation of the training rows.
/// NaN and infinite values are left out of the fit; NaN stays NaN. A constant feature becomes 0.
/// Statistics merge exactly as Chan, Golub and LeVeque (1979); no finite value at all is mean 0, deviation 1.
struct standardize {
  struct statistics {
    double weight = 0, mean = 0, squares = 0;  ///< squares: sum of w (x - mean)^2
    double rows = 0;

    /// With d = mean_b - mean_a: squares = squares_a + squares_b + d^2 w_a w_b / (w_a + w_b).
    MLSD_UNCONTRACTED constexpr void merge(const statistics& o) {
      MLSD_CONTRACT_OFF
      const double total = weight + o.weight;
      rows += o.rows;
      if (o.weight == 0) return;
      const double d = o.mean - mean;
      squares += o.squares + d * d * weight * o.weight / total;
      mean += d * o.weight / total;
      weight = total;
    }
  };
  struct fitted {
    static constexpr std::string_view type_name = "standardize";
    float mean = 0, inverse = 1;

    [[nodiscard]] constexpr float operator()(float x) const noexcept { return (x - mean) * inverse; }
    template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
      ar("mean", self.mean);
      ar("inverse", self.inverse);
    }
  };

  template <class = void> MLSD_UNCONTRACTED void observe(statistics& s, float x, float weight) const {
    MLSD_CONTRACT_OFF
    if (!std::isfinite(x) || weight <= 0) return;
    s.rows += 1;
    s.weight += weight;
    const double d = x - s.mean;
    s.mean += d * weight / s.weight;
    s.squares += weight * d * (x - s.mean);
  }
  template <class = void> MLSD_UNCONTRACTED [[nodiscard]] fitted fit(const statistics& s) const {
    MLSD_CONTRACT_OFF
    if (s.weight == 0) return {};
    const double variance = s.squares / s.weight;
    // The bound below which rounding, not spread, is what the sum of squares holds.
    constexpr double eps = std::numeric_limits<double>::epsilon();
    const double noise = s.rows * eps * variance + (s.rows * s.mean * eps) * (s.rows * s.mean * eps);
    const bool is_constant = variance <= noise;
    return {static_cast<float>(s.mean), is_constant ? 1.0f : static_cast<float>(1 / std::sqrt(variance))};
  }
};

}  // namespace mlsd
