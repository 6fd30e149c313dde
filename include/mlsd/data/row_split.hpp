#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "mlsd/core/hash.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/core/time.hpp"

namespace mlsd {

/// Rows [first, last).
struct row_range {
  std::size_t first = 0, last = 0;
  [[nodiscard]] constexpr std::size_t size() const noexcept { return last - first; }
  friend constexpr bool operator==(const row_range&, const row_range&) = default;
};

/// Which rows of a table of any kind go to which part. Part k is the rows of `parts[k]`, or, where there is an `order`,
/// `order[i]` for i in `parts[k]`.
struct row_split {
  std::vector<row_range> parts{};
  std::vector<std::size_t> order{};
  std::size_t dropped = 0;  ///< rows inside the gaps
  std::size_t unused = 0;   ///< rows that the fractions leave over

  /// The row numbers of part k. O(size of the part), allocates them.
  template <class = void> [[nodiscard]] std::vector<std::size_t> rows(std::size_t k) const {
    std::vector<std::size_t> out(parts[k].size());
    for (std::size_t i = 0; i < out.size(); ++i)
      out[i] = order.empty() ? parts[k].first + i : order[parts[k].first + i];
    return out;
  }
};

/// How far apart two times of a kind are: `duration` for time stamps, else the number type itself.
template <class Time> using gap_of = std::conditional_t<std::same_as<Time, timestamp>, duration, Time>;

/// What times are made of: time stamps, or any number that grows with time.
template <class Time>
concept time_like =
    std::same_as<Time, timestamp> || (std::integral<Time> && !std::same_as<Time, bool>) || std::floating_point<Time>;

template <time_like Time> struct time_split_options {
  gap_of<Time> gap{};  ///< a part keeps the rows with t < T - gap, T being the start of the next part
  bool sort = false;   ///< order the rows by time first, equal times in the order they have; else disorder is an error
};

namespace detail {

/// Row numbers at which parts end: n times the running sum of the fractions, rounded.
template <class = void>
[[nodiscard]] result<std::vector<std::size_t>> fraction_ends(std::size_t n, std::span<const double> fractions) {
  std::vector<std::size_t> ends;
  double sum = 0;
  for (const double f : fractions) {
    if (!(f > 0)) return error{errc::invalid_argument, "split: fraction " + std::to_string(f) + " is not positive"};
    sum += f;
    if (!(sum <= 1 + 1e-9))
      return error{errc::invalid_argument, "split: the fractions sum to " + std::to_string(sum) + ", more than 1"};
    ends.push_back(sum >= 1 - 1e-9 ? n : static_cast<std::size_t>(sum * static_cast<double>(n) + 0.5));
  }
  return ends;
}

template <class = void> [[nodiscard]] result<row_split> check_parts(row_split split) {
  for (std::size_t k = 0; k < split.parts.size(); ++k)
    if (split.parts[k].size() == 0)
      return error{errc::empty, "split: part " + std::to_string(k + 1) + " of " + std::to_string(split.parts.size()) +
                                    " has no rows"};
  return split;
}

/// Whether `earlier` lies more than `gap` before `later`; no overflow. Requires earlier <= later, gap >= 0.
template <class Time> [[nodiscard]] constexpr bool is_before_gap(Time earlier, Time later, gap_of<Time> gap) noexcept {
  if constexpr (std::same_as<Time, timestamp>)
    return is_before_gap(earlier.ms, later.ms, gap.ms);
  else if constexpr (std::floating_point<Time>)
    return later - earlier > gap;
  else
    return static_cast<std::uint64_t>(later) - static_cast<std::uint64_t>(earlier) > static_cast<std::uint64_t>(gap);
}

/// Times in the order of `order`, or as they are where there is none.
template <class Time> struct ordered_times {
  std::span<const Time> times;
  std::span<const std::size_t> order;
  [[nodiscard]] std::size_t size() const noexcept { return times.size(); }
  [[nodiscard]] Time operator[](std::size_t i) const noexcept { return times[order.empty() ? i : order[i]]; }
  /// First place in [first, size()) from which on `in_front` is false.
  template <class F> [[nodiscard]] std::size_t search(std::size_t first, F&& in_front) const {
    for (std::size_t n = size() - first; n > 0;) {
      const std::size_t half = n / 2;
      if (in_front((*this)[first + half])) {
        first += half + 1;
        n -= half + 1;
      } else {
        n = half;
      }
    }
    return first;
  }
};

/// The order of rows by time, empty where they are in order; an error where they are not and may not be sorted.
template <time_like Time>
[[nodiscard]] result<std::vector<std::size_t>> time_order(std::span<const Time> times,
                                                          const time_split_options<Time>& options) {
  if (options.gap < gap_of<Time>{}) return error{errc::invalid_argument, "split: the gap is negative"};
  if constexpr (std::floating_point<Time>) {
    for (std::size_t i = 0; i < times.size(); ++i)
      if (!(times[i] == times[i])) return error{errc::not_finite, "split: row " + std::to_string(i) + " has no time"};
  }
  std::vector<std::size_t> order;
  const auto disorder = std::is_sorted_until(times.begin(), times.end());
  if (disorder == times.end()) return order;
  if (!options.sort) {
    const auto row = static_cast<std::size_t>(disorder - times.begin());
    return error{errc::order, "split: row " + std::to_string(row) + " is earlier than row " + std::to_string(row - 1) +
                                  "; sort the rows by time, or set .sort"};
  }
  order.resize(times.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return times[a] < times[b]; });
  return order;
}

/// Ends part k at `ends[k]`, less the rows in the gap before `starts[k + 1]`.
template <class Time>
[[nodiscard]] result<row_split> cut_with_gaps(row_split split, const ordered_times<Time>& times,
                                              std::span<const std::size_t> ends, std::span<const Time> next_starts,
                                              gap_of<Time> gap) {
  std::size_t first = 0;
  for (std::size_t k = 0; k < ends.size(); ++k) {
    std::size_t last = ends[k];
    if (k < next_starts.size()) {
      const Time start = next_starts[k];
      last = (std::min)(last, times.search(first, [&](Time t) { return t < start && is_before_gap(t, start, gap); }));
    }
    split.parts.push_back({first, last});
    split.dropped += ends[k] - last;
    first = ends[k];
  }
  split.unused = times.size() - first;
  return check_parts(std::move(split));
}

}  // namespace detail

