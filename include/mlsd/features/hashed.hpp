#pragma once

#include "mlsd/features/category_index.hpp"
#include "mlsd/features/on.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace mlsd {

namespace detail {
/// "hashed<18>", so that a file with another number of bits is told apart.
template <std::size_t N, std::size_t Bits>
struct name_with_bits {
  char text[N + 3]{};
  consteval name_with_bits(const char (&name)[N]) {
    std::size_t at = 0;
    for (; at + 1 < N; ++at) text[at] = name[at];
    text[at++] = '<';
    if constexpr (Bits >= 10) text[at++] = static_cast<char>('0' + Bits / 10);
    text[at++] = static_cast<char>('0' + Bits % 10);
    text[at] = '>';
  }
  [[nodiscard]] constexpr std::string_view view() const noexcept { return {text, N + (Bits >= 10 ? 3 : 2)}; }
};
template <std::size_t Bits>
inline constexpr name_with_bits<7, Bits> hashed_name{"hashed"};
template <std::size_t Bits>
inline constexpr name_with_bits<8, Bits> crossed_name{"crossed"};
}  // namespace detail

/// The hashing trick: a category becomes a code below 2^Bits without a dictionary. Missing is code 0; all else, seen
/// or not, shares the other codes, two categories colliding with probability 2^-Bits.
/// Weinberger et al. (2009).
template <std::size_t Bits>
struct hashed {
  static_assert(Bits >= 1 && Bits <= 31, "mlsd: hashed<Bits> takes 1 to 31 bits");
  static constexpr std::string_view type_name = detail::hashed_name<Bits>.view();

  [[nodiscard]] constexpr code operator()(const category& c) const noexcept {
    return c.is_missing() ? code{0} : bucket(hash_of(c));
  }
  [[nodiscard]] static constexpr std::uint32_t cardinality() noexcept { return std::uint32_t{1} << Bits; }

  /// Spreads a hash over the codes 1 ... 2^Bits - 1.
  [[nodiscard]] static constexpr code bucket(std::uint64_t hash) noexcept {
    return {static_cast<std::uint32_t>(1 + (hash >> 32) * (cardinality() - 1) / (std::uint64_t{1} << 32))};
  }
};

/// The combination of several categories as one hashed code. Missing parts take part like values.
template <std::size_t Bits>
struct crossed {
  static constexpr std::string_view type_name = detail::crossed_name<Bits>.view();

  template <class... C>
    requires(sizeof...(C) >= 2 && (std::is_same_v<C, category> && ...))
  [[nodiscard]] constexpr code operator()(const C&... c) const noexcept {
    std::uint64_t h = sizeof...(C);
    ((h = combine(h, hash_of(c))), ...);
    return hashed<Bits>::bucket(h);
  }
  [[nodiscard]] static constexpr std::uint32_t cardinality() noexcept { return std::uint32_t{1} << Bits; }
};

/// `cross<20>("ad_site"_f, "ad"_f, "site"_f)`: the pair as one code below 2^20. The order of the parts matters.
template <std::size_t Bits, fixed_string Write, fixed_string... Read>
[[nodiscard]] constexpr joint_request<detail::names<Read...>, Write, crossed<Bits>> cross(feature<Write>,
                                                                                         feature<Read>...) noexcept {
  static_assert(sizeof...(Read) >= 2, "mlsd: a cross needs two features or more");
  return {};
}

}  // namespace mlsd
