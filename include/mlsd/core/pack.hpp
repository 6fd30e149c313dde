#pragma once

#include <cstddef>
#include <utility>

namespace mlsd {

namespace detail {
template <std::size_t I, class T>
struct pack_leaf {
  T value{};
};
template <class Indices, class... T>
struct pack_of;
template <std::size_t... I, class... T>
struct pack_of<std::index_sequence<I...>, T...> : pack_leaf<I, T>... {};
}  // namespace detail

/// A fixed set of values of different types, by position. Look-up is overload resolution on base classes: it costs the
/// compiler far less than `std::tuple`.
template <class... T>
using pack = detail::pack_of<std::index_sequence_for<T...>, T...>;

/// Element I of a pack.
template <std::size_t I, class T>
[[nodiscard]] constexpr T& get(detail::pack_leaf<I, T>& p) noexcept {
  return p.value;
}
template <std::size_t I, class T>
[[nodiscard]] constexpr const T& get(const detail::pack_leaf<I, T>& p) noexcept {
  return p.value;
}

}  // namespace mlsd
