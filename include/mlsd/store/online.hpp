#pragma once

#include "mlsd/core/concepts.hpp"
#include "mlsd/core/hash.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/core/time.hpp"
#include "mlsd/store/event_order.hpp"
#include "mlsd/store/online_slot.hpp"
#include "mlsd/store/page_array.hpp"

#include <algorithm>
#include <atomic>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace mlsd {

/// What became of a write.
enum class put_outcome : std::uint8_t {
  stored,  ///< the row is the state of its key
  stale,   ///< the key has this event or a newer one: nothing changed
  full     ///< a new key, and no room: nothing changed
};

struct online_config {
  std::uint64_t capacity = 0;     ///< keys, 1 to 2,800,000,000
  std::optional<duration> ttl{};  ///< rows older than this are `expired`; none: never
  friend bool operator==(const online_config&, const online_config&) = default;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("capacity", self.capacity);
    ar("ttl", self.ttl);
  }
  template <class = void> [[nodiscard]] result<void> validate() const {
    if (capacity == 0 || capacity > 2'800'000'000u)
      return error{errc::invalid_argument, "online store: a capacity of " + std::to_string(capacity) + " keys"};
    if (ttl && ttl->ms < 0) return error{errc::invalid_argument, "online store: the ttl is negative"};
    return {};
  }
};

/// How often each thing happened since the store was made. Exact once writers have ended.
struct online_counts {
  std::uint64_t inserted = 0;  ///< rows of new keys
  std::uint64_t updated = 0;   ///< rows that replaced an older one
  std::uint64_t stale = 0, full = 0;
  std::uint64_t erased = 0;   ///< keys taken out by `erase`
  std::uint64_t expired = 0;  ///< keys taken out by `expire`
  friend bool operator==(const online_counts&, const online_counts&) = default;
};

/// The content of an online store as plain columns, ascending by key, for `save` and `load`: [keys].
template <class Row> struct online_image {
  static constexpr std::uint32_t version = 1;
  static constexpr std::string_view type_name = "online_image";
  std::vector<std::uint64_t> key{};
  std::vector<event_order> order{};
  std::vector<Row> row{};
  std::uint64_t next_sequence = 0;
  friend bool operator==(const online_image&, const online_image&) = default;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("key", self.key);
    ar("order", self.order);
    ar("row", self.row);
    ar("next_sequence", self.next_sequence);
  }
  [[nodiscard]] result<void> validate() const {
    if (order.size() != key.size() || row.size() != key.size())
      return error{errc::corrupt, "online image: columns of unequal length"};
    for (std::size_t i = 1; i < key.size(); ++i)
      if (key[i - 1] >= key[i]) return error{errc::corrupt, "online image: keys do not ascend"};
    return {};
  }
};

/// The latest row of each key, for serving: a `store` of fixed memory that many threads read while others write.
/// Late writes never win: a row replaces another only if its `event_order` is greater, so any order of arrival, and any
/// number of repetitions, end in the same state. Keys are 64-bit hashes, such as of `event_key`.
/// Memory is taken by `make`, all of it: 40 bytes and the row, rounded up to 64, for each of 3/2 capacity slots.
/// A look-up costs a cache miss or two, never waits for a lock, and allocates nothing. Where a writer disturbs it, it
/// tries again, up to 10,000 times; after that (a writer was suspended in the middle of that very row, or rows move all
/// the time, as when `expire` frees millions) the row counts as `not_yet_created`: not readable now. Writers exclude
/// each other by one lock. Only the last row of a key is kept: for a time before it the answer is `too_new` or
/// `not_yet_created`.
template <class Row>
  requires std::is_trivially_copyable_v<Row> && std::is_default_constructible_v<Row>
class online_store {
 public:
  using key_type = std::uint64_t;
  using row_type = Row;

  /// Every slot is written once: about 0.1 s a gigabyte.
  [[nodiscard]] static result<online_store> make(online_config config) {
    if (auto ok = config.validate(); !ok) return ok.error();
    return online_store(config);
  }
  /// A store with the rows of an image, of which it may hold more or fewer than before.
  [[nodiscard]] static result<online_store> restore(const online_image<Row>& image, online_config config) {
    if (auto ok = image.validate(); !ok) return ok.error();
    if (image.key.size() > config.capacity)
      return error{errc::capacity, "online store: an image of " + std::to_string(image.key.size()) +
                                       " keys, room for " + std::to_string(config.capacity)};
    auto made = make(config);
    if (!made) return made;
    for (std::size_t i = 0; i < image.key.size(); ++i) made->write(image.key[i], image.row[i], image.order[i]);
    made->state_->inserted = 0;
    made->state_->next_sequence = (std::max)(made->state_->next_sequence, image.next_sequence);
    return made;
  }

