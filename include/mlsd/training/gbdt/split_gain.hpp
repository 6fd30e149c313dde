#pragma once

#include "mlsd/core/fp.hpp"
#include "mlsd/core/simd.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace mlsd::detail {

/// What a side of a split adds up to.
struct split_side {
  double gradient = 0, hessian = 0, rows = 0;
};

/// What the gains of many splits of one leaf have in common.
struct split_terms {
  split_side total{};
  split_side also_left{};  // what goes left beside the bins
  double parent = 0;       // the score of the leaf itself
  double l1 = 0, l2 = 0, min_hessian = 0, min_rows = 1;
};

/// The gains of a tile of splits by their left sides; 0 where a side is too small. The same bits with and without AVX2.
struct split_gains {
  static constexpr std::size_t tile = 32;

  /// `gradient`, `hessian`, `rows` and `gain` are [tile].
  template <class = void>
  static void fill(const split_terms& t, const double* gradient, const double* hessian, const double* rows,
                   double* gain) noexcept {
#if defined(__x86_64__)
    if (active_isa() >= isa::avx2) return fill_avx2<>(t, gradient, hessian, rows, gain);
#endif
    fill_portable<>(t, gradient, hessian, rows, gain);
  }

 private:
  /// G_l^2 / (H_l + l2) + G_r^2 / (H_r + l2) - parent over one denominator; a side without curvature counts for
  /// nothing.
  [[gnu::always_inline]] static inline void fill_all(const split_terms& t, const double* gradient,
                                                     const double* hessian, const double* rows, double* gain) noexcept {
    MLSD_CONTRACT_OFF
    for (std::size_t i = 0; i < tile; ++i) {
      const double lg = gradient[i] + t.also_left.gradient, rg = t.total.gradient - lg;
      const double lh = hessian[i] + t.also_left.hessian, rh = t.total.hessian - lh;
      const double lr = rows[i] + t.also_left.rows, rr = t.total.rows - lr;
      const double ls = positive(std::fabs(lg) - t.l1), rs = positive(std::fabs(rg) - t.l1);
      const double ld = lh + t.l2, rd = rh + t.l2;
      const double l2 = ld > 0 ? ls * ls : 0.0, r2 = rd > 0 ? rs * rs : 0.0;
      const double l = ld > 0 ? ld : 1.0, r = rd > 0 ? rd : 1.0;
      const double all = (l2 * r + r2 * l) / (l * r) - t.parent;
      const double fewest = lr < rr ? lr : rr, flattest = lh < rh ? lh : rh;
      const double if_flat = flattest >= t.min_hessian ? all : 0.0;
      gain[i] = fewest >= t.min_rows ? if_flat : 0.0;
    }
  }
  [[gnu::always_inline]] static inline double positive(double x) noexcept { return x > 0 ? x : 0.0; }

  template <class = void>
  MLSD_UNCONTRACTED static void fill_portable(const split_terms& t, const double* gradient, const double* hessian,
                                              const double* rows, double* gain) noexcept {
    fill_all(t, gradient, hessian, rows, gain);
  }
#if defined(__x86_64__)
  template <class = void>
  MLSD_UNCONTRACTED [[gnu::target("avx2")]] static void fill_avx2(const split_terms& t, const double* gradient,
                                                                  const double* hessian, const double* rows,
                                                                  double* gain) noexcept {
    fill_all(t, gradient, hessian, rows, gain);
  }
#endif
};

}  // namespace mlsd::detail
