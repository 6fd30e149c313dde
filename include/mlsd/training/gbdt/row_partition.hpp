#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace mlsd::detail {

/// Moves the rows that go left to the front of `rows` and the others to `right`, both in their old order; returns how
/// many went left. The `Bin` k of row r is at `bin + 8 * r`; it goes left if `is_left[k]` is 1, not 0. `right` has room
/// for all rows. O(n), no branch on the bins.
template <class Bin>
[[nodiscard]] std::size_t part_rows(std::span<std::uint32_t> rows, const std::uint8_t* bin, const std::uint8_t* is_left,
                                    std::uint32_t* right) noexcept {
  constexpr std::size_t ahead = 32;
  std::size_t left = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i + ahead < rows.size()) __builtin_prefetch(bin + std::size_t{rows[i + ahead]} * 8);
    const std::uint32_t row = rows[i];
    Bin k;
    std::memcpy(&k, bin + std::size_t{row} * 8, sizeof(Bin));
    rows[left] = row;
    right[i - left] = row;
    left += is_left[k];
  }
  return left;
}

/// `part_rows` for bins of 1 or 2 bytes.
template <class = void>
[[nodiscard]] std::size_t part_rows(std::size_t bin_bytes, std::span<std::uint32_t> rows, const std::uint8_t* bin,
                                    const std::uint8_t* is_left, std::uint32_t* right) noexcept {
  return bin_bytes == 2 ? part_rows<std::uint16_t>(rows, bin, is_left, right)
                        : part_rows<std::uint8_t>(rows, bin, is_left, right);
}

}  // namespace mlsd::detail
