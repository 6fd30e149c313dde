#pragma once

#include "mlsd/core/result.hpp"
#include "mlsd/core/sparse_matrix_view.hpp"
#include "mlsd/data/feature_matrix.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace mlsd {

/// The stored values of a column, by ascending row. Not owned.
struct sparse_column {
  std::span<const std::uint32_t> row{};
  std::span<const float> value{};  ///< [row.size()], or empty: each is 1

  [[nodiscard]] float value_of(std::size_t i) const noexcept { return value.empty() ? 1.0f : value[i]; }
};

/// Rows of numbers that are mostly 0, by columns (CSC) and owned: what is not stored is 0, and NaN is stored.
/// Memory: 8 bytes a stored value, or 4 where each is 1, as in one-hot codes. Copying allocates.
class sparse_matrix {
 public:
  sparse_matrix() = default;

  /// The entries of `rows` (CSR), in any order within a row, as columns that `info` names. O(entries + columns); the
  /// arrays of `rows` are read, not kept. Errors name the row: without an end, a column out of range or twice.
  template <class = void>
  [[nodiscard]] static result<sparse_matrix> from_rows(std::vector<feature_info> info, const sparse_matrix_view& rows) {
    if (auto ok = check_shape(info, rows); !ok) return ok.error();
    sparse_matrix m;
    m.info_ = std::move(info);
    m.rows_ = rows.rows();
    if (auto ok = m.count(rows); !ok) return ok.error();
    m.row_.resize(rows.size());
    const bool all_ones = std::all_of(rows.value.begin(), rows.value.end(), [](float v) { return v == 1; });
    if (!all_ones) m.value_.resize(rows.size());
    std::vector<std::uint64_t> next(m.offset_.begin(), m.offset_.end() - 1);
    for (std::size_t i = 0; i < m.rows_; ++i) {
      const sparse_row entries = rows[i];
      for (std::size_t e = 0; e < entries.size(); ++e) {
        const std::uint32_t j = entries.index[e];
        const auto to = static_cast<std::size_t>(next[j]++);
        if (to != m.offset_[j] && m.row_[to - 1] == i)
          return wrong(errc::invalid_argument, i, "column " + std::to_string(j) + " is there twice");
        m.row_[to] = static_cast<std::uint32_t>(i);
        if (!all_ones) m.value_[to] = entries.value[e];
      }
    }
    return m;
  }

  [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
  [[nodiscard]] std::size_t number_columns() const noexcept { return info_.size(); }
  [[nodiscard]] std::span<const feature_info> info() const noexcept { return {info_.data(), info_.size()}; }
  /// How many values are stored.
  [[nodiscard]] std::size_t size() const noexcept { return row_.size(); }
  [[nodiscard]] sparse_column number(std::size_t j) const noexcept {
    const auto first = static_cast<std::size_t>(offset_[j]), n = static_cast<std::size_t>(offset_[j + 1]) - first;
    const std::span<const float> value(value_.data(), value_.size());
    return {{row_.data() + first, n}, value.empty() ? value : value.subspan(first, n)};
  }

 private:
  [[nodiscard]] static error wrong(errc code, std::size_t row, const std::string& what) {
    return {code, "sparse matrix: row " + std::to_string(row) + ": " + what};
  }
  template <class = void>
  [[nodiscard]] static result<void> check_shape(const std::vector<feature_info>& info, const sparse_matrix_view& rows) {
    if (info.size() != rows.columns)
      return error{errc::mismatch, "sparse matrix: " + std::to_string(rows.columns) + " columns, but " +
                                       std::to_string(info.size()) + " are named"};
    for (const feature_info& f : info)
      if (f.is_code()) return error{errc::invalid_argument, "sparse matrix: \"" + f.name + "\" is a code"};
    if (rows.rows() > (std::numeric_limits<std::uint32_t>::max)())
      return error{errc::capacity, "sparse matrix: more than 2^32 - 1 rows"};
    if (!rows.value.empty() && rows.value.size() != rows.size())
      return error{errc::mismatch, "sparse matrix: " + std::to_string(rows.size()) + " entries but " +
                                       std::to_string(rows.value.size()) + " values"};
    if (rows.offset.empty() ? rows.size() != 0 : rows.offset.front() != 0 || rows.offset.back() != rows.size())
      return error{errc::mismatch, "sparse matrix: the rows do not span the entries"};
    return {};
  }
  /// Where columns begin.
  template <class = void> [[nodiscard]] result<void> count(const sparse_matrix_view& rows) {
    offset_.assign(info_.size() + 1, 0);
    for (std::size_t i = 0; i < rows_; ++i) {
      if (rows.offset[i + 1] < rows.offset[i] || rows.offset[i + 1] > rows.size())
        return wrong(errc::invalid_argument, i, "it has no end");
      for (const std::uint32_t j : rows[i].index) {
        if (j >= info_.size())
          return wrong(errc::invalid_argument, i,
                       "column " + std::to_string(j) + " of " + std::to_string(info_.size()));
        ++offset_[j + 1];
      }
    }
    for (std::size_t j = 0; j < info_.size(); ++j) offset_[j + 1] += offset_[j];
    return {};
  }

  std::vector<feature_info> info_;
  std::size_t rows_ = 0;
  std::vector<std::uint64_t> offset_{0};  // [columns + 1]
  detail::unfilled_vector<std::uint32_t> row_;
  detail::unfilled_vector<float> value_;  // or empty: each is 1
};

}  // namespace mlsd
