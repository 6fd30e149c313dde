#pragma once

#include "mlsd/core/feature.hpp"
#include "mlsd/core/no_such_feature.hpp"
#include "mlsd/fwd.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>

namespace mlsd {

namespace detail {
template <class Schema, fixed_string Name> [[nodiscard]] consteval auto nearest_field() {
  return []<std::size_t... I>(std::index_sequence<I...>) {
    const std::string_view names[] = {Schema::template name<I>...};
    return nearest_name(Name.view(), names);
  }(std::make_index_sequence<Schema::size>{});
}
/// True where the schema has the field; otherwise the compiler stops at `no_such_feature<"gener", ...<"genre">>`.
template <class Schema, fixed_string Name> [[nodiscard]] consteval bool require_field() {
  if constexpr (requires { Schema::template find<Name>::index; })
    return true;
  else
    return sizeof(
               no_such_feature<Name, did_you_mean<Schema::template field_type<nearest_field<Schema, Name>()>::name>>) !=
           0;
}
}  // namespace detail

/// What rankers and re-rankers see of an item: its score, the sources that found it (one bit each), and its row, whose
/// fields are read by name: `c["genre"_f]`. A light handle: the row belongs to whoever joined it.
/// A name that the schema lacks does not compile; the error names it.
template <const auto& Schema, class Id> struct candidate {
  using schema_type = std::remove_cvref_t<decltype(Schema)>;
  using record_type = typename schema_type::record_type;

  Id id{};
  double score{};
  std::uint64_t origins{};
  const record_type* row = nullptr;

  template <fixed_string Name> [[nodiscard]] constexpr const auto& operator[](feature<Name>) const noexcept {
    static_assert(detail::require_field<schema_type, Name>());
    constexpr auto member = schema_type::template member<schema_type::template find<Name>::index>(Schema);
    return row->*member;
  }
  friend constexpr bool operator==(const candidate&, const candidate&) = default;
};

}  // namespace mlsd
