#pragma once

#include "mlsd/core/fixed_string.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mlsd {

/// What a field of a user's struct is for.
enum class role : std::uint8_t {
  value,     ///< an input that features may read
  computed,  ///< an input that files lack: filled from a store or from windows before the pipeline
  label,     ///< the outcome; reading it in a feature is a compile error
  weight,    ///< the importance of the row in fits and metrics
  group      ///< rows that belong together (a query, a session, a user)
};

/// `"age"_f = &impression::age`: one named field of a user's struct. Made by `feature::operator=`.
template <fixed_string Name, class Class, class T, role Role>
struct field {
  static constexpr auto name = Name;
  static constexpr mlsd::role role = Role;
  using class_type = Class;
  using value_type = T;
  T Class::*member;
};

namespace detail {
template <class Class, class T, role Role>
struct member_with_role {
  T Class::*member;
};
}  // namespace detail

/// The field is what is to be predicted: 0/1, a number, or a grade.
template <class Class, class T>
[[nodiscard]] constexpr detail::member_with_role<Class, T, role::label> label(T Class::*m) noexcept {
  return {m};
}
/// The field is the weight of its row; fits and metrics use it.
template <class Class, class T>
[[nodiscard]] constexpr detail::member_with_role<Class, T, role::weight> weight(T Class::*m) noexcept {
  return {m};
}
/// The field names the group of its row.
template <class Class, class T>
[[nodiscard]] constexpr detail::member_with_role<Class, T, role::group> group_key(T Class::*m) noexcept {
  return {m};
}
/// The field is not in files: windows or a store fill it in.
template <class Class, class T>
[[nodiscard]] constexpr detail::member_with_role<Class, T, role::computed> computed(T Class::*m) noexcept {
  return {m};
}

/// A name as a type: `"age"_f`.
template <fixed_string Name>
struct feature {
  static constexpr auto name = Name;
  [[nodiscard]] static constexpr std::string_view view() noexcept { return Name.view(); }

  template <class Class, class T>
  [[nodiscard]] constexpr field<Name, Class, T, role::value> operator=(T Class::*m) const noexcept {
    return {m};
  }
  template <class Class, class T, role Role>
  [[nodiscard]] constexpr field<Name, Class, T, Role> operator=(
      detail::member_with_role<Class, T, Role> m) const noexcept {
    return {m.member};
  }
};

inline namespace literals {
/// `"age"_f` is `feature<"age">{}`.
template <fixed_string Name>
[[nodiscard]] consteval feature<Name> operator""_f() noexcept {
  return {};
}
}  // namespace literals

}  // namespace mlsd
