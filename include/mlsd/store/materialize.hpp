#pragma once

#include "mlsd/data/frame.hpp"
#include "mlsd/features/category_index.hpp"
#include "mlsd/features/diagnostics.hpp"
#include "mlsd/features/kernel.hpp"
#include "mlsd/store/windows.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

namespace mlsd {

/// The key of an event from one value or several: integers, texts, optionals. The same online and offline.
template <class... T> [[nodiscard]] constexpr std::uint64_t event_key(const T&... values) noexcept {
  std::uint64_t h = sizeof...(T);
  ((h = combine(h, hash_of(detail::as_kernel_value<true>(values)))), ...);
  return h;
}

/// Fills a block column with what `counts` knows of the past of each row: counts in its windows, of all time, and the
/// seconds since the last event (see `event_counts::write`). Then `counts` holds these events and can go on online:
/// `counts.write(event_key(r.ip, r.app), r.time, r.past)`, `counts.add(...)`, with the same bits.
/// `materialize(counts, log, "ip_app_past"_f, "time"_f, "ip"_f, "app"_f)`.
/// O(rows), allocates the keys. Errors: times that run backwards, with the row; a block of another width.
template <const auto& Schema, fixed_string Out, fixed_string Time, fixed_string... Key>
[[nodiscard]] result<void> materialize(event_counts& counts, frame<Schema>& table, feature<Out> out, feature<Time> time,
                                       feature<Key>...) {
  using environment = detail::input_environment<Schema>;
  static_assert(detail::require_feature<environment, Out>() && detail::require_feature<environment, Time>() &&
                (detail::require_feature<environment, Key>() && ...));
  const auto block = table[out];
  using block_type = typename std::remove_cvref_t<decltype(block)>::value_type;
  constexpr std::size_t width = std::tuple_size_v<block_type>;
  if (counts.width() != width)
    return error{errc::mismatch, "column '" + std::string(out.view()) + "' has room for " + std::to_string(width) +
                                     " values, these event counts make " + std::to_string(counts.width())};
  const std::size_t n = table.size();
  std::vector<std::uint64_t> keys(n);
  for (std::size_t i = 0; i < n; ++i)
    keys[i] = event_key(table.template value<schema_of<Schema>::template find<Key>::index>(i)...);
  std::vector<float> values(width * n);
  if (auto ok = counts.replay(keys, table[time], values); !ok) return ok;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < width; ++j) block[i][j] = values[j * n + i];
  return {};
}

}  // namespace mlsd
