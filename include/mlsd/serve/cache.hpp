#pragma once

#include "mlsd/core/hash.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/core/time.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

namespace mlsd {

struct cache_config {
  std::size_t capacity = 1024;  ///< entries, at least 1
  std::optional<duration>
      time_to_live{};  ///< no longer than the features behind the answers stay fresh; none: for ever
};

/// Recent answers by key, bounded: what was asked for again since it came in stays, what was not leaves first.
/// A key stands for all that the answer depends on: `combine(model_fingerprint, feature_version, entity)`; then a new
/// model never meets an old answer.
/// Look-up and insertion O(1) expected; allocates only when made. Not synchronised: one for each thread, or behind a
/// lock. Two keys with one 64-bit hash are one key.
/// Source of the eviction: Zhang et al., SIEVE is simpler than LRU (2024).
template <class Value> class cache {
 public:
  [[nodiscard]] static result<cache> make(cache_config config) {
    if (config.capacity == 0 || config.capacity >= none / 2)
      return error{errc::invalid_argument, "cache: a capacity of 1 to 2^31 - 2 entries is needed"};
    if (config.time_to_live && config.time_to_live->ms <= 0)
      return error{errc::invalid_argument, "cache: the time to live is not positive"};
    cache c;
    c.config_ = config;
    c.entries_.resize(config.capacity);
    c.places_.assign(std::bit_ceil(2 * config.capacity), none);
    return c;
  }

  /// The answer, if it is there and fresh at `now`. Valid until the next `put`.
  [[nodiscard]] const Value* find(std::uint64_t key, timestamp now) noexcept {
    const std::uint32_t at = places_[place_of(key)];
    if (at == none || !is_fresh(entries_[at], now)) {
      ++misses_;
      return nullptr;
    }
    ++hits_;
    entries_[at].asked_again = true;
    return &entries_[at].value;
  }
  /// Keeps an answer given at `now`, in place of an older one of the key, or of one that nobody asked for again.
  void put(std::uint64_t key, Value value, timestamp now) noexcept {
    std::uint32_t at = places_[place_of(key)];
    if (at == none) {
      at = size_ < entries_.size() ? static_cast<std::uint32_t>(size_++) : evict(now);
      places_[place_of(key)] = at;
      entries_[at].key = key;
      entries_[at].asked_again = false;
      link_newest(at);
    }
    entries_[at].value = std::move(value);
    entries_[at].made = now;
  }
  /// The answer, computed by `answer()` where it is not there.
  template <class Answer> [[nodiscard]] const Value& find_or(std::uint64_t key, timestamp now, Answer&& answer) {
    if (const Value* known = find(key, now)) return *known;
    put(key, answer(), now);
    return entries_[places_[place_of(key)]].value;
  }

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] std::uint64_t hits() const noexcept { return hits_; }
  [[nodiscard]] std::uint64_t misses() const noexcept { return misses_; }

 private:
  static constexpr std::uint32_t none = (std::numeric_limits<std::uint32_t>::max)();
  struct entry {
    std::uint64_t key = 0;
    timestamp made{};
    Value value{};
    std::uint32_t older = none, newer = none;
    bool asked_again = false;
  };
  cache() = default;

  [[nodiscard]] bool is_fresh(const entry& e, timestamp now) const noexcept {
    return !config_.time_to_live || now <= e.made + *config_.time_to_live;
  }
  [[nodiscard]] std::size_t home(std::uint64_t key) const noexcept {
    return static_cast<std::size_t>(hash_mix(key)) & (places_.size() - 1);
  }
  /// Where the key is, or the free place where it would be.
  [[nodiscard]] std::size_t place_of(std::uint64_t key) const noexcept {
    std::size_t i = home(key);
    while (places_[i] != none && entries_[places_[i]].key != key) i = (i + 1) & (places_.size() - 1);
    return i;
  }
  /// Frees the entry under the hand, which goes from the oldest to the newest and around, passes over those that were
  /// asked for again, and takes their mark.
  [[nodiscard]] std::uint32_t evict(timestamp now) noexcept {
    for (;; hand_ = entries_[hand_].newer) {
      if (hand_ == none) hand_ = oldest_;
      if (!entries_[hand_].asked_again || !is_fresh(entries_[hand_], now)) break;
      entries_[hand_].asked_again = false;
    }
    const std::uint32_t freed = hand_;
    hand_ = entries_[freed].newer;
    unlink(freed);
    forget_place(place_of(entries_[freed].key));
    return freed;
  }
  void link_newest(std::uint32_t at) noexcept {
    entries_[at].older = newest_;
    entries_[at].newer = none;
    (newest_ == none ? oldest_ : entries_[newest_].newer) = at;
    newest_ = at;
  }
  void unlink(std::uint32_t at) noexcept {
    const entry& e = entries_[at];
    (e.older == none ? oldest_ : entries_[e.older].newer) = e.newer;
    (e.newer == none ? newest_ : entries_[e.newer].older) = e.older;
  }
  void forget_place(std::size_t hole) noexcept {
    const std::size_t mask = places_.size() - 1;
    for (std::size_t i = (hole + 1) & mask; places_[i] != none; i = (i + 1) & mask) {
      const std::size_t from_home = (i - home(entries_[places_[i]].key)) & mask, from_hole = (i - hole) & mask;
      if (from_home < from_hole) continue;
      places_[hole] = places_[i];
      hole = i;
    }
    places_[hole] = none;
  }

  cache_config config_{};
  std::vector<entry> entries_{};
  std::vector<std::uint32_t> places_{};  // a power of two, at most half full: numbers of entries
  std::size_t size_ = 0;
  std::uint32_t oldest_ = none, newest_ = none, hand_ = none;
  std::uint64_t hits_ = 0, misses_ = 0;
};

}  // namespace mlsd
