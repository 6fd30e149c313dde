#pragma once

#include "mlsd/core/result.hpp"
#include "mlsd/core/time.hpp"
#include "mlsd/store/event_rings.hpp"
#include "mlsd/store/windows_config.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace mlsd {

/// What became of events and values that were not as usual.
struct window_arrivals {
  std::uint64_t late = 0;         ///< events older than the newest, within the lateness: counted at their place
  std::uint64_t too_late = 0;     ///< events later than that: refused
  std::uint64_t full = 0;         ///< events of a key with 2^28 events already, or beyond 256 GiB: refused
  std::uint64_t not_numbers = 0;  ///< values NaN, infinite or beyond 2^40 units: their event counts, they do not
  friend bool operator==(const window_arrivals&, const window_arrivals&) = default;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("late", self.late);
    ar("too_late", self.too_late);
    ar("full", self.full);
    ar("not_numbers", self.not_numbers);
  }
};

/// What an event has beside key and time: a value, or the hash of an item.
template <class T>
concept event_input = std::floating_point<T> || std::same_as<T, std::uint64_t>;

/// A log of n events: values are [values, n] and items [items, n], one column after the other.
struct event_columns {
  std::span<const std::uint64_t> keys{};
  std::span<const timestamp> times{};
  std::span<const double> values{};
  std::span<const std::uint64_t> items{};
};

/// Counts, sums, means, decayed sums and numbers of different items of the past events of a key, without looking
/// ahead: at time t only events with time strictly before t count, so neither the event being scored nor others of the
/// same instant are seen. One definition for both drivers: online, `write(key, t, out)` and then `add(key, t, ...)`;
/// offline, `replay` does just that to columns. Both give the same bits, and what replayed a log goes on online.
/// Keys are 64-bit hashes: two names with one hash are one key. Items are 64-bit hashes too; 0 is no item.
///
/// Exact: counts are integers, sums are integers in a unit (see fixed_point), and a mean is their quotient. A decayed
/// sum is a fold over instants in the order of time. So an event that arrives late, within the lateness, is counted as
/// if it had come in order: all later look-ups give the same bits.
/// Memory, with V values, D decays and I items: about 8 (1 + ceil(3 V / 2) + D + 2 I) bytes an event and 16 I more for
/// busy keys, in rings of a power of two; 50 to 100 bytes a key. Events go once they have left horizon and lateness and
/// their key is added to, or a sweep that passes two keys' places an event comes by.
/// `write` costs O(log n) a window at worst, O(1) for windows that moved little since the key's last event; a distinct
/// count O(events that entered or left its window since then). `add` is O(1) amortised; a late event costs O(events of
/// its key after it); a ring that is full is copied to one of twice the size. With room reserved and the stream steady
/// nothing allocates. Look-ups never allocate, and are safe from many threads while nobody adds.
class windows {
 public:
  static constexpr std::uint32_t version = 1;
  static constexpr std::string_view type_name = "windows";

  windows() = default;
  template <class = void> [[nodiscard]] static result<windows> make(windows_config config) {
    if (auto r = config.check(); !r) return r.error();
    windows w;
    w.config_ = std::move(config);
    if (auto r = w.work_out(); !r) return r.error();
    w.reserve();
    return w;
  }
  /// Room for what the configuration says: `make` does it, a file that was loaded has room for its contents only.
  template <class = void> void reserve() {
    rings_.reserve(static_cast<std::size_t>(config_.reserve_keys), static_cast<std::size_t>(config_.reserve_events));
  }

