#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "mlsd/core/result.hpp"

/// One `describe` per class serves save, load, print, hash, compare and size:
///
///     template <class Self, class Ar>
///     static constexpr void describe(Self& self, Ar& ar) { ar("mean", self.mean_); ar("scale", self.scale_); }
///
/// Rules: public; `Self` may be const; the same fields in the same order whatever the values; names unique in a class.
/// A class may add `static constexpr std::string_view type_name`, `static constexpr std::uint32_t version` (1 without
/// it) and `result<void> validate()`, which every loader calls once the fields of an object are read.
/// A field is a number (at most 64 bits), bool, enum with a fixed underlying type, std::string, or a vector, array,
/// optional or pair of such, or a class with `describe`. A class without data needs no `describe`.
namespace mlsd {

/// How a class that is not yours is archived. A specialisation has what a class of your own would have: `describe`,
/// and where wanted `type_name`, `version` and `static result<void> validate(T&)`.
template <class T> struct description;

template <class A, class B> struct description<std::pair<A, B>> {
  static constexpr std::string_view type_name = "pair";
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("first", self.first);
    ar("second", self.second);
  }
};

/// These are never defined. A field that cannot be archived names one of them, with its type, in the first line with
/// "error:".
template <class T> struct class_has_no_public_describe;
template <class T> struct describe_is_misspelt;
/// `describe` exists, but must be static, public and callable as `T::describe(self, archive)`.
template <class T> struct describe_must_be_public_and_static;
/// `validate` must return `mlsd::result<void>`.
template <class T> struct validate_must_return_result_void;
/// Pointers, long double, wchar_t, plain enums and the like: their size or meaning is not the same everywhere.
template <class T> struct type_cannot_be_archived;
/// What is loaded starts as `T{}`.
template <class T> struct class_has_no_default_constructor;

namespace detail {

struct describe_probe {
  template <class T> constexpr void operator()(std::string_view, T&) const noexcept {}
};

template <class T>
concept describes_itself = std::is_class_v<T> && requires(T& t, describe_probe& ar) { T::describe(t, ar); };
template <class T>
concept described_elsewhere = requires(T& t, describe_probe& ar) { description<T>::describe(t, ar); };

template <class T>
concept misspells_describe = requires(T& t, describe_probe& ar) { T::descibe(t, ar); } ||
                             requires(T& t, describe_probe& ar) { T::desribe(t, ar); } ||
                             requires(T& t, describe_probe& ar) { T::descripe(t, ar); } ||
                             requires(T& t, describe_probe& ar) { T::describ(t, ar); } ||
                             requires(T& t, describe_probe& ar) { T::discribe(t, ar); } ||
                             requires(T& t, describe_probe& ar) { T::describes(t, ar); } ||
                             requires(T& t, describe_probe& ar) { T::describe_(t, ar); } ||
                             requires(T& t, describe_probe& ar) { T::Describe(t, ar); } ||
                             requires(T& t, describe_probe& ar) { T::serialize(t, ar); };
template <class T>
concept describes_as_member = requires(T& t, describe_probe& ar) { t.describe(ar); } ||
                              requires(T& t, describe_probe& ar) { t.template describe<T>(t, ar); };

template <class T>
concept has_no_data = std::is_class_v<T> && std::is_empty_v<T> && !misspells_describe<T> && !describes_as_member<T>;

}  // namespace detail

/// A class whose fields an archive can visit.
template <class T>
concept described = detail::describes_itself<std::remove_const_t<T>> ||
                    detail::described_elsewhere<std::remove_const_t<T>> || detail::has_no_data<std::remove_const_t<T>>;

