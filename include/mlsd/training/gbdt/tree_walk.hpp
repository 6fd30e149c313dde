#pragma once

#include "mlsd/core/executor.hpp"
#include "mlsd/core/matrix_view.hpp"
#include "mlsd/data/sparse_tile.hpp"
#include "mlsd/data/training_rows.hpp"
#include "mlsd/scoring/gbdt/forest.hpp"
#include "mlsd/scoring/gbdt/tree.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace mlsd::detail {

/// One tree of one output, to walk rows through.
template <class = void>
[[nodiscard]] gbdt_forest forest_of(std::uint32_t number_columns, std::uint32_t code_columns, const gbdt_tree& tree) {
  return gbdt_forest(gbdt_description{number_columns, code_columns, {0.0}, link_function::identity, {tree}});
}

/// What leaf l gives row i of x.
template <class = void>
[[nodiscard]] double leaf_value_of(const gbdt_forest& forest, std::size_t l, const mixed_columns& x,
                                   std::size_t i) noexcept {
  return forest.leaf_value(0, l, [&](std::size_t j) { return x.numbers[j * x.stride + i]; });
}

/// The columns that a tree asks for, in its splits and the lines of its leaves, ascending.
template <class = void> [[nodiscard]] std::vector<std::uint32_t> columns_of(const gbdt_forest& forest) {
  std::vector<std::uint32_t> columns;
  for (std::size_t s = 0; s < forest.splits(); ++s) columns.push_back(forest.feature(s));
  for (std::size_t l = 0; forest.has_lines() && l <= forest.splits(); ++l) {
    const auto terms = forest.term_columns(0, l);
    columns.insert(columns.end(), terms.begin(), terms.end());
  }
  std::sort(columns.begin(), columns.end());
  columns.erase(std::unique(columns.begin(), columns.end()), columns.end());
  return columns;
}

/// `use(row, leaf, number)` for the rows of x that are not marked in `skip`, chunks of rows in parallel; `number(j)` is
/// number j of the row, of those that the tree asks for. Of sparse rows these are made dense, tile by tile.
template <executor Ex, class Use>
void walk_rows(const gbdt_forest& forest, const feature_rows& x, Ex& ex, Use use,
               std::span<const std::uint8_t> skip = {}) {
  constexpr std::size_t grain = 16384, rows = 256;
  const auto walk = [&](std::size_t i, const auto& number, const auto& code) {
    if (skip.empty() || skip[i] == 0) use(i, forest.leaf_index(0, number, code), number);
  };
  if (x.sparse() == nullptr) {
    const mixed_columns& dense = x.columns();
    return for_each_chunk(ex, dense.rows, grain, [&](std::size_t a, std::size_t b) {
      for (std::size_t i = a; i < b; ++i)
        walk(
            i, [&](std::size_t j) { return dense.numbers[j * dense.stride + i]; },
            [&](std::size_t j) { return dense.codes[j * dense.stride + i]; });
    });
  }
  const std::vector<std::uint32_t> asked = columns_of(forest);
  std::vector<std::uint32_t> place(x.number_columns());
  for (std::size_t k = 0; k < asked.size(); ++k) place[asked[k]] = static_cast<std::uint32_t>(k);
  for_each_chunk(ex, x.rows(), grain, [&](std::size_t a, std::size_t b) {
    sparse_tile tile(*x.sparse(), asked, a, rows);
    for (; a < b; a += rows) {
      const mixed_columns dense = tile.next((std::min)(rows, b - a));
      for (std::size_t i = 0; i < dense.rows; ++i)
        walk(
            a + i, [&](std::size_t j) { return dense.numbers[place[j] * rows + i]; },
            [](std::size_t) { return std::uint32_t{0}; });
    }
  });
}
/// `use(row, leaf)`.
template <executor Ex, class Use>
void for_each_leaf(const gbdt_forest& forest, const feature_rows& x, Ex& ex, Use use,
                   std::span<const std::uint8_t> skip = {}) {
  walk_rows(
      forest, x, ex, [&](std::size_t i, std::size_t l, const auto&) { use(i, l); }, skip);
}
/// margin[i] += sign * the value of row i's leaf, for the rows that are not marked in `skip`.
template <executor Ex>
void add_tree(std::span<double> margin, const gbdt_forest& forest, const feature_rows& x, double sign, Ex& ex,
              std::span<const std::uint8_t> skip = {}) {
  walk_rows(
      forest, x, ex,
      [&](std::size_t i, std::size_t l, const auto& number) { margin[i] += sign * forest.leaf_value(0, l, number); },
      skip);
}

}  // namespace mlsd::detail