  /// The past of one key as seen at one time, for windows that reach no further than the horizon. Valid until the next
  /// `add`.
  class past_events {
   public:
    [[nodiscard]] std::uint64_t count(const window& w) const noexcept {
      const stretch s = bounds(w);
      return s.to - s.from;
    }
    /// Of the values that are numbers: how many, and their sum and mean.
    [[nodiscard]] std::uint64_t values(const window& w, std::uint32_t value = 0) const noexcept {
      const stretch s = bounds(w);
      return s.from == s.to ? 0 : ring_.count(value, s.from, s.to);
    }
    [[nodiscard]] double sum(const window& w, std::uint32_t value = 0) const noexcept {
      return sum_of(value, bounds(w));
    }
    [[nodiscard]] double mean(const window& w, std::uint32_t value = 0) const noexcept {
      return mean_of(value, bounds(w));
    }
    /// The decayed sum that stands `which`-th in the configuration, all values taken together.
    [[nodiscard]] double decayed(std::uint32_t which = 0) const noexcept {
      if (end_ == 0) return 0;
      const detail::window_decay& d = of_->plan().decays[which];
      return of_->plan().units[d.value].value(ring_.decayed(which, d, end_ - 1, time_, of_->memory()));
    }
    /// Events before t (within the horizon if idle keys are forgotten).
    [[nodiscard]] std::uint64_t all_time() const noexcept {
      if (ring_.size() == 0) return 0;
      if (of_->forgets()) return end_ - ring_.first_from(time_ - of_->plan().horizon, 0);
      return ring_.total() - (ring_.size() - end_);
    }
    /// Time since the last event before t; none if there was none (none known, if idle keys are forgotten).
    [[nodiscard]] std::optional<duration> since_last() const noexcept {
      if (end_ == 0) return std::nullopt;
      const duration gap = time_ - ring_.time(end_ - 1);
      return gap > of_->memory() ? std::nullopt : std::optional(gap);
    }

   private:
    friend windows;
    past_events(const detail::event_rings& of, const detail::ring_state* s, timestamp t) noexcept
        : of_(&of), ring_(of.ring(s)), time_(t), end_(ring_.first_from(t, ring_.size())) {}
    struct stretch {
      std::uint32_t from, to;  // positions
    };
    [[nodiscard]] stretch bounds(const window& w) const noexcept {
      assert(w.reach() <= of_->plan().horizon);
      return bounds(w, end_);
    }
    [[nodiscard]] stretch bounds(const window& w, std::uint32_t near) const noexcept {
      return {ring_.first_from(w.from(time_), near),
              w.kind == window_kind::hopping ? ring_.first_from(w.to(time_), end_) : end_};
    }
    [[nodiscard]] double sum_of(std::uint32_t value, stretch s) const noexcept {
      return s.from == s.to ? 0 : of_->plan().units[value].value(ring_.units(value, s.from, s.to));
    }
    [[nodiscard]] double mean_of(std::uint32_t value, stretch s) const noexcept {
      if (s.from == s.to) return std::numeric_limits<double>::quiet_NaN();
      return of_->plan().units[value].mean(ring_.units(value, s.from, s.to), ring_.count(value, s.from, s.to));
    }
    [[nodiscard]] double distinct_of(std::uint32_t tracked, stretch s) const noexcept {
      if (s.from == s.to) return 0;
      const auto known = ring_.is_large() ? detail::tracked_counts(ring_)[tracked] : detail::span_count{};
      return detail::distinct_items(ring_, of_->plan().tracked[tracked].item).moved(known, s.from, s.to).count;
    }
    const detail::event_rings* of_;
    detail::event_ring<const std::uint64_t> ring_;
    timestamp time_;
    std::uint32_t end_;
  };

  /// Requires t >= now() - lateness: what has left horizon and lateness is gone.
  [[nodiscard]] past_events past(std::uint64_t key, timestamp t) const noexcept {
    assert(t >= rings_.now() - config_.lateness);
    return {rings_, rings_.find(key), t};
  }

  /// Columns that `write` and `replay` make, in the order of `windows_config`.
  [[nodiscard]] std::size_t width() const noexcept { return rings_.plan().columns.size(); }
  /// The features of one event before it is added, at t as in `past`. `out` is [width()]. Counts and seconds above 2^24
  /// are rounded to float.
  template <class = void> void write(std::uint64_t key, timestamp t, std::span<float> out) const noexcept {
    assert(out.size() == width() && t >= rings_.now() - config_.lateness);
    write(rings_.find(key), t, out.data(), 1);
  }

