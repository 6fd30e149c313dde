#pragma once

#include "mlsd/core/fp.hpp"
#include "mlsd/scoring/gbdt/tree.hpp"
#include "mlsd/training/gbdt/histogram.hpp"
#include "mlsd/training/gbdt/tree_grower.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace mlsd::detail {

/// Leaves and their lines.
inline void scale_leaves(gbdt_tree& tree, double factor) noexcept {
  if (factor == 1) return;
  for (double& v : tree.leaves) v *= factor;
  for (gbdt_line& line : tree.lines) {
    line.constant *= factor;
    for (gbdt_line::term& t : line.terms) t.coefficient *= factor;
  }
}

/// A function of a leaf's number: its rows, in the tree that was grown last.
[[nodiscard]] inline auto rows_by_leaf(const tree_grower<>& grower, std::span<const std::uint32_t> rows) noexcept {
  return [&grower, rows](std::size_t l) { return rows.subspan(grower[l].first, grower[l].last - grower[l].first); };
}

/// `share` of each leaf's own value, and the rest of the renewed one.
template <class = void>
MLSD_UNCONTRACTED void blend_leaves(gbdt_tree& tree, double share, std::span<const double> renewed) noexcept {
  MLSD_CONTRACT_OFF
  for (std::size_t l = 0; l < tree.leaves.size(); ++l)
    tree.leaves[l] = share * tree.leaves[l] + (1 - share) * renewed[l];
}

/// What growing would give the leaves of a tree, were `leaf[row]` the leaf of each row; `slopes[i]` belongs to
/// `rows[i]`. The old value where there is no row.
template <class = void>
[[nodiscard]] std::vector<double> newton_leaves(const gbdt_tree& tree, std::span<const std::uint32_t> leaf,
                                                std::span<const std::uint32_t> rows, std::span<const row_slope> slopes,
                                                const slope_scale& scale, const growth_rules& rules) {
  std::vector<double> value = tree.leaves;
  std::vector<slope_sum> sum(tree.leaves.size());
  for (std::size_t i = 0; i < rows.size(); ++i) sum[leaf[rows[i]]] = sum[leaf[rows[i]]] + scale.widen(slopes[i]);
  for (std::size_t l = 0; l < value.size(); ++l)
    if (scale.count(sum[l]) != 0)
      value[l] = rules.learning_rate * rules.split.value(scale.gradient(sum[l]), scale.hessian(sum[l]), rules.split.l2);
  return value;
}

}  // namespace mlsd::detail
