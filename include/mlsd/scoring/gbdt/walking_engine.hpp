#pragma once

#include "mlsd/core/matrix_view.hpp"
#include "mlsd/scoring/gbdt/forest.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace mlsd {

/// Scores by walking one tree after another: no preparation, no memory, any model. The reference for other engines,
/// and the smallest example of an engine: built from a forest, it adds the leaves of a row to its sums, in tree order.
struct walking_engine {
  walking_engine() = default;
  explicit walking_engine(const gbdt_forest&) {}

  /// `sums` [outputs].
  static void row(const gbdt_forest& forest, const mixed_row& x, std::span<double> sums) noexcept {
    forest.add([&](std::size_t j) { return x.numbers[j]; }, [&](std::size_t j) { return x.codes[j]; }, sums);
  }

  /// `sums` [rows, outputs].
  static void batch(const gbdt_forest& forest, const mixed_columns& x, std::span<double> sums) noexcept {
    for (std::size_t i = 0; i < x.rows; ++i)
      forest.add([&](std::size_t j) { return x.numbers[j * x.stride + i]; },
                 [&](std::size_t j) { return x.codes[j * x.stride + i]; },
                 sums.subspan(i * forest.outputs(), forest.outputs()));
  }
};

}  // namespace mlsd
