#pragma once

#include "mlsd/core/matrix_view.hpp"
#include "mlsd/scoring/gbdt/forest.hpp"
#include "mlsd/scoring/gbdt/packed_trees.hpp"
#include "mlsd/scoring/gbdt/tree_cells.hpp"
#include "mlsd/scoring/gbdt/walking_engine.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace mlsd {

/// Scores without a branch that depends on the data: 16 trees of one row, or 16 rows of one tree, are in flight at a
/// time, each step an integer comparison. 8-byte nodes where the model has numbers only, 16-byte nodes with bitsets
/// where it has categories. Plain integer code, so the bits are those of `walking_engine` on every machine.
/// Rows of more than 512 distinct (feature, side of NaN) pairs, 256 with categories, are scored one by one; of more
/// than 8,192 or 4,096, and where leaves are lines, they are walked. No allocation to score.
class interleaved_engine {
 public:
  interleaved_engine() = default;
  template <class = void> explicit interleaved_engine(const gbdt_forest& forest) {
    if (!cells_.build(forest)) {
      cells_ = {};
      return;
    }
    if (numbers_.build(forest, cells_)) {
      kind_ = layout::numbers;
      return;
    }
    numbers_ = {};
    if (mixed_.build(forest, cells_)) kind_ = layout::mixed;
  }

  /// What the forest reads of a row; empty where it is walked.
  [[nodiscard]] const detail::tree_cells<>& cells() const noexcept { return cells_; }

  /// `sums` [outputs].
  template <class = void>
  void row(const gbdt_forest& forest, const mixed_row& x, std::span<double> sums) const noexcept {
    if (kind_ == layout::numbers && fits<detail::number_nodes>(1)) return one_row(numbers_, forest, x, sums);
    if (kind_ == layout::mixed && fits<detail::mixed_nodes>(1)) return one_row(mixed_, forest, x, sums);
    walking_engine::row(forest, x, sums);
  }

  /// `sums` [rows, outputs].
  template <class = void>
  void batch(const gbdt_forest& forest, const mixed_columns& x, std::span<double> sums) const noexcept {
    if (kind_ == layout::numbers && fits<detail::number_nodes>(lanes)) return many_rows(numbers_, forest, x, sums);
    if (kind_ == layout::mixed && fits<detail::mixed_nodes>(lanes)) return many_rows(mixed_, forest, x, sums);
    if (kind_ == layout::numbers && fits<detail::number_nodes>(1)) return row_by_row(numbers_, forest, x, sums);
    if (kind_ == layout::mixed && fits<detail::mixed_nodes>(1)) return row_by_row(mixed_, forest, x, sums);
    walking_engine::batch(forest, x, sums);
  }

 private:
  enum class layout : std::uint8_t { walk, numbers, mixed };
  static constexpr std::size_t lanes = 16, buffer_bytes = 32 * 1024;

  template <class Nodes> [[nodiscard]] bool fits(std::size_t rows) const noexcept {
    return cells_.size() * rows * sizeof(typename Nodes::cell) <= buffer_bytes;
  }

  /// Adds the leaf that is node `at` of a tree to the sums of one row.
  template <bool FloatSums, class Nodes>
  static void add_leaf(const detail::packed_trees<Nodes>& trees, std::size_t width, std::size_t at, std::size_t tree,
                       double* sums) noexcept {
    const double* const value = trees.value.data() + at * width;
    for (std::size_t k = 0; k < width; ++k) {
      double& sum = sums[trees.output[tree] + k];
      sum += value[k];
      if (FloatSums) sum = static_cast<double>(static_cast<float>(sum));
    }
  }

  template <class Nodes>
  void one_row(const detail::packed_trees<Nodes>& trees, const gbdt_forest& forest, const mixed_row& x,
               std::span<double> sums) const noexcept {
    alignas(64) typename Nodes::cell cells[buffer_bytes / sizeof(typename Nodes::cell)];
    cells_.load(
        x, [&](std::size_t c, std::uint32_t key) { cells[c] = Nodes::number_cell(key); },
        [&](std::size_t c, std::uint32_t its_class) { cells[c] = Nodes::category_cell(its_class); });
    walk_row(trees, forest, cells, sums);
  }
  template <class Nodes>
  void row_by_row(const detail::packed_trees<Nodes>& trees, const gbdt_forest& forest, const mixed_columns& x,
                  std::span<double> sums) const noexcept {
    alignas(64) typename Nodes::cell cells[buffer_bytes / sizeof(typename Nodes::cell)];
    for (std::size_t i = 0; i < x.rows; ++i) {
      cells_.load(
          x, i, 1, [&](std::size_t c, std::size_t, std::uint32_t key) { cells[c] = Nodes::number_cell(key); },
          [&](std::size_t c, std::size_t, std::uint32_t its_class) { cells[c] = Nodes::category_cell(its_class); });
      walk_row(trees, forest, cells, sums.subspan(i * forest.outputs(), forest.outputs()));
    }
  }

