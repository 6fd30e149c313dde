#pragma once

#include "mlsd/training/gbdt/histogram.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace mlsd::detail {

/// Copies the rows that go left to `to_left` and the others to `right`, both in their old order; returns how many went
/// left. The `Bin` k of row r is at `bin + 8 * r`; it goes left if `is_left[k]` is 1, not 0. Both have room for all
/// rows, and `to_left` may be where the rows are. O(n), no branch on the bins.
template <class Bin>
[[nodiscard]] std::size_t part_rows(std::span<const std::uint32_t> rows, const std::uint8_t* bin,
                                    const std::uint8_t* is_left, std::uint32_t* to_left,
                                    std::uint32_t* right) noexcept {
  constexpr std::size_t ahead = 64;
  std::size_t left = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i + ahead < rows.size()) __builtin_prefetch(bin + std::size_t{rows[i + ahead]} * 8);
    const std::uint32_t row = rows[i];
    Bin k;
    std::memcpy(&k, bin + std::size_t{row} * 8, sizeof(Bin));
    to_left[left] = row;
    right[i - left] = row;
    left += is_left[k];
  }
  return left;
}

/// `part_rows` for bins of 1 or 2 bytes.
template <class = void>
[[nodiscard]] std::size_t part_rows(std::size_t bin_bytes, std::span<const std::uint32_t> rows, const std::uint8_t* bin,
                                    const std::uint8_t* is_left, std::uint32_t* to_left,
                                    std::uint32_t* right) noexcept {
  return bin_bytes == 2 ? part_rows<std::uint16_t>(rows, bin, is_left, to_left, right)
                        : part_rows<std::uint8_t>(rows, bin, is_left, to_left, right);
}

/// Copies rows from one place to another, if it is another, and lays their slopes, `slopes[row]`, side by side if there
/// is a place for them.
template <class = void>
void place_rows(std::span<const std::uint32_t> rows, std::uint32_t* to, const row_slope* slopes,
                row_slope* slopes_to) noexcept {
  if (to != rows.data()) std::copy_n(rows.data(), rows.size(), to);
  if (slopes_to == nullptr) return;
  constexpr std::size_t ahead = 64;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i + ahead < rows.size()) __builtin_prefetch(slopes + rows[i + ahead]);
    slopes_to[i] = slopes[rows[i]];
  }
}

}  // namespace mlsd::detail