  /// Counts one event: its values as floating-point numbers, then its items as std::uint64_t, as many as configured.
  /// False, and nothing but a counter of `arrivals` changes, if it is later than the lateness allows.
  template <event_input... Inputs> bool add(std::uint64_t key, timestamp t, Inputs... inputs) {
    std::array<double, sizeof...(Inputs) + 1> values{};
    std::array<std::uint64_t, sizeof...(Inputs) + 1> items{};
    [[maybe_unused]] std::size_t v = 0, k = 0;
    [[maybe_unused]] const auto sort_in = [&](auto x) {
      if constexpr (std::floating_point<decltype(x)>)
        values[v++] = static_cast<double>(x);
      else
        items[k++] = x;
    };
    (sort_in(inputs), ...);
    return add(key, t, std::span<const double>(values.data(), v), std::span<const std::uint64_t>(items.data(), k));
  }
  template <class = void>
  bool add(std::uint64_t key, timestamp t, std::span<const double> values, std::span<const std::uint64_t> items) {
    const bool fits = values.size() == config_.values.size() && items.size() == config_.distinct.size();
    assert(fits && "mlsd: an event has as many values and items as the windows are configured for");
    if (!fits) return false;
    return append(key, t, values.data(), {items.data(), 0, 1});
  }

  /// Writes and then adds each event of a log. Column j of event i goes to `out[j * n + i]`, out is [width(), n].
  /// Times must not run back by more than the lateness: the error names the row, and nothing has changed.
  template <class = void> [[nodiscard]] result<void> replay(const event_columns& log, std::span<float> out) {
    const std::size_t n = log.keys.size();
    if (auto r = check_columns(log); !r) return r;
    assert(out.size() == width() * n);
    constexpr std::size_t ahead = 8;
    for (std::size_t i = 0; i < n; ++i) {
      if (i + 2 * ahead < n) rings_.prefetch(log.keys[i + 2 * ahead]);
      if (i + ahead < n) rings_.prefetch_events(log.keys[i + ahead]);
      write(rings_.find(log.keys[i]), log.times[i], out.data() + i, n);
      append(log.keys[i], log.times[i], log.values.data(), {log.items.data(), i, n});
    }
    return {};
  }

