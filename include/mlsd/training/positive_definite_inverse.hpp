#pragma once

#include "mlsd/core/executor.hpp"
#include "mlsd/core/fp.hpp"
#include "mlsd/core/simd.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstring>
#include <span>
#include <vector>

namespace mlsd {

namespace detail {

using four_doubles [[gnu::vector_size(32)]] = double;

/// Tiles of 4 rows and 8 columns of S -= T V for `rows` rows of S; T is [rows, depth], V [depth, stride].
[[gnu::always_inline]] inline void subtract_product_of(double* s, const double* t, const double* v, std::size_t rows,
                                                       std::size_t columns, std::size_t stride,
                                                       std::size_t depth) noexcept {
  MLSD_CONTRACT_OFF
  const auto load = [](four_doubles& x, const double* from) { std::memcpy(&x, from, sizeof x); };
  for (std::size_t j = 0; j < columns; j += 8)
    for (std::size_t i = 0; i < rows; i += 4) {
      const std::size_t n = (std::min)(rows - i, std::size_t{4});
      four_doubles sum[4][2] = {};
      for (std::size_t k = 0; k < depth; ++k) {
        four_doubles left, right;
        load(left, v + k * stride + j);
        load(right, v + k * stride + j + 4);
        if (n == 4) {
          for (std::size_t r = 0; r < 4; ++r) {
            sum[r][0] += t[(i + r) * depth + k] * left;
            sum[r][1] += t[(i + r) * depth + k] * right;
          }
        } else {
          for (std::size_t r = 0; r < n; ++r) {
            sum[r][0] += t[(i + r) * depth + k] * left;
            sum[r][1] += t[(i + r) * depth + k] * right;
          }
        }
      }
      for (std::size_t r = 0; r < n; ++r)
        for (std::size_t h = 0; h < 2; ++h) {
          double* to = s + (i + r) * stride + j + 4 * h;
          four_doubles old;
          load(old, to);
          old -= sum[r][h];
          std::memcpy(to, &old, sizeof old);
        }
    }
}
template <class = void>
MLSD_UNCONTRACTED void subtract_product_portable(double* s, const double* t, const double* v, std::size_t rows,
                                                 std::size_t columns, std::size_t stride, std::size_t depth) noexcept {
  subtract_product_of(s, t, v, rows, columns, stride, depth);
}
#if defined(__x86_64__)
template <class = void>
MLSD_UNCONTRACTED [[gnu::target("avx2")]] void subtract_product_avx2(double* s, const double* t, const double* v,
                                                                     std::size_t rows, std::size_t columns,
                                                                     std::size_t stride, std::size_t depth) noexcept {
  subtract_product_of(s, t, v, rows, columns, stride, depth);
}
#endif
template <class = void>
void subtract_product(double* s, const double* t, const double* v, std::size_t rows, std::size_t columns,
                      std::size_t stride, std::size_t depth) noexcept {
#if defined(__x86_64__)
  if (active_isa() >= isa::avx2) return subtract_product_avx2(s, t, v, rows, columns, stride, depth);
#endif
  subtract_product_portable(s, t, v, rows, columns, stride, depth);
}

/// T = A' B for `rows` columns of A [depth, stride] and B [depth, depth]; T is [rows, depth].
template <class = void>
MLSD_UNCONTRACTED void multiply_transposed(const double* a, const double* b, double* t, std::size_t rows,
                                           std::size_t stride, std::size_t depth) noexcept {
  MLSD_CONTRACT_OFF
  for (std::size_t i = 0; i < rows; ++i) {
    double* row = t + i * depth;
    std::fill_n(row, depth, 0.0);
    for (std::size_t k = 0; k < depth; ++k)
      for (std::size_t j = 0; j < depth; ++j) row[j] += a[k * stride + i] * b[k * depth + j];
  }
}

/// Sweeps a small matrix [n, n] pivot by pivot: it becomes its inverse. False if a pivot is not positive.
template <class = void> [[nodiscard]] MLSD_UNCONTRACTED bool invert_block(double* a, std::size_t n) noexcept {
  MLSD_CONTRACT_OFF
  for (std::size_t p = 0; p < n; ++p) {
    const double pivot = a[p * n + p];
    if (!(pivot > 0)) return false;
    for (std::size_t i = 0; i < n; ++i) {
      if (i == p) continue;
      const double factor = a[i * n + p] / pivot;
      for (std::size_t j = 0; j < n; ++j)
        if (j != p) a[i * n + j] -= factor * a[p * n + j];
      a[i * n + p] = -factor;
    }
    for (std::size_t j = 0; j < n; ++j) a[p * n + j] /= pivot;
    a[p * n + p] = 1 / pivot;
  }
  return true;
}

}  // namespace detail

/// Columns that a row of an n x n matrix takes for `invert_positive_definite`.
[[nodiscard]] constexpr std::size_t inverse_stride(std::size_t n) noexcept { return (n + 7) / 8 * 8; }

/// Replaces a symmetric positive definite matrix by its inverse. `a` is [n, inverse_stride(n)], of which the lower half
/// is read and the whole written. False, and `a` is spoilt, if a pivot is not positive.
/// About n^3 / 2 multiplications, divided by the threads; allocates 64 rows two times over. Sweeps 64 pivots at once
/// (block Gauss-Jordan on one triangle). The same bits on any number of threads and any instruction set.
/// Source: Goodnight, A tutorial on the SWEEP operator (1979).
template <executor Ex = sequential>
[[nodiscard]] bool invert_positive_definite(std::span<double> a, std::size_t n, Ex&& ex = {}) {
  constexpr std::size_t most = 64;
  const std::size_t stride = inverse_stride(n);
  assert(a.size() == n * stride);
  std::vector<double> across(most * stride), scaled(most * stride), pivot(most * most);
  for (std::size_t first = 0; first < n; first += most) {
    const std::size_t depth = (std::min)(most, n - first), last = first + depth;
    const auto cell = [&](std::size_t i, std::size_t j) -> double& {
      return i >= j ? a[i * stride + j] : a[j * stride + i];
    };
    for (std::size_t k = 0; k < depth; ++k)
      for (std::size_t j = 0; j < n; ++j) across[k * stride + j] = cell(first + k, j);
    for (std::size_t k = 0; k < depth; ++k)
      for (std::size_t j = 0; j < depth; ++j) pivot[k * depth + j] = cell(first + k, first + j);
    if (!detail::invert_block(pivot.data(), depth)) return false;
    for_each_chunk(ex, n, most, [&](std::size_t from, std::size_t to) {
      detail::multiply_transposed(across.data() + from, pivot.data(), scaled.data() + from * depth, to - from, stride,
                                  depth);
    });
    for_each_chunk(ex, n, most, [&](std::size_t from, std::size_t to) {
      if (from == first) return;
      const std::size_t columns = (std::min)(stride, (to + 7) / 8 * 8);
      detail::subtract_product(a.data() + from * stride, scaled.data() + from * depth, across.data(), to - from,
                               columns, stride, depth);
    });
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t k = 0; k < depth; ++k)
        if (i < first || i >= last) cell(i, first + k) = scaled[i * depth + k];
    for (std::size_t k = 0; k < depth; ++k)
      for (std::size_t j = 0; j <= k; ++j) cell(first + k, first + j) = -pivot[k * depth + j];
  }
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j <= i; ++j) a[j * stride + i] = a[i * stride + j] = -a[i * stride + j];
  for (std::size_t i = 0; i < n; ++i)
    std::fill_n(a.begin() + static_cast<std::ptrdiff_t>(i * stride + n), stride - n, 0.0);
  return true;
}

}  // namespace mlsd
