#pragma once

#include "mlsd/core/fp.hpp"
#include "mlsd/core/simd.hpp"
#include "mlsd/training/gbdt/histogram.hpp"
#include "mlsd/training/loss.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace mlsd::detail {

/// The largest magnitudes of many slopes, as the bits of floats, whose order is theirs. What is not finite, or a
/// negative hessian, has larger bits than any finite number.
struct largest_slopes {
  std::uint32_t gradient = 0, hessian = 0;

  [[nodiscard]] friend largest_slopes larger(largest_slopes a, largest_slopes b) noexcept {
    return {(std::max)(a.gradient, b.gradient), (std::max)(a.hessian, b.hessian)};
  }
  [[nodiscard]] bool are_valid() const noexcept {
    constexpr auto infinite = std::bit_cast<std::uint32_t>((std::numeric_limits<float>::infinity)());
    return gradient < infinite && hessian < infinite;
  }
};

/// First and second derivatives of a tile of rows, times their weights. Compiled for AVX2 too, never with FMA, so that
/// any loss has the same bits on every processor.
struct slope_tile {
  static constexpr std::size_t rows = 256;
  double margin[rows];
  float label[rows], weight[rows];
  float gradient[rows], hessian[rows];
  largest_slopes largest;

  /// Fills `gradient`, `hessian` and `largest` from the rest, of all rows.
  template <loss_function Loss> void differentiate() noexcept {
#if defined(__x86_64__)
    if (active_isa() >= isa::avx2) return differentiate_avx2<Loss>();
#endif
    differentiate_portable<Loss>();
  }

 private:
  template <class Loss> [[gnu::always_inline]] inline void differentiate_all() noexcept {
    MLSD_CONTRACT_OFF
    for (std::size_t i = 0; i < rows; ++i) {
      const loss_slope s = Loss{}.slope(margin[i], label[i]);
      gradient[i] = static_cast<float>(static_cast<double>(weight[i]) * s.gradient);
      hessian[i] = static_cast<float>(static_cast<double>(weight[i]) * s.hessian) + 0.0f;  // no -0
    }
    std::uint32_t g = 0, h = 0;
    for (std::size_t i = 0; i < rows; ++i) {
      g = (std::max)(g, std::bit_cast<std::uint32_t>(gradient[i]) & 0x7FFF'FFFFu);
      h = (std::max)(h, std::bit_cast<std::uint32_t>(hessian[i]));
    }
    largest = {g, h};
  }
  template <class Loss> MLSD_UNCONTRACTED [[gnu::flatten]] void differentiate_portable() noexcept {
    differentiate_all<Loss>();
  }
#if defined(__x86_64__)
  template <class Loss> MLSD_UNCONTRACTED [[gnu::flatten, gnu::target("avx2")]] void differentiate_avx2() noexcept {
    differentiate_all<Loss>();
  }
#endif
};

}  // namespace mlsd::detail
