#pragma once

#include "mlsd/core/matrix_view.hpp"
#include "mlsd/core/simd.hpp"
#include "mlsd/scoring/gbdt/forest.hpp"
#include "mlsd/scoring/gbdt/interleaved_engine.hpp"
#include "mlsd/scoring/gbdt/ranked_kernels.hpp"
#include "mlsd/scoring/gbdt/ranked_trees.hpp"

#include <cstddef>
#include <span>

namespace mlsd {

/// Scores batches without walking: every split of a tree is decided for up to 64 rows in one comparison of bytes, and
/// the leaf of each row is blended together from the bottom of the tree up. That visits more splits than a walk does
/// and is several times as fast, since nothing waits for a load that depends on the data.
/// For trees of at most 256 leaves and 32 outputs, over numbers and up to 254 categories a column, on x86-64 with AVX2
/// or AVX-512, while keys, leaves and splits of a tree fill at most 896 slots: 385 plain columns at 256 leaves. Single
/// rows, the last few of a batch, and all other models and machines go to `interleaved_engine`. The same bits. No
/// allocation to score; about 75 KB of stack.
class ranked_engine {
 public:
  ranked_engine() = default;
  template <class = void> explicit ranked_engine(const gbdt_forest& forest) : rows_(forest) {
    is_ranked_ = trees_.build(forest, rows_.cells());
    if (!is_ranked_) trees_ = {};
  }

  /// `sums` [outputs].
  void row(const gbdt_forest& forest, const mixed_row& x, std::span<double> sums) const noexcept {
    rows_.row(forest, x, sums);
  }

  /// `sums` [rows, outputs].
  template <class = void>
  void batch(const gbdt_forest& forest, const mixed_columns& x, std::span<double> sums) const noexcept {
#if defined(__x86_64__)
    const isa set = active_isa();
    if (is_ranked_ && x.rows >= least_rows && set != isa::portable) {
      const std::size_t rest = x.rows % 64 < least_rows ? x.rows % 64 : 0, rows = x.rows - rest;
      const std::span<double> first = sums.first(rows * forest.outputs());
      if (set == isa::avx512)
        detail::ranked_batch<detail::ranked_avx512>(trees_, rows_.cells(), x.slice(0, rows), first);
      else
        detail::ranked_batch<detail::ranked_avx2>(trees_, rows_.cells(), x.slice(0, rows), first);
      if (rest == 0) return;
      return rows_.batch(forest, x.slice(rows, rest), sums.subspan(first.size()));
    }
#endif
    rows_.batch(forest, x, sums);
  }

 private:
  /// For fewer the work on a whole block does not pay.
  static constexpr std::size_t least_rows = 24;

  interleaved_engine rows_;
  detail::ranked_trees<> trees_;
  bool is_ranked_ = false;
};

}  // namespace mlsd
