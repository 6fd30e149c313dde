#pragma once

#include "mlsd/core/matrix_view.hpp"
#include "mlsd/scoring/gbdt/forest.hpp"
#include "mlsd/scoring/gbdt/packed_trees.hpp"
#include "mlsd/scoring/gbdt/walking_engine.hpp"
#include "mlsd/stats/radix_sort.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace mlsd {

/// Scores without a branch that depends on the data: 16 trees of one row, or 16 rows of one tree, are in flight at a
/// time, each step an integer comparison. 8-byte nodes where the model has numbers only, 16-byte nodes with bitsets
/// where it has codes. Plain integer code, so the bits are those of `walking_engine` on every machine.
/// Rows of more than about 4,000 distinct (feature, side of NaN) pairs are walked instead. No allocation to score.
class interleaved_engine {
 public:
  interleaved_engine() = default;
  template <class = void>
  explicit interleaved_engine(const gbdt_forest& forest) {
    if (numbers_.build(forest)) {
      kind_ = layout::numbers;
      return;
    }
    numbers_ = {};
    if (mixed_.build(forest)) kind_ = layout::mixed;
  }

  template <class = void>
  [[nodiscard]] double row(const gbdt_forest& forest, const mixed_row& x, double base) const noexcept {
    if (kind_ == layout::numbers && fits(numbers_, 1)) return one_row(numbers_, x, base);
    if (kind_ == layout::mixed && fits(mixed_, 1)) return one_row(mixed_, x, base);
    return walking_engine::row(forest, x, base);
  }

  template <class = void>
  void batch(const gbdt_forest& forest, const mixed_columns& x, double base, std::span<double> out) const noexcept {
    if (kind_ == layout::numbers && fits(numbers_, lanes)) return many_rows(numbers_, x, base, out);
    if (kind_ == layout::mixed && fits(mixed_, lanes)) return many_rows(mixed_, x, base, out);
    walking_engine::batch(forest, x, base, out);
  }

 private:
  enum class layout : std::uint8_t { walk, numbers, mixed };
  static constexpr std::size_t lanes = 16, buffer_bytes = 32 * 1024;

  template <class Nodes>
  [[nodiscard]] static bool fits(const detail::packed_trees<Nodes>& trees, std::size_t rows) noexcept {
    return trees.cells.size() * rows * sizeof(typename Nodes::cell) <= buffer_bytes;
  }

  template <class Nodes>
  [[nodiscard]] static typename Nodes::cell number_cell(const detail::tree_cell_source& from, float x) noexcept {
    const std::uint32_t key = ordered_key(x);
    return Nodes::number_cell(x == x ? key : from.nan_key);
  }
  template <class Nodes>
  [[nodiscard]] static typename Nodes::cell code_cell(const detail::packed_trees<Nodes>& trees,
                                                      const detail::tree_cell_source& from,
                                                      std::uint32_t code) noexcept {
    return Nodes::code_cell(trees.code_class[from.first_class + (std::min)(code, from.known_codes)]);
  }

  template <class Nodes>
  [[nodiscard]] static double one_row(const detail::packed_trees<Nodes>& trees, const mixed_row& x,
                                      double base) noexcept {
    using packed = detail::packed_trees<Nodes>;
    alignas(64) typename Nodes::cell cells[buffer_bytes / sizeof(typename Nodes::cell)];
    for (std::size_t c = 0; c < trees.cells.size(); ++c) {
      const detail::tree_cell_source& from = trees.cells[c];
      cells[c] = from.known_codes == 0 ? number_cell<Nodes>(from, x.numbers[from.column])
                                       : code_cell(trees, from, x.codes[from.column]);
    }
    const auto* const nodes = trees.nodes.data();
    const std::uint32_t* const words = trees.words.data();
    double value[packed::block + lanes];
    std::size_t left = trees.root.size();
    for (auto g = trees.groups.begin(); left != 0;) {
      const std::size_t in_block = (std::min)(left, packed::block);
      for (std::size_t done = 0; done < in_block; done += lanes, ++g) {
        std::uint32_t at[lanes];
        for (std::size_t j = 0; j < lanes; ++j) at[j] = g->root[j];
        for (std::uint32_t level = 0; level < g->depth; ++level) {
#pragma GCC unroll 16
          for (std::size_t j = 0; j < lanes; ++j) {
            const auto& n = nodes[at[j]];
            at[j] += Nodes::advance(n, cells[n.cell], words);
          }
        }
        for (std::size_t j = 0; j < lanes; ++j) value[g->position[j]] = trees.value[at[j]];
      }
      for (std::size_t t = 0; t < in_block; ++t) base += value[t];
      left -= in_block;
    }
    return base;
  }

  template <class Nodes>
  static void many_rows(const detail::packed_trees<Nodes>& trees, const mixed_columns& x, double base,
                        std::span<double> out) noexcept {
    alignas(64) typename Nodes::cell cells[buffer_bytes / sizeof(typename Nodes::cell)];
    const auto* const nodes = trees.nodes.data();
    const std::uint32_t* const words = trees.words.data();
    for (std::size_t first = 0; first < x.rows; first += lanes) {
      const std::size_t rows = (std::min)(lanes, x.rows - first);
      load_cells(trees, x, first, rows, cells);
      double sum[lanes];
      for (std::size_t j = 0; j < lanes; ++j) sum[j] = base;
      for (std::size_t t = 0; t < trees.root.size(); ++t) {
        std::uint32_t at[lanes];
        for (std::size_t j = 0; j < lanes; ++j) at[j] = trees.root[t];
        for (std::uint32_t level = 0; level < trees.depth[t]; ++level) {
#pragma GCC unroll 16
          for (std::size_t j = 0; j < lanes; ++j) {
            const auto& n = nodes[at[j]];
            at[j] += Nodes::advance(n, cells[n.cell * lanes + j], words);
          }
        }
        for (std::size_t j = 0; j < lanes; ++j) sum[j] += trees.value[at[j]];
      }
      for (std::size_t j = 0; j < rows; ++j) out[first + j] = sum[j];
    }
  }

  /// Cells of up to 16 rows, [cell][row]; lanes without a row repeat the last one.
  template <class Nodes>
  static void load_cells(const detail::packed_trees<Nodes>& trees, const mixed_columns& x, std::size_t first,
                         std::size_t rows, typename Nodes::cell* cells) noexcept {
    for (const detail::tree_cell_source& from : trees.cells) {
      if (from.known_codes == 0) {
        const float* const column = x.numbers + from.column * x.stride + first;
        for (std::size_t j = 0; j < rows; ++j) cells[j] = number_cell<Nodes>(from, column[j]);
      } else {
        const std::uint32_t* const column = x.codes + from.column * x.stride + first;
        for (std::size_t j = 0; j < rows; ++j) cells[j] = code_cell(trees, from, column[j]);
      }
      for (std::size_t j = rows; j < lanes; ++j) cells[j] = cells[rows - 1];
      cells += lanes;
    }
  }

  detail::packed_trees<detail::number_nodes> numbers_;
  detail::packed_trees<detail::mixed_nodes> mixed_;
  layout kind_ = layout::walk;
};

}  // namespace mlsd
