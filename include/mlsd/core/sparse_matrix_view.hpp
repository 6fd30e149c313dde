#pragma once

#include "mlsd/core/result.hpp"
#include "mlsd/core/sparse_row.hpp"

#include <cassert>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace mlsd {

/// A sparse matrix [rows, columns] by rows that someone else owns: row i is entries `offset[i]` to `offset[i + 1]` of
/// `index` and `value` (compressed sparse rows, CSR). An empty `value` means that every entry is 1.
struct sparse_matrix_view {
  std::span<const std::uint64_t> offset{};  ///< [rows + 1], from 0, never falling; empty: no rows
  std::span<const std::uint32_t> index{};   ///< columns, each below `columns`
  std::span<const float> value{};
  std::size_t columns = 0;

  [[nodiscard]] constexpr std::size_t rows() const noexcept { return offset.empty() ? 0 : offset.size() - 1; }
  [[nodiscard]] constexpr std::size_t size() const noexcept { return index.size(); }
  [[nodiscard]] constexpr sparse_row operator[](std::size_t i) const noexcept {
    assert(i < rows());
    const auto first = static_cast<std::size_t>(offset[i]), n = static_cast<std::size_t>(offset[i + 1]) - first;
    return {index.subspan(first, n), value.empty() ? value : value.subspan(first, n)};
  }
  [[nodiscard]] constexpr float value_of(std::size_t entry) const noexcept {
    return value.empty() ? 1.0f : value[entry];
  }
  /// The same entries, all of them 1.
  [[nodiscard]] constexpr sparse_matrix_view binary() const noexcept { return {offset, index, {}, columns}; }

  /// What is wrong with offsets, columns and values; `owner` begins the message. O(entries).
  template <class = void> [[nodiscard]] result<void> check(const char* owner) const {
    const auto wrong = [&](errc code, std::string what) {
      return error{code, std::string(owner).append(": ").append(what)};
    };
    if (offset.empty() ? !index.empty() : offset.front() != 0 || offset.back() != index.size())
      return wrong(errc::corrupt, "the rows do not span the entries");
    for (std::size_t i = 0; i < rows(); ++i)
      if (offset[i + 1] < offset[i] || offset[i + 1] > index.size())
        return wrong(errc::corrupt, "row " + std::to_string(i) + " has no end");
    if (!value.empty() && value.size() != index.size())
      return wrong(errc::corrupt,
                   std::to_string(index.size()) + " entries but " + std::to_string(value.size()) + " values");
    for (std::size_t k = 0; k < index.size(); ++k) {
      if (index[k] >= columns)
        return wrong(errc::corrupt, "entry " + std::to_string(k) + " is in column " + std::to_string(index[k]) +
                                        " of " + std::to_string(columns));
      if (!std::isfinite(value_of(k))) return wrong(errc::not_finite, "entry " + std::to_string(k) + " is not finite");
    }
    return {};
  }
};

}  // namespace mlsd
