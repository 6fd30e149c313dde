#pragma once

#include "mlsd/core/fp.hpp"
#include "mlsd/core/simd.hpp"
#include "mlsd/training/gbdt/histogram.hpp"
#include "mlsd/training/loss/loss_function.hpp"

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

  [[nodiscard]] static largest_slopes of(float g, float h) noexcept {
    return {std::bit_cast<std::uint32_t>(g) & 0x7FFF'FFFFu, std::bit_cast<std::uint32_t>(h)};
  }
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
  template <loss_function Loss> void differentiate(const Loss& loss) noexcept {
#if defined(__x86_64__)
    if (active_isa() >= isa::avx2) return differentiate_avx2(loss);
#endif
    differentiate_portable(loss);
  }

 private:
  template <class Loss> [[gnu::always_inline]] inline void differentiate_all(const Loss& loss) noexcept {
    MLSD_CONTRACT_OFF
    for (std::size_t i = 0; i < rows; ++i) {
      const loss_slope s = loss.slope(margin[i], label[i]);
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
  template <class Loss> MLSD_UNCONTRACTED [[gnu::flatten]] void differentiate_portable(const Loss& loss) noexcept {
    differentiate_all(loss);
  }
#if defined(__x86_64__)
  template <class Loss>
  MLSD_UNCONTRACTED [[gnu::flatten, gnu::target("avx2")]] void differentiate_avx2(const Loss& loss) noexcept {
    differentiate_all(loss);
  }
#endif
};

}  // namespace mlsd::detail
