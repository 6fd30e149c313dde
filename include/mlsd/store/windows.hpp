#pragma once

#include "mlsd/core/result.hpp"
#include "mlsd/core/time.hpp"
#include "mlsd/store/key_table.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mlsd {

/// What `event_counts` answers.
struct event_counts_config {
  std::vector<duration> windows{};  ///< widths, each positive; none: only all time and the time since the last event
  bool forget_idle_keys = false;    ///< drop a key once its last event has left the longest window, the horizon:
                                    ///< nothing older than the horizon is then known, and memory has a bound

  friend bool operator==(const event_counts_config&, const event_counts_config&) = default;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("windows", self.windows);
    ar("forget_idle_keys", self.forget_idle_keys);
  }
  template <class = void> [[nodiscard]] result<void> check() const {
    for (std::size_t i = 0; i < windows.size(); ++i)
      if (windows[i].ms <= 0)
        return error{errc::invalid_argument, "event counts: window " + std::to_string(i) + " is not positive"};
    if (forget_idle_keys && windows.empty())
      return error{errc::invalid_argument, "event counts: keys cannot be forgotten without a window"};
    return {};
  }
};

/// Counts of the past events of a key, without looking ahead: at time t only events with time strictly before t count,
/// so neither the event being scored nor others of the same instant are seen. The window of width w is [t - w, t).
/// One definition for both drivers: online, `write(key, t, out)` and then `add(key, t)`; offline, `replay` does just
/// that to columns. Both give the same bits, and the object that replayed the log goes on online.
/// Counts are exact integers. Keys are 64-bit hashes; two names with one hash count as one key.
/// Memory: 32 to 64 bytes an event of the largest number seen within the horizon, and 75 to 150 bytes a key.
/// `add` costs O(1) amortised; a look-up O(1) for all time, O(log n) a window for n events of that key in the horizon;
/// look-ups allocate nothing, and are safe from many threads while nobody adds.
/// Source of the jumps that make it logarithmic: Myers, An applicative random-access stack (1983).
class event_counts {
 public:
  static constexpr std::uint32_t version = 1;
  static constexpr std::string_view type_name = "event_counts";

  event_counts() = default;
  template <class = void> [[nodiscard]] static result<event_counts> make(event_counts_config config) {
    if (auto r = config.check(); !r) return r.error();
    event_counts c;
    for (const duration w : config.windows) c.horizon_ = (std::max)(c.horizon_, w);
    c.config_ = std::move(config);
    return c;
  }

