#pragma once

#include "mlsd/core/time.hpp"
#include "mlsd/store/event_order.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__x86_64__) || defined(__i386__)
#include <immintrin.h>
#endif

namespace mlsd::detail {

/// A moment's rest in a loop that waits for another thread.
inline void spin_pause() noexcept {
#if defined(__x86_64__) || defined(__i386__)
  _mm_pause();
#endif
}

/// One key with its row, which one writer changes while any number of readers copy it: a sequence lock. Every word is
/// an atomic, so that a copy that a writer disturbs is defined, and then thrown away.
/// Source: Boehm, Can seqlocks get along with programming language memory models? (2012).
template <class Row> class alignas(64) online_slot {
 public:
  struct content {
    std::uint64_t key = 0;
    event_order order{};
    Row row{};
  };
  enum class outcome : std::uint8_t { free, other_key, copied, disturbed };

  /// Copies the row if the slot holds the key.
  [[nodiscard]] outcome read(std::uint64_t key, content& to) const noexcept {
    const std::uint64_t before = version_.load(std::memory_order_acquire);
    if ((before & being_written) != 0) return outcome::disturbed;
    if ((before & in_use) == 0) return outcome::free;
    if (key_.load(std::memory_order_relaxed) != key) return outcome::other_key;
    to = load();
    std::atomic_thread_fence(std::memory_order_acquire);
    return version_.load(std::memory_order_relaxed) == before ? outcome::copied : outcome::disturbed;
  }

  // For the writer alone.
  [[nodiscard]] bool used() const noexcept { return (version_.load(std::memory_order_relaxed) & in_use) != 0; }
  [[nodiscard]] std::uint64_t key() const noexcept { return key_.load(std::memory_order_relaxed); }
  [[nodiscard]] event_order order() const noexcept {
    return {{static_cast<std::int64_t>(event_.load(std::memory_order_relaxed))},
            {static_cast<std::int64_t>(known_.load(std::memory_order_relaxed))},
            sequence_.load(std::memory_order_relaxed)};
  }
  [[nodiscard]] content load() const noexcept {
    content c{key(), order(), {}};
    std::array<std::uint64_t, words> w;
    for (std::size_t i = 0; i < words; ++i) w[i] = row_[i].load(std::memory_order_relaxed);
    std::memcpy(static_cast<void*>(&c.row), w.data(), sizeof(Row));
    return c;
  }
  void store(const content& c) noexcept {
    const std::uint64_t version = begin_write();
    key_.store(c.key, std::memory_order_relaxed);
    event_.store(static_cast<std::uint64_t>(c.order.event.ms), std::memory_order_relaxed);
    known_.store(static_cast<std::uint64_t>(c.order.known.ms), std::memory_order_relaxed);
    sequence_.store(c.order.sequence, std::memory_order_relaxed);
    std::array<std::uint64_t, words> w{};
    std::memcpy(w.data(), &c.row, sizeof(Row));
    for (std::size_t i = 0; i < words; ++i) row_[i].store(w[i], std::memory_order_relaxed);
    version_.store((version + one) | in_use, std::memory_order_release);
  }
  void clear() noexcept { version_.store((begin_write() + one) & ~in_use, std::memory_order_release); }

 private:
  static constexpr std::uint64_t being_written = 1, in_use = 2, one = 4;
  static constexpr std::size_t words = (sizeof(Row) + 7) / 8;

  /// The version before, and the mark that keeps readers from believing what they copy.
  std::uint64_t begin_write() noexcept {
    const std::uint64_t version = version_.load(std::memory_order_relaxed);
    version_.store(version | being_written, std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_release);
    return version;
  }

  std::atomic<std::uint64_t> version_{0}, key_{0}, event_{0}, known_{0}, sequence_{0};
  std::array<std::atomic<std::uint64_t>, words> row_{};
};

}  // namespace mlsd::detail