  /// The state can be saved in one process and go on in another.
  friend bool operator==(const windows&, const windows&) = default;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("config", self.config_);
    ar("rings", self.rings_);
    ar("arrivals", self.arrivals_);
  }
  /// Works out what the file does not hold, and checks all that it does.
  template <class = void> [[nodiscard]] result<void> validate() {
    if (auto r = config_.check(); !r) return r;
    if (auto r = work_out(); !r) return r;
    return rings_.check();
  }

  /// Time of the newest event; the beginning of time before the first.
  [[nodiscard]] timestamp now() const noexcept { return rings_.now(); }
  [[nodiscard]] const windows_config& config() const noexcept { return config_; }
  [[nodiscard]] const window_arrivals& arrivals() const noexcept { return arrivals_; }
  /// Keys and events that are kept.
  [[nodiscard]] std::size_t keys() const noexcept { return rings_.keys(); }
  [[nodiscard]] std::size_t events() const noexcept { return rings_.events(); }
  /// Hints that `key` will be looked up soon; the second, once the first has had its time, brings what it leads to.
  [[gnu::always_inline]] void prefetch(std::uint64_t key) const noexcept { rings_.prefetch(key); }
  [[gnu::always_inline]] void prefetch_events(std::uint64_t key) const noexcept { rings_.prefetch_events(key); }

 private:
  template <class = void> [[nodiscard]] result<void> work_out() {
    auto plan = detail::window_plan::of(config_);
    if (!plan) return plan.error();
    rings_.follow(std::move(*plan), config_);
    return {};
  }
  template <class = void> [[nodiscard]] result<void> check_columns(const event_columns& log) const {
    const std::size_t n = log.keys.size();
    if (log.times.size() != n || log.values.size() != n * config_.values.size() ||
        log.items.size() != n * config_.distinct.size())
      return error{errc::invalid_argument, "windows: " + std::to_string(n) + " keys but " +
                                               std::to_string(log.times.size()) + " times, " +
                                               std::to_string(log.values.size()) + " values and " +
                                               std::to_string(log.items.size()) + " items"};
    timestamp newest = rings_.now();
    for (std::size_t i = 0; i < n; ++i) {
      if (log.times[i] < newest - config_.lateness)
        return error{errc::order, "non-monotone time: row " + std::to_string(i) + " (" +
                                      std::to_string(log.times[i].ms) + " ms) is later than " +
                                      std::to_string(config_.lateness.ms) + " ms behind the newest event (" +
                                      std::to_string(newest.ms) + " ms)"};
      newest = (std::max)(newest, log.times[i]);
    }
    return {};
  }

  template <class = void>
  bool append(std::uint64_t key, timestamp t, const double* values, const detail::event_items& items) {
    if (t < rings_.now() - config_.lateness) return ++arrivals_.too_late, false;
    const bool late = t < rings_.now();
    std::array<std::int64_t, windows_config::most_windows> units;
    const std::vector<fixed_point>& unit = rings_.plan().units;
    std::uint64_t not_numbers = 0;
    for (std::size_t v = 0; v < unit.size(); ++v) {
      units[v] = unit[v](values[v * items.stride + items.at]);
      not_numbers += units[v] == fixed_point::none;
    }
    if (!rings_.add(key, t, units.data(), items)) return ++arrivals_.full, false;
    arrivals_.late += late;
    arrivals_.not_numbers += not_numbers;
    return true;
  }

  template <class = void>
  void write(const detail::ring_state* state, timestamp t, float* out, std::size_t stride) const noexcept {
    const past_events past(rings_, state, t);
    const detail::window_plan& plan = rings_.plan();
    std::array<past_events::stretch, windows_config::most_windows> at;
    std::uint32_t near = past.end_;
    if (past.ring_.is_large()) rings_.prefetch_edges(past.ring_);
    for (std::uint32_t w = 0; w < plan.windows.size(); ++w) {
      at[w] = past.bounds(plan.windows[w], past.ring_.is_large() ? past.ring_.hint(w) : near);
      near = at[w].from;
    }
    for (const detail::window_column& c : plan.columns) {
      *out = static_cast<float>(column(c, past, at.data()));
      out += stride;
    }
  }
  [[nodiscard]] double column(const detail::window_column& c, const past_events& past,
                              const past_events::stretch* at) const noexcept {
    using enum detail::window_aggregate;
    switch (c.what) {
      case count:
        return static_cast<double>(at[c.at].to - at[c.at].from);
      case sum:
        return past.sum_of(c.input, at[c.at]);
      case mean:
        return past.mean_of(c.input, at[c.at]);
      case distinct:
        return past.distinct_of(c.at, at[rings_.plan().tracked[c.at].window]);
      case decayed:
        return past.decayed(c.at);
      case all_time:
        return static_cast<double>(past.all_time());
      case since_last:
        break;
    }
    const auto since = past.since_last();
    return since ? static_cast<double>(since->ms) / 1000 : std::numeric_limits<double>::quiet_NaN();
  }

  windows_config config_{};
  detail::event_rings rings_{};
  window_arrivals arrivals_{};
};

/// For each event of a log, how many events of its key lie in [t - width, t): `out` is [n]. O(n log n) at worst.
/// Times must not run backwards: the error names the row.
template <class = void>
[[nodiscard]] result<void> past_counts(std::span<const std::uint64_t> keys, std::span<const timestamp> times,
                                       duration width, std::span<float> out) {
  auto counts = windows::make({.count = {width}, .forget_idle_keys = true});
  if (!counts) return counts.error();
  return counts->replay({.keys = keys, .times = times}, out);
}

}  // namespace mlsd
