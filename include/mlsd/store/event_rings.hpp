#pragma once

#include "mlsd/core/result.hpp"
#include "mlsd/core/time.hpp"
#include "mlsd/store/block_pool.hpp"
#include "mlsd/store/distinct_items.hpp"
#include "mlsd/store/event_ring.hpp"
#include "mlsd/store/key_table.hpp"
#include "mlsd/store/window_plan.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

namespace mlsd::detail {

/// The items of one event among columns of events.
struct event_items {
  const std::uint64_t* columns = nullptr;
  std::size_t at = 0, stride = 0;
  [[nodiscard]] std::uint64_t operator[](std::size_t k) const noexcept { return columns[k * stride + at]; }
};

/// The rings of all keys: adds events at their place, lets old ones go, and sweeps over idle keys.
template <class = void> class basic_event_rings {
 public:
  /// Takes on a plan: at once for an empty object, and for one that was loaded before it is checked.
  void follow(window_plan plan, const windows_config& c) {
    plan_ = std::move(plan);
    layout_ = ring_layout(plan_, c.distinct.size());
    lateness_ = c.lateness;
    forgets_ = c.forget_idle_keys;
  }
  void reserve(std::size_t keys, std::size_t events) {
    keys_.reserve(keys);
    if (keys + events == 0) return;
    // A ring has room for fewer than twice its events, and the blocks in which it grew stay for others.
    const std::uint64_t smallest = layout_.lines(layout_.filled(0));
    const std::uint64_t words = 4 * (layout_.record + 2 * layout_.items);
    pool_.reserve(smallest * keys + (words * events + 7) / 8);
    for (std::uint32_t level = 0; level <= ring_layout::most_level; ++level)
      pool_.reserve_free(level, (std::min)(keys, 8 * events >> level));
  }

  [[nodiscard]] const window_plan& plan() const noexcept { return plan_; }
  [[nodiscard]] bool forgets() const noexcept { return forgets_; }
  /// A gap between two events of a key that is longer hides what was before it.
  [[nodiscard]] duration memory() const noexcept {
    return forgets_ ? plan_.horizon : duration{(std::numeric_limits<std::int64_t>::max)()};
  }
  [[nodiscard]] timestamp now() const noexcept { return now_; }
  [[nodiscard]] std::size_t keys() const noexcept { return keys_.size(); }
  [[nodiscard]] std::size_t events() const noexcept { return static_cast<std::size_t>(kept_); }

  [[nodiscard]] const ring_state* find(std::uint64_t key) const noexcept { return keys_.find(key); }
  [[nodiscard]] event_ring<const std::uint64_t> ring(const ring_state* s) const noexcept {
    return s == nullptr ? event_ring<const std::uint64_t>(layout_, nullptr, {})
                        : event_ring<const std::uint64_t>(layout_, pool_.at(s->block), *s);
  }
  [[gnu::always_inline]] void prefetch(std::uint64_t key) const noexcept { keys_.prefetch(key); }
  /// Brings what a look-up reads: the whole block where it is small, else its totals, last event and hints.
  [[gnu::always_inline]] void prefetch_events(std::uint64_t key) const noexcept {
    const ring_state* s = keys_.find(key);
    if (s == nullptr) return;
    const event_ring<const std::uint64_t> r = ring(s);
    constexpr std::uint64_t line_words = block_pool<>::line_words;
    const std::size_t first = r.is_large() ? layout_.hints_at(s->level) / line_words : 0;
    const std::size_t last =
        first + (r.is_large() ? (layout_.index_at(s->level) - layout_.hints_at(s->level)) / line_words + 1
                              : layout_.lines(s->level));
    for (std::size_t j = first; j < last; ++j) prefetch_words(r.block() + j * line_words);
    if (!r.is_large()) return;
    prefetch_words(r.block());
    prefetch_words(r.record(s->size - 1));
    prefetch_edges(r);
  }
  /// Brings the events at which the windows of a large ring began.
  [[gnu::always_inline]] void prefetch_edges(const event_ring<const std::uint64_t>& r) const noexcept {
    for (std::uint32_t w = 0; w < layout_.hints; ++w) prefetch_words(r.record(r.hint(w)));
  }

  /// Puts an event at its place. Requires a time of at least now() - lateness. False where there is no room.
  bool add(std::uint64_t key, timestamp t, const std::int64_t* units, const event_items& items) {
    if (keys_.find(key) == nullptr && !enter(key)) return false;
    now_ = (std::max)(now_, t);
    ring_state& s = keys_[key];
    if (s.level >= ring_layout::large)
      for (std::uint32_t k = 0; k < layout_.items; ++k) prefetch_words(distinct_items(ring(&s), k).home_of(items[k]));
    let_go(s);
    if (s.size == 1u << s.level && !resize(s, layout_.filled(s.level + 1u))) return false;
    put(s, t, units, items);
    ++kept_;
    sweep();
    return true;
  }

  friend bool operator==(const basic_event_rings& a, const basic_event_rings& b) {
    return a.keys_ == b.keys_ && a.pool_ == b.pool_ && a.now_ == b.now_ && a.kept_ == b.kept_ && a.hand_ == b.hand_;
  }
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("keys", self.keys_);
    ar("pool", self.pool_);
    ar("now", self.now_);
    ar("kept", self.kept_);
    ar("hand", self.hand_);
  }
  /// Everything that was loaded is as this class would have left it. After `follow`.
  [[nodiscard]] result<void> check() const {
    if (auto r = keys_.validate(); !r) return r;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> blocks;
    std::uint64_t kept = 0;
    bool sized = hand_ < (std::max)(keys_.slots(), std::size_t{1});
    keys_.for_each([&](std::uint64_t, const ring_state& s) {
      blocks.emplace_back(s.block, s.level);
      kept += s.size;
      sized = sized && s.level <= ring_layout::most_level && s.size != 0 && s.size <= 1u << s.level;
    });
    if (!sized || kept != kept_ ||
        !pool_.is_made_of(std::move(blocks), [&](std::uint32_t level) { return layout_.lines(level); }))
      return error{errc::corrupt, "windows: the memory of events is broken"};
    bool sound = true;
    keys_.for_each([&](std::uint64_t, const ring_state& s) { sound = sound && is_sound(ring(&s)); });
    if (!sound) return error{errc::corrupt, "windows: the events of a key are broken"};
    return {};
  }

