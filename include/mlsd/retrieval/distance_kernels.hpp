/// Sums over the components of two vectors, for each instruction set, all with the same bits: component i goes to lane
/// i % 32, each lane adds its products in order, and the lanes fold in halves: 32, 16, 8, 4, 2, 1. No FMA: products
/// are rounded, since the portable code would pay a library call for each fused one.
#pragma once

#include "mlsd/core/fp.hpp"
#include "mlsd/core/simd.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

namespace mlsd::detail {

/// Rows of `width` floats, a multiple of 16 with zeros behind the components; `slots` says which, or nullptr for the
/// first n. out[i] is the sum over (query - row)^2, or over -query * row: the smaller, the nearer.
using row_sums = void (*)(const float* query, const float* rows, std::size_t width, const std::uint32_t* slots,
                          std::size_t n, float* out) noexcept;
/// The sum over (a - b)^2, or over -a * b, of n components; needs no padding.
using pair_sum = float (*)(const float* a, const float* b, std::size_t n) noexcept;

inline constexpr std::size_t sum_lanes = 32, row_alignment = 16;

[[gnu::always_inline]] inline void prefetch_row(const float* row, std::size_t width) noexcept {
  for (std::size_t j = 0; j < width; j += 16) __builtin_prefetch(row + j);
}

// One body for all sets: only the width of a register and the target differ. `group` rows are summed in one turn, so
// that their chains of additions overlap.
#define MLSD_SUM_KERNELS(NAME, LANES, ...)                                                                         \
  template <bool Squared> struct NAME {                                                                            \
    using lanes [[gnu::vector_size(4 * LANES)]] = float;                                                           \
    static constexpr std::size_t parts = sum_lanes / LANES, half = parts / 2, group = LANES / 4, ahead = 12;       \
                                                                                                                   \
    __VA_ARGS__ [[gnu::always_inline]] static lanes load(const float* p) noexcept {                                \
      lanes v;                                                                                                     \
      std::memcpy(&v, p, sizeof v);                                                                                \
      return v;                                                                                                    \
    }                                                                                                              \
    template <int Step, int... I>                                                                                  \
    __VA_ARGS__ [[gnu::always_inline]] static lanes fold(lanes v, std::integer_sequence<int, I...> all) noexcept { \
      MLSD_CONTRACT_OFF                                                                                            \
      const lanes sum = v + __builtin_shufflevector(v, v, (I ^ Step)...);                                          \
      if constexpr (Step == 1)                                                                                     \
        return sum;                                                                                                \
      else                                                                                                         \
        return fold<Step / 2>(sum, all);                                                                           \
    }                                                                                                              \
    __VA_ARGS__ [[gnu::always_inline]] static void add(lanes& sum, lanes a, const float* b) noexcept {             \
      MLSD_CONTRACT_OFF                                                                                            \
      if constexpr (Squared) {                                                                                     \
        const lanes d = a - load(b);                                                                               \
        sum += d * d;                                                                                              \
      } else {                                                                                                     \
        sum -= a * load(b);                                                                                        \
      }                                                                                                            \
    }                                                                                                              \
    template <std::size_t Rows>                                                                                    \
    __VA_ARGS__ [[gnu::always_inline]] static void sum_rows(const float* a, const float* const (&b)[Rows],         \
                                                            std::size_t n, float* out) noexcept {                  \
      lanes sum[Rows][parts] = {};                                                                                 \
      std::size_t j = 0;                                                                                           \
      for (; j + sum_lanes <= n; j += sum_lanes) _Pragma("GCC unroll 8") for (std::size_t p = 0; p < parts; ++p) { \
          const lanes x = load(a + j + LANES * p);                                                                 \
          _Pragma("GCC unroll 4") for (std::size_t r = 0; r < Rows; ++r) add(sum[r][p], x, b[r] + j + LANES * p);  \
        }                                                                                                          \
      if (n - j >= sum_lanes / 2) {                                                                                \
        _Pragma("GCC unroll 4") for (std::size_t p = 0; p < half; ++p) {                                           \
          const lanes x = load(a + j + LANES * p);                                                                 \
          _Pragma("GCC unroll 4") for (std::size_t r = 0; r < Rows; ++r) add(sum[r][p], x, b[r] + j + LANES * p);  \
        }                                                                                                          \
        j += sum_lanes / 2;                                                                                        \
      }                                                                                                            \
      if (Rows == 1 && j < n) [[unlikely]] {                                                                       \
        float rest_a[sum_lanes] = {}, rest_b[sum_lanes] = {};                                                      \
        const std::size_t at = j % sum_lanes;                                                                      \
        std::memcpy(rest_a + at, a + j, (n - j) * sizeof(float));                                                  \
        std::memcpy(rest_b + at, b[0] + j, (n - j) * sizeof(float));                                               \
        _Pragma("GCC unroll 8") for (std::size_t p = 0; p < parts; ++p)                                            \
            add(sum[0][p], load(rest_a + LANES * p), rest_b + LANES * p);                                          \
      }                                                                                                            \
      _Pragma("GCC unroll 4") for (std::size_t r = 0; r < Rows; ++r) {                                             \
        _Pragma("GCC unroll 3") for (std::size_t step = half; step > 0; step /= 2)                                 \
            _Pragma("GCC unroll 4") for (std::size_t p = 0; p < step; ++p) sum[r][p] += sum[r][p + step];          \
        out[r] = fold<LANES / 2>(sum[r][0], std::make_integer_sequence<int, LANES>{})[0];                          \
      }                                                                                                            \
    }                                                                                                              \
    template <bool Listed>                                                                                         \
    __VA_ARGS__ static void sum_all(const float* query, const float* rows, std::size_t width,                      \
                                    const std::uint32_t* slots, std::size_t n, float* out) noexcept {              \
      const auto row = [&](std::size_t i) { return rows + (Listed ? slots[i] : i) * width; };                      \
      std::size_t i = 0;                                                                                           \
      if constexpr (group > 1)                                                                                     \
        for (; i + group <= n; i += group) {                                                                       \
          const float* some[group];                                                                                \
          _Pragma("GCC unroll 4") for (std::size_t r = 0; r < group; ++r) {                                        \
            some[r] = row(i + r);                                                                                  \
            if (Listed && i + r + ahead < n) prefetch_row(row(i + r + ahead), width);                              \
          }                                                                                                        \
          sum_rows<group>(query, some, width, out + i);                                                            \
        }                                                                                                          \
      for (; i < n; ++i) {                                                                                         \
        const float* const one[1] = {row(i)};                                                                      \
        sum_rows<1>(query, one, width, out + i);                                                                   \
      }                                                                                                            \
    }                                                                                                              \
    static void rows(const float* query, const float* rows, std::size_t width, const std::uint32_t* slots,         \
                     std::size_t n, float* out) noexcept {                                                         \
      return slots != nullptr ? sum_all<true>(query, rows, width, slots, n, out)                                   \
                              : sum_all<false>(query, rows, width, slots, n, out);                                 \
    }                                                                                                              \
    __VA_ARGS__ static float pair(const float* a, const float* b, std::size_t n) noexcept {                        \
      float sum;                                                                                                   \
      const float* const one[1] = {b};                                                                             \
      sum_rows<1>(a, one, n, &sum);                                                                                \
      return sum;                                                                                                  \
    }                                                                                                              \
  };

MLSD_SUM_KERNELS(portable_sums, 4, MLSD_UNCONTRACTED)
#if defined(__x86_64__)
MLSD_SUM_KERNELS(avx2_sums, 8, MLSD_UNCONTRACTED [[gnu::target("avx2")]])
MLSD_SUM_KERNELS(avx512_sums, 16, MLSD_UNCONTRACTED [[gnu::target("avx512f,avx512bw,avx512dq,avx512vl")]])
#endif
#undef MLSD_SUM_KERNELS

template <bool Squared> [[nodiscard]] row_sums row_sums_for(isa set) noexcept {
#if defined(__x86_64__)
  if (set == isa::avx512) return avx512_sums<Squared>::rows;
  if (set == isa::avx2) return avx2_sums<Squared>::rows;
#endif
  return static_cast<void>(set), portable_sums<Squared>::rows;
}
template <bool Squared> [[nodiscard]] pair_sum pair_sum_for(isa set) noexcept {
#if defined(__x86_64__)
  if (set == isa::avx512) return avx512_sums<Squared>::pair;
  if (set == isa::avx2) return avx2_sums<Squared>::pair;
#endif
  return static_cast<void>(set), portable_sums<Squared>::pair;
}

}  // namespace mlsd::detail