namespace detail {

/// The eight kinds of value that archives know.
enum class field_kind : std::uint8_t { none, number, boolean, enumeration, text, vector, array, optional, record };

template <class T> inline constexpr field_kind container_kind = field_kind::none;
template <class T, class Allocator>
inline constexpr field_kind container_kind<std::vector<T, Allocator>> = field_kind::vector;
template <class T, std::size_t N> inline constexpr field_kind container_kind<std::array<T, N>> = field_kind::array;
template <class T> inline constexpr field_kind container_kind<std::optional<T>> = field_kind::optional;

/// Only such an enum can hold any number that a file may bring.
template <class T>
concept fixed_enum = std::is_enum_v<T> && requires { T{std::underlying_type_t<T>{}}; };

template <class T> [[nodiscard]] consteval field_kind kind_of_field() {
  if constexpr (std::same_as<T, bool>)
    return field_kind::boolean;
  else if constexpr (std::same_as<T, long double> || std::same_as<T, wchar_t>)
    return field_kind::none;
  else if constexpr (std::is_arithmetic_v<T>)
    return sizeof(T) <= 8 ? field_kind::number : field_kind::none;
  else if constexpr (fixed_enum<T>)
    return std::same_as<std::underlying_type_t<T>, bool> ? field_kind::none : field_kind::enumeration;
  else if constexpr (std::same_as<T, std::string>)
    return field_kind::text;
  else if constexpr (container_kind<T> != field_kind::none)
    return container_kind<T>;
  else
    return mlsd::described<T> ? field_kind::record : field_kind::none;
}

template <class T> inline constexpr field_kind kind_of = kind_of_field<T>();

/// Numbers, bools and enums: a vector of them is one block of bytes.
template <class T>
inline constexpr bool is_scalar_field =
    kind_of<T> == field_kind::number || kind_of<T> == field_kind::boolean || kind_of<T> == field_kind::enumeration;

template <class T> inline constexpr bool is_archivable = kind_of<T> != field_kind::none;
template <class T, class Allocator> inline constexpr bool is_archivable<std::vector<T, Allocator>> = is_archivable<T>;
template <class T, std::size_t N> inline constexpr bool is_archivable<std::array<T, N>> = is_archivable<T>;
template <class T>
inline constexpr bool is_archivable<std::optional<T>> = is_archivable<T> && kind_of<T> != field_kind::optional;

}  // namespace detail

/// What every archive can read and write: see the top of this header. Fields of a class are checked when it is visited.
template <class T>
concept archivable = detail::is_archivable<std::remove_const_t<T>>;

/// The name that a class gives itself for files and messages; empty without one.
template <class T> [[nodiscard]] constexpr std::string_view type_name_of() noexcept {
  if constexpr (requires { std::string_view(T::type_name); })
    return T::type_name;
  else if constexpr (requires { std::string_view(description<T>::type_name); })
    return description<T>::type_name;
  else
    return {};
}

/// The version that a class gives its own fields; 1 without one.
template <class T> [[nodiscard]] constexpr std::uint32_t version_of() noexcept {
  if constexpr (requires { std::uint32_t{T::version}; })
    return T::version;
  else if constexpr (requires { std::uint32_t{description<T>::version}; })
    return description<T>::version;
  else
    return 1;
}

/// Calls `ar(name, field)` for each field of the value, in order.
template <described T, class Ar> constexpr void visit_fields(T& value, Ar& ar) {
  using U = std::remove_const_t<T>;
  if constexpr (detail::describes_itself<U>)
    U::describe(value, ar);
  else if constexpr (detail::described_elsewhere<U>)
    description<U>::describe(value, ar);
}

namespace detail {

/// Stops the compiler with the culprit's name, or does nothing.
template <class T> consteval bool require_archivable() {
  if constexpr (container_kind<T> != field_kind::none) {
    if constexpr (archivable<T> || !archivable<typename T::value_type>)
      return require_archivable<typename T::value_type>();
    else
      return sizeof(type_cannot_be_archived<T>) != 0;
  } else if constexpr (!archivable<T>) {
    if constexpr (!std::is_class_v<T>)
      return sizeof(type_cannot_be_archived<T>) != 0;
    else if constexpr (misspells_describe<T>)
      return sizeof(describe_is_misspelt<T>) != 0;
    else if constexpr (describes_as_member<T>)
      return sizeof(describe_must_be_public_and_static<T>) != 0;
    else
      return sizeof(class_has_no_public_describe<T>) != 0;
  } else if constexpr (kind_of<T> == field_kind::record && !std::default_initializable<T>) {
    return sizeof(class_has_no_default_constructor<T>) != 0;
  } else {
    return true;
  }
}

template <class T>
inline constexpr bool has_invariants =
    requires(T& value) { value.validate(); } || requires(T& value) { description<T>::validate(value); };

/// Asks the value for its own invariants, if it has any.
template <class T> [[nodiscard]] constexpr result<void> validate_fields(T& value) {
  if constexpr (requires {
                  { value.validate() } -> std::same_as<result<void>>;
                })
    return value.validate();
  else if constexpr (requires { value.validate(); })
    return sizeof(validate_must_return_result_void<T>) != 0 ? result<void>{} : result<void>{};
  else if constexpr (has_invariants<T>)
    return description<T>::validate(value);
  else
    return {};
}

}  // namespace detail
}  // namespace mlsd
