#pragma once

#include "mlsd/core/executor.hpp"
#include "mlsd/core/float_rows.hpp"
#include "mlsd/core/fp.hpp"
#include "mlsd/core/matrix_view.hpp"
#include "mlsd/core/simd.hpp"
#include "mlsd/core/sparse_row.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace mlsd {

namespace detail {
template <class = void>
[[nodiscard]] MLSD_UNCONTRACTED std::vector<float> gram_of(const matrix_view<const float>& rows, std::size_t first,
                                                           std::size_t last) {
  MLSD_CONTRACT_OFF
  std::vector<float> sum(rows.columns * rows.stride, 0.0f);
  for (std::size_t i = first; i < last; ++i) {
    const float* y = rows.data + i * rows.stride;
    for (std::size_t j = 0; j < rows.columns; ++j)
      float_rows::add_scaled(y[j], y, sum.data() + j * rows.stride, rows.stride);
  }
  return sum;
}
}  // namespace detail

/// Y'Y of padded rows Y [n, d], with `ridge` on its diagonal: [d, d], padded. The same bits on any number of threads.
/// Takes the memory of at most 257 results.
template <executor Ex = sequential>
[[nodiscard]] std::vector<float> ridged_gram(const matrix_view<const float>& rows, float ridge, Ex&& ex = {}) {
  auto sum = reduce_chunks<std::vector<float>>(
      ex, rows.rows, (std::max)(std::size_t{1024}, chunk_count(rows.rows, 256)),
      [&](std::size_t first, std::size_t last) { return detail::gram_of(rows, first, last); },
      [](std::vector<float>& into, const std::vector<float>& from) {
        for (std::size_t i = 0; i < into.size(); ++i) into[i] += from[i];
      });
  sum.resize(rows.columns * rows.stride);
  for (std::size_t j = 0; j < rows.columns; ++j) sum[j * rows.stride + j] += ridge;
  return sum;
}

/// The vector x of a user (or item) that is best under confidences: least
///   sum over all other-side rows y of c (p - x.y)^2 + ridge |x|^2,   c = 1 + confidence * w, p = 1 for what the row
///   has,
///                                                                    c = 1, p = 0 for everything else.
/// Solved by conjugate gradients on (G + sum (c - 1) y y') x = sum c y, G = Y'Y + ridge: never forms a matrix, costs
/// O((d^2 + entries x d) steps). All rows padded as `padded_width` says. Weights that are not positive, and indices
/// beyond the rows, are passed over.
/// Sources: Hu, Koren and Volinsky, Collaborative filtering for implicit feedback (2008); Takacs, Pilaszy and Tikk,
/// Applications of the conjugate gradient method for implicit feedback (2011).
struct confidence_least_squares {
  matrix_view<const float> rows{};  ///< Y [n, d], padded
  matrix_view<const float> gram{};  ///< Y'Y + ridge on the diagonal, [d, d], padded
  float confidence = 40;
  std::span<std::uint8_t> seen{};  ///< [n], all 0, and so left: entries may then name a row twice, and add up

  /// Improves `x` [padded d] by at most `steps` steps, less where the squared residual falls below `tolerance` times
  /// what it was. `work` is [3 * padded d]. Allocates nothing.
  template <class = void>
  void improve(const sparse_row& entries, std::span<float> x, std::span<float> work, std::size_t steps,
               float tolerance) const noexcept {
    assert(x.size() == padded_width(rows.columns) && work.size() >= 3 * x.size());
#if defined(__x86_64__)
    if (active_isa() >= isa::avx2) return improve_avx2(entries, x, work, steps, tolerance);
#endif
    improve_portable(entries, x, work, steps, tolerance);
  }

 private:
  template <class = void>
  MLSD_UNCONTRACTED void improve_portable(const sparse_row& entries, std::span<float> x, std::span<float> work,
                                          std::size_t steps, float tolerance) const noexcept {
    descend(entries, x.data(), work.data(), x.size(), steps, tolerance);
  }
#if defined(__x86_64__)
  template <class = void>
  MLSD_UNCONTRACTED [[gnu::target("avx2")]] void improve_avx2(const sparse_row& entries, std::span<float> x,
                                                              std::span<float> work, std::size_t steps,
                                                              float tolerance) const noexcept {
    descend(entries, x.data(), work.data(), x.size(), steps, tolerance);
  }
#endif

  [[gnu::always_inline]] void descend(const sparse_row& entries, float* x, float* work, std::size_t n,
                                      std::size_t steps, float tolerance) const noexcept {
    MLSD_CONTRACT_OFF
    using namespace detail::float_rows;
    float *residual = work, *direction = work + n, *image = work + 2 * n;
    std::fill_n(residual, n, 0.0f);
    add_rows_times(gram, x, residual, n);
    for (std::size_t j = 0; j < n; ++j) residual[j] = -residual[j];
    add_rows<true>(entries, x, residual, n);
    std::copy_n(residual, n, direction);
    float square = dot(residual, residual, n);
    const float enough = square * tolerance;
    for (std::size_t step = 0; step < steps && square > enough && square > 1e-30f; ++step) {
      std::fill_n(image, n, 0.0f);
      add_rows_times(gram, direction, image, n);
      add_rows<false>(entries, direction, image, n);
      const float curvature = dot(direction, image, n);
      if (!(curvature > 0)) break;
      const float length = square / curvature;
      add_scaled(length, direction, x, n);
      add_scaled(-length, image, residual, n);
      const float next = dot(residual, residual, n);
      scale_and_add(next / square, residual, direction, n);
      square = next;
    }
  }
  /// sum += (c - 1) (y.x) y over the entries; with `FromTarget` what the target lacks of it: c y - (c - 1) (y.x) y.
  template <bool FromTarget>
  [[gnu::always_inline]] void add_rows(const sparse_row& entries, const float* x, float* sum,
                                       std::size_t n) const noexcept {
    MLSD_CONTRACT_OFF
    using namespace detail::float_rows;
    for (std::size_t k = 0; k < entries.size(); ++k) {
      const float extra = confidence * entries.value_of(k);
      if (entries.index[k] >= rows.rows || !(extra > 0)) continue;
      const float* y = rows.data + std::size_t{entries.index[k]} * rows.stride;
      const float along = extra * dot(y, x, n);
      float target = 1;
      if (FromTarget && !seen.empty() && std::exchange(seen[entries.index[k]], std::uint8_t{1}) != 0) target = 0;
      add_scaled(FromTarget ? (target + extra) - along : along, y, sum, n);
    }
    if (FromTarget && !seen.empty())
      for (const std::uint32_t i : entries.index)
        if (i < rows.rows) seen[i] = 0;
  }
};

}  // namespace mlsd
