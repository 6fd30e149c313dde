#pragma once

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

namespace mlsd::detail {

/// A slot and its distance in one word: words sort by distance, then slot. The lowest bit marks what was expanded.
/// Slots are below 2^31, distances are numbers.
class neighbour {
 public:
  neighbour() = default;
  neighbour(float distance, std::uint32_t slot) noexcept
      : word_(std::uint64_t{ordered(std::bit_cast<std::uint32_t>(distance + 0.0f))} << 32 | std::uint64_t{slot} << 1) {}

  [[nodiscard]] float distance() const noexcept {
    const auto bits = static_cast<std::uint32_t>(word_ >> 32);
    return std::bit_cast<float>((bits & sign) != 0 ? bits ^ sign : ~bits);
  }
  [[nodiscard]] std::uint32_t slot() const noexcept { return static_cast<std::uint32_t>(word_) >> 1; }
  [[nodiscard]] bool marked() const noexcept { return (word_ & 1) != 0; }
  void mark() noexcept { word_ |= 1; }
  friend bool operator<(neighbour a, neighbour b) noexcept { return a.word_ < b.word_; }

 private:
  static constexpr std::uint32_t sign = 0x8000'0000;
  /// Numbers of either sign, in the order of unsigned integers.
  [[nodiscard]] static std::uint32_t ordered(std::uint32_t bits) noexcept {
    return bits ^ (static_cast<std::uint32_t>(static_cast<std::int32_t>(bits) >> 31) | sign);
  }
  std::uint64_t word_ = 0;
};

/// The `capacity` nearest seen, nearest first, and which of them were expanded. A sorted array: for hundreds of entries
/// faster than heaps. Nothing may be inserted twice.
class neighbour_queue {
 public:
  void reserve(std::size_t capacity) {
    if (entry_.size() < capacity + 1) entry_.resize(capacity + 1);
  }
  /// Empties it. Allocates if more is asked for than was reserved. Requires capacity > 0.
  void reset(std::size_t capacity) {
    assert(capacity > 0);
    reserve(capacity);
    capacity_ = capacity;
    size_ = next_ = 0;
  }
  [[nodiscard]] std::span<neighbour> nearest() noexcept { return {entry_.data(), size_}; }

  /// O(log size) to find the place, and moves what is farther. Returns the place; `capacity` where it is too far.
  std::size_t insert(neighbour n) noexcept {
    if (size_ == capacity_) {
      if (!(n < entry_[size_ - 1])) return capacity_;
      --size_;
    }
    neighbour* const first = entry_.data();
    neighbour* place = first;
    for (std::size_t left = size_; left > 0;) {  // branch-free steps: where it goes cannot be predicted
      const std::size_t half = left / 2;
      place = place[half] < n ? place + (left - half) : place;
      left = half;
    }
    std::memmove(static_cast<void*>(place + 1), place, static_cast<std::size_t>(first + size_ - place) * sizeof n);
    *place = n;
    ++size_;
    const auto at = static_cast<std::size_t>(place - first);
    next_ = (std::min)(next_, at);
    return at;
  }
  /// Whether there is one to expand.
  [[nodiscard]] bool has_next() const noexcept { return next_ < size_; }
  /// The slot of the nearest that was not expanded. Requires has_next().
  [[nodiscard]] std::uint32_t next() const noexcept { return entry_[next_].slot(); }
  /// How many of the nearest were all expanded.
  [[nodiscard]] std::size_t position() const noexcept { return next_; }
  /// Marks the nearest that was not expanded, and returns its slot.
  [[nodiscard]] std::uint32_t expand() noexcept {
    assert(has_next());
    const std::uint32_t slot = next();
    entry_[next_].mark();
    while (next_ < size_ && entry_[next_].marked()) ++next_;
    return slot;
  }

 private:
  std::vector<neighbour> entry_;
  std::size_t capacity_ = 1, size_ = 0, next_ = 0;
};

}  // namespace mlsd::detail