 private:
  /// A new key with room for its first events; false where there is none. Memory that cannot be had changes nothing.
  [[nodiscard]] bool enter(std::uint64_t key) {
    const std::uint32_t level = layout_.filled(0);
    if (!pool_.has_room(level, layout_.lines(level))) return false;
    keys_.reserve(keys_.size() + 1);
    const std::uint32_t block = pool_.take(level, layout_.lines(level));
    std::fill_n(pool_.at(block), layout_.head, std::uint64_t{0});
    ring_state& fresh = keys_[key];
    fresh.level = static_cast<std::uint8_t>(level);
    fresh.block = block;
    return true;
  }
  using writable = event_ring<std::uint64_t>;

  [[gnu::always_inline]] static void prefetch_words([[maybe_unused]] const std::uint64_t* p) noexcept {
#if defined(__GNUC__)
    __builtin_prefetch(p);
#endif
  }
  [[nodiscard]] writable ring(const ring_state& s) noexcept { return {layout_, pool_.at(s.block), s}; }
  /// Events before this are in no window that may be asked for.
  [[nodiscard]] timestamp limit() const noexcept { return now_ - lateness_ - plan_.horizon; }

  void put(ring_state& s, timestamp t, const std::int64_t* units, const event_items& items) {
    writable r = ring(s);
    if (r.is_large()) refresh(r, t);
    const std::uint32_t p = r.end_of(t);
    if (p != r.size())
      for (std::uint32_t k = 0; k < layout_.items; ++k) distinct_items(r, k).make_room(p);
    r.insert(p, t, units);
    for (std::uint32_t k = 0; k < layout_.items; ++k) distinct_items(r, k).link(p, items[k]);
    if (r.is_large())
      for (std::uint32_t i = 0; i < layout_.tracked; ++i) tracked_counts(r).inserted(i, plan_.tracked[i].item, p);
    if (layout_.decays != 0) r.decay_from(p, plan_.decays, memory());
    ++s.size;
    ++s.end;
  }
  /// Hints and tracked counts of a large ring, as of t.
  void refresh(const writable& r, timestamp t) const noexcept {
    for (std::uint32_t w = 0; w < layout_.hints; ++w) r.set_hint(w, r.first_from(plan_.windows[w].from(t), r.hint(w)));
    if (layout_.tracked == 0) return;
    const std::uint32_t end = r.first_from(t, r.size());
    for (std::uint32_t i = 0; i < layout_.tracked; ++i) {
      const window& w = plan_.windows[plan_.tracked[i].window];
      const std::uint32_t e = w.kind == window_kind::hopping ? r.first_from(w.to(t), end) : end;
      tracked_counts(r).set(
          i, distinct_items(r, plan_.tracked[i].item).moved(tracked_counts(r)[i], r.hint(plan_.tracked[i].window), e));
    }
  }

  /// Lets go of what no look-up can ask for: whole instants older than the limit, but never the newest instant that is
  /// older than now - lateness, so that every look-up finds the event before it.
  void let_go(ring_state& s) noexcept {
    if (s.size <= 1) return;
    writable r = ring(s);
    if (!(r.time(0) < limit())) return;
    const std::uint32_t past = r.first_from(now_ - lateness_, r.size());
    std::uint32_t n = (std::min)(r.first_from(limit(), 0), r.first_from(r.time(past - 1), past - 1));
    constexpr std::uint32_t at_once = 32;  // where each costs a look at the index
    if (layout_.items != 0 && n > at_once)
      if (const std::uint32_t whole = r.first_from(r.time(at_once), at_once); whole != 0) n = whole;
    for (std::uint32_t i = 0; layout_.items != 0 && i < n; ++i) forget_oldest(s);
    if (layout_.items == 0) s.size -= n;
    kept_ -= n;
  }
  void forget_oldest(ring_state& s) noexcept {
    const writable r = ring(s);
    if (r.is_large())
      for (std::uint32_t i = 0; i < layout_.tracked; ++i) tracked_counts(r).forget_oldest(i, plan_.tracked[i].item);
    for (std::uint32_t k = 0; k < layout_.items; ++k) distinct_items(r, k).unlink_oldest();
    --s.size;
  }