  /// The row that was readable at t, or why there is none: `as_of_options` with the ttl of the store.
  [[nodiscard]] found<Row> as_of(std::uint64_t key, timestamp t) const noexcept {
    typename slot::content c;
    switch (read(key, c)) {
      case slot::outcome::copied: {
        const absence reason = detail::absence_of(rules_, c.order, t);
        return {reason == absence::none ? c.row : Row{}, reason};
      }
      case slot::outcome::disturbed:
        return {Row{}, absence::not_yet_created};
      default:
        return {Row{}, absence::no_key};
    }
  }
  /// A hint that `key` will be looked up soon: a batch that prefetches ten keys ahead overlaps its misses.
  [[gnu::always_inline]] void prefetch([[maybe_unused]] std::uint64_t key) const noexcept {
#if defined(__GNUC__)
    const auto* from = reinterpret_cast<const char*>(&slots_[home(key)]);
    for (std::size_t line = 0; line < sizeof(slot); line += 64) __builtin_prefetch(from + line);
#endif
  }

  /// An event that was readable when it happened.
  put_outcome put(std::uint64_t key, const Row& row, timestamp event) noexcept { return put(key, row, event, event); }
  /// Events put without a sequence number get the next above all that were seen: of two alike in both times the later
  /// stays. Give the number of the source, and a replay changes nothing.
  put_outcome put(std::uint64_t key, const Row& row, timestamp event, timestamp known) noexcept {
    const writer lock(*state_);
    return write(key, row, {event, known, state_->next_sequence});
  }
  template <std::same_as<event_order> Order>
  put_outcome put(std::uint64_t key, const Row& row, const Order& order) noexcept {
    const writer lock(*state_);
    return write(key, row, order);
  }
  /// False if the key is not there.
  bool erase(std::uint64_t key) noexcept {
    const writer lock(*state_);
    const std::size_t place = place_of(key);
    if (!slots_[place].used()) return false;
    count(state_->erased);
    take_out(place);
    return true;
  }
  /// Takes out the rows that are expired at `now`, which makes room, and returns how many. O(slots), during which other
  /// writers wait; readers do not.
  std::size_t expire(timestamp now) noexcept {
    const writer lock(*state_);
    std::size_t taken = 0;
    for (std::size_t i = 0; i < slots_.size();) {
      const slot& s = slots_[i];
      if (!s.used() || detail::is_alive(rules_, s.order().event, now)) {
        ++i;
        continue;
      }
      take_out(i);  // what moves into its place is looked at next
      count(state_->expired);
      ++taken;
    }
    return taken;
  }

