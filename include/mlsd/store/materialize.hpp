#pragma once

#include "mlsd/data/frame.hpp"
#include "mlsd/features/category_index.hpp"
#include "mlsd/features/diagnostics.hpp"
#include "mlsd/features/kernel.hpp"
#include "mlsd/store/windows.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace mlsd {

namespace detail {
/// A value as what keys are made of; every text is one, however it is stored.
template <class T> [[nodiscard]] constexpr category part_of_key(const T& value) noexcept {
  if constexpr (std::is_convertible_v<const T&, std::string_view>)
    return category(std::string_view(value));
  else
    return as_kernel_value<true>(value);
}
}  // namespace detail

/// The key of an event from one value or several: integers, texts, optionals. The same online and offline.
template <class... T> [[nodiscard]] constexpr std::uint64_t event_key(const T&... values) noexcept {
  std::uint64_t h = sizeof...(T);
  ((h = combine(h, hash_of(detail::part_of_key(values)))), ...);
  return h;
}

/// The hash of one value as an item for distinct counts; 0, which is no item, where it is missing.
template <class T> [[nodiscard]] constexpr std::uint64_t event_item(const T& value) noexcept {
  const category c = detail::part_of_key(value);
  return c.is_missing() ? 0 : event_key(value);
}
/// A value of an event as `windows` takes it: a number as a double, NaN where it is missing.
template <class T> [[nodiscard]] constexpr double event_value(const T& value) noexcept {
  if constexpr (detail::is_nullable<T>)
    return value ? event_value(*value) : std::numeric_limits<double>::quiet_NaN();
  else
    return static_cast<double>(value);
}

/// Which columns of a table make the key of an event, its values and its items: `by("card"_f, "merchant"_f)`,
/// `values_of("amount"_f)`, `items_of("merchant"_f)`.
template <fixed_string... Names> struct key_columns {};
template <fixed_string... Names> struct value_columns {};
template <fixed_string... Names> struct item_columns {};
template <fixed_string... Names> [[nodiscard]] constexpr key_columns<Names...> by(feature<Names>...) noexcept {
  return {};
}
template <fixed_string... Names> [[nodiscard]] constexpr value_columns<Names...> values_of(feature<Names>...) noexcept {
  return {};
}
template <fixed_string... Names> [[nodiscard]] constexpr item_columns<Names...> items_of(feature<Names>...) noexcept {
  return {};
}

/// Fills a block column with what `past` knows of the past of each row (see `windows::write`). Then `past` holds these
/// events and can go on online with the same bits: `past.write(event_key(r.card), r.time, r.features)`, then
/// `past.add(event_key(r.card), r.time, event_value(r.amount), event_item(r.merchant))`.
/// O(rows), allocates the columns. Errors: times that run back by more than the lateness, with the row; a block of
/// another width; values and items that are not as many as configured.
template <const auto& Schema, fixed_string Out, fixed_string Time, fixed_string... Key, fixed_string... Value,
          fixed_string... Item>
[[nodiscard]] result<void> materialize(windows& past, frame<Schema>& table, feature<Out> out, feature<Time> time,
                                       key_columns<Key...>, value_columns<Value...>, item_columns<Item...>) {
  using environment = detail::input_environment<Schema>;
  static_assert(detail::require_feature<environment, Out>() && detail::require_feature<environment, Time>() &&
                (detail::require_feature<environment, Key>() && ...) &&
                (detail::require_feature<environment, Value>() && ...) &&
                (detail::require_feature<environment, Item>() && ...));
  const auto block = table[out];
  using block_type = typename std::remove_cvref_t<decltype(block)>::value_type;
  constexpr std::size_t width = std::tuple_size_v<block_type>;
  if (past.width() != width)
    return error{errc::mismatch, "column '" + std::string(out.view()) + "' has room for " + std::to_string(width) +
                                     " values, these windows make " + std::to_string(past.width())};
  const std::size_t n = table.size();
  std::vector<std::uint64_t> keys(n), items;
  std::vector<double> values;
  [[maybe_unused]] const auto each = [&]<fixed_string Name>(feature<Name>, auto&& f) {
    for (std::size_t i = 0; i < n; ++i) f(table.template value<schema_of<Schema>::template find<Name>::index>(i));
  };
  for (std::size_t i = 0; i < n; ++i)
    keys[i] = event_key(table.template value<schema_of<Schema>::template find<Key>::index>(i)...);
  (each(feature<Value>{}, [&](const auto& x) { values.push_back(event_value(x)); }), ...);
  (each(feature<Item>{}, [&](const auto& x) { items.push_back(event_item(x)); }), ...);
  std::vector<float> made(width * n);
  if (auto ok = past.replay({.keys = keys, .times = table[time], .values = values, .items = items}, made); !ok)
    return ok;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < width; ++j) block[i][j] = made[j * n + i];
  return {};
}
/// The same where events are only counted: the keys alone.
/// `materialize(counts, log, "ip_app_past"_f, "time"_f, "ip"_f, "app"_f)`.
template <const auto& Schema, fixed_string Out, fixed_string Time, fixed_string... Key>
[[nodiscard]] result<void> materialize(windows& past, frame<Schema>& table, feature<Out> out, feature<Time> time,
                                       feature<Key>... key) {
  return materialize(past, table, out, time, by(key...), values_of(), items_of());
}

}  // namespace mlsd
