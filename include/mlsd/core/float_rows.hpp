/// Products of rows of floats, the same bits whatever the instruction set: eight lanes are summed side by side, then
/// pairwise, and nothing is fused. Rows are padded with zeros to a multiple of eight.
#pragma once

#include "mlsd/core/fp.hpp"
#include "mlsd/core/matrix_view.hpp"
#include "mlsd/core/simd.hpp"

#include <cassert>
#include <cstddef>
#include <cstring>
#include <span>

namespace mlsd {

/// Floats that a row of n takes.
[[nodiscard]] constexpr std::size_t padded_width(std::size_t n) noexcept { return (n + 7) / 8 * 8; }

namespace detail::float_rows {

using lanes [[gnu::vector_size(32)]] = float;

// Vectors do not pass through calls: their convention depends on the instruction set.
[[gnu::always_inline]] inline float dot(const float* a, const float* b, std::size_t n) noexcept {
  MLSD_CONTRACT_OFF
  lanes sum{};
  for (std::size_t i = 0; i < n; i += 8) {
    lanes x, y;
    std::memcpy(&x, a + i, sizeof x);
    std::memcpy(&y, b + i, sizeof y);
    sum += x * y;
  }
  return ((sum[0] + sum[4]) + (sum[2] + sum[6])) + ((sum[1] + sum[5]) + (sum[3] + sum[7]));
}
/// y += s x.
[[gnu::always_inline]] inline void add_scaled(float s, const float* x, float* y, std::size_t n) noexcept {
  MLSD_CONTRACT_OFF
  for (std::size_t i = 0; i < n; i += 8) {
    lanes u, v;
    std::memcpy(&u, x + i, sizeof u);
    std::memcpy(&v, y + i, sizeof v);
    v += s * u;
    std::memcpy(y + i, &v, sizeof v);
  }
}
/// y[0, 8 V) += sum over j of w[j] row j, in registers.
template <std::size_t V>
[[gnu::always_inline]] inline void add_strip(const matrix_view<const float>& rows, std::size_t first, const float* w,
                                             float* y) noexcept {
  MLSD_CONTRACT_OFF
  lanes sum[V];
#pragma GCC unroll 8
  for (std::size_t v = 0; v < V; ++v) std::memcpy(&sum[v], y + first + 8 * v, sizeof sum[v]);
  for (std::size_t j = 0; j < rows.rows; ++j) {
    const float* row = rows.data + j * rows.stride + first;
#pragma GCC unroll 8
    for (std::size_t v = 0; v < V; ++v) {
      lanes x;
      std::memcpy(&x, row + 8 * v, sizeof x);
      sum[v] += w[j] * x;
    }
  }
#pragma GCC unroll 8
  for (std::size_t v = 0; v < V; ++v) std::memcpy(y + first + 8 * v, &sum[v], sizeof sum[v]);
}
/// y += sum over j of w[j] row j: what `dot` with each row gives for a symmetric matrix, without a sum across lanes.
[[gnu::always_inline]] inline void add_rows_times(const matrix_view<const float>& rows, const float* w, float* y,
                                                  std::size_t n) noexcept {
  std::size_t i = 0;
  for (; i + 64 <= n; i += 64) add_strip<8>(rows, i, w, y);
  for (; i + 16 <= n; i += 16) add_strip<2>(rows, i, w, y);
  for (; i < n; i += 8) add_strip<1>(rows, i, w, y);
}
/// y = x + s y.
[[gnu::always_inline]] inline void scale_and_add(float s, const float* x, float* y, std::size_t n) noexcept {
  MLSD_CONTRACT_OFF
  for (std::size_t i = 0; i < n; i += 8) {
    lanes u, v;
    std::memcpy(&u, x + i, sizeof u);
    std::memcpy(&v, y + i, sizeof v);
    v = u + s * v;
    std::memcpy(y + i, &v, sizeof v);
  }
}

[[gnu::always_inline]] inline void dots_of(const matrix_view<const float>& rows, const float* x, float* out) noexcept {
  const std::size_t n = padded_width(rows.columns);
  for (std::size_t i = 0; i < rows.rows; ++i) out[i] = dot(rows.data + i * rows.stride, x, n);
}
template <class = void>
MLSD_UNCONTRACTED void dots_portable(const matrix_view<const float>& rows, const float* x, float* out) noexcept {
  dots_of(rows, x, out);
}
#if defined(__x86_64__)
template <class = void>
MLSD_UNCONTRACTED [[gnu::target("avx2")]] void dots_avx2(const matrix_view<const float>& rows, const float* x,
                                                         float* out) noexcept {
  dots_of(rows, x, out);
}
#endif

}  // namespace detail::float_rows

/// `out[i]` is row i times x. Rows and x are padded: `rows.stride` is at least `padded_width(rows.columns)`, and what
/// lies behind the columns is 0. O(rows x columns); rounding as of a sum in eight lanes.
template <class = void>
void row_products(const matrix_view<const float>& rows, std::span<const float> x, std::span<float> out) noexcept {
  assert(rows.empty() || (rows.stride >= padded_width(rows.columns) && x.size() >= padded_width(rows.columns)));
  assert(out.size() >= rows.rows);
#if defined(__x86_64__)
  if (active_isa() >= isa::avx2) return detail::float_rows::dots_avx2(rows, x.data(), out.data());
#endif
  detail::float_rows::dots_portable(rows, x.data(), out.data());
}

}  // namespace mlsd
