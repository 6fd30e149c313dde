#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <type_traits>
#include <utility>

#include "mlsd/core/feature.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/data/frame.hpp"
#include "mlsd/data/row_split.hpp"

namespace mlsd {

/// The parts of a table, for `auto [train, calibration, test] = ...`, and how many rows are in none of them.
template <class Table, std::size_t N> struct table_parts {
  std::array<Table, N> part{};
  std::size_t dropped = 0;  ///< rows inside the gaps
  std::size_t unused = 0;   ///< rows that the fractions leave over

  template <std::size_t I> [[nodiscard]] Table& get() & noexcept { return part[I]; }
  template <std::size_t I> [[nodiscard]] const Table& get() const& noexcept { return part[I]; }
  template <std::size_t I> [[nodiscard]] Table&& get() && noexcept { return std::move(part[I]); }
};

namespace detail {
template <const auto& Schema, std::size_t N>
[[nodiscard]] result<table_parts<frame<Schema>, N>> take_parts(const frame<Schema>& table, result<row_split> split) {
  if (!split) return split.error();
  table_parts<frame<Schema>, N> out{.dropped = split->dropped, .unused = split->unused};
  for (std::size_t k = 0; k < N; ++k) {
    const row_range rows = split->parts[k];
    out.part[k] = split->order.empty() ? table.slice(rows.first, rows.size())
                                       : table.gather(std::span(split->order).subspan(rows.first, rows.size()));
  }
  return out;
}

template <const auto& Schema, fixed_string Name> using time_of = typename schema_of<Schema>::template find<Name>::type;
}  // namespace detail

/// Splits a table by fractions of its rows in the order of a time column:
/// `auto [train, calibration, test] = split_by_time(log, "time"_f, {0.7, 0.15, 0.15}, {.gap = hours(2)}).value();`
/// See `split_rows_by_time` for ties, gap, disorder and errors. O(rows * columns), allocates the parts.
template <const auto& Schema, fixed_string Name, std::size_t N>
[[nodiscard]] result<table_parts<frame<Schema>, N>> split_by_time(
    const frame<Schema>& table, feature<Name> time, const double (&fractions)[N],
    const time_split_options<detail::time_of<Schema, Name>>& options = {}) {
  using time_type = detail::time_of<Schema, Name>;
  return detail::take_parts<Schema, N>(table, split_rows_by_time<time_type>(table[time], fractions, options));
}

/// Splits a table at given times into one part more; see `split_rows_at_times`.
template <const auto& Schema, fixed_string Name, std::size_t N>
[[nodiscard]] result<table_parts<frame<Schema>, N + 1>> split_at_times(
    const frame<Schema>& table, feature<Name> time, const detail::time_of<Schema, Name> (&cuts)[N],
    const time_split_options<detail::time_of<Schema, Name>>& options = {}) {
  using time_type = detail::time_of<Schema, Name>;
  return detail::take_parts<Schema, N + 1>(table, split_rows_at_times<time_type>(table[time], cuts, options));
}

/// Splits a table without times by fractions of its rows in the order they have; see `split_rows`.
template <const auto& Schema, std::size_t N>
[[nodiscard]] result<table_parts<frame<Schema>, N>> split_by_order(const frame<Schema>& table,
                                                                   const double (&fractions)[N]) {
  return detail::take_parts<Schema, N>(table, split_rows(table.size(), fractions));
}

/// Splits a table so that no group (an integer or a text) is in two parts; see `split_rows_by_group`.
template <const auto& Schema, fixed_string Name, std::size_t N>
[[nodiscard]] result<table_parts<frame<Schema>, N>> split_by_group(const frame<Schema>& table, feature<Name> group,
                                                                   const double (&fractions)[N],
                                                                   const group_split_options& options = {}) {
  return detail::take_parts<Schema, N>(table, split_rows_by_group(table[group], fractions, options));
}

}  // namespace mlsd

template <class Table, std::size_t N>
struct std::tuple_size<mlsd::table_parts<Table, N>> : std::integral_constant<std::size_t, N> {};
template <std::size_t I, class Table, std::size_t N> struct std::tuple_element<I, mlsd::table_parts<Table, N>> {
  using type = Table;
};
