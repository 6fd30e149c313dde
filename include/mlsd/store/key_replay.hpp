#pragma once

#include "mlsd/core/concepts.hpp"
#include "mlsd/core/time.hpp"
#include "mlsd/stats/radix_sort.hpp"
#include "mlsd/store/event_order.hpp"
#include "mlsd/store/page_array.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

namespace mlsd {

/// What an as-of join found for a query: the number of an event's row, or the reason why there is none. Four bytes.
class as_of_match {
 public:
  static constexpr std::uint32_t most_rows = std::numeric_limits<std::uint32_t>::max() - 6;

  constexpr as_of_match() noexcept = default;
  constexpr explicit as_of_match(std::uint32_t row) noexcept : code_(row) { assert(row < most_rows); }
  constexpr explicit as_of_match(absence reason) noexcept : code_(most_rows + static_cast<std::uint32_t>(reason)) {}

  [[nodiscard]] constexpr explicit operator bool() const noexcept { return code_ < most_rows; }
  /// Requires a match.
  [[nodiscard]] constexpr std::uint32_t row() const noexcept { return assert(code_ < most_rows), code_; }
  [[nodiscard]] constexpr absence reason() const noexcept {
    return code_ < most_rows ? absence::none : static_cast<absence>(code_ - most_rows);
  }
  friend constexpr bool operator==(as_of_match, as_of_match) = default;

