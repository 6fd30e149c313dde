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

/// `use(row, leaf)` for the rows of x that are not marked in `skip`, chunks of rows in parallel.
template <executor Ex, class Use>
void for_each_leaf(const gbdt_forest& forest, const mixed_columns& x, Ex& ex, Use use,
                   std::span<const std::uint8_t> skip = {}) {
  constexpr std::size_t grain = 16384;
  for_each_chunk(ex, x.rows, grain, [&](std::size_t a, std::size_t b) {
    for (std::size_t i = a; i < b; ++i) {
      if (!skip.empty() && skip[i] != 0) continue;
      use(i, forest.leaf_index(
                 0, [&](std::size_t j) { return x.numbers[j * x.stride + i]; },
                 [&](std::size_t j) { return x.codes[j * x.stride + i]; }));
    }
  });
}

/// The same for rows of either kind. Of sparse ones the columns that the tree asks for are made dense, tile by tile.
template <executor Ex, class Use>
void for_each_leaf(const gbdt_forest& forest, const feature_rows& x, Ex& ex, Use use,
                   std::span<const std::uint8_t> skip = {}) {
  if (x.sparse() == nullptr) return for_each_leaf(forest, x.columns(), ex, use, skip);
  std::vector<std::uint32_t> asked, place(x.number_columns());
  for (std::size_t s = 0; s < forest.splits(); ++s) asked.push_back(forest.feature(s));
  std::sort(asked.begin(), asked.end());
  asked.erase(std::unique(asked.begin(), asked.end()), asked.end());
  for (std::size_t k = 0; k < asked.size(); ++k) place[asked[k]] = static_cast<std::uint32_t>(k);
  constexpr std::size_t grain = 16384, rows = 256;
  for_each_chunk(ex, x.rows(), grain, [&](std::size_t a, std::size_t b) {
    sparse_tile tile(*x.sparse(), asked, a, rows);
    for (; a < b; a += rows) {
      const mixed_columns dense = tile.next((std::min)(rows, b - a));
      for (std::size_t i = 0; i < dense.rows; ++i) {
        if (!skip.empty() && skip[a + i] != 0) continue;
        use(a + i, forest.leaf_index(
                       0, [&](std::size_t j) { return dense.numbers[place[j] * rows + i]; },
                       [](std::size_t) { return std::uint32_t{0}; }));
      }
    }
  });
}

/// margin[i] += sign * the value of row i's leaf.
template <executor Ex>
void add_tree(std::span<double> margin, const gbdt_forest& forest, const feature_rows& x, double sign, Ex& ex) {
  for_each_leaf(forest, x, ex, [&](std::size_t i, std::size_t l) { margin[i] += sign * forest.leaf(0, l); });
}

}  // namespace mlsd::detail
