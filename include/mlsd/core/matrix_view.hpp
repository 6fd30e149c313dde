#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>

namespace mlsd {

/// A row-major matrix [rows, columns] that someone else owns; row i starts at `data + i * stride`.
template <class T>
struct matrix_view {
  T* data = nullptr;
  std::size_t rows = 0, columns = 0, stride = 0;

  constexpr matrix_view() = default;
  constexpr matrix_view(T* first, std::size_t n, std::size_t d) noexcept : matrix_view(first, n, d, d) {}
  constexpr matrix_view(T* first, std::size_t n, std::size_t d, std::size_t row_stride) noexcept
      : data(first), rows(n), columns(d), stride(row_stride) {}

  [[nodiscard]] constexpr std::span<T> operator[](std::size_t i) const noexcept {
    assert(i < rows);
    return {data + i * stride, columns};
  }
  [[nodiscard]] constexpr bool empty() const noexcept { return rows == 0 || columns == 0; }
};

/// One row as models see it: `numbers` (NaN is missing) and `codes` (categories; never pass through a float).
/// In models and metadata, feature f is number f, or code f - numbers.size().
struct mixed_row {
  std::span<const float> numbers{};
  std::span<const std::uint32_t> codes{};
};

/// Many rows, column-major: number column j of row i is `numbers[j * stride + i]`, and so for `codes`. Not owned.
/// Shapes: numbers [number_columns, rows], codes [code_columns, rows].
struct mixed_columns {
  std::size_t rows = 0, number_columns = 0, code_columns = 0, stride = 0;
  const float* numbers = nullptr;
  const std::uint32_t* codes = nullptr;

  [[nodiscard]] constexpr std::span<const float> number(std::size_t j) const noexcept {
    assert(j < number_columns);
    return {numbers + j * stride, rows};
  }
  [[nodiscard]] constexpr std::span<const std::uint32_t> code(std::size_t j) const noexcept {
    assert(j < code_columns);
    return {codes + j * stride, rows};
  }
  /// Rows [first, first + n).
  [[nodiscard]] constexpr mixed_columns slice(std::size_t first, std::size_t n) const noexcept {
    assert(first + n <= rows);
    return {n,      number_columns, code_columns, stride, numbers == nullptr ? nullptr : numbers + first,
            codes == nullptr ? nullptr : codes + first};
  }
  /// Copies row i into the caller's buffers, numbers [number_columns] and codes [code_columns].
  constexpr void gather(std::size_t i, float* to_numbers, std::uint32_t* to_codes) const noexcept {
    for (std::size_t j = 0; j < number_columns; ++j) to_numbers[j] = numbers[j * stride + i];
    for (std::size_t j = 0; j < code_columns; ++j) to_codes[j] = codes[j * stride + i];
  }
};

}  // namespace mlsd
