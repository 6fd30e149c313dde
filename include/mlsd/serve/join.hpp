#pragma once

#include "mlsd/core/candidate.hpp"
#include "mlsd/core/concepts.hpp"
#include "mlsd/core/feature.hpp"
#include "mlsd/core/pack.hpp"
#include "mlsd/serve/stage.hpp"

#include <concepts>
#include <cstddef>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace mlsd {

/// Never defined: no part of the join fills this field, so rankers would read its default.
template <fixed_string Name> struct nobody_joins;
/// Never defined: the joined field cannot take what the source has.
template <fixed_string Name, class Found, class Wanted> struct cannot_join_field;
/// Never defined: the field is a view, and would look at a value that a part returned and that is gone.
template <fixed_string Name, class Found, class Wanted> struct joined_view_would_dangle;

namespace detail {

template <class T> inline constexpr bool is_view = false;
template <> inline constexpr bool is_view<std::string_view> = true;
template <class T, std::size_t N> inline constexpr bool is_view<std::span<T, N>> = true;

/// `Lasts`: what is found lives on after the part has been asked.
template <const auto& To, fixed_string Name, bool Lasts, class Found>
constexpr void join_field(typename std::remove_cvref_t<decltype(To)>::record_type& row, const Found& found) noexcept {
  using schema_type = std::remove_cvref_t<decltype(To)>;
  constexpr auto member = schema_type::template member<schema_type::template find<Name>::index>(To);
  using wanted = std::remove_cvref_t<decltype(row.*member)>;
  if constexpr (is_view<wanted> && !Lasts && !is_view<Found> && !std::is_pointer_v<Found>)
    static_assert(sizeof(joined_view_would_dangle<Name, Found, wanted>) != 0);
  else if constexpr (std::is_convertible_v<const Found&, wanted>)
    row.*member = static_cast<wanted>(found);
  else
    static_assert(sizeof(cannot_join_field<Name, Found, wanted>) != 0);
}

[[nodiscard]] constexpr bool is_joined(role r) noexcept { return r != role::label && r != role::weight; }

/// All fields of `From` that `To` has too, but labels and weights of either.
template <const auto& From, const auto& To, bool Lasts>
constexpr void join_fields(const typename std::remove_cvref_t<decltype(From)>::record_type& from,
                           typename std::remove_cvref_t<decltype(To)>::record_type& row) noexcept {
  using source = std::remove_cvref_t<decltype(From)>;
  using target = std::remove_cvref_t<decltype(To)>;
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    const auto one = [&]<std::size_t K>(std::integral_constant<std::size_t, K>) {
      using field = typename source::template field_type<K>;
      if constexpr (requires { target::template find<field::name>::index; }) {
        constexpr auto member = source::template member<K>(From);
        if constexpr (is_joined(field::role) && is_joined(target::template find<field::name>::role))
          join_field<To, field::name, Lasts>(row, from.*member);
      }
    };
    (one(std::integral_constant<std::size_t, I>{}), ...);
  }(std::make_index_sequence<source::size>{});
}
}  // namespace detail

/// Part of a join: the fields of a table or store whose schema is `From`, by name. `find(request)`, asked once a
/// request, or `find(request, hit)`, asked for each candidate, returns a pointer, an optional or a `found` with the
/// record. A candidate without a record leaves; a request without one (a new user) has the defaults of the row's
/// struct.
template <const auto& From, class Find> class fields_part {
 public:
  constexpr explicit fields_part(Find find) : find_(std::move(find)) {}
  template <fixed_string Name>
  static constexpr bool fills = [] {
    using found = typename std::remove_cvref_t<decltype(From)>::template find<Name>;
    if constexpr (requires { found::index; })
      return detail::is_joined(found::role);
    else
      return false;
  }();
  template <class Request, class Hit>
  static constexpr bool once_a_request = std::is_invocable_v<const Find&, const Request&>;

  template <const auto& To, class Row, class... Asked>
  [[nodiscard]] bool fill(Row& row, const Asked&... asked) const noexcept {
    static_assert(std::is_nothrow_invocable_v<const Find&, const Asked&...>,
                  "mlsd: fields<schema>(find) needs find(request) or find(request, hit), noexcept");
    using got_type = std::invoke_result_t<const Find&, const Asked&...>;
    constexpr bool lasts = std::is_reference_v<got_type> || std::is_pointer_v<got_type>;
    const auto& got = find_(asked...);
    if (!static_cast<bool>(got)) return false;
    if constexpr (requires { got.row; })
      detail::join_fields<From, To, lasts>(got.row, row);
    else
      detail::join_fields<From, To, lasts>(*got, row);
    return true;
  }

 private:
  Find find_;
};
/// `fields<films>([&](const request&, const hit<>& h) noexcept { return films.find(h.id); })`.
template <const auto& From, class Find> [[nodiscard]] constexpr fields_part<From, Find> fields(Find find) {
  return fields_part<From, Find>(std::move(find));
}

