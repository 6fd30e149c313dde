#pragma once

#include "mlsd/core/category.hpp"
#include "mlsd/core/time.hpp"

#include <array>
#include <concepts>
#include <cstddef>
#include <limits>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

namespace mlsd {

/// A kernel is pure, const and noexcept, over plain values: a number (`float`, NaN is missing), a `category`, a `code`,
/// a `timestamp` or a block of numbers. It never sees rows, columns, threads or memory.
template <class K>
concept number_kernel = std::is_nothrow_invocable_v<const K&, float>;
template <class K>
concept category_kernel = std::is_nothrow_invocable_v<const K&, category>;

namespace detail {
template <class T>
inline constexpr bool is_nullable = false;
template <class T>
inline constexpr bool is_nullable<std::optional<T>> = true;

template <class T>
concept integer_like = std::integral<T> || std::is_enum_v<T>;

/// `Reader` stands for a kernel or for a configuration that observes: how it wants a stored value of type T.
template <bool WantsCategory, class T>
[[nodiscard]] constexpr auto as_kernel_value(const T& v) noexcept {
  if constexpr (is_nullable<T>) {
    using V = decltype(as_kernel_value<WantsCategory>(*v));
    if constexpr (std::is_same_v<V, category>)
      return v ? as_kernel_value<WantsCategory>(*v) : category{};
    else if constexpr (std::is_same_v<V, float>)
      return v ? as_kernel_value<WantsCategory>(*v) : (std::numeric_limits<float>::quiet_NaN)();
    else
      return v;
  } else if constexpr (std::is_same_v<T, std::string_view>) {
    return category(v);
  } else if constexpr (std::is_same_v<T, code>) {
    if constexpr (WantsCategory)
      return category(v.value);
    else
      return v;
  } else if constexpr (std::is_enum_v<T>) {
    return as_kernel_value<WantsCategory>(static_cast<std::underlying_type_t<T>>(v));
  } else if constexpr (std::integral<T>) {
    if constexpr (WantsCategory)
      return category(v);
    else
      return static_cast<float>(v);
  } else if constexpr (std::floating_point<T>) {
    return static_cast<float>(v);
  } else {
    return v;
  }
}
template <bool WantsCategory, class T>
using kernel_value_t = decltype(as_kernel_value<WantsCategory>(std::declval<const T&>()));
}  // namespace detail

/// `a >> b`: first a, then b, as one kernel; the two become one loop body.
template <class A, class B>
struct fused_kernel {
  A first{};
  B second{};

  template <class T>
  [[nodiscard]] constexpr auto operator()(const T& x) const
      noexcept(noexcept(std::declval<const B&>()(std::declval<const A&>()(x))))
          -> decltype(std::declval<const B&>()(std::declval<const A&>()(x))) {
    return second(first(x));
  }
  /// Of a kernel whose output is a code.
  [[nodiscard]] std::uint32_t cardinality() const noexcept
    requires requires(const B& b) { b.cardinality(); }
  {
    return second.cardinality();
  }
  /// Of a kernel that looks its categories up first.
  [[nodiscard]] bool knows(const category& c) const noexcept
    requires requires(const A& a) { a.knows(c); }
  {
    return first.knows(c);
  }
  template <class Self, class Ar>
  static constexpr void describe(Self& self, Ar& ar) {
    ar("first", self.first);
    ar("second", self.second);
  }
};

}  // namespace mlsd