  /// 16 trees at a time.
  template <class Nodes>
  static void walk_row(const detail::packed_trees<Nodes>& trees, const gbdt_forest& forest,
                       const typename Nodes::cell* cells, std::span<double> sums) noexcept {
    using packed = detail::packed_trees<Nodes>;
    const auto* const nodes = trees.nodes.data();
    const std::uint32_t* const words = trees.words.data();
    std::uint32_t leaf[packed::block + lanes];
    auto g = trees.groups.begin();
    for (std::size_t first = 0; first < trees.root.size(); first += packed::block) {
      const std::size_t in_block = (std::min)(trees.root.size() - first, packed::block);
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
        for (std::size_t j = 0; j < lanes; ++j) leaf[g->position[j]] = at[j];
      }
      add_leaves(trees, forest, std::span<const std::uint32_t>(leaf, in_block), first, sums);
    }
  }
  template <class Nodes>
  static void add_leaves(const detail::packed_trees<Nodes>& trees, const gbdt_forest& forest,
                         std::span<const std::uint32_t> leaf, std::size_t first, std::span<double> sums) noexcept {
    if (sums.size() == 1) {
      if (forest.float_sums()) {
        for (const std::uint32_t at : leaf)
          sums[0] = static_cast<double>(static_cast<float>(sums[0] + trees.value[at]));
      } else {
        for (const std::uint32_t at : leaf) sums[0] += trees.value[at];
      }
      return;
    }
    for (std::size_t t = 0; t < leaf.size(); ++t)
      forest.float_sums() ? add_leaf<true>(trees, forest.leaf_width(), leaf[t], first + t, sums.data())
                          : add_leaf<false>(trees, forest.leaf_width(), leaf[t], first + t, sums.data());
  }

  template <class Nodes>
  void many_rows(const detail::packed_trees<Nodes>& trees, const gbdt_forest& forest, const mixed_columns& x,
                 std::span<double> sums) const noexcept {
    alignas(64) typename Nodes::cell cells[buffer_bytes / sizeof(typename Nodes::cell)];
    for (std::size_t first = 0; first < x.rows; first += lanes) {
      const std::size_t rows = (std::min)(lanes, x.rows - first);
      load_cells<Nodes>(x, first, rows, cells);
      double* const to = sums.data() + first * forest.outputs();
      if (forest.float_sums())
        add_trees<true>(trees, forest, cells, rows, to);
      else if (forest.outputs() != 1 || rows != lanes)
        add_trees<false>(trees, forest, cells, rows, to);
      else
        add_trees_to_one(trees, cells, to);
    }
  }

  /// The leaves that 16 rows reach in one tree.
  template <class Nodes>
  [[gnu::always_inline]] static void walk(const detail::packed_trees<Nodes>& trees, std::size_t tree,
                                          const typename Nodes::cell* cells, std::uint32_t (&at)[lanes]) noexcept {
    const auto* const nodes = trees.nodes.data();
    const std::uint32_t* const words = trees.words.data();
    for (std::size_t j = 0; j < lanes; ++j) at[j] = trees.root[tree];
    for (std::uint32_t level = 0; level < trees.depth[tree]; ++level) {
#pragma GCC unroll 16
      for (std::size_t j = 0; j < lanes; ++j) {
        const auto& n = nodes[at[j]];
        at[j] += Nodes::advance(n, cells[n.cell * lanes + j], words);
      }
    }
  }
  template <bool FloatSums, class Nodes>
  static void add_trees(const detail::packed_trees<Nodes>& trees, const gbdt_forest& forest,
                        const typename Nodes::cell* cells, std::size_t rows, double* sums) noexcept {
    std::uint32_t at[lanes];
    for (std::size_t t = 0; t < trees.root.size(); ++t) {
      walk(trees, t, cells, at);
      for (std::size_t j = 0; j < rows; ++j)
        add_leaf<FloatSums>(trees, forest.leaf_width(), at[j], t, sums + j * forest.outputs());
    }
  }
  template <class Nodes>
  static void add_trees_to_one(const detail::packed_trees<Nodes>& trees, const typename Nodes::cell* cells,
                               double* sums) noexcept {
    std::uint32_t at[lanes];
    for (std::size_t t = 0; t < trees.root.size(); ++t) {
      walk(trees, t, cells, at);
      for (std::size_t j = 0; j < lanes; ++j) sums[j] += trees.value[at[j]];
    }
  }

  /// Cells of up to 16 rows, [cell][row]; lanes without a row repeat the last one.
  template <class Nodes>
  void load_cells(const mixed_columns& x, std::size_t first, std::size_t rows,
                  typename Nodes::cell* cells) const noexcept {
    cells_.load(
        x, first, rows,
        [&](std::size_t c, std::size_t i, std::uint32_t key) { cells[c * lanes + i] = Nodes::number_cell(key); },
        [&](std::size_t c, std::size_t i, std::uint32_t its_class) {
          cells[c * lanes + i] = Nodes::category_cell(its_class);
        });
    if (rows == lanes) return;
    for (std::size_t c = 0; c < cells_.size(); ++c)
      for (std::size_t j = rows; j < lanes; ++j) cells[c * lanes + j] = cells[c * lanes + rows - 1];
  }

  detail::tree_cells<> cells_;
  detail::packed_trees<detail::number_nodes> numbers_;
  detail::packed_trees<detail::mixed_nodes> mixed_;
  layout kind_ = layout::walk;
};

}  // namespace mlsd
