#pragma once

#include "mlsd/core/result.hpp"
#include "mlsd/store/line_allocator.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace mlsd {

/// Hash table from a 64-bit key to a small value: open addressing, linear probing, at most 3/4 full.
/// Keys are hashes or identifiers that already differ in their bits; equal keys are one key.
/// Look-up O(1) expected and allocation-free; insertion may allocate and moves values. Concurrent readers are safe.
template <class Value> class key_table {
 public:
  [[nodiscard]] std::size_t size() const noexcept { return static_cast<std::size_t>(size_); }

  [[nodiscard]] const Value* find(std::uint64_t key) const noexcept {
    if (slot_.empty()) return nullptr;
    const slot& s = slot_[place_of(key)];
    return s.used ? &s.value : nullptr;
  }
  [[nodiscard]] Value* find(std::uint64_t key) noexcept {
    return const_cast<Value*>(static_cast<const key_table&>(*this).find(key));
  }
  /// The value of `key`, made if absent. Valid until the next insertion or erasure.
  [[nodiscard]] Value& operator[](std::uint64_t key) {
    if (4 * (size_ + 1) > 3 * slot_.size()) grow();
    slot& s = slot_[place_of(key)];
    if (!s.used) {
      s = {key, Value{}, true};
      ++size_;
    }
    return s.value;
  }
  void erase(std::uint64_t key) noexcept {
    if (slot_.empty()) return;
    std::size_t hole = place_of(key);
    if (!slot_[hole].used) return;
    --size_;
    for (std::size_t i = next(hole); slot_[i].used; i = next(i)) {
      // What lies at i may move into the hole unless its home is in (hole, i].
      const std::size_t from_home = (i - home(slot_[i].key)) & mask(), from_hole = (i - hole) & mask();
      if (from_home < from_hole) continue;
      slot_[hole] = std::move(slot_[i]);
      hole = i;
    }
    slot_[hole] = slot{};
  }
  /// Room for so many keys: no insertion allocates until there are more.
  void reserve(std::size_t keys) {
    while (4 * keys > 3 * slot_.size()) grow();
  }
  /// The table lies in so many slots, a power of two or 0.
  [[nodiscard]] std::size_t slots() const noexcept { return slot_.size(); }
  /// What lies in a slot, for a walk that goes on between changes: the key and its value, or no value.
  struct entry {
    std::uint64_t key = 0;
    Value* value = nullptr;
  };
  [[nodiscard]] entry at_slot(std::size_t i) noexcept {
    slot& s = slot_[i];
    return {s.key, s.used ? &s.value : nullptr};
  }
  /// A hint that a slot will be looked at soon.
  [[gnu::always_inline]] void prefetch_slot([[maybe_unused]] std::size_t i) const noexcept {
#if defined(__GNUC__)
    if (!slot_.empty()) __builtin_prefetch(&slot_[i & mask()]);
#endif
  }
  /// A hint that `key` will be looked up soon.
  // Inlined by force: g++ takes a function that only prefetches for one without effect, and drops its calls.
  [[gnu::always_inline]] void prefetch([[maybe_unused]] std::uint64_t key) const noexcept {
#if defined(__GNUC__)
    if (!slot_.empty()) __builtin_prefetch(&slot_[home(key)]);
#endif
  }
  friend bool operator==(const key_table&, const key_table&) = default;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("slot", self.slot_);
    ar("size", self.size_);
  }
  /// Every key is where it is looked for, once, and a look-up ends.
  [[nodiscard]] result<void> validate() const {
    if (slot_.empty() && size_ == 0) return {};
    std::uint64_t used = 0;
    for (const slot& s : slot_) used += s.used;
    if (!std::has_single_bit(slot_.size()) || used != size_ || 4 * used > 3 * slot_.size())
      return error{errc::corrupt, "key table: the number of keys is wrong"};
    for (std::size_t i = 0; i < slot_.size(); ++i)
      if (slot_[i].used && place_of(slot_[i].key) != i)
        return error{errc::corrupt, "key table: a key is not in its place"};
    return {};
  }
  /// Calls `f(key, value)` for every key, in the order of slots.
  template <class F> void for_each(F&& f) const {
    for (const slot& s : slot_)
      if (s.used) f(s.key, s.value);
  }

 private:
  // Slots of a power of two do not straddle cache lines.
  static constexpr std::size_t packed = (sizeof(std::uint64_t) + sizeof(Value) + sizeof(bool) + 7) / 8 * 8;
  static constexpr std::size_t aligned = std::has_single_bit(packed) && packed <= 64 ? packed : 8;
  struct alignas(aligned) alignas(Value) slot {
    std::uint64_t key = 0;
    Value value{};
    bool used = false;
    friend bool operator==(const slot&, const slot&) = default;
    template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
      ar("key", self.key);
      ar("value", self.value);
      ar("used", self.used);
    }
  };

  using slots_type = std::vector<slot, detail::line_allocator<slot>>;

  [[nodiscard]] std::size_t mask() const noexcept { return slot_.size() - 1; }
  [[nodiscard]] std::size_t next(std::size_t i) const noexcept { return (i + 1) & mask(); }
  [[nodiscard]] std::size_t home(std::uint64_t key) const noexcept {
    const std::uint64_t mixed = (key ^ (key >> 32)) * 0x9e3779b97f4a7c15u;
    return static_cast<std::size_t>(mixed >> 32) & mask();
  }
  /// Where `key` lies, or the free place where it would.
  [[nodiscard]] std::size_t place_of(std::uint64_t key) const noexcept {
    std::size_t i = home(key);
    while (slot_[i].used && slot_[i].key != key) i = next(i);
    return i;
  }
  void grow() {
    slots_type old(slot_.empty() ? 16 : 2 * slot_.size());
    old.swap(slot_);
    for (slot& s : old)
      if (s.used) slot_[place_of(s.key)] = std::move(s);
  }

  slots_type slot_;  // a power of two, never full
  std::uint64_t size_ = 0;
};

}  // namespace mlsd