/// Parts by fractions of the rows in the order they have. Fractions are positive and sum to at most 1; what they leave
/// over is at the end. Part ends are rounded to whole rows. O(parts).
template <class = void> [[nodiscard]] result<row_split> split_rows(std::size_t n, std::span<const double> fractions) {
  const result<std::vector<std::size_t>> ends = detail::fraction_ends(n, fractions);
  if (!ends) return ends.error();
  row_split split;
  std::size_t first = 0;
  for (const std::size_t last : *ends) split.parts.push_back({std::exchange(first, last), last});
  split.unused = n - first;
  return detail::check_parts(std::move(split));
}

/// Parts by fractions of the rows in the order of time. Rows of one instant stay together: a cut that falls among them
/// moves behind them, so each part starts at a strictly later instant than the one before ends. Rows in the gap before
/// the start of the next part are dropped. A time that runs backwards is an error that names the row, unless sorted.
/// O(n), or O(n log n) to sort.
template <time_like Time>
[[nodiscard]] result<row_split> split_rows_by_time(std::span<const Time> times, std::span<const double> fractions,
                                                   const time_split_options<Time>& options = {}) {
  result<std::vector<std::size_t>> order = detail::time_order(times, options);
  if (!order) return order.error();
  result<std::vector<std::size_t>> ends = detail::fraction_ends(times.size(), fractions);
  if (!ends) return ends.error();
  row_split split{.order = *std::move(order)};
  const detail::ordered_times<Time> ordered{times, split.order};
  std::vector<Time> starts;
  for (std::size_t k = 0; k < ends->size(); ++k) {
    std::size_t& end = (*ends)[k];
    if (end != 0 && end < times.size()) {
      const Time last = ordered[end - 1];
      end = ordered.search(end, [&](Time t) { return !(last < t); });
    }
    if (k + 1 < ends->size() && end < times.size()) starts.push_back(ordered[end]);
  }
  return detail::cut_with_gaps<Time>(std::move(split), ordered, *ends, starts, options.gap);
}

/// Parts at given times: part k is the rows with cuts[k - 1] <= t < cuts[k]; one part more than cuts. As for the gap
/// and the order, see `split_rows_by_time`. Cuts rise strictly.
template <time_like Time>
[[nodiscard]] result<row_split> split_rows_at_times(std::span<const Time> times, std::span<const Time> cuts,
                                                    const time_split_options<Time>& options = {}) {
  for (std::size_t k = 1; k < cuts.size(); ++k)
    if (!(cuts[k - 1] < cuts[k]))
      return error{errc::invalid_argument, "split: cut " + std::to_string(k + 1) + " is not later than the one before"};
  result<std::vector<std::size_t>> order = detail::time_order(times, options);
  if (!order) return order.error();
  row_split split{.order = *std::move(order)};
  const detail::ordered_times<Time> ordered{times, split.order};
  std::vector<std::size_t> ends;
  for (const Time cut : cuts) ends.push_back(ordered.search(0, [&](Time t) { return t < cut; }));
  ends.push_back(times.size());
  return detail::cut_with_gaps<Time>(std::move(split), ordered, ends, cuts, options.gap);
}

struct group_split_options {
  std::uint64_t seed = 0;
};

/// Parts by group, so that no group has rows in two parts: a group goes where the hash of its key and the seed falls in
/// the fractions, whatever else is in the table, and so it goes there again in tomorrow's table. Fractions are of
/// groups, in expectation. `groups[i]` is the key of row i, an integer or a text. Rows keep their order. O(n).
template <class Groups>
[[nodiscard]] result<row_split> split_rows_by_group(const Groups& groups, std::span<const double> fractions,
                                                    const group_split_options& options = {}) {
  constexpr std::uint64_t steps = std::uint64_t{1} << 53;  // a double counts so far
  const result<std::vector<std::size_t>> ends = detail::fraction_ends(steps, fractions);
  if (!ends) return ends.error();
  const std::size_t n = groups.size();
  std::vector<std::uint32_t> part(n);
  std::vector<std::size_t> sizes(ends->size() + 1);
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint64_t at = hash_key(groups[i], options.seed) >> 11;
    while (part[i] < ends->size() && at >= (*ends)[part[i]]) ++part[i];
    ++sizes[part[i]];
  }
  row_split split{.unused = sizes.back()};
  std::vector<std::size_t> next;
  std::size_t first = 0;
  for (std::size_t k = 0; k < ends->size(); first += sizes[k++]) {
    split.parts.push_back({first, first + sizes[k]});
    next.push_back(first);
  }
  split.order.resize(first);
  for (std::size_t i = 0; i < n; ++i)
    if (part[i] < next.size()) split.order[next[part[i]]++] = i;
  return detail::check_parts(std::move(split));
}

}  // namespace mlsd
