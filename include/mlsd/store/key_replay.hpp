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
#include <type_traits>
#include <vector>

namespace mlsd {

/// What an as-of join found for a query: the number of an event's row, or the reason why there is none. Four bytes.
class as_of_match {
 public:
  static constexpr std::uint32_t most_rows = (std::numeric_limits<std::uint32_t>::max)() - 6;

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
/// Is a, which comes earlier in a stable order of visibility, greater than b?
[[nodiscard]] constexpr bool is_greater(const prompt_event&, const prompt_event&) noexcept { return false; }
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

/// The greatest event so far of each key of a part, found by hash in a table that stays in the cache: a slot of eight
/// bytes has 32 bits of the hash and the number of the event. Numbers go on from part to part, so what earlier parts
/// left behind is known by its number and needs no clearing.
template <class Event> class newest_events {
 public:
  /// The first `part_bits` of the hashes of a part are alike.
  explicit newest_events(std::uint32_t part_bits) : part_bits_(part_bits), slot_(1024) {}

  /// Begins a part; the events stay where they are.
  void begin(std::span<const Event> events) {
    if (events.size() > (std::numeric_limits<std::uint32_t>::max)() - end_) {
      std::fill(slot_.begin(), slot_.end(), slot{});
      end_ = 1;
    }
    events_ = events;
    begin_ = end_;
    end_ += static_cast<std::uint32_t>(events.size());
    used_ = 0;
  }
  /// The event becomes the newest of its key unless there is a greater one.
  void apply(std::size_t event) {
    const Event& e = events_[event];
    slot& s = slot_[place_of(e.hash)];
    const bool first = s.number < begin_;
    used_ += first;
    if (first || !is_greater(events_[s.number - begin_], e))
      s = {tag(e.hash), begin_ + static_cast<std::uint32_t>(event)};
    if (4 * used_ > slot_.size()) grow();
  }
  /// nullptr if none of the key was applied.
  [[nodiscard]] const Event* find(std::uint64_t hash) const noexcept {
    const slot& s = slot_[place_of(hash)];
    return s.number < begin_ ? nullptr : &events_[s.number - begin_];
  }

 private:
  struct slot {
    std::uint32_t tag = 0, number = 0;
  };
  [[nodiscard]] static constexpr std::uint32_t tag(std::uint64_t hash) noexcept {
    return static_cast<std::uint32_t>(hash);
  }
  /// Where the hash lies, or the free place where it would.
  [[nodiscard]] std::size_t place_of(std::uint64_t hash) const noexcept {
    const std::size_t mask = slot_.size() - 1;
    std::size_t i = static_cast<std::size_t>((hash << part_bits_) >> 32) & mask;
    while (slot_[i].number >= begin_ && (slot_[i].tag != tag(hash) || events_[slot_[i].number - begin_].hash != hash))
      i = (i + 1) & mask;
    return i;
  }
  [[gnu::noinline]] void grow() {
    std::vector<slot> old(2 * slot_.size());
    old.swap(slot_);
    for (const slot& s : old)
      if (s.number >= begin_) slot_[place_of(events_[s.number - begin_].hash)] = s;
  }

  std::uint32_t part_bits_;
  std::span<const Event> events_{};
  std::uint32_t begin_ = 1, end_ = 1;  // numbers of this part's events
  std::size_t used_ = 0;
  std::vector<slot> slot_;  // at most a quarter used
};

/// Replays the events of a part in the order in which they become visible, and answers queries on the way from the
/// greatest event of each key so far. One object joins many parts with the same buffers.
template <class Event> class key_replay {
 public:
  key_replay(const as_of_options& rules, std::uint32_t part_bits, std::span<as_of_match> out)
      : rules_(rules), out_(out), newest_(part_bits) {}

  /// Orders both spans.
  void join(std::span<Event> events, std::span<key_query> queries) {
    sort_by_time(queries, query_scratch_, [](const key_query& q) { return q.time; });
    missed_.clear();
    replay(events, queries, rules_, [this](const key_query& q, const Event& e) { out_[q.row] = as_of_match(e.row); });
    for (const key_query& q : missed_) out_[q.row] = as_of_match(reason(q));
    if constexpr (std::is_same_v<Event, known_event>)
      if (rules_.by == lookup_time::known && !missed_.empty()) tell_what_was_not_known(events);
  }

 private:
  template <class Answer>
  void replay(std::span<Event> events, std::span<const key_query> queries, const as_of_options& rules, Answer answer) {
    const auto visible = [&](const Event& e) { return visible_from(rules, e.event, e.known()); };
    sort_by_time(events, event_scratch_, visible);
    newest_.begin(events);
    std::size_t next = 0;
    for (const key_query& q : queries) {
      for (; next < events.size() && is_past(rules, visible(events[next]), q.time); ++next) newest_.apply(next);
      const Event* newest = newest_.find(q.hash);
      if (newest != nullptr && is_alive(rules, newest->event, q.time))
        answer(q, *newest);
      else
        missed_.push_back(q);
    }
    for (; next < events.size(); ++next) newest_.apply(next);
  }
  /// Requires that all events were applied: the greatest of the key says whether anything lies behind the query.
  [[nodiscard]] absence reason(const key_query& q) const noexcept {
    const Event* newest = newest_.find(q.hash);
    if (newest == nullptr) return absence::no_key;
    return is_past(rules_, newest->event, q.time) ? absence::expired : absence::too_new;
  }
  /// What event time would answer was only not readable yet: replays the events of the missed keys in its order.
  void tell_what_was_not_known(std::span<const Event> events) {
    wanted_.assign(std::size_t{1} << 16, false);  // by 16 bits of the hash: few others pass
    const auto place = [](std::uint64_t hash) { return static_cast<std::size_t>(hash & 0xFFFF); };
    for (const key_query& q : missed_) wanted_[place(q.hash)] = true;
    candidates_.clear();
    for (const Event& e : events)
      if (wanted_[place(e.hash)] && e.event <= missed_.back().time) candidates_.push_back(e);
    as_of_options happened = rules_;
    happened.by = lookup_time::event;
    query_scratch_.assign(missed_.begin(), missed_.end());
    replay(candidates_, query_scratch_, happened,
           [this](const key_query& q, const Event&) { out_[q.row] = as_of_match(absence::not_yet_created); });
  }

  as_of_options rules_;
  std::span<as_of_match> out_;
  newest_events<Event> newest_;
  std::vector<key_query> missed_{}, query_scratch_{};
  std::vector<Event> candidates_{}, event_scratch_{};
  std::vector<bool> wanted_{};
};

}  // namespace detail
}  // namespace mlsd
