#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>

namespace mlsd {

/// One row of which only the entries that are not zero are written: entry i is `value[i]` at `index[i]`.
/// An empty `value` means that every entry is 1 (one-hot or hashed features). Any order; an index may occur twice,
/// which adds up. Not owned.
struct sparse_row {
  std::span<const std::uint32_t> index{};
  std::span<const float> value{};

  [[nodiscard]] constexpr std::size_t size() const noexcept { return index.size(); }
  [[nodiscard]] constexpr float value_of(std::size_t i) const noexcept {
    assert(value.empty() || value.size() == index.size());
    return value.empty() ? 1.0f : value[i];
  }
};

}  // namespace mlsd
