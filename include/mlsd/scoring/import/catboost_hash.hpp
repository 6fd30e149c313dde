#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace mlsd {
namespace detail {

/// CityHash64 as first published (Pike and Alakuijala, 2011), which later releases do not agree with. Words are
/// little-endian whatever the machine.
template <class = void> class city_hash {
 public:
  [[nodiscard]] static constexpr std::uint64_t of(std::string_view s) noexcept {
    const std::size_t n = s.size();
    if (n > 64) return beyond_64(s);
    if (n > 32) return up_to_64(s);
    if (n > 16) return up_to_32(s);
    if (n > 8) {
      const std::uint64_t last = word(s, n - 8);
      return mix(word(s, 0), std::rotr(last + n, static_cast<int>(n))) ^ last;
    }
    if (n >= 4) return mix(n + (half_word(s, 0) << 3), half_word(s, n - 4));
    if (n == 0) return k2;
    const std::uint64_t front = byte(s, 0) + (byte(s, n / 2) << 8), back = n + (byte(s, n - 1) << 2);
    return fold((front * k2) ^ (back * k3)) * k2;
  }

 private:
  using word_pair = std::pair<std::uint64_t, std::uint64_t>;
  static constexpr std::uint64_t k0 = 0xc3a5c85c97cb3127u, k1 = 0xb492b66fbe98f273u, k2 = 0x9ae16a3b2f90404fu,
                                 k3 = 0xc949d7c7509e6557u, mixer = 0x9ddfea08eb382d69u;

  static constexpr std::uint64_t byte(std::string_view s, std::size_t at) noexcept {
    return static_cast<unsigned char>(s[at]);
  }
  static constexpr std::uint64_t half_word(std::string_view s, std::size_t at) noexcept {
    return byte(s, at) | byte(s, at + 1) << 8 | byte(s, at + 2) << 16 | byte(s, at + 3) << 24;
  }
  static constexpr std::uint64_t word(std::string_view s, std::size_t at) noexcept {
    return half_word(s, at) | half_word(s, at + 4) << 32;
  }
  static constexpr std::uint64_t fold(std::uint64_t x) noexcept { return x ^ (x >> 47); }
  static constexpr std::uint64_t mix(std::uint64_t low, std::uint64_t high) noexcept {
    return fold((high ^ fold((low ^ high) * mixer)) * mixer) * mixer;
  }

  static constexpr std::uint64_t up_to_32(std::string_view s) noexcept {
    const std::size_t n = s.size();
    const std::uint64_t a = word(s, 0) * k1, b = word(s, 8), c = word(s, n - 8) * k2, d = word(s, n - 16) * k0;
    return mix(std::rotr(a - b, 43) + std::rotr(c, 30) + d, a + std::rotr(b ^ k3, 20) - c + n);
  }
  /// Four words, the first and the last of them given already.
  static constexpr word_pair stir(std::uint64_t a, std::uint64_t second, std::uint64_t third,
                                  std::uint64_t z) noexcept {
    const std::uint64_t b = std::rotr(a + z, 52);
    std::uint64_t c = std::rotr(a, 37);
    a += second;
    c += std::rotr(a, 7);
    a += third;
    return {a + z, b + std::rotr(a, 31) + c};
  }
  static constexpr std::uint64_t up_to_64(std::string_view s) noexcept {
    const std::size_t n = s.size();
    const auto [vf, vs] = stir(word(s, 0) + (n + word(s, n - 16)) * k0, word(s, 8), word(s, 16), word(s, 24));
    const auto [wf, ws] = stir(word(s, 16) + word(s, n - 32), word(s, n - 24), word(s, n - 16), word(s, n - 8));
    return fold(fold((vf + ws) * k2 + (wf + vs) * k0) * k0 + vs) * k2;
  }

  static constexpr word_pair weak(std::string_view s, std::size_t at, std::uint64_t a, std::uint64_t b) noexcept {
    a += word(s, at);
    b = std::rotr(b + a + word(s, at + 24), 21);
    const std::uint64_t before = a;
    a += word(s, at + 8) + word(s, at + 16);
    return {a + word(s, at + 24), b + std::rotr(a, 44) + before};
  }
  static constexpr std::uint64_t beyond_64(std::string_view s) noexcept {
    const std::size_t n = s.size();
    std::uint64_t x = word(s, 0), y = word(s, n - 16) ^ k1, z = word(s, n - 56) ^ k0;
    word_pair v = weak(s, n - 64, n, y), w = weak(s, n - 32, n * k1, k0);
    z += fold(v.second) * k1;
    x = std::rotr(z + x, 39) * k1;
    y = std::rotr(y, 33) * k1;
    for (std::size_t at = 0; at < ((n - 1) & ~std::size_t{63}); at += 64) {
      x = std::rotr(x + y + v.first + word(s, at + 16), 37) * k1 ^ w.second;
      y = std::rotr(y + v.second + word(s, at + 48), 42) * k1 ^ v.first;
      z = std::rotr(z ^ w.first, 33);
      v = weak(s, at, v.second * k1, x + w.first);
      w = weak(s, at + 32, z + w.second, y);
      std::swap(z, x);
    }
    return mix(mix(v.first, w.first) + fold(y) * k1 + z, mix(v.second, w.second) + x);
  }
};

}  // namespace detail

/// What CatBoost knows a category by: the low half of CityHash64 1.0 over its UTF-8 text. An integer is its decimal
/// text, true and false are "1" and "0"; nothing is trimmed or folded. O(bytes).
[[nodiscard]] constexpr std::uint32_t catboost_hash(std::string_view category) noexcept {
  return static_cast<std::uint32_t>(detail::city_hash<>::of(category));
}

}  // namespace mlsd
