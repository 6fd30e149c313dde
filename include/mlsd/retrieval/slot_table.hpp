#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace mlsd::detail {

inline constexpr std::uint32_t empty_slot = 0xFFFF'FFFF;

/// Finds the slot of a thing by its hash: open addressing, linear probing, at most half full, 16 to 32 bytes a slot.
/// It holds 32 bits of each hash, so it grows without seeing the things again. One slot can be in it once.
class slot_table {
 public:
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

  /// The first slot under this hash for which `same(slot)` holds; `empty_slot` without one. O(1) expected.
  template <class Same> [[nodiscard]] std::uint32_t find(std::uint64_t hash, Same&& same) const noexcept {
    if (entry_.empty()) return empty_slot;
    for (std::size_t i = home(tag(hash)); entry_[i].slot != empty_slot; i = next(i))
      if (entry_[i].tag == tag(hash) && same(entry_[i].slot)) return entry_[i].slot;
    return empty_slot;
  }
  template <class = void> void insert(std::uint64_t hash, std::uint32_t slot) {
    assert(slot != empty_slot);
    if (2 * (size_ + 1) > entry_.size()) grow();
    place({tag(hash), slot});
    ++size_;
  }
  /// Requires that the slot is there under this hash.
  template <class = void> void erase(std::uint64_t hash, std::uint32_t slot) noexcept {
    std::size_t hole = home(tag(hash));
    while (entry_[hole].slot != slot) hole = next(hole);
    for (std::size_t i = next(hole); entry_[i].slot != empty_slot;
         i = next(i)) {  // those that come before their home stay
      const std::size_t distance = (i - home(entry_[i].tag)) & mask();
      if (distance < ((i - hole) & mask())) continue;
      entry_[hole] = entry_[i];
      hole = i;
    }
    entry_[hole] = {};
    --size_;
  }

 private:
  struct entry {
    std::uint32_t tag = 0, slot = empty_slot;
  };
  [[nodiscard]] static std::uint32_t tag(std::uint64_t hash) noexcept { return static_cast<std::uint32_t>(hash >> 32); }
  [[nodiscard]] std::size_t mask() const noexcept { return entry_.size() - 1; }
  [[nodiscard]] std::size_t home(std::uint32_t tag) const noexcept { return tag & mask(); }
  [[nodiscard]] std::size_t next(std::size_t i) const noexcept { return (i + 1) & mask(); }
  void place(entry e) noexcept {
    std::size_t i = home(e.tag);
    while (entry_[i].slot != empty_slot) i = next(i);
    entry_[i] = e;
  }
  template <class = void> void grow() {
    std::vector<entry> old(entry_.empty() ? 16 : 2 * entry_.size());
    old.swap(entry_);
    for (const entry& e : old)
      if (e.slot != empty_slot) place(e);
  }

  std::vector<entry> entry_;
  std::size_t size_ = 0;
};

}  // namespace mlsd::detail
