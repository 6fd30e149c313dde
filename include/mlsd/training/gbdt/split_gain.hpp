#pragma once

#include "mlsd/core/fp.hpp"
#include "mlsd/core/simd.hpp"

#include <cstddef>
#include <cstring>

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
  double l1 = 0, l2 = 0, min_hessian = 0;
};

/// The gains of a tile of splits by their left sides; 0 where a side is too small. The same bits with and without AVX2.
struct split_gains {
  static constexpr std::size_t tile = 32;

  /// `gradient`, `hessian` and `gain` are [tile].
  template <class = void>
  static void fill(const split_terms& t, const double* gradient, const double* hessian, double* gain) noexcept {
#if defined(__x86_64__)
    if (active_isa() >= isa::avx2) return fill_avx2<>(t, gradient, hessian, gain);
#endif
    fill_portable<>(t, gradient, hessian, gain);
  }

 private:
  using lanes = double __attribute__((vector_size(32)));

  /// G_l^2 / (H_l + l2) + G_r^2 / (H_r + l2) - parent over one denominator; a side without curvature counts for
  /// nothing.
  [[gnu::always_inline]] static inline void fill_all(const split_terms& t, const double* gradient,
                                                     const double* hessian, double* gain) noexcept {
    MLSD_CONTRACT_OFF
    constexpr lanes zero = {}, one = {1, 1, 1, 1};
    for (std::size_t i = 0; i < tile; i += 4) {
      lanes lg, lh;
      std::memcpy(&lg, gradient + i, sizeof(lanes));
      std::memcpy(&lh, hessian + i, sizeof(lanes));
      lg += t.also_left.gradient, lh += t.also_left.hessian;
      const lanes rg = t.total.gradient - lg, rh = t.total.hessian - lh;
      const lanes ld = lh + t.l2, rd = rh + t.l2;
      lanes ls = (lg < zero ? zero - lg : lg) - t.l1, rs = (rg < zero ? zero - rg : rg) - t.l1;
      ls = ((ls > zero) & (ld > zero)) ? ls : zero, rs = ((rs > zero) & (rd > zero)) ? rs : zero;
      const lanes l = ld > zero ? ld : one, r = rd > zero ? rd : one;
      const lanes all = (ls * ls * r + rs * rs * l) / (l * r) - t.parent;
      const auto allowed = (lh >= t.min_hessian) & (rh >= t.min_hessian);
      const lanes kept = allowed ? all : zero;
      std::memcpy(gain + i, &kept, sizeof(lanes));
    }
  }

  template <class = void>
  MLSD_UNCONTRACTED static void fill_portable(const split_terms& t, const double* gradient, const double* hessian,
                                              double* gain) noexcept {
    fill_all(t, gradient, hessian, gain);
  }
#if defined(__x86_64__)
  template <class = void>
  MLSD_UNCONTRACTED [[gnu::target("avx2")]] static void fill_avx2(const split_terms& t, const double* gradient,
                                                                  const double* hessian, double* gain) noexcept {
    fill_all(t, gradient, hessian, gain);
  }
#endif
};

}  // namespace mlsd::detail
