#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

namespace mlsd {

/// An unsigned integer that sorts as the number does: -inf first, +inf last, -0.0 and +0.0 the same key.
/// NaN has no place in the order: leave it out before.
[[nodiscard]] constexpr std::uint32_t ordered_key(float x) noexcept {
  const auto bits = std::bit_cast<std::uint32_t>(x + 0.0f);
  return bits ^ ((bits >> 31) != 0 ? 0xFFFF'FFFFu : 0x8000'0000u);
}
[[nodiscard]] constexpr std::uint64_t ordered_key(double x) noexcept {
  const auto bits = std::bit_cast<std::uint64_t>(x + 0.0);
  return bits ^ ((bits >> 63) != 0 ? ~std::uint64_t{0} : std::uint64_t{1} << 63);
}

/// Sorts `items` by the unsigned key `key(item)`, stable. `scratch` is as long as `items`; its content is lost.
/// O(n) reads and writes for each 11 bits of key that are not all alike (3 passes of 32 bits, 6 of 64);
/// no allocation beyond 16 to 48 KB of stack. Below 256 items: insertion into sorted order, O(n log n + n^2 moves).
template <class Item, class Key> void radix_sort(std::span<Item> items, std::span<Item> scratch, Key key) {
  using key_type = decltype(key(items[0]));
  constexpr std::size_t digit_bits = 11;
  constexpr std::size_t passes = (std::numeric_limits<key_type>::digits + digit_bits - 1) / digit_bits;
  constexpr std::size_t buckets = std::size_t{1} << digit_bits;
  assert(scratch.size() == items.size());
  const std::size_t n = items.size();
  if (n < 256) {
    for (std::size_t i = 1; i < n; ++i) {
      const Item item = items[i];
      const auto to = std::upper_bound(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(i), item,
                                       [&](const Item& a, const Item& b) { return key(a) < key(b); });
      std::move_backward(to, items.begin() + static_cast<std::ptrdiff_t>(i),
                         items.begin() + static_cast<std::ptrdiff_t>(i) + 1);
      *to = item;
    }
    return;
  }
  std::array<std::array<std::size_t, buckets>, passes> place{};
  for (const Item& item : items) {
    const key_type k = key(item);
    for (std::size_t p = 0; p < passes; ++p) ++place[p][(k >> (p * digit_bits)) & (buckets - 1)];
  }
  std::span<Item> from = items, to = scratch;
  for (std::size_t p = 0; p < passes; ++p) {
    auto& next = place[p];
    const auto digit = [&](const Item& item) {
      return static_cast<std::size_t>((key(item) >> (p * digit_bits)) & (buckets - 1));
    };
    if (next[digit(from[0])] == n) continue;  // all alike in this digit
    std::size_t before = 0;
    for (std::size_t& slot : next) {
      const std::size_t count = slot;
      slot = before;
      before += count;
    }
    for (const Item& item : from) to[next[digit(item)]++] = item;
    std::swap(from, to);
  }
  if (from.data() != items.data()) std::copy(from.begin(), from.end(), items.begin());
}

}  // namespace mlsd
