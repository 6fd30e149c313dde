#pragma once

#include "mlsd/core/concepts.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/core/time.hpp"

#include <algorithm>
#include <compare>
#include <cstdint>
#include <optional>

namespace mlsd {

/// When an event was true, when it could first be read, and its place in the order of ingestion. Compared in that
/// order: of two events of a key the greater one is the state of the key, whichever arrived first. An event may be
/// readable before it is true (a price announced for tomorrow).
struct event_order {
  timestamp event{};
  timestamp known{};
  std::uint64_t sequence = 0;
  friend constexpr auto operator<=>(const event_order&, const event_order&) = default;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("event", self.event);
    ar("known", self.known);
    ar("sequence", self.sequence);
  }
};

/// Which events a look-up at time t may use: those that could be read by then, so that history answers as an online
/// store would have at that time; or all that were true by then, even if nobody knew.
enum class lookup_time : std::uint8_t { known, event };

/// The rules of a point-in-time look-up, for `history` and `as_of_join` alike. The answer at time t is the greatest
/// `event_order` among the events of the key with
/// - event <= t, or event < t if `strictly_before`;
/// - known <= t, unless `by` is `lookup_time::event`;
/// - event >= t - ttl, if there is a ttl; a ttl of 0 leaves the events of that very instant.
/// Without an answer the reason is the first of these that holds of the key:
/// - `no_key`: it has no event at all;
/// - `not_yet_created`: an event lacks nothing but that it was not readable yet;
/// - `too_new`: an event lies after t (or at t, if strictly before);
/// - `expired`: all of its events are older than the ttl.
/// The reason is a diagnosis: it may depend on events that nobody knew of at time t. Do not make a feature of it.
struct as_of_options {
  std::optional<duration> ttl{};  ///< none: an event never expires
  lookup_time by = lookup_time::known;
  bool strictly_before = false;
  friend constexpr bool operator==(const as_of_options&, const as_of_options&) = default;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("ttl", self.ttl);
    ar("by", self.by);
    ar("strictly_before", self.strictly_before);
  }
  template <class = void> [[nodiscard]] result<void> validate() const {
    if (ttl && ttl->ms < 0) return error{errc::invalid_argument, "as of: the ttl is negative; leave it out for none"};
    if (by > lookup_time::event) return error{errc::invalid_argument, "as of: unknown kind of look-up"};
    return {};
  }
};

namespace detail {

/// An event with this threshold is visible at t iff threshold <= t, or threshold < t if strictly before.
[[nodiscard]] constexpr timestamp visible_from(const as_of_options& rules, timestamp event, timestamp known) noexcept {
  if (rules.by == lookup_time::event) return event;
  return (std::max)(event, rules.strictly_before ? known - duration{1} : known);
}
[[nodiscard]] constexpr bool is_past(const as_of_options& rules, timestamp threshold, timestamp t) noexcept {
  return rules.strictly_before ? threshold < t : threshold <= t;
}
[[nodiscard]] constexpr bool is_alive(const as_of_options& rules, timestamp event, timestamp t) noexcept {
  return !rules.ttl || event >= t - *rules.ttl;
}
/// What keeps one event from being the answer at t; `none` if nothing does.
[[nodiscard]] constexpr absence absence_of(const as_of_options& rules, const event_order& e, timestamp t) noexcept {
  if (!is_past(rules, e.event, t)) return absence::too_new;
  if (!is_alive(rules, e.event, t)) return absence::expired;
  return rules.by == lookup_time::event || e.known <= t ? absence::none : absence::not_yet_created;
}

}  // namespace detail
}  // namespace mlsd
