#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>

namespace mlsd {

namespace detail {

inline constexpr std::uint64_t xxh_prime[] = {0x9e3779b185ebca87, 0xc2b2ae3d27d4eb4f, 0x165667b19e3779f9,
                                              0x85ebca77c2b2ae63, 0x27d4eb2f165667c5};

/// The number whose little-endian bytes stand at p, on any machine and in constant expressions.
template <class Word> [[nodiscard]] constexpr Word load_little_endian(const char* p) noexcept {
  if (std::endian::native == std::endian::little && !std::is_constant_evaluated()) {
    Word w;
    std::memcpy(&w, p, sizeof w);
    return w;
  }
  Word w = 0;
  for (std::size_t i = 0; i < sizeof w; ++i)
    w = static_cast<Word>(w | static_cast<Word>(static_cast<Word>(static_cast<unsigned char>(p[i])) << (8 * i)));
  return w;
}
[[nodiscard]] constexpr std::uint64_t xxh_round(std::uint64_t lane, std::uint64_t input) noexcept {
  return std::rotl(lane + input * xxh_prime[1], 31) * xxh_prime[0];
}

}  // namespace detail

/// XXH64 of a string of bytes: the same 64 bits as the reference implementation, on every platform, also at compile
/// time. For file checksums and for hashing text. Not cryptographic: whoever knows the seed can make collisions.
/// O(bytes); allocates nothing. Empty input is hashed like any other.
/// Collet, "xxHash fast digest algorithm", 2014 (specification 0.1.1).
[[nodiscard]] constexpr std::uint64_t xxh64(std::string_view bytes, std::uint64_t seed = 0) noexcept {
  using namespace detail;
  const char* p = bytes.data();
  std::size_t left = bytes.size();
  std::uint64_t h = seed + xxh_prime[4];
  if (left >= 32) {
    std::uint64_t lane[4] = {seed + xxh_prime[0] + xxh_prime[1], seed + xxh_prime[1], seed, seed - xxh_prime[0]};
    for (; left >= 32; left -= 32)
      for (std::uint64_t& l : lane) {
        l = xxh_round(l, load_little_endian<std::uint64_t>(p));
        p += 8;
      }
    h = std::rotl(lane[0], 1) + std::rotl(lane[1], 7) + std::rotl(lane[2], 12) + std::rotl(lane[3], 18);
    for (const std::uint64_t l : lane) h = (h ^ xxh_round(0, l)) * xxh_prime[0] + xxh_prime[3];
  }
  h += bytes.size();
  for (; left >= 8; left -= 8, p += 8)
    h = std::rotl(h ^ xxh_round(0, load_little_endian<std::uint64_t>(p)), 27) * xxh_prime[0] + xxh_prime[3];
  if (left >= 4) {
    h = std::rotl(h ^ load_little_endian<std::uint32_t>(p) * xxh_prime[0], 23) * xxh_prime[1] + xxh_prime[2];
    left -= 4;
    p += 4;
  }
  for (; left != 0; --left, ++p) h = std::rotl(h ^ static_cast<unsigned char>(*p) * xxh_prime[4], 11) * xxh_prime[0];
  h = (h ^ (h >> 33)) * xxh_prime[1];
  h = (h ^ (h >> 29)) * xxh_prime[2];
  return h ^ (h >> 32);
}
[[nodiscard]] inline std::uint64_t xxh64(std::span<const std::byte> bytes, std::uint64_t seed = 0) noexcept {
  return xxh64(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()), seed);
}

/// A bijection of 64-bit words in which every input bit moves every output bit about half of the time; 0 does not map
/// to 0. The finaliser of SplitMix64 (Steele, Lea and Flood, 2014; constants by Stafford), after adding its increment.
[[nodiscard]] constexpr std::uint64_t hash_mix(std::uint64_t x) noexcept {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

/// One hash of two, in which order matters: a bijection of `second` for every `first`, and the reverse.
/// For crosses of features, and for seeds of streams derived from a seed and a number.
[[nodiscard]] constexpr std::uint64_t combine(std::uint64_t first, std::uint64_t second) noexcept {
  return hash_mix(hash_mix(first) + second);
}

/// The hash of a key that stays the same across processes, platforms and releases: feature hashing, bucketing of users.
/// Equal numbers hash alike whatever their integer type (a negative one as its 64-bit two's complement); numbers and
/// text are unrelated. Distinct integers never collide before the hash is shortened.
template <std::integral Key> [[nodiscard]] constexpr std::uint64_t hash_key(Key key, std::uint64_t seed = 0) noexcept {
  return combine(seed, static_cast<std::uint64_t>(key));
}
[[nodiscard]] constexpr std::uint64_t hash_key(std::string_view key, std::uint64_t seed = 0) noexcept {
  return xxh64(key, seed);
}

}  // namespace mlsd
