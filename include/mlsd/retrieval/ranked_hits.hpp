#pragma once

#include "mlsd/core/concepts.hpp"
#include "mlsd/core/scored.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

namespace mlsd::detail {

/// The best so far in the caller's buffer: best first, ties by lower id. Scores are numbers, and each id is offered
/// once. `offer` is O(log k) to find the place, and moves what comes behind it.
template <class Id> class ranked_hits {
 public:
  ranked_hits(std::span<hit<Id>> out, std::uint64_t origins) noexcept : out_(out), origins_(origins) {}

  [[nodiscard]] std::span<hit<Id>> found() const noexcept { return out_.first(size_); }
  [[nodiscard]] bool full() const noexcept { return size_ == out_.size(); }
  /// A score below it cannot get in.
  [[nodiscard]] float worst() const noexcept {
    if (!full()) return -std::numeric_limits<float>::infinity();
    return out_.empty() ? std::numeric_limits<float>::infinity() : out_.back().score;
  }
  void offer(Id id, float score) noexcept {
    const hit<Id> h{id, score, origins_};
    if (full() && (out_.empty() || !best_first{}(h, out_.back()))) return;
    if (!full()) ++size_;
    const auto last = out_.begin() + static_cast<std::ptrdiff_t>(size_ - 1);
    const auto place = std::upper_bound(out_.begin(), last, h, best_first{});
    std::move_backward(place, last, last + 1);
    *place = h;
  }

 private:
  std::span<hit<Id>> out_;
  std::size_t size_ = 0;
  std::uint64_t origins_;
};

}  // namespace mlsd::detail
