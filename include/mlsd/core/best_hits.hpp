#pragma once

#include "mlsd/core/concepts.hpp"
#include "mlsd/core/scored.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

namespace mlsd {

/// The nearest float, and the largest one in place of infinity; 0 for NaN.
[[nodiscard]] constexpr float hit_score(double x) noexcept {
  constexpr double most = (std::numeric_limits<float>::max)();
  return x != x ? 0.0f : static_cast<float>(x < -most ? -most : x > most ? most : x);
}

/// Keeps the best of a stream of hits in the caller's buffer, whatever their order. Each id must come once.
/// `offer` costs O(1) for most hits, O(log k) for one that enters; nothing allocates. A buffer of 0 keeps nothing.
template <class Id = std::uint32_t> class best_hits {
 public:
  constexpr explicit best_hits(std::span<hit<Id>> buffer) noexcept : buffer_(buffer) {}

  constexpr void offer(const hit<Id>& h) noexcept {
    if (size_ < buffer_.size()) {
      buffer_[size_++] = h;
      std::push_heap(kept().begin(), kept().end(), best_first{});
    } else if (size_ != 0 && best_first{}(h, buffer_[0])) {
      std::pop_heap(kept().begin(), kept().end(), best_first{});
      buffer_[size_ - 1] = h;
      std::push_heap(kept().begin(), kept().end(), best_first{});
    }
  }
  /// What was kept, best first; it lies at the start of the buffer. Ends the stream.
  constexpr std::span<hit<Id>> ranked() noexcept {
    std::sort_heap(kept().begin(), kept().end(), best_first{});
    return kept();
  }

 private:
  [[nodiscard]] constexpr std::span<hit<Id>> kept() const noexcept { return buffer_.first(size_); }
  std::span<hit<Id>> buffer_;
  std::size_t size_ = 0;
};

/// Keeps every id: the default of retrievers that take a predicate.
struct keep_all {
  template <class Id> [[nodiscard]] constexpr bool operator()(const Id&) const noexcept { return true; }
};

}  // namespace mlsd