/// Part of a join: one field, computed from the request, or from the request, the hit and the fields joined before it.
template <fixed_string Name, class Compute> class computed_part {
 public:
  constexpr explicit computed_part(Compute compute) : compute_(std::move(compute)) {}
  template <fixed_string Other> static constexpr bool fills = std::is_same_v<feature<Other>, feature<Name>>;
  template <class Request, class Hit>
  static constexpr bool once_a_request = std::is_invocable_v<const Compute&, const Request&>;

  template <const auto& To, class Row, class Request>
  [[nodiscard]] bool fill(Row& row, const Request& request) const noexcept {
    static_assert(std::is_nothrow_invocable_v<const Compute&, const Request&>,
                  "mlsd: fill(name, f) needs f(request) or f(request, hit, row), noexcept");
    constexpr bool lasts = std::is_reference_v<std::invoke_result_t<const Compute&, const Request&>>;
    detail::join_field<To, Name, lasts>(row, compute_(request));
    return true;
  }
  template <const auto& To, class Row, class Request, class Hit>
  [[nodiscard]] bool fill(Row& row, const Request& request, const Hit& hit) const noexcept {
    static_assert(std::is_nothrow_invocable_v<const Compute&, const Request&, const Hit&, const Row&>,
                  "mlsd: fill(name, f) needs f(request) or f(request, hit, row), noexcept");
    constexpr bool lasts =
        std::is_reference_v<std::invoke_result_t<const Compute&, const Request&, const Hit&, const Row&>>;
    detail::join_field<To, Name, lasts>(row, compute_(request, hit, std::as_const(row)));
    return true;
  }

 private:
  Compute compute_;
};
/// `fill("affinity"_f, [](const request& r, const hit<>& h, const row& joined) noexcept { return ...; })`.
template <fixed_string Name, class Compute>
[[nodiscard]] constexpr computed_part<Name, Compute> fill(feature<Name>, Compute compute) {
  return computed_part<Name, Compute>(std::move(compute));
}

/// Gives each hit the row that rankers and re-rankers read: a record of `Schema`, the struct that the ranker was
/// trained on, put together from parts: first those that are asked once a request, then those that see the hit, each in
/// the order in which they are written; a later one overwrites. A field that no part fills does not compile; the error
/// names it. Labels and weights are not joined. O(n fields), no allocation: rows are reused, so the struct must not own
/// memory (texts as views).
template <const auto& Schema, class... Parts> class join_stage {
  using schema_type = std::remove_cvref_t<decltype(Schema)>;
  using record_type = typename schema_type::record_type;
  static_assert(std::is_trivially_copyable_v<record_type>,
                "mlsd: a joined row is reused: its struct must be trivially copyable (texts as std::string_view)");

  template <std::size_t I> [[nodiscard]] static consteval bool require_filled() {
    using field = typename schema_type::template field_type<I>;
    if constexpr (field::role == role::label || field::role == role::weight ||
                  (Parts::template fills<field::name> || ...))
      return true;
    else
      return sizeof(nobody_joins<field::name>) != 0;
  }

 public:
  static constexpr std::string_view stage_name = "join";
  template <class Hit> using output = candidate<Schema, decltype(Hit::id)>;

  constexpr explicit join_stage(Parts... parts) : parts_{{std::move(parts)}...} {
    static_assert([]<std::size_t... I>(std::index_sequence<I...>) {
      return (require_filled<I>() && ...);
    }(std::make_index_sequence<schema_type::size>{}));
  }

  [[nodiscard]] static constexpr std::size_t capacity(std::size_t before) noexcept { return before; }
  template <class Hit> struct scratch {
    std::vector<record_type> rows;
    std::vector<output<Hit>> list;
  };
  template <class Hit> [[nodiscard]] scratch<Hit> make_scratch(std::size_t capacity) const {
    return {std::vector<record_type>(capacity), std::vector<output<Hit>>(capacity)};
  }

  template <class Hit, class Request, class State>
  [[nodiscard]] std::span<output<Hit>> run(const Request& request, std::span<Hit> hits, scratch<Hit>& s,
                                           State&) const noexcept {
    return run(request, hits, s, std::index_sequence_for<Parts...>{});
  }

 private:
  template <class Hit, class Request, std::size_t... I>
  [[nodiscard]] std::span<output<Hit>> run(const Request& request, std::span<Hit> hits, scratch<Hit>& s,
                                           std::index_sequence<I...>) const noexcept {
    record_type shared{};
    const auto once = [&]<class Part>(const Part& part) {
      if constexpr (Part::template once_a_request<Request, Hit>)
        static_cast<void>(part.template fill<Schema>(shared, request));
    };
    (once(get<I>(parts_)), ...);
    std::size_t n = 0;
    for (const Hit& h : hits) {
      record_type& row = s.rows[n];
      row = shared;
      const auto each = [&]<class Part>(const Part& part) {
        if constexpr (Part::template once_a_request<Request, Hit>)
          return true;
        else
          return part.template fill<Schema>(row, request, h);
      };
      if ((each(get<I>(parts_)) && ...)) s.list[n++] = {h.id, static_cast<double>(h.score), h.origins, &row};
    }
    return std::span(s.list).first(n);
  }
  pack<Parts...> parts_;
};

/// `join<impressions>(fields<films>(...), fields<users>(...), fill("affinity"_f, ...))`.
template <const auto& Schema, class... Parts>
[[nodiscard]] constexpr join_stage<Schema, Parts...> join(Parts... parts) {
  return join_stage<Schema, Parts...>(std::move(parts)...);
}

}  // namespace mlsd
