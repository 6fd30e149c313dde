#pragma once

#include "mlsd/core/fp.hpp"
#include "mlsd/core/math.hpp"
#include "mlsd/core/time.hpp"
#include "mlsd/store/fixed_point.hpp"
#include "mlsd/store/window_plan.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

/// The events of one key, oldest first, in one block of memory:
///
///     totals | events, a ring of 2^level | from level 5 on: hints, tracked counts, an index for each item
///
/// An event is: its time; for each value the sum of the units before it; packed in halves of words, for each value how
/// many there were before it and, where something decays, how many earlier events share its instant; for each decay the
/// sum just before its instant; for each item its hash, and the distances to the events before and after with the same
/// item (0: none). The totals look the same, with the number of events ever in place of the time.
/// Positions count from the oldest event kept. Sums and counts wrap; only their differences are used.
namespace mlsd::detail {

struct ring_layout {
  std::uint32_t values = 0, decays = 0, items = 0, hints = 0, tracked = 0;
  std::uint32_t head = 1, record = 1;  // words of the totals, of an event
  static constexpr std::uint32_t large = 5;
  static constexpr std::uint32_t most_level = 28;

  ring_layout() = default;
  explicit ring_layout(const window_plan& plan, std::size_t item_count) noexcept
      : values(static_cast<std::uint32_t>(plan.units.size())),
        decays(static_cast<std::uint32_t>(plan.decays.size())),
        items(static_cast<std::uint32_t>(item_count)),
        hints(static_cast<std::uint32_t>(plan.windows.size())),
        tracked(static_cast<std::uint32_t>(plan.tracked.size())),
        head(1 + values + (values + (decays != 0) + 1) / 2),
        record(head + decays + 2 * items) {}

  [[nodiscard]] std::uint32_t decay(std::uint32_t d) const noexcept { return head + d; }
  [[nodiscard]] std::uint32_t item(std::uint32_t k) const noexcept { return head + decays + 2 * k; }
  [[nodiscard]] std::size_t hints_at(std::uint32_t level) const noexcept {
    return head + (std::size_t{record} << level);
  }
  [[nodiscard]] std::size_t tracked_at(std::uint32_t level) const noexcept { return hints_at(level) + (hints + 1) / 2; }
  [[nodiscard]] std::size_t index_at(std::uint32_t level) const noexcept { return tracked_at(level) + 2 * tracked; }
  [[nodiscard]] std::uint64_t lines(std::uint32_t level) const noexcept {
    const std::size_t words = level < large ? hints_at(level) : index_at(level) + (std::size_t{2 * items} << level);
    return (words + 7) / 8;
  }
  /// The highest level that takes no more memory than this one.
  [[nodiscard]] std::uint32_t filled(std::uint32_t level) const noexcept {
    while (level + 1 < large && lines(level + 1) == lines(level)) ++level;
    return level;
  }
};

/// What the table of keys holds of a ring. `end` is the number of events ever, modulo 2^32.
struct ring_state {
  std::uint32_t block = 0, size = 0, end = 0;
  std::uint8_t level = 0;
  friend bool operator==(const ring_state&, const ring_state&) = default;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("block", self.block);
    ar("size", self.size);
    ar("end", self.end);
    ar("level", self.level);
  }
};

