#pragma once

#include "mlsd/core/executor.hpp"
#include "mlsd/core/matrix_view.hpp"
#include "mlsd/data/sparse_tile.hpp"
#include "mlsd/data/training_rows.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

namespace mlsd {

/// What a model says of every row of a dense or a sparse matrix; `out` [rows, outputs]. `model(const mixed_columns&,
/// std::span<double>)` is any model of batches, or a call of one: `[&](const auto& x, auto to) { m.raw(x, to); }`.
/// The bits do not depend on the kind of the matrix. Sparse rows become dense in tiles of 64 to 256 rows, one a thread;
/// dense ones are not copied.
template <class Model, executor Ex = sequential>
void score_rows(const Model& model, const feature_rows& x, std::span<double> out, Ex&& ex = {}) {
  if (x.rows() == 0) return;
  const std::size_t outputs = out.size() / x.rows(), columns = x.number_columns();
  assert(out.size() == outputs * x.rows());
  if (x.sparse() == nullptr)
    return for_each_chunk(ex, x.rows(), 4096, [&](std::size_t a, std::size_t b) {
      model(x.columns().slice(a, b - a), out.subspan(a * outputs, (b - a) * outputs));
    });
  std::vector<std::uint32_t> all(columns);
  std::iota(all.begin(), all.end(), 0u);
  constexpr std::size_t grain = 16384, cells = std::size_t{1} << 18;
  const std::size_t rows = columns * 256 <= cells ? 256 : columns * 128 <= cells ? 128 : 64;
  for_each_chunk(ex, x.rows(), grain, [&](std::size_t a, std::size_t b) {
    sparse_tile tile(*x.sparse(), all, a, rows);
    for (; a < b; a += rows) {
      const std::size_t n = (std::min)(rows, b - a);
      model(tile.next(n), out.subspan(a * outputs, n * outputs));
    }
  });
}

}  // namespace mlsd
