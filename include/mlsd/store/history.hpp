#pragma once

#include "mlsd/core/concepts.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/core/time.hpp"
#include "mlsd/store/event_order.hpp"
#include "mlsd/store/key_table.hpp"

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace mlsd {

/// The rows of each key over time: a `store` that answers for any time, past or present, what was known then
/// (`as_of_options` has the definition, ties and reasons included). Events may come in any order.
/// Keys are 64-bit hashes, such as of `event_key`; two keys with one hash are one key.
/// It keeps what can still be an answer: events in the order in which they became visible, each greater than all that
/// were visible before it. So a look-up is one binary search, O(log n) for n events of the key however many came late,
/// and allocates nothing. `put` is O(1) amortised for the newest event of a key, O(n) moves for one far in the past.
/// Memory: 24 bytes and a row an event (8 bytes for one that was overtaken before it could be read), and about 100 to
/// 170 bytes a key. Many threads may read while nobody writes.
template <class Row>
  requires std::default_initializable<Row> && std::is_nothrow_copy_constructible_v<Row>
class history {
 public:
  static constexpr std::uint32_t version = 1;
  static constexpr std::string_view type_name = "history";
  using key_type = std::uint64_t;
  using row_type = Row;

  history() = default;
  [[nodiscard]] static result<history> make(as_of_options rules) {
    if (auto ok = rules.validate(); !ok) return ok.error();
    history h;
    h.rules_ = rules;
    return h;
  }

  /// An event that was readable when it happened.
  void put(std::uint64_t key, const Row& row, timestamp event) { put(key, row, event, event); }
  /// Events put without a sequence number get the next above all that were seen.
  void put(std::uint64_t key, const Row& row, timestamp event, timestamp known) {
    put(key, row, event_order{event, known, next_sequence_});
  }
  /// An event of the same order as one of its key that is there changes nothing: producers may send twice.
  template <std::same_as<event_order> Order> void put(std::uint64_t key, const Row& row, const Order& order) {
    next_sequence_ = (std::max)(next_sequence_, order.sequence + 1);
    insert(keys_[key], {order, row});
  }

  [[nodiscard]] found<Row> as_of(std::uint64_t key, timestamp t) const noexcept {
    const key_events* events = keys_.find(key);
    if (events == nullptr) return {Row{}, absence::no_key};
    const auto& steps = events->steps;
    const std::size_t visible = partition(steps, [&](const step& s) { return detail::is_past(rules_, from(s), t); });
    if (visible != 0 && detail::is_alive(rules_, steps[visible - 1].order.event, t))
      return {steps[visible - 1].row, absence::none};
    if (rules_.by == lookup_time::known && has_event_at(*events, t)) return {Row{}, absence::not_yet_created};
    const bool later = !detail::is_past(rules_, steps.back().order.event, t);
    return {Row{}, later ? absence::too_new : absence::expired};
  }

  /// Forgets all events of a key: then it is `no_key`.
  void erase(std::uint64_t key) noexcept { keys_.erase(key); }
  /// A hint that `key` will be looked up soon.
  [[gnu::always_inline]] void prefetch(std::uint64_t key) const noexcept { keys_.prefetch(key); }
  [[nodiscard]] std::size_t keys() const noexcept { return keys_.size(); }
  /// Events that can still be an answer. O(keys).
  [[nodiscard]] std::size_t events() const noexcept {
    std::size_t n = 0;
    keys_.for_each([&](std::uint64_t, const key_events& k) { n += k.steps.size(); });
    return n;
  }
  [[nodiscard]] const as_of_options& rules() const noexcept { return rules_; }

  friend bool operator==(const history&, const history&) = default;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("rules", self.rules_);
    ar("keys", self.keys_);
    ar("next_sequence", self.next_sequence_);
  }
  [[nodiscard]] result<void> validate() const {
    bool ascending = true;
    keys_.for_each([&](std::uint64_t, const key_events& k) {
      ascending = ascending && !k.steps.empty() && std::is_sorted(k.overtaken.begin(), k.overtaken.end());
      for (std::size_t i = 1; i < k.steps.size(); ++i)
        ascending = ascending && from(k.steps[i - 1]) < from(k.steps[i]) && k.steps[i - 1].order < k.steps[i].order;
    });
    if (!ascending) return error{errc::corrupt, "history: the events of a key are not in order"};
    return {};
  }

 private:
  struct step {
    event_order order{};
    Row row{};
    friend bool operator==(const step&, const step&) = default;
    template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
      ar("order", self.order);
      ar("row", self.row);
    }
  };
  /// Steps ascend strictly, both by when they become visible and by their order. What was overtaken can no longer be
  /// an answer; its event time, ascending, still tells `not_yet_created` from `too_new`.
  struct key_events {
    std::vector<step> steps{};
    std::vector<timestamp> overtaken{};
    friend bool operator==(const key_events&, const key_events&) = default;
    template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
      ar("steps", self.steps);
      ar("overtaken", self.overtaken);
    }
  };

  [[nodiscard]] timestamp from(const step& s) const noexcept {
    return detail::visible_from(rules_, s.order.event, s.order.known);
  }
  /// How many items at the front are `before`.
  template <class Items, class Before>
  [[nodiscard]] static std::size_t partition(const Items& items, Before before) noexcept {
    return static_cast<std::size_t>(std::partition_point(items.begin(), items.end(), before) - items.begin());
  }
  /// Is there an event, readable or not, at a time that a look-up at t may use?
  [[nodiscard]] bool has_event_at(const key_events& k, timestamp t) const noexcept {
    const std::size_t step_end =
        partition(k.steps, [&](const step& s) { return detail::is_past(rules_, s.order.event, t); });
    const std::size_t time_end =
        partition(k.overtaken, [&](timestamp event) { return detail::is_past(rules_, event, t); });
    return (step_end != 0 && detail::is_alive(rules_, k.steps[step_end - 1].order.event, t)) ||
           (time_end != 0 && detail::is_alive(rules_, k.overtaken[time_end - 1], t));
  }
  void insert(key_events& k, step added) {
    const timestamp visible = from(added);
    const std::size_t at = partition(k.steps, [&](const step& s) { return from(s) <= visible; });
    if (at != 0 && k.steps[at - 1].order >= added.order) return overtake(k, added.order, k.steps[at - 1].order);
    std::size_t begin = at, end = at;  // steps that the new one overtakes
    if (begin != 0 && from(k.steps[begin - 1]) == visible) --begin;
    while (end < k.steps.size() && k.steps[end].order <= added.order) ++end;
    for (std::size_t i = begin; i < end; ++i) overtake(k, k.steps[i].order, added.order);
    const auto first = k.steps.begin() + static_cast<std::ptrdiff_t>(begin);
    if (begin == end) {
      k.steps.insert(first, std::move(added));
    } else {
      *first = std::move(added);
      k.steps.erase(first + 1, k.steps.begin() + static_cast<std::ptrdiff_t>(end));
    }
  }
  static void overtake(key_events& k, const event_order& lesser, const event_order& greater) {
    if (lesser.event == greater.event) return;  // the greater one tells as much
    const auto at = std::lower_bound(k.overtaken.begin(), k.overtaken.end(), lesser.event);
    if (at == k.overtaken.end() || *at != lesser.event) k.overtaken.insert(at, lesser.event);
  }

  as_of_options rules_{};
  key_table<key_events> keys_{};
  std::uint64_t next_sequence_ = 0;
};

}  // namespace mlsd