  /// Moves a ring to a block of another level. False where there is no room.
  bool resize(ring_state& s, std::uint32_t level) {
    if (level > ring_layout::most_level || !pool_.has_room(level, layout_.lines(level))) return false;
    ring_state moved = s;
    moved.level = static_cast<std::uint8_t>(level);
    moved.block = pool_.take(level, layout_.lines(level));
    const writable from = ring(s), to = ring(moved);
    std::copy_n(from.block(), layout_.head, to.block());
    for (std::uint32_t i = 0; i < s.size; ++i) std::copy_n(from.record(i), layout_.record, to.record(i));
    if (to.is_large()) {
      for (std::uint32_t w = 0; w < layout_.hints; ++w) to.set_hint(w, from.is_large() ? from.hint(w) : 0);
      for (std::uint32_t i = 0; i < layout_.tracked; ++i)
        tracked_counts(to).set(i, from.is_large() ? tracked_counts(from)[i] : span_count{});
      for (std::uint32_t k = 0; k < layout_.items; ++k) distinct_items(to, k).index_all();
    }
    pool_.give(s.level, s.block);
    s = moved;
    return true;
  }

  /// Visits the next two places of the table: old events go, idle keys are forgotten, rings that are mostly empty
  /// shrink.
  void sweep() {
    constexpr std::size_t places = 2, ahead = 8;
    const std::size_t slots = keys_.slots();
    keys_.prefetch_slot(static_cast<std::size_t>(hand_) + 4 * ahead);
    for (std::size_t n = 0; n < places && slots != 0; ++n) {
      if (const auto soon = keys_.at_slot((hand_ + ahead) & (slots - 1)); soon.value != nullptr)
        prefetch_words(ring(*soon.value).record(0));
      const auto [key, s] = keys_.at_slot(static_cast<std::size_t>(hand_));
      const std::uint64_t next = (hand_ + 1) & (slots - 1);
      if (s == nullptr || !visit(key, *s)) hand_ = next;  // else another key may have moved here
    }
  }
  /// True if the key is gone.
  bool visit(std::uint64_t key, ring_state& s) {
    const writable r = ring(s);
    const bool is_old = r.time(0) < limit();
    if (is_old) let_go(s);
    if (is_old && forgets_ && ring(s).time(s.size - 1) < limit()) {
      kept_ -= s.size;
      pool_.give(s.level, s.block);
      keys_.erase(key);
      return true;
    }
    const auto fitting = layout_.filled(static_cast<std::uint32_t>(std::bit_width(2 * s.size - 1)));
    if (s.size <= (1u << s.level) / 8 && fitting < s.level) resize(s, fitting);
    return false;
  }

  /// What a loaded ring must be for every look-up to end, and for its links to be those of its items.
  [[nodiscard]] bool is_sound(const event_ring<const std::uint64_t>& r) const {
    for (std::uint32_t i = 0; i < r.size(); ++i) {
      if (i != 0 && r.time(i) < r.time(i - 1)) return false;
      for (std::uint32_t v = 0; v < layout_.values; ++v) {
        const std::int64_t units = r.units(v, i, i + 1);
        if (r.count(v, i, i + 1) > 1 || units > fixed_point::most || units < -fixed_point::most) return false;
      }
      for (std::uint32_t d = 0; d < layout_.decays; ++d)
        if (!std::isfinite(std::bit_cast<double>(r.record(i)[layout_.decay(d)]))) return false;
      if (layout_.decays != 0 && i != 0 && r.ties(i) != (r.time(i) == r.time(i - 1) ? r.ties(i - 1) + 1 : 0))
        return false;
    }
    if ((layout_.decays != 0 && r.ties(0) != 0) || r.time(r.size() - 1) > now_ || r.total() < r.size()) return false;
    for (std::uint32_t k = 0; k < layout_.items; ++k)
      if (!distinct_items(r, k).are_linked()) return false;
    for (std::uint32_t i = 0; r.is_large() && i < layout_.tracked; ++i) {
      const span_count c = tracked_counts(r)[i];
      if (c.a > c.e || c.e > r.size()) return false;
      if (distinct_items(r, plan_.tracked[i].item).moved({c.a, c.a, 0}, c.a, c.e).count != c.count) return false;
    }
    return true;
  }

  key_table<ring_state> keys_{};
  block_pool<> pool_{};
  timestamp now_{(std::numeric_limits<std::int64_t>::min)()};
  std::uint64_t kept_ = 0, hand_ = 0;
  window_plan plan_{};
  ring_layout layout_{};
  duration lateness_{};
  bool forgets_ = false;
};
using event_rings = basic_event_rings<>;

}  // namespace mlsd::detail