 private:
  std::uint32_t code_ = most_rows + static_cast<std::uint32_t>(absence::no_key);
};

namespace detail {

/// A bijection of keys whose first bits are well mixed: equal hashes are equal keys.
[[nodiscard]] constexpr std::uint64_t keyed_hash(std::uint64_t key) noexcept {
  const std::uint64_t folded = (key ^ (key >> 32)) * 0x9e3779b97f4a7c15u;
  return (folded ^ (folded >> 29)) * 0xbf58476d1ce4e5b9u;
}
[[nodiscard]] constexpr std::size_t part_of(std::uint64_t hash, std::uint32_t bits) noexcept {
  return static_cast<std::size_t>((hash >> 32) >> (32 - bits));
}

struct key_query {
  std::uint64_t hash;
  timestamp time;
  std::uint32_t row;
};
/// An event that could be read when it happened.
struct prompt_event {
  std::uint64_t hash;
  timestamp event;
  std::uint32_t row;
  [[nodiscard]] constexpr timestamp known() const noexcept { return event; }
};
struct known_event {
  std::uint64_t hash;
  timestamp event, readable;
  std::uint32_t row;
  [[nodiscard]] constexpr timestamp known() const noexcept { return readable; }
};
[[nodiscard]] constexpr bool is_greater(const prompt_event& a, const prompt_event& b) noexcept {
  return a.event > b.event || (a.event == b.event && a.row > b.row);
}
[[nodiscard]] constexpr bool is_greater(const known_event& a, const known_event& b) noexcept {
  if (a.event != b.event) return a.event > b.event;
  return a.readable > b.readable || (a.readable == b.readable && a.row > b.row);
}

/// Stable; nothing is moved if the items are in order.
template <class Item, class Time> void sort_by_time(std::span<Item> items, std::vector<Item>& scratch, Time time) {
  const auto earlier = [&](const Item& a, const Item& b) { return time(a) < time(b); };
  if (std::is_sorted(items.begin(), items.end(), earlier)) return;
  if (scratch.size() < items.size()) scratch.resize(items.size());
  radix_sort(items, std::span(scratch).first(items.size()),
             [&](const Item& item) { return static_cast<std::uint64_t>(time(item).ms) ^ (std::uint64_t{1} << 63); });
}

/// Replays the events of some keys in the order in which they become visible, and answers queries on the way from the
/// greatest event of each key so far. One object joins many parts with the same buffers.
template <class Event> class key_replay {
 public:
  /// The first `part_bits` of all hashes of a part are alike.
  key_replay(const as_of_options& rules, std::uint32_t part_bits, std::span<as_of_match> out)
      : rules_(rules), part_bits_(part_bits), out_(out), slot_(1024) {}

  /// Orders both spans.
  void join(std::span<Event> events, std::span<key_query> queries) {
    sort_by_time(queries, query_scratch_, [](const key_query& q) { return q.time; });
    missed_.clear();
    replay(events, queries, rules_, [this](const key_query& q, const Event& e) { out_[q.row] = as_of_match(e.row); });
    if (may_lack_knowledge && rules_.by == lookup_time::known && !missed_.empty()) {
      // What event time would answer was only not readable yet.
      as_of_options happened = rules_;
      happened.by = lookup_time::event;
      query_scratch_.assign(missed_.begin(), missed_.end());
      missed_.clear();
      replay(events, std::span(query_scratch_), happened,
             [this](const key_query& q, const Event&) { out_[q.row] = as_of_match(absence::not_yet_created); });
    }
    for (const key_query& q : missed_) out_[q.row] = as_of_match(reason(q));
  }

 private:
  static constexpr bool may_lack_knowledge = std::is_same_v<Event, known_event>;
  static constexpr std::uint32_t no_row = std::numeric_limits<std::uint32_t>::max();

  template <class Answer>
  void replay(std::span<Event> events, std::span<const key_query> queries, const as_of_options& rules, Answer answer) {
    const auto visible = [&](const Event& e) { return visible_from(rules, e.event, e.known()); };
    sort_by_time(events, event_scratch_, visible);
    clear();
    std::size_t next = 0;
    for (const key_query& q : queries) {
      for (; next < events.size() && is_past(rules, visible(events[next]), q.time); ++next) apply(events[next]);
      const Event& newest = slot_[place_of(q.hash)];
      if (newest.row != no_row && is_alive(rules, newest.event, q.time))
        answer(q, newest);
      else
        missed_.push_back(q);
    }
    for (; next < events.size(); ++next) apply(events[next]);
  }
  /// Requires that all events were applied: the greatest of the key says whether anything lies behind the query.
  [[nodiscard]] absence reason(const key_query& q) const noexcept {
    const Event& newest = slot_[place_of(q.hash)];
    if (newest.row == no_row) return absence::no_key;
    return is_past(rules_, newest.event, q.time) ? absence::expired : absence::too_new;
  }
  void apply(const Event& e) {
    Event& newest = slot_[place_of(e.hash)];
    if (newest.row == no_row) {
      newest = e;
      if (4 * ++used_ > 3 * slot_.size()) grow();
    } else if (is_greater(e, newest)) {
      newest = e;
    }
  }

  /// Where the hash lies, or the free place where it would.
  [[nodiscard]] std::size_t place_of(std::uint64_t hash) const noexcept {
    const std::size_t mask = slot_.size() - 1;
    std::size_t i = static_cast<std::size_t>((hash << part_bits_) >> 32) & mask;
    while (slot_[i].row != no_row && slot_[i].hash != hash) i = (i + 1) & mask;
    return i;
  }
  void clear() {
    used_ = 0;
    std::fill(slot_.begin(), slot_.end(), free_slot());
  }
  void grow() {
    std::vector<Event> old(2 * slot_.size(), free_slot());
    old.swap(slot_);
    for (const Event& e : old)
      if (e.row != no_row) slot_[place_of(e.hash)] = e;
  }
  [[nodiscard]] static Event free_slot() noexcept {
    Event e{};
    e.row = no_row;
    return e;
  }

  as_of_options rules_;
  std::uint32_t part_bits_;
  std::span<as_of_match> out_;
  std::vector<Event> slot_;  // by hash, at most 3/4 used: the greatest event so far
  std::size_t used_ = 0;
  std::vector<key_query> missed_{}, query_scratch_{};
  std::vector<Event> event_scratch_{};
};

}  // namespace detail
}  // namespace mlsd