 private:
  struct key_state {
    std::uint64_t total = 0;    // events
    std::uint64_t newest = 0;   // sequence number of the last one
    timestamp last{};           // its time
    timestamp previous{};       // the last time before that; known if total > at_last
    std::uint64_t at_last = 0;  // events at `last`
    friend bool operator==(const key_state&, const key_state&) = default;
    template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
      ar("total", self.total);
      ar("newest", self.newest);
      ar("last", self.last);
      ar("previous", self.previous);
      ar("at_last", self.at_last);
    }
  };
  struct event {
    timestamp time{};
    std::uint64_t key = 0;
    std::uint32_t previous = 0;  // sequence numbers back to the event before of the same key; 0: none in reach
    std::uint32_t jump = 0;      // the same, to some earlier event
    std::uint32_t ordinal = 0;   // which event of its key, from 1, modulo 2^32
    friend bool operator==(const event&, const event&) = default;
    template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
      ar("time", self.time);
      ar("key", self.key);
      ar("previous", self.previous);
      ar("jump", self.jump);
      ar("ordinal", self.ordinal);
    }
  };

 public:
  /// The past of one key as seen at one time. Valid until the next `add`.
  class past_events {
   public:
    /// Events before t (within the horizon if idle keys are forgotten).
    [[nodiscard]] std::uint64_t all_time() const noexcept {
      if (key_ == nullptr) return 0;
      if (from_->config_.forget_idle_keys) return within(from_->horizon_);
      return key_->last < time_ ? key_->total : key_->total - key_->at_last;
    }
    /// Time since the last event before t; none if there was none (none known, if idle keys are forgotten).
    [[nodiscard]] std::optional<duration> since_last() const noexcept {
      if (key_ == nullptr || (key_->last >= time_ && key_->total == key_->at_last)) return std::nullopt;
      const timestamp last = key_->last < time_ ? key_->last : key_->previous;
      if (from_->config_.forget_idle_keys && last < time_ - from_->horizon_) return std::nullopt;
      return time_ - last;
    }
    /// Events in [t - window, t). Requires window <= horizon.
    [[nodiscard]] std::uint64_t within(duration window) const noexcept {
      assert(window <= from_->horizon_);
      if (key_ == nullptr) return 0;
      position end = from_->newest_of(*key_);
      from_->walk_before(end, time_);
      position begin = end;
      from_->walk_before(begin, time_ - window);
      return static_cast<std::uint32_t>(end.ordinal - begin.ordinal);
    }

   private:
    friend event_counts;
    past_events(const event_counts& from, const key_state* key, timestamp time) noexcept
        : from_(&from), key_(key), time_(time) {}
    const event_counts* from_;
    const key_state* key_;
    timestamp time_;
  };

  /// Requires t >= now(): what has left the horizon is gone.
  [[nodiscard]] past_events past(std::uint64_t key, timestamp t) const noexcept {
    assert(sequence_ == 0 || t >= now_);
    return {*this, keys_.find(key), t};
  }
  /// Events of the key in the longest window; without windows, all before t.
  [[nodiscard]] std::uint64_t count(std::uint64_t key, timestamp t) const noexcept {
    return config_.windows.empty() ? past(key, t).all_time() : past(key, t).within(horizon_);
  }

  /// Columns that `write` and `replay` make: the count in each window as configured, the count of all time, and the
  /// seconds since the last event, NaN if there was none. Counts above 2^24 are rounded to float.
  [[nodiscard]] std::size_t width() const noexcept { return config_.windows.size() + 2; }
  /// The features of one event before it is added. `out` is [width()].
  void write(std::uint64_t key, timestamp t, std::span<float> out) const noexcept {
    assert(out.size() == width());
    write(past(key, t), out.data(), 1);
  }
  /// Writes and then adds each event of a log. Column j of event i goes to `out[j * n + i]`, out is [width(), n].
  /// Times must not run backwards, nor start before `now()`: the error names the row, and nothing has changed.
  template <class = void>
  [[nodiscard]] result<void> replay(std::span<const std::uint64_t> keys, std::span<const timestamp> times,
                                    std::span<float> out) {
    const std::size_t n = keys.size();
    if (times.size() != n)
      return error{errc::invalid_argument,
                   "event counts: " + std::to_string(n) + " keys but " + std::to_string(times.size()) + " times"};
    assert(out.size() == width() * n);
    if (auto r = check_order(times); !r) return r;
    constexpr std::size_t ahead = 8;
    for (std::size_t i = 0; i < n; ++i) {
      if (i + ahead < n) keys_.prefetch(keys[i + ahead]);
      write(past(keys[i], times[i]), out.data() + i, n);
      append(keys[i], times[i]);
    }
    return {};
  }

  /// Counts one event. False, and nothing happens, if it is older than one already counted (a late event).
  template <class = void> [[nodiscard]] bool add(std::uint64_t key, timestamp t) {
    if (sequence_ != 0 && t < now_) return false;
    append(key, t);
    return true;
  }

  /// The state can be saved in one process and go on in another.
  friend bool operator==(const event_counts&, const event_counts&) = default;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("config", self.config_);
    ar("horizon", self.horizon_);
    ar("keys", self.keys_);
    ar("log", self.log_);
    ar("oldest", self.oldest_);
    ar("sequence", self.sequence_);
    ar("now", self.now_);
  }
  template <class = void> [[nodiscard]] result<void> validate() const {
    if (auto r = config_.check(); !r) return r;
    if (auto r = keys_.validate(); !r) return r;
    duration longest{};
    for (const duration w : config_.windows) longest = (std::max)(longest, w);
    const bool ring = log_.empty() || std::has_single_bit(log_.size());
    if (longest != horizon_ || !ring || sequence_ >> 62 != 0 || oldest_ > sequence_ ||
        sequence_ - oldest_ > log_.size() || (config_.windows.empty() && oldest_ != sequence_))
      return error{errc::corrupt, "event counts: the log of events is broken"};
    bool counted = true;
    keys_.for_each(
        [&](std::uint64_t, const key_state& k) { counted = counted && k.at_last != 0 && k.at_last <= k.total; });
    if (!counted) return error{errc::corrupt, "event counts: a key is counted wrongly"};
    return {};
  }

  /// Time of the newest event; anything before the first.
  [[nodiscard]] timestamp now() const noexcept { return now_; }
  [[nodiscard]] const event_counts_config& config() const noexcept { return config_; }
  /// Keys known, and events kept for the windows.
  [[nodiscard]] std::size_t keys() const noexcept { return keys_.size(); }
  [[nodiscard]] std::size_t events() const noexcept { return static_cast<std::size_t>(sequence_ - oldest_); }
  [[gnu::always_inline]] void prefetch(std::uint64_t key) const noexcept { keys_.prefetch(key); }

 private:
  /// A place on the chain of one key: `ordinal` of its events come at or before it; dead: what is earlier is gone.
  struct position {
    std::uint64_t at = 0;
    std::uint32_t ordinal = 0;
    bool live = false;
  };

  [[nodiscard]] const event& at(std::uint64_t sequence) const noexcept {
    return log_[static_cast<std::size_t>(sequence) & (log_.size() - 1)];
  }
  [[nodiscard]] bool in_reach(std::uint64_t from, std::uint32_t distance) const noexcept {
    return distance != 0 && from - oldest_ >= distance;
  }
  [[nodiscard]] position newest_of(const key_state& k) const noexcept {
    return {k.newest, static_cast<std::uint32_t>(k.total), k.newest >= oldest_ && k.newest < sequence_};
  }
  /// Moves to the newest event before `time`. Distances only grow backwards, so it ends.
  void walk_before(position& p, timestamp time) const noexcept {
    while (p.live) {
      const event& e = at(p.at);
      p.ordinal = e.ordinal;
      if (e.time < time) return;
      if (in_reach(p.at, e.jump) && at(p.at - e.jump).time >= time) {
        p.at -= e.jump;
      } else if (in_reach(p.at, e.previous)) {
        p.at -= e.previous;
      } else {
        p = {p.at, e.ordinal - 1, false};
      }
    }
  }
  void forget_before(timestamp time) noexcept {
    for (; oldest_ < sequence_ && at(oldest_).time < time; ++oldest_) {
      if (!config_.forget_idle_keys) continue;
      const key_state* k = keys_.find(at(oldest_).key);
      if (k != nullptr && k->newest == oldest_) keys_.erase(at(oldest_).key);
    }
  }
  template <class = void> [[nodiscard]] result<void> check_order(std::span<const timestamp> times) const {
    timestamp before{sequence_ == 0 ? (std::numeric_limits<std::int64_t>::min)() : now_.ms};
    for (std::size_t i = 0; i < times.size(); before = times[i++])
      if (times[i] < before)
        return error{errc::order, "non-monotone time: row " + std::to_string(i) + " (" + std::to_string(times[i].ms) +
                                      " ms) is earlier than " +
                                      (i == 0 ? "the last event" : "row " + std::to_string(i - 1)) + " (" +
                                      std::to_string(before.ms) + " ms)"};
    return {};
  }
  void write(const past_events& past, float* out, std::size_t stride) const noexcept {
    const std::size_t windows = config_.windows.size();
    for (std::size_t j = 0; j < windows; ++j) out[j * stride] = 0;
    if (past.key_ != nullptr && windows != 0) {
      position end = newest_of(*past.key_);
      walk_before(end, past.time_);
      position begin = end;
      for (std::size_t j = 0; j < windows; ++j) {
        if (j != 0 && config_.windows[j] < config_.windows[j - 1]) begin = end;
        walk_before(begin, past.time_ - config_.windows[j]);
        out[j * stride] = static_cast<float>(static_cast<std::uint32_t>(end.ordinal - begin.ordinal));
      }
    }
    out[windows * stride] = static_cast<float>(past.all_time());
    const auto since = past.since_last();
    out[(windows + 1) * stride] =
        since ? static_cast<float>(static_cast<double>(since->ms) / 1000.0) : std::numeric_limits<float>::quiet_NaN();
  }
  template <class = void> void append(std::uint64_t key, timestamp time) {
    now_ = time;
    forget_before(time - horizon_);
    key_state& k = keys_[key];
    if (k.total == 0 || k.last != time) {
      k.previous = k.last;
      k.last = time;
      k.at_last = 0;
    }
    if (!config_.windows.empty()) log(key, k);
    k.newest = sequence_++;
    if (config_.windows.empty()) oldest_ = sequence_;
    ++k.at_last;
    ++k.total;
  }
  template <class = void> void log(std::uint64_t key, const key_state& k) {
    if (events() == log_.size()) {
      std::vector<event> larger(log_.empty() ? 64 : 2 * log_.size());
      for (std::uint64_t s = oldest_; s < sequence_; ++s)
        larger[static_cast<std::size_t>(s) & (larger.size() - 1)] = at(s);
      log_.swap(larger);
    }
    event e{now_, key, 0, 0, static_cast<std::uint32_t>(k.total + 1)};
    if (k.total != 0 && k.newest >= oldest_ && sequence_ - k.newest <= (std::numeric_limits<std::uint32_t>::max)()) {
      e.previous = e.jump = static_cast<std::uint32_t>(sequence_ - k.newest);
      // Two jumps of equal length before us join into one (skew-binary numbers).
      const event& p = at(k.newest);
      if (in_reach(k.newest, p.jump)) {
        const std::uint64_t second = k.newest - p.jump;
        const event& q = at(second);
        if (in_reach(second, q.jump)) {
          const std::uint64_t third = second - q.jump;
          if (p.ordinal - q.ordinal == q.ordinal - at(third).ordinal &&
              sequence_ - third <= (std::numeric_limits<std::uint32_t>::max)())
            e.jump = static_cast<std::uint32_t>(sequence_ - third);
        }
      }
    }
    log_[static_cast<std::size_t>(sequence_) & (log_.size() - 1)] = e;
  }

  event_counts_config config_{};
  duration horizon_{};  // the longest window
  key_table<key_state> keys_{};
  std::vector<event> log_{};  // ring, a power of two: sequence numbers [oldest_, sequence_)
  std::uint64_t oldest_ = 0, sequence_ = 0;
  timestamp now_{};
};

/// For each event of a log, how many events of its key lie in [t - window, t): `out` is [n]. O(n log n) at worst.
/// Times must not run backwards: the error names the row.
template <class = void>
[[nodiscard]] result<void> past_counts(std::span<const std::uint64_t> keys, std::span<const timestamp> times,
                                       duration window, std::span<float> out) {
  assert(out.size() == keys.size());
  auto counts = event_counts::make({.windows = {window}, .forget_idle_keys = true});
  if (!counts) return counts.error();
  std::vector<float> columns(counts->width() * keys.size());
  if (auto r = counts->replay(keys, times, columns); !r) return r;
  std::copy_n(columns.begin(), keys.size(), out.begin());
  return {};
}

}  // namespace mlsd
