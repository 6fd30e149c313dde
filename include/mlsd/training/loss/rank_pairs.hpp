#pragma once

#include "mlsd/core/fp.hpp"
#include "mlsd/core/math.hpp"
#include "mlsd/core/simd.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace mlsd::detail {

/// One row of a list in the order of its margins.
struct ranked_row {
  double margin = 0, gain = 0, discount = 0;
};

/// How pairs of a list are weighed: `ideal` divides them, `steepness` is that of the logistic function, and margins
/// that lie apart divide by near + far * apart.
struct pair_weights {
  double ideal = 1, steepness = 1, near = 1, far = 0;
};

/// What the pairs of one row with others add up to.
struct pair_sums {
  double push = 0, size = 0, bend = 0;  ///< its margin upwards, the same without signs, the second derivative
};

/// Up to 64 rows of a list in the order of their margins, and their slopes as far as they are known. Only pairs with a
/// smaller discount count, which are those below; an infinite one belongs to no row. Compiled for AVX2 too, never with
/// FMA, sums in four lanes: the same bits on every processor.
struct pair_tile {
  static constexpr std::size_t rows = 64;
  double margin[rows], gain[rows], discount[rows];
  double gradient[rows], hessian[rows];

  /// Adds the pairs with `upper` to the slopes of the rows here; returns what they are to `upper`.
  [[nodiscard]] pair_sums weigh(const ranked_row& upper, const pair_weights& w) noexcept {
#if defined(__x86_64__)
    if (active_isa() >= isa::avx2) return weigh_avx2(upper, w);
#endif
    return weigh_portable(upper, w);
  }

 private:
  [[gnu::always_inline]] inline pair_sums weigh_all(const ranked_row& upper, const pair_weights& w) noexcept {
    MLSD_CONTRACT_OFF
    constexpr std::size_t lanes = 4;
    const double scale = w.steepness / w.ideal;
    double push[rows], size[rows], bend[rows];
    for (std::size_t i = 0; i < rows; ++i) {
      const double apart = upper.margin - margin[i], better = upper.gain - gain[i];
      const double wrong = math::sigmoid(w.steepness * (better > 0 ? -apart : apart));
      const double closer = (std::max)(upper.discount - discount[i], 0.0);
      push[i] = scale * better * closer * wrong / (w.near + w.far * std::fabs(apart));
      size[i] = std::fabs(push[i]);
      bend[i] = w.steepness * size[i] * (1 - wrong);
      gradient[i] += push[i];
      hessian[i] += bend[i];
    }
    double p[lanes] = {}, s[lanes] = {}, b[lanes] = {};
    for (std::size_t i = 0; i < rows; i += lanes)
      for (std::size_t l = 0; l < lanes; ++l) p[l] += push[i + l], s[l] += size[i + l], b[l] += bend[i + l];
    return {(p[0] + p[1]) + (p[2] + p[3]), (s[0] + s[1]) + (s[2] + s[3]), (b[0] + b[1]) + (b[2] + b[3])};
  }
  MLSD_UNCONTRACTED [[gnu::flatten]] pair_sums weigh_portable(const ranked_row& upper, const pair_weights& w) noexcept {
    return weigh_all(upper, w);
  }
#if defined(__x86_64__)
  MLSD_UNCONTRACTED [[gnu::flatten, gnu::target("avx2")]] pair_sums weigh_avx2(const ranked_row& upper,
                                                                               const pair_weights& w) noexcept {
    return weigh_all(upper, w);
  }
#endif
};

}  // namespace mlsd::detail