  /// Keys now, at most `config().capacity`.
  [[nodiscard]] std::size_t size() const noexcept { return state_->size.load(std::memory_order_relaxed); }
  [[nodiscard]] const online_config& config() const noexcept { return config_; }
  [[nodiscard]] online_counts counts() const noexcept {
    const auto read = [](const counter& c) { return c.load(std::memory_order_relaxed); };
    return {read(state_->inserted), read(state_->updated), read(state_->stale),
            read(state_->full),     read(state_->erased),  read(state_->expired)};
  }
  /// A copy of everything at one moment, ascending by key; writers wait, readers do not.
  /// `save("users.mlsd", users.image())`; after a restart `restore(load<online_image<Row>>("users.mlsd").value(),
  /// config)`.
  [[nodiscard]] online_image<Row> image() const {
    online_image<Row> to;
    std::vector<typename slot::content> all;
    {
      const writer lock(*state_);
      to.next_sequence = state_->next_sequence;
      all.reserve(size());
      for (std::size_t i = 0; i < slots_.size(); ++i)
        if (slots_[i].used()) all.push_back(slots_[i].load());
    }
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.key < b.key; });
    for (const auto& c : all) {
      to.key.push_back(c.key);
      to.order.push_back(c.order);
      to.row.push_back(c.row);
    }
    return to;
  }

 private:
  using slot = detail::online_slot<Row>;
  using counter = std::atomic<std::uint64_t>;
  static constexpr int attempts = 10'000;

  /// What writers share. `moves` is odd while rows move to other slots: whoever misses a key then looks again.
  struct alignas(64) shared_state {
    std::atomic_flag locked{};
    counter size{0}, inserted{0}, updated{0}, stale{0}, full{0}, erased{0}, expired{0};
    std::uint64_t next_sequence = 0;
    alignas(64) counter moves{0};
  };
  class writer {
   public:
    explicit writer(shared_state& s) noexcept : state_(s) {
      while (state_.locked.test_and_set(std::memory_order_acquire)) state_.locked.wait(true, std::memory_order_relaxed);
    }
    writer(const writer&) = delete;
    ~writer() {
      state_.locked.clear(std::memory_order_release);
      state_.locked.notify_one();
    }

   private:
    shared_state& state_;
  };

  explicit online_store(const online_config& config)
      : config_(config),
        rules_{.ttl = config.ttl},
        slots_(static_cast<std::size_t>(config.capacity + config.capacity / 2 + 2)),
        state_(std::make_unique<shared_state>()) {
    for (std::size_t i = 0; i < slots_.size(); ++i) ::new (static_cast<void*>(&slots_[i])) slot{};
  }

  static void count(counter& c) noexcept { c.store(c.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed); }
  [[nodiscard]] std::size_t home(std::uint64_t key) const noexcept {
    return static_cast<std::size_t>(((hash_mix(key) >> 32) * slots_.size()) >> 32);
  }
  [[nodiscard]] std::size_t next(std::size_t i) const noexcept { return i + 1 == slots_.size() ? 0 : i + 1; }
  /// Slots forward from a to b.
  [[nodiscard]] std::size_t distance(std::size_t a, std::size_t b) const noexcept {
    return b >= a ? b - a : b + slots_.size() - a;
  }

  [[nodiscard]] typename slot::outcome read(std::uint64_t key, typename slot::content& to) const noexcept {
    for (int attempt = 0; attempt < attempts; ++attempt) {
      const std::uint64_t moves = state_->moves.load(std::memory_order_acquire);
      std::size_t i = home(key);
      auto outcome = slots_[i].read(key, to);
      while (outcome == slot::outcome::other_key) outcome = slots_[i = next(i)].read(key, to);
      if (outcome == slot::outcome::copied) return outcome;
      if (outcome == slot::outcome::free) {
        std::atomic_thread_fence(std::memory_order_acquire);
        if ((moves & 1) == 0 && state_->moves.load(std::memory_order_relaxed) == moves) return outcome;
      }
      detail::spin_pause();
    }
    return slot::outcome::disturbed;
  }

  // For the writer alone.

  /// Where the key lies, or the free slot where it would.
  [[nodiscard]] std::size_t place_of(std::uint64_t key) const noexcept {
    std::size_t i = home(key);
    while (slots_[i].used() && slots_[i].key() != key) i = next(i);
    return i;
  }
  put_outcome write(std::uint64_t key, const Row& row, const event_order& order) noexcept {
    state_->next_sequence = (std::max)(state_->next_sequence, order.sequence + 1);
    slot& s = slots_[place_of(key)];
    if (s.used()) {
      if (s.order() >= order) return count(state_->stale), put_outcome::stale;
      count(state_->updated);
    } else {
      if (size() == config_.capacity) return count(state_->full), put_outcome::full;
      count(state_->inserted);
      count(state_->size);
    }
    s.store({key, order, row});
    return put_outcome::stored;
  }
  /// Frees a slot and closes the gap: rows behind it move up, each copied before its old slot is freed.
  void take_out(std::size_t hole) noexcept {
    bool moving = false;
    for (std::size_t i = next(hole); slots_[i].used(); i = next(i)) {
      // What lies at i may move into the hole unless its home is in (hole, i].
      if (distance(home(slots_[i].key()), i) < distance(hole, i)) continue;
      if (!std::exchange(moving, true)) {
        count(state_->moves);
        std::atomic_thread_fence(std::memory_order_release);
      }
      slots_[hole].store(slots_[i].load());
      hole = i;
    }
    slots_[hole].clear();
    state_->size.store(state_->size.load(std::memory_order_relaxed) - 1, std::memory_order_relaxed);
    if (moving) state_->moves.store(state_->moves.load(std::memory_order_relaxed) + 1, std::memory_order_release);
  }

  online_config config_{};
  as_of_options rules_{};
  detail::page_array<slot> slots_;  // never full, so that every search ends
  std::unique_ptr<shared_state> state_;
};

}  // namespace mlsd
