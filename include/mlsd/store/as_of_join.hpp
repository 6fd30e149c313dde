#pragma once

#include "mlsd/core/concepts.hpp"
#include "mlsd/core/executor.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/core/time.hpp"
#include "mlsd/store/event_order.hpp"
#include "mlsd/store/key_replay.hpp"

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace mlsd {

/// Columns of events: keys [n], times [n], and when each could be read [n], or nothing where that was at its time.
/// The number of the row is its sequence: of two events alike in both times the later row is the greater.
struct as_of_events {
  std::span<const std::uint64_t> keys{};
  std::span<const timestamp> times{};
  std::span<const timestamp> known{};
};
/// Columns of queries: keys [m], times [m].
struct as_of_queries {
  std::span<const std::uint64_t> keys{};
  std::span<const timestamp> times{};
};

namespace detail {

/// Below this many rows a part and its keys stay in the second-level cache.
inline constexpr std::size_t rows_per_part = 8192, rows_per_chunk = std::size_t{1} << 18;

/// A part is written line by line, and the next line of it is far away in time: asking for it now hides the wait.
// Inlined by force: g++ takes a function that only prefetches for one without effect, and drops its calls.
[[gnu::always_inline]] inline void prefetch_next_line([[maybe_unused]] const void* line) noexcept {
#if defined(__GNUC__)
  __builtin_prefetch(static_cast<const char*>(line) + 64, 1);
#endif
}

/// Rows in parts by the first bits of their hashes; in each part in their order. Counting and scattering is cut into
/// fixed chunks, so the layout does not depend on the executor.
template <class Item> struct parted_rows {
  page_array<Item> items;
  std::vector<std::size_t> start;  // [parts + 1]

  template <executor E, class MakeItem>
  parted_rows(E& ex, std::span<const std::uint64_t> keys, std::uint32_t part_bits, MakeItem make)
      : items(keys.size()), start((std::size_t{1} << part_bits) + 1) {
    const std::size_t parts = std::size_t{1} << part_bits, chunks = chunk_count(keys.size(), rows_per_chunk);
    std::vector<std::size_t> place(chunks * parts);
    for_each_chunk(ex, keys.size(), rows_per_chunk, [&](std::size_t first, std::size_t last) {
      std::size_t* count = &place[first / rows_per_chunk * parts];
      for (std::size_t i = first; i < last; ++i) ++count[part_of(keyed_hash(keys[i]), part_bits)];
    });
    std::size_t before = 0;
    for (std::size_t p = 0; p < parts; ++p) {
      start[p] = before;
      for (std::size_t c = 0; c < chunks; ++c) before += std::exchange(place[c * parts + p], before);
    }
    start[parts] = before;
    for_each_chunk(ex, keys.size(), rows_per_chunk, [&](std::size_t first, std::size_t last) {
      std::size_t* next = &place[first / rows_per_chunk * parts];
      Item* const to = items.data();
      for (std::size_t i = first; i < last; ++i) {
        const std::uint64_t hash = keyed_hash(keys[i]);
        Item* const item = to + next[part_of(hash, part_bits)]++;
        *item = make(hash, i);
        prefetch_next_line(item);
      }
    });
  }
  [[nodiscard]] std::span<Item> part(std::size_t p) noexcept {
    return {items.data() + start[p], start[p + 1] - start[p]};
  }
};

template <class Event, executor E, class MakeEvent>
void join_parts(E& ex, const as_of_events& events, const as_of_queries& queries, std::span<as_of_match> out,
                const as_of_options& rules, MakeEvent make_event) {
  std::uint32_t part_bits = 0;
  while (part_bits < 10 && (events.keys.size() + queries.keys.size()) >> part_bits > rows_per_part) ++part_bits;
  parted_rows<Event> event(ex, events.keys, part_bits, make_event);
  parted_rows<key_query> query(ex, queries.keys, part_bits, [times = queries.times](std::uint64_t hash, std::size_t i) {
    return key_query{hash, times[i], static_cast<std::uint32_t>(i)};
  });
  const std::size_t parts = std::size_t{1} << part_bits;
  const std::size_t step = chunk_count(parts, 4 * ex.concurrency());  // one set of buffers serves many parts
  for_each_chunk(ex, parts, step, [&](std::size_t first, std::size_t last) {
    key_replay<Event> replay(rules, part_bits, out);
    for (std::size_t p = first; p < last; ++p) replay.join(event.part(p), query.part(p));
  });
}

template <class = void>
[[nodiscard]] result<void> check_join(const as_of_events& events, const as_of_queries& queries,
                                      const as_of_options& rules) {
  if (auto ok = rules.validate(); !ok) return ok;
  const auto differ = [](const char* what, std::size_t keys, std::size_t times) {
    return error{errc::invalid_argument, std::string("as-of join: ") + std::to_string(keys) + " keys of " + what +
                                             " but " + std::to_string(times) + " times"};
  };
  if (events.times.size() != events.keys.size()) return differ("events", events.keys.size(), events.times.size());
  if (!events.known.empty() && events.known.size() != events.keys.size())
    return differ("events", events.keys.size(), events.known.size());
  if (queries.times.size() != queries.keys.size()) return differ("queries", queries.keys.size(), queries.times.size());
  if (events.keys.size() > as_of_match::most_rows || queries.keys.size() > as_of_match::most_rows)
    return error{errc::capacity, "as-of join: more than " + std::to_string(as_of_match::most_rows) + " rows"};
  return {};
}

}  // namespace detail

/// For each query the number of the event that `history` would answer with, or the reason why there is none
/// (`as_of_options` has the definition): exactly what a store that was fed with the events would have said at that
/// time. `out` is [m]. Neither events nor queries need any order; rows in order of time cost no sorting.
/// Rows are cut into parts by the hash of their key, each of which fits into the cache, and each part is replayed in
/// the order of time. O(n + m) for rows in order, else O((n + m) log of a part); allocates 24 bytes a row, 32 an event
/// with known times. The answers do not depend on the executor.
/// Errors: columns of unequal length, a negative ttl, more than 4,294,967,289 rows a side.
template <executor E = sequential>
[[nodiscard]] result<void> as_of_join(const as_of_events& events, const as_of_queries& queries,
                                      std::span<as_of_match> out, const as_of_options& rules = {}, E&& ex = {}) {
  if (auto ok = detail::check_join(events, queries, rules); !ok) return ok;
  assert(out.size() == queries.keys.size());
  if (events.known.empty())
    detail::join_parts<detail::prompt_event>(ex, events, queries, out, rules, [&](std::uint64_t hash, std::size_t i) {
      return detail::prompt_event{hash, events.times[i], static_cast<std::uint32_t>(i)};
    });
  else
    detail::join_parts<detail::known_event>(ex, events, queries, out, rules, [&](std::uint64_t hash, std::size_t i) {
      return detail::known_event{hash, events.times[i], events.known[i], static_cast<std::uint32_t>(i)};
    });
  return {};
}
template <executor E = sequential>
[[nodiscard]] result<std::vector<as_of_match>> as_of_join(const as_of_events& events, const as_of_queries& queries,
                                                          const as_of_options& rules = {}, E&& ex = {}) {
  std::vector<as_of_match> out(queries.keys.size());
  if (auto ok = as_of_join(events, queries, std::span(out), rules, ex); !ok) return ok.error();
  return out;
}

}  // namespace mlsd
