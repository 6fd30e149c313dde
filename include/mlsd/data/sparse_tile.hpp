#pragma once

#include "mlsd/core/matrix_view.hpp"
#include "mlsd/data/sparse_matrix.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace mlsd {

/// A dense window on some columns of a sparse matrix that moves down the rows. O(columns + stored values) a move;
/// allocates once, 4 bytes a cell. The matrix must outlive it.
class sparse_tile {
 public:
  /// Of `columns`, in that order, starting at row `first`; windows of up to `rows` rows.
  template <class = void>
  sparse_tile(const sparse_matrix& x, std::span<const std::uint32_t> columns, std::size_t first, std::size_t rows)
      : first_(first), stride_(rows), cells_(columns.size() * rows, 0.0f) {
    for (const std::uint32_t j : columns) {
      const sparse_column c = x.number(j);
      const auto at = std::lower_bound(c.row.begin(), c.row.end(), first) - c.row.begin();
      columns_.push_back({c, static_cast<std::size_t>(at), static_cast<std::size_t>(at)});
    }
  }

  /// Moves to the next `n` rows; their values [columns, n] are valid until the next move.
  mixed_columns next(std::size_t n) noexcept {
    assert(n <= stride_);
    first_ += rows_;
    for (std::size_t k = 0; k < columns_.size(); ++k) {
      column& c = columns_[k];
      float* const cells = cells_.data() + k * stride_;
      for (std::size_t e = c.from; e < c.to; ++e) cells[c.of.row[e] - (first_ - rows_)] = 0;
      c.from = c.to;
      while (c.to < c.of.row.size() && c.of.row[c.to] < first_ + n) {
        cells[c.of.row[c.to] - first_] = c.of.value_of(c.to);
        ++c.to;
      }
    }
    rows_ = n;
    return {n, columns_.size(), 0, stride_, cells_.data(), nullptr};
  }

 private:
  struct column {
    sparse_column of{};
    std::size_t from = 0, to = 0;  // stored values that lie in the window
  };
  std::size_t first_, rows_ = 0, stride_;
  std::vector<column> columns_;
  std::vector<float> cells_;
};

}  // namespace mlsd
