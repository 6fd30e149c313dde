#pragma once

#include "mlsd/core/executor.hpp"
#include "mlsd/core/matrix_view.hpp"
#include "mlsd/scoring/gbdt/forest.hpp"
#include "mlsd/scoring/gbdt/tree.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

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

/// What leaf l gives row i of x.
template <class = void>
[[nodiscard]] double value_of(const gbdt_forest& forest, std::size_t l, const mixed_columns& x,
                              std::size_t i) noexcept {
  return forest.leaf_value(0, l, [&](std::size_t j) { return x.numbers[j * x.stride + i]; });
}

/// margin[i] += sign * the value of row i's leaf.
template <executor Ex>
void add_tree(std::span<double> margin, const gbdt_forest& forest, const mixed_columns& x, double sign, Ex& ex) {
  for_each_leaf(forest, x, ex, [&](std::size_t i, std::size_t l) { margin[i] += sign * value_of(forest, l, x, i); });
}

}  // namespace mlsd::detail
