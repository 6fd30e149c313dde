#pragma once

#include "mlsd/core/feature.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace mlsd {

/// A position in a table with the type of its values and its role; only its type matters.
template <std::size_t Index, class T, role Role = role::value> struct slot {
  static constexpr std::size_t index = Index;
  static constexpr mlsd::role role = Role;
  using type = T;
};

/// Never defined: two fields of a schema bear this name.
template <fixed_string Name> struct field_named_twice;

/// Stands for "no such name" where a look-up by name fails.
struct no_slot {};

namespace detail {
template <std::size_t I> using index_constant = std::integral_constant<std::size_t, I>;

/// What kernels see of a stored field: texts as views, all else as it is.
template <class T> struct value_of {
  using type = T;
};
template <> struct value_of<std::string> {
  using type = std::string_view;
};

template <class First, class...> struct first_of {
  using type = First;
};

template <fixed_string Name, std::size_t Times> [[nodiscard]] consteval bool require_one_field() {
  if constexpr (Times == 1)
    return true;
  else
    return sizeof(field_named_twice<Name>) != 0;
}
/// How often each of these names occurs.
template <class... Fields>
inline constexpr auto times_named_in = [] {
  const std::string_view names[] = {Fields::name.view()...};
  std::array<std::size_t, sizeof...(Fields)> times{};
  for (std::size_t i = 0; i < times.size(); ++i)
    for (const std::string_view name : names) times[i] += name == names[i];
  return times;
}();
template <class... Fields, std::size_t... I> [[nodiscard]] consteval bool check_field_names(std::index_sequence<I...>) {
  return (require_one_field<Fields::name, times_named_in<Fields...>[I]>() && ...);
}

template <std::size_t I, class Field> struct schema_cell {
  Field bound;

  static slot<I, typename value_of<typename Field::value_type>::type, Field::role> find(feature<Field::name>);
  static feature<Field::name> name_at(index_constant<I>);
  static Field field_at(index_constant<I>);
};

template <class Indices, class... Fields> struct schema_cells;
template <std::size_t... I, class... Fields>
struct schema_cells<std::index_sequence<I...>, Fields...> : schema_cell<I, Fields>... {
  using schema_cell<I, Fields>::find...;
  using schema_cell<I, Fields>::name_at...;
  using schema_cell<I, Fields>::field_at...;
  static no_slot find(...);
};
}  // namespace detail

/// The names of the fields of a user's struct, with what each is for:
/// `inline constexpr mlsd::schema clicks{"ip"_f = &click::ip, "bought"_f = mlsd::label(&click::bought)};`
///
/// A schema is a constant with static storage; tables and pipelines are named after it (`frame<clicks>`,
/// `from<clicks>()`), so that types stay short and a loaded pipeline needs no run-time schema.
/// Look-up by name is overload resolution on base classes: linear in fields, no recursion.
template <class... Fields> class schema {
  using cells = detail::schema_cells<std::index_sequence_for<Fields...>, Fields...>;

 public:
  /// The user's struct.
  using record_type = typename detail::first_of<Fields...>::type::class_type;
  static constexpr std::size_t size = sizeof...(Fields);

  static_assert((std::is_same_v<record_type, typename Fields::class_type> && ...),
                "mlsd: all fields of a schema belong to one struct");
  static_assert(detail::check_field_names<Fields...>(std::index_sequence_for<Fields...>{}));
  static_assert(((Fields::role == role::label) + ... + 0) <= 1, "mlsd: a schema has at most one label");
  static_assert(((Fields::role == role::weight) + ... + 0) <= 1, "mlsd: a schema has at most one weight");
  static_assert(((Fields::role == role::group) + ... + 0) <= 1, "mlsd: a schema has at most one group");

  constexpr schema(Fields... fields) noexcept : schema(std::index_sequence_for<Fields...>{}, fields...) {}

  /// `slot<...>` of the field with this name, or `no_slot`.
  template <fixed_string Name> using find = decltype(cells::find(feature<Name>{}));
  template <std::size_t I> using field_type = decltype(cells::field_at(detail::index_constant<I>{}));
  template <std::size_t I> using value_type = typename detail::value_of<typename field_type<I>::value_type>::type;
  template <std::size_t I> static constexpr std::string_view name = field_type<I>::name.view();

  /// Number of the first field with this role, or `size`.
  [[nodiscard]] static constexpr std::size_t index_of(role r) noexcept {
    const role roles[] = {Fields::role...};
    for (std::size_t i = 0; i < size; ++i)
      if (roles[i] == r) return i;
    return size;
  }

  /// Pointer to the member behind field I.
  template <std::size_t I> [[nodiscard]] static consteval auto member(const schema& s) noexcept {
    return static_cast<const detail::schema_cell<I, field_type<I>>&>(s.cells_).bound.member;
  }

 private:
  template <std::size_t... I>
  constexpr schema(std::index_sequence<I...>, Fields... fields) noexcept : cells_{{fields}...} {}
  cells cells_;
};

/// A schema as a template argument: an object with static storage.
template <const auto& Schema> using schema_of = std::remove_cvref_t<decltype(Schema)>;

/// The value of field I of a record; a `std::string` comes as a view.
template <const auto& Schema, std::size_t I>
[[nodiscard]] constexpr typename schema_of<Schema>::template value_type<I> field_value(
    const typename schema_of<Schema>::record_type& record) noexcept {
  constexpr auto member = schema_of<Schema>::template member<I>(Schema);
  return record.*member;
}
template <const auto& Schema, std::size_t I, class T>
constexpr void set_field(typename schema_of<Schema>::record_type& record, T&& value) {
  constexpr auto member = schema_of<Schema>::template member<I>(Schema);
  record.*member = typename schema_of<Schema>::template field_type<I>::value_type(std::forward<T>(value));
}

}  // namespace mlsd
