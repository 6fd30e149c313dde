#pragma once

#include "mlsd/store/event_ring.hpp"

#include <cstddef>
#include <cstdint>

/// How many different items the events of a key have in a window, exactly. Events of one item are a list, linked both
/// ways; an event is the first of its item in positions [a, e) if the one before it lies before a, and the last if the
/// one after it lies at e or later. So the count of [a, e) follows that of a neighbour with one look at one event, and
/// a window that moves on costs O(events that enter and leave it). A large ring keeps the count of each window as it
/// was at the last event, and an index that finds the last event of an item; a small one scans.
namespace mlsd::detail {

/// The events [a, e) of a ring have `count` different items.
struct span_count {
  std::uint32_t a = 0, e = 0, count = 0;
};

template <class Word> class distinct_items {
 public:
  static constexpr std::uint32_t nothing = 0xFFFF'FFFF;

  distinct_items(const event_ring<Word>& ring, std::uint32_t item) noexcept
      : ring_(&ring), item_(item), word_(ring.layout().item(item)) {}

  [[nodiscard]] std::uint64_t hash(std::uint32_t i) const noexcept { return ring_->record(i)[word_]; }
  /// Distances to the neighbours with the same item, 0 where there is none; `back` may lead beyond the oldest event.
  [[nodiscard]] std::uint32_t back(std::uint32_t i) const noexcept { return half(links(i), 0); }
  [[nodiscard]] std::uint32_t forward(std::uint32_t i) const noexcept { return half(links(i), 1); }
  [[nodiscard]] bool is_first(std::uint32_t i, std::uint32_t a) const noexcept {
    return hash(i) != 0 && (back(i) == 0 || back(i) > i - a);
  }
  [[nodiscard]] bool is_last(std::uint32_t i, std::uint32_t e) const noexcept {
    return hash(i) != 0 && (forward(i) == 0 || forward(i) >= e - i);
  }
  /// The event before i with its item, or nothing.
  [[nodiscard]] std::uint32_t previous(std::uint32_t i) const noexcept {
    const std::uint32_t d = back(i);
    return d == 0 || d > i ? nothing : i - d;
  }

  /// The count of [a, e), from that of another span. O(the events in which they differ, at most e - a).
  [[nodiscard]] span_count moved(span_count s, std::uint32_t a, std::uint32_t e) const noexcept {
    const auto distance = [](std::uint32_t x, std::uint32_t y) { return std::uint64_t{x < y ? y - x : x - y}; };
    if (e - a <= distance(s.a, a) + distance(s.e, e)) s = {a, a, 0};
    for (; s.e < e; ++s.e) s.count += is_first(s.e, s.a);
    for (; s.a < a; ++s.a) s.count -= is_last(s.a, s.e);
    for (; s.a > a; s.count += is_last(s.a, s.e)) --s.a;
    for (; s.e > e; s.count -= is_first(s.e, s.a)) --s.e;
    return s;
  }

  /// Writes the hash of event p, as yet without neighbours, and links it. O(events of the item after p), where the ring
  /// is small O(size).
  void link(std::uint32_t p, std::uint64_t item_hash) const noexcept {
    Word* own = ring_->record(p) + word_;
    own[0] = own[1] = 0;
    if (item_hash == 0) return;
    const std::uint32_t cell = ring_->is_large() ? cell_of(item_hash) : 0;
    std::uint32_t before = ring_->is_large() ? position_in(cell) : last_of(item_hash), after = nothing;
    own[0] = item_hash;
    for (; before != nothing && before > p; before = previous(before)) after = before;
    if (before != nothing) join(before, p);
    if (after != nothing) {
      join(p, after);
    } else if (ring_->is_large()) {
      cells()[cell] = cell_for(item_hash, p);
    }
  }
  /// Prepares the events from p on for moving up by one: links across p grow. Before the ring's `insert`.
  void make_room(std::uint32_t p) const noexcept {
    for (std::uint32_t i = ring_->size(); i-- > p;) {
      if (hash(i) == 0) continue;
      if (const std::uint32_t d = back(i); d > i - p) {
        if (d <= i) set_half(links(i - d), 1, d + 1);
        set_half(links(i), 0, d + 1);
      }
      if (ring_->is_large() && forward(i) == 0) {
        const std::uint64_t stored = cell_for(hash(i), i);
        std::uint32_t c = home(stored);
        for (std::uint32_t seen = 0; cells()[c] != stored && seen <= cell_mask(); ++seen) c = (c + 1) & cell_mask();
        cells()[c] = cell_for(hash(i), i + 1);
      }
    }
  }
  /// Where the index of a large ring holds an item, most likely.
  [[nodiscard]] const std::uint64_t* home_of(std::uint64_t h) const noexcept { return cells() + home(mixed(h)); }
  /// Forgets the oldest event of the ring in the index.
  void unlink_oldest() const noexcept {
    if (!ring_->is_large() || hash(0) == 0 || forward(0) != 0) return;
    std::uint32_t hole = cell_of(hash(0));
    if (cells()[hole] == 0) return;
    for (std::uint32_t i = (hole + 1) & cell_mask(); cells()[i] != 0; i = (i + 1) & cell_mask()) {
      const std::uint32_t from_home = (i - home(cells()[i])) & cell_mask(), from_hole = (i - hole) & cell_mask();
      if (from_home < from_hole) continue;
      cells()[hole] = cells()[i];
      hole = i;
    }
    cells()[hole] = 0;
  }
  /// Makes the index of a large ring from its events.
  void index_all() const noexcept {
    for (std::uint32_t c = 0; c <= cell_mask(); ++c) cells()[c] = 0;
    for (std::uint32_t i = 0; i < ring_->size(); ++i)
      if (hash(i) != 0 && forward(i) == 0) cells()[cell_of(hash(i))] = cell_for(hash(i), i);
  }
  /// Links and index say what the hashes say. O(size).
  [[nodiscard]] bool are_linked() const noexcept {
    std::uint32_t lasts = 0, used = 0;
    if (ring_->is_large())
      for (std::uint32_t c = 0; c <= cell_mask(); ++c) used += cells()[c] != 0;
    if (used > cell_mask() / 2 + 1) return false;
    for (std::uint32_t i = 0; i < ring_->size(); ++i) {
      const std::uint32_t f = forward(i);
      if (hash(i) == 0) {
        if (*links(i) != 0) return false;
        continue;
      }
      if (f != 0 && (f >= ring_->size() - i || hash(i + f) != hash(i) || back(i + f) != f)) return false;
      if (const std::uint32_t p = previous(i); p != nothing && (hash(p) != hash(i) || forward(p) != back(i)))
        return false;
      if (f != 0) continue;
      ++lasts;
      if (ring_->is_large() ? cells()[cell_of(hash(i))] != cell_for(hash(i), i) : last_of(hash(i)) != i) return false;
    }
    return !ring_->is_large() || lasts == used;
  }

 private:
  [[nodiscard]] Word* links(std::uint32_t i) const noexcept { return ring_->record(i) + word_ + 1; }
  void join(std::uint32_t before, std::uint32_t after) const noexcept {
    set_half(links(before), 1, after - before);
    set_half(links(after), 0, after - before);
  }
  [[nodiscard]] std::uint32_t last_of(std::uint64_t h) const noexcept {
    for (std::uint32_t i = ring_->size(); i-- > 0;)
      if (hash(i) == h) return i;
    return nothing;
  }

  // The index: twice as many cells as the ring has places, with linear probing. A cell is 0, or the high half of the
  // mixed hash and in the low half a place + 1: most probes need not look at the event.
  [[nodiscard]] Word* cells() const noexcept {
    return ring_->block() + ring_->layout().index_at(ring_->level()) + (std::size_t{2 * item_} << ring_->level());
  }
  [[nodiscard]] std::uint32_t cell_mask() const noexcept { return (2u << ring_->level()) - 1; }
  [[nodiscard]] static std::uint64_t mixed(std::uint64_t h) noexcept { return (h ^ (h >> 32)) * 0x9e3779b97f4a7c15u; }
  [[nodiscard]] std::uint64_t cell_for(std::uint64_t h, std::uint32_t i) const noexcept {
    return (mixed(h) & 0xFFFF'FFFF'0000'0000u) | (ring_->place(i) + 1);
  }
  /// From a mixed hash, or a cell.
  [[nodiscard]] std::uint32_t home(std::uint64_t mixed_hash) const noexcept {
    return static_cast<std::uint32_t>(mixed_hash >> (63 - ring_->level()));
  }
  /// The cell of an item, or the free one where it would be.
  [[nodiscard]] std::uint32_t cell_of(std::uint64_t h) const noexcept {
    const std::uint64_t tag = mixed(h) >> 32;
    std::uint32_t c = home(mixed(h));
    while (cells()[c] != 0 && (cells()[c] >> 32 != tag || hash_at(cells()[c]) != h)) c = (c + 1) & cell_mask();
    return c;
  }
  [[nodiscard]] std::uint32_t place_in(std::uint64_t cell) const noexcept {
    return (static_cast<std::uint32_t>(cell) - 1) & (cell_mask() >> 1);
  }
  [[nodiscard]] std::uint64_t hash_at(std::uint64_t cell) const noexcept {
    return ring_->record_at(place_in(cell))[word_];
  }
  [[nodiscard]] std::uint32_t position_in(std::uint32_t c) const noexcept {
    return cells()[c] == 0 ? nothing : (place_in(cells()[c]) - ring_->begin()) & (cell_mask() >> 1);
  }

  const event_ring<Word>* ring_;
  std::uint32_t item_, word_;
};

/// The counts that a large ring keeps of its windows, as of the last event.
template <class Word> class tracked_counts {
 public:
  explicit tracked_counts(const event_ring<Word>& ring) noexcept : ring_(&ring) {}

  [[nodiscard]] span_count operator[](std::uint32_t s) const noexcept {
    const Word* w = words(s);
    return {half(w, 0) - ring_->begin(), half(w, 1) - ring_->begin(), half(w, 2)};
  }
  void set(std::uint32_t s, const span_count& c) const noexcept {
    Word* w = words(s);
    set_half(w, 0, ring_->begin() + c.a);
    set_half(w, 1, ring_->begin() + c.e);
    w[1] = c.count;
  }
  /// Follows an event that was put at p and linked.
  void inserted(std::uint32_t s, std::uint32_t item, std::uint32_t p) const noexcept {
    span_count c = (*this)[s];
    if (p >= c.e) return;
    ++c.e;
    const distinct_items<Word> items(*ring_, item);
    if (p < c.a)
      ++c.a;
    else
      c.count += items.is_first(p, c.a) && items.is_last(p, c.e);
    set(s, c);
  }
  /// The oldest event is about to go.
  void forget_oldest(std::uint32_t s, std::uint32_t item) const noexcept {
    span_count c = (*this)[s];
    if (c.a != 0) return;
    if (c.e == 0)
      c.e = 1;
    else
      c.count -= distinct_items<Word>(*ring_, item).is_last(0, c.e);
    c.a = 1;
    set(s, c);
  }

 private:
  [[nodiscard]] Word* words(std::uint32_t s) const noexcept {
    return ring_->block() + ring_->layout().tracked_at(ring_->level()) + 2 * std::size_t{s};
  }
  const event_ring<Word>* ring_;
};

}  // namespace mlsd::detail