[[nodiscard]] constexpr std::uint32_t half(const std::uint64_t* words, std::size_t i) noexcept {
  return static_cast<std::uint32_t>(words[i / 2] >> (32 * (i % 2)));
}
constexpr void set_half(std::uint64_t* words, std::size_t i, std::uint32_t x) noexcept {
  const auto shift = 32 * (i % 2);
  words[i / 2] = (words[i / 2] & ~(std::uint64_t{0xFFFF'FFFF} << shift)) | (std::uint64_t{x} << shift);
}

/// A view of a ring; Word is const for a reader. Every access stays within the block whatever the words are.
template <class Word> class event_ring {
 public:
  event_ring(const ring_layout& layout, Word* block, const ring_state& state) noexcept
      : layout_(&layout),
        block_(block),
        mask_((1u << state.level) - 1),
        begin_(state.end - state.size),
        size_(state.size),
        level_(state.level) {}

  [[nodiscard]] const ring_layout& layout() const noexcept { return *layout_; }
  [[nodiscard]] Word* block() const noexcept { return block_; }
  [[nodiscard]] std::uint32_t size() const noexcept { return size_; }
  [[nodiscard]] std::uint32_t begin() const noexcept { return begin_; }
  [[nodiscard]] std::uint32_t level() const noexcept { return level_; }
  [[nodiscard]] bool is_large() const noexcept { return level_ >= ring_layout::large; }
  [[nodiscard]] std::uint32_t place(std::uint32_t i) const noexcept { return (begin_ + i) & mask_; }
  [[nodiscard]] Word* record_at(std::uint32_t place) const noexcept {
    return block_ + layout_->head + std::size_t{place} * layout_->record;
  }
  [[nodiscard]] Word* record(std::uint32_t i) const noexcept { return record_at(place(i)); }
  [[nodiscard]] timestamp time(std::uint32_t i) const noexcept { return {static_cast<std::int64_t>(*record(i))}; }
  [[nodiscard]] std::uint64_t total() const noexcept { return *block_; }

  /// The sums and counts before event i, or of all.
  [[nodiscard]] Word* before(std::uint32_t i) const noexcept { return i == size_ ? block_ : record(i); }
  [[nodiscard]] std::int64_t units(std::uint32_t value, std::uint32_t from, std::uint32_t to) const noexcept {
    return static_cast<std::int64_t>(before(to)[1 + value] - before(from)[1 + value]);
  }
  [[nodiscard]] std::uint32_t count(std::uint32_t value, std::uint32_t from, std::uint32_t to) const noexcept {
    return half(counts(before(to)), value) - half(counts(before(from)), value);
  }

  /// The first event at `t` or later, or size(). Fast where it is near `near`: O(log distance).
  [[nodiscard]] std::uint32_t first_from(timestamp t, std::uint32_t near) const noexcept {
    std::uint32_t low = 0, high = size_;  // what is before low is earlier, what is at high or after is not
    if (near < size_ && time(near) < t) {
      low = near + 1;
      for (std::uint32_t step = 1; step <= high - low; step *= 2) {
        if (const std::uint32_t probe = low + step - 1; time(probe) < t) {
          low = probe + 1;
        } else {
          high = probe;
          break;
        }
      }
    } else {
      high = near < size_ ? near : size_;
      for (std::uint32_t step = 1; step <= high; step *= 2) {
        if (const std::uint32_t probe = high - step; time(probe) < t) {
          low = probe + 1;
          break;
        } else {
          high = probe;
        }
      }
    }
    while (low < high) {
      const std::uint32_t middle = low + (high - low) / 2;
      (time(middle) < t ? low : high) = time(middle) < t ? middle + 1 : middle;
    }
    return low;
  }
  /// Where the events at `t` would end.
  [[nodiscard]] std::uint32_t end_of(timestamp t) const noexcept {
    return size_ == 0 || time(size_ - 1) <= t ? size_ : first_from(t + duration{1}, size_);
  }

  /// Where window w began when the key was last added to. Only a hint.
  [[nodiscard]] std::uint32_t hint(std::uint32_t w) const noexcept {
    const std::uint32_t i = half(block_ + layout_->hints_at(level_), w) - begin_;
    return i <= size_ ? i : 0;
  }
  void set_hint(std::uint32_t w, std::uint32_t i) const noexcept {
    set_half(block_ + layout_->hints_at(level_), w, begin_ + i);
  }

  /// The decayed sum of the events up to i, the last of its instant, as seen at t, in units. A gap longer than `memory`
  /// leaves nothing.
  [[nodiscard]] MLSD_UNCONTRACTED double decayed(std::uint32_t d, const window_decay& decay, std::uint32_t i,
                                                 timestamp t, duration memory) const noexcept {
    MLSD_CONTRACT_OFF
    const duration gap = t - time(i);
    if (gap > memory) return 0;
    const auto own = static_cast<double>(units(decay.value, i - (std::min)(ties(i), i), i + 1));
    const double sum = std::bit_cast<double>(std::uint64_t{record(i)[layout_->decay(d)]}) + own;
    return sum * math::exp(static_cast<double>(gap.ms) * decay.rate);
  }
  /// How many earlier events share the instant of event i.
  [[nodiscard]] std::uint32_t ties(std::uint32_t i) const noexcept { return half(counts(record(i)), layout_->values); }

  /// Puts an event before position p, with its units (`none` is counted as no value). The items are not linked yet.
  /// Requires room for one more. O(values) for p = size(), else O(size - p).
  void insert(std::uint32_t p, timestamp t, const std::int64_t* units) noexcept {
    const ring_layout& l = *layout_;
    ++size_;
    for (std::uint32_t i = size_ - 1; i > p; --i) copy(record(i - 1), record(i), l.record);
    Word* own = record(p);
    copy(p + 1 == size_ ? block_ : record(p + 1), own, l.head);
    *own = static_cast<std::uint64_t>(t.ms);
    for (std::uint32_t i = p + 1; i <= size_; ++i) {
      Word* later = before(i);
      for (std::uint32_t v = 0; v < l.values; ++v) {
        if (units[v] == fixed_point::none) continue;
        later[1 + v] += static_cast<std::uint64_t>(units[v]);
        set_half(counts(later), v, half(counts(later), v) + 1);
      }
    }
    ++*block_;
  }
  /// The ties and decayed sums of the events from p on, each from the one before it.
  void decay_from(std::uint32_t p, std::span<const window_decay> decays, duration memory) noexcept {
    for (std::uint32_t i = p; i < size_; ++i) {
      const bool tie = i != 0 && time(i - 1) == time(i);
      set_half(counts(record(i)), layout_->values, tie ? ties(i - 1) + 1 : 0);
      for (std::uint32_t d = 0; d < decays.size(); ++d) {
        const std::uint32_t at = layout_->decay(d);
        record(i)[at] = i == 0 ? std::uint64_t{0}
                        : tie  ? std::uint64_t{record(i - 1)[at]}
                               : std::bit_cast<std::uint64_t>(decayed(d, decays[d], i - 1, time(i), memory));
      }
    }
  }

 private:
  static void copy(const Word* from, Word* to, std::uint32_t n) noexcept {
    for (std::uint32_t j = 0; j < n; ++j) to[j] = from[j];
  }
  [[nodiscard]] Word* counts(Word* words) const noexcept { return words + 1 + layout_->values; }

  const ring_layout* layout_;
  Word* block_;
  std::uint32_t mask_, begin_, size_, level_;
};

}  // namespace mlsd::detail
