#pragma once

#include "mlsd/core/matrix_view.hpp"
#include "mlsd/scoring/gbdt/forest.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace mlsd {

/// Scores by walking one tree after another: no preparation, no memory, any model. The reference for other engines,
/// and the smallest example of an engine: built from a forest, it adds the leaves of a row to `base` in tree order.
struct walking_engine {
  walking_engine() = default;
  explicit walking_engine(const gbdt_forest&) {}

  [[nodiscard]] static double row(const gbdt_forest& forest, const mixed_row& x, double base) noexcept {
    for (std::size_t t = 0; t < forest.trees(); ++t)
      base += forest.leaf(
          t, forest.leaf_index(
                 t, [&](std::size_t j) { return x.numbers[j]; }, [&](std::size_t j) { return x.codes[j]; }));
    return base;
  }

  static void batch(const gbdt_forest& forest, const mixed_columns& x, double base, std::span<double> out) noexcept {
    for (std::size_t i = 0; i < x.rows; ++i) {
      double sum = base;
      for (std::size_t t = 0; t < forest.trees(); ++t)
        sum += forest.leaf(t, forest.leaf_index(
                                  t, [&](std::size_t j) { return x.numbers[j * x.stride + i]; },
                                  [&](std::size_t j) { return x.codes[j * x.stride + i]; }));
      out[i] = sum;
    }
  }
};

}  // namespace mlsd
