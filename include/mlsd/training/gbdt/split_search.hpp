#pragma once

#include "mlsd/core/fp.hpp"
#include "mlsd/stats/radix_sort.hpp"
#include "mlsd/training/gbdt/binned_matrix.hpp"
#include "mlsd/training/gbdt/histogram.hpp"
#include "mlsd/training/gbdt/split_gain.hpp"
#include "mlsd/training/gbdt/split_rules.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace mlsd::detail {

/// The best split of a leaf by one feature. `gain` <= 0: none.
struct split_candidate {
  double gain = 0, ridge = 0;
  std::uint32_t feature = 0;  // of the binned matrix
  std::uint32_t column = 0;   // of the rows
  /// Numbers: bins up to this one go left. One category: this bin goes left. Subsets: how many of the sorted ones do.
  std::uint32_t bin = 0;
  bool special_left = false;
  bool from_end = false;  // subsets: counted from the end of the order
  slope_sum left{};

  /// Ties go to the first column, so that the choice does not depend on who looked first, nor on who shares a byte.
  [[nodiscard]] bool beats(const split_candidate& other) const noexcept {
    return gain > other.gain || (gain == other.gain && gain > 0 && column < other.column);
  }
};

/// Tries every split of a leaf by one feature. O(bins), for subsets of categories O(bins log bins).
template <class = void> class split_search {
 public:
  /// `says` is what the leaf says now, `limits` what its children may.
  split_search(const split_rules& rules, const slope_scale& scale, const slope_sum& total, double says = 0,
               const leaf_limits& limits = {}) noexcept
      : rules_(rules),
        scale_(scale),
        total_(total),
        limits_{says, limits.lower, limits.upper},
        parent_(rules.is_free() ? rules.score(scale.gradient(total), scale.hessian(total), rules.l2)
                                : rules.score_of(side(total), rules.l2, says)),
        least_gain_((std::max)(rules.min_gain, rounding * std::fabs(parent_))),
        terms_{side(total), {}, parent_, rules.l1, rules.l2, rules.min_hessian} {}

  /// `rising` of a number: 1 if the model may only rise with it, -1 if only fall, 0 if both.
  [[nodiscard]] split_candidate operator()(const binned_matrix::feature& f, std::uint32_t index,
                                           const slope_sum* histogram, int rising = 0) {
    best_ = {};
    best_.feature = index;
    best_.column = f.column;
    rising_ = rising;
    if (!f.is_code) {
      search_number(f, histogram);
    } else if (one_by_one(f)) {
      search_one_category(f, histogram);
    } else {
      search_categories(f, histogram);
    }
    return best_;
  }

  /// Which bins a candidate sends left: [f.ordinary + 1], the last for the special bin.
  void left_bins(const binned_matrix::feature& f, const split_candidate& c, const slope_sum* histogram,
                 std::vector<std::uint8_t>& left) {
    left.assign(f.ordinary + std::size_t{1}, 0);
    if (!f.is_code) {
      std::fill_n(left.begin(), c.bin + 1, std::uint8_t{1});
      left[f.ordinary] = c.special_left ? 1 : 0;
    } else if (one_by_one(f)) {
      left[c.bin] = 1;
    } else {
      sort_categories(f, histogram);
      for (std::size_t i = 0; i < c.bin; ++i) left[ordered_bin(i, c.from_end)] = 1;
    }
  }

  /// The categories at either end of the order of smoothed mean gradients, `max_categories` or half of them, sorted;
  /// those between stay unsorted. Categories of too few rows are left out. Means are compared as floats, ties by bin.
  void sort_categories(const binned_matrix::feature& f, const slope_sum* histogram) {
    order_.clear();
    for (std::uint32_t k = 0; k < f.ordinary; ++k) {
      const std::uint64_t count = scale_.count(histogram[k]);
      if (count == 0 || static_cast<double>(count) < rules_.category_smoothing) continue;
      const double mean = scale_.gradient(histogram[k]) / (scale_.hessian(histogram[k]) + rules_.category_smoothing);
      order_.push_back(std::uint64_t{ordered_key(static_cast<float>(mean))} << 32 | k);
    }
    const auto from = order_.begin(), to = order_.end();
    const auto ends = static_cast<std::ptrdiff_t>(most_on_left());
    if (order_.size() > 4 * most_on_left()) {
      std::nth_element(from, from + ends, to);
      std::nth_element(from + ends, to - ends, to);
      std::sort(from, from + ends);
      std::sort(to - ends, to);
    } else {
      std::sort(from, to);
    }
  }
  [[nodiscard]] std::size_t most_on_left() const noexcept {
    return (std::min)(std::size_t{rules_.max_categories}, (order_.size() + 1) / 2);
  }
  /// The bin at place i of the order, counted from either end.
  [[nodiscard]] std::uint32_t ordered_bin(std::size_t i, bool from_end) const noexcept {
    return static_cast<std::uint32_t>(order_[from_end ? order_.size() - 1 - i : i]);
  }

  /// Calls `use(n, left)` for the prefixes of n categories of the order, from either end, that may go left, and with
  /// what they add up to.
  template <class Use> void for_each_prefix(const slope_sum* histogram, bool from_end, Use&& use) const {
    slope_sum left{};
    std::uint64_t group = 0;
    for (std::size_t i = 0; i < most_on_left(); ++i) {
      const slope_sum& h = histogram[ordered_bin(i, from_end)];
      left = left + h;
      group += scale_.count(h);
      if (scale_.count(total_) - scale_.count(left) < rules_.min_rows_in_category) break;
      if (group < rules_.min_rows_in_category) continue;
      if (scale_.hessian(left) < rules_.least_hessian(terms_.total)) continue;
      group = 0;
      use(i + 1, left);
    }
  }

 private:
  [[nodiscard]] split_side side(const slope_sum& s) const noexcept {
    return {scale_.gradient(s), scale_.hessian(s), static_cast<double>(scale_.count(s))};
  }

  /// Keeps the split if both sides have enough rows, however counted, and it is better than what is known.
  [[nodiscard]] bool offer(const slope_sum& left, double ridge) noexcept {
    const split_side l = side(left);
    const double least = rules_.least_hessian(terms_.total), rh = terms_.total.hessian - l.hessian;
    const double fewest = rules_.least_rows(terms_.total);
    if (l.rows < fewest || terms_.total.rows - l.rows < fewest || l.hessian < least || rh < least) return false;
    if (!take(rules_.is_free() ? free_gain(l, ridge) : limited_gain(l, ridge), ridge)) return false;
    best_.left = left;
    return true;
  }
  [[nodiscard]] double free_gain(const split_side& left, double ridge) const noexcept {
    const double rg = terms_.total.gradient - left.gradient, rh = terms_.total.hessian - left.hessian;
    return rules_.score(left.gradient, left.hessian, ridge) + rules_.score(rg, rh, ridge) - parent_;
  }

  /// Bounds between bins that have rows, with rows on both sides: NaN to the right of all, then to the left.
  void search_number(const binned_matrix::feature& f, const slope_sum* histogram) noexcept {
    split_terms terms = terms_;
    slope_sum missing{};
    if (f.has_special) missing = histogram[f.ordinary];
    const std::size_t n = add_up(f.ordinary, histogram);
    if (n == 0) return;
    const bool some_missing = scale_.count(missing) != 0;
    // Rows that are counted nowhere, of NaN or by rounding, are on the side that NaN is on; without NaN, on the left.
    const std::int64_t uncounted = static_cast<std::int64_t>(scale_.count(total_)) - rows_[n - 1];
    std::size_t bound = best_bound(terms, some_missing ? 0 : uncounted, some_missing ? n : n - 1);
    if (some_missing) {
      terms.also_left = side(missing);
      const std::size_t left = best_bound(terms, uncounted, n - 1);
      if (left != none) bound = left, best_.special_left = true;
    }
    if (bound == none) return;
    best_.left = slope_sum{sums_[bound]};
    if (best_.special_left) best_.left = best_.left + missing;
    // Every number against NaN: a bound that no number exceeds.
    best_.bin = bound + 1 == n && !best_.special_left ? f.ordinary - 1 : bins_[bound];
    if (!some_missing) best_.special_left = scale_.count(best_.left) * 2 > scale_.count(total_);
  }
  /// Running sums over the bins that have rows; returns how many there are.
  MLSD_UNCONTRACTED std::size_t add_up(std::size_t bins, const slope_sum* histogram) noexcept {
    MLSD_CONTRACT_OFF
    const bool is_flat = !(terms_.total.hessian > 0);  // then rows are counted
    const double rows_per_hessian = is_flat ? 0 : terms_.total.rows / terms_.total.hessian;
    slope_sum sum{};
    std::size_t n = 0;
    std::int64_t rows = 0;
    for (std::size_t k = 0; k < bins; ++k) {
      sum = sum + histogram[k];
      const split_side s = side(sum);
      gradient_[n] = s.gradient, hessian_[n] = s.hessian;
      rows += is_flat ? static_cast<std::int64_t>(scale_.count(histogram[k]))
                      : static_cast<std::int64_t>(scale_.hessian(histogram[k]) * rows_per_hessian + 0.5);
      rows_[n] = rows;
      sums_[n] = sum.v;
      bins_[n] = static_cast<std::uint8_t>(k);
      n += scale_.count(histogram[k]) != 0 ? std::size_t{1} : std::size_t{0};
    }
    std::fill_n(gradient_ + n, split_gains::tile, 0.0);
    std::fill_n(hessian_ + n, split_gains::tile, 0.0);
    return n;
  }
  /// The best of the first n bounds, the first of equals, if it is better than what is known and leaves both sides
  /// enough rows; else none. `also_left` rows go left beside those that are counted.
  std::size_t best_bound(const split_terms& terms, std::int64_t also_left, std::size_t n) noexcept {
    std::size_t first = 0;
    if (rules_.min_rows_in_leaf > 1) {  // what is left only grows
      const std::int64_t fewest = static_cast<std::int64_t>(rules_.min_rows_in_leaf) - also_left;
      const std::int64_t most = static_cast<std::int64_t>(scale_.count(total_) - rules_.min_rows_in_leaf) - also_left;
      first = static_cast<std::size_t>(std::lower_bound(rows_, rows_ + n, fewest) - rows_);
      n = static_cast<std::size_t>(std::upper_bound(rows_ + first, rows_ + n, most) - rows_);
      const double rest = terms.total.rows - terms.also_left.rows, least = rules_.least_rows(terms.total);
      while (first < n && rows_up_to(first) + terms.also_left.rows < least) ++first;
      while (first < n && rest - rows_up_to(n - 1) < least) --n;
    }
    if (!rules_.is_free()) return best_limited_bound(terms.also_left, first, n);
    std::size_t best = none;
    double least = (std::max)(best_.gain, least_gain_);
    for (; first < n; first += split_gains::tile) {
      double gain[split_gains::tile];
      split_gains::fill(terms, gradient_ + first, hessian_ + first, gain);
      for (std::size_t i = 0; i < (std::min)(split_gains::tile, n - first); ++i)
        if (gain[i] > least) least = best_.gain = gain[i], best = first + i;
    }
    if (best != none) best_.ridge = rules_.l2;
    return best;
  }

  [[nodiscard]] double rows_up_to(std::size_t bound) const noexcept {
    return static_cast<double>(scale_.count(slope_sum{sums_[bound]}));
  }
  std::size_t best_limited_bound(const split_side& also_left, std::size_t first, std::size_t n) noexcept {
    std::size_t best = none;
    for (std::size_t i = first; i < n; ++i) {
      const split_side left{gradient_[i] + also_left.gradient, hessian_[i] + also_left.hessian,
                            static_cast<double>(scale_.count(slope_sum{sums_[i]})) + also_left.rows};
      if (take(limited_gain(left, rules_.l2), rules_.l2)) best = i;
    }
    return best;
  }
  /// The gain when both sides may only say what their limits allow; 0 if a side is too small or the order is wrong.
  MLSD_UNCONTRACTED [[nodiscard]] double limited_gain(const split_side& left, double ridge) const noexcept {
    MLSD_CONTRACT_OFF
    const split_side& all = terms_.total;
    const split_side right{all.gradient - left.gradient, all.hessian - left.hessian, all.rows - left.rows};
    if (left.hessian < terms_.min_hessian || right.hessian < terms_.min_hessian) return 0;
    const double l = rules_.value(left, ridge, limits_), r = rules_.value(right, ridge, limits_);
    if ((rising_ > 0 && l > r) || (rising_ < 0 && l < r)) return 0;
    return rules_.score_of(left, ridge, l) + rules_.score_of(right, ridge, r) - parent_;
  }
  [[nodiscard]] bool take(double gain, double ridge) noexcept {
    if (!(gain > best_.gain) || !(gain > least_gain_)) return false;
    best_.gain = gain;
    best_.ridge = ridge;
    return true;
  }

  [[nodiscard]] bool one_by_one(const binned_matrix::feature& f) const noexcept {
    return f.ordinary <= rules_.one_hot_categories;
  }
  void search_one_category(const binned_matrix::feature& f, const slope_sum* histogram) noexcept {
    for (std::uint32_t k = 0; k < f.ordinary; ++k)
      if (offer(histogram[k], rules_.l2)) best_.bin = k;
  }

  /// A prefix of the order, from either end, goes left: the best two groups are always such a prefix (Fisher 1958).
  /// Categories that were left out, rare and unknown ones stay right.
  void search_categories(const binned_matrix::feature& f, const slope_sum* histogram) {
    sort_categories(f, histogram);
    const double ridge = rules_.l2 + rules_.category_l2;
    for (const bool from_end : {false, true})
      for_each_prefix(histogram, from_end, [&](std::size_t n, const slope_sum& left) {
        if (offer(left, ridge)) best_.bin = static_cast<std::uint32_t>(n), best_.from_end = from_end;
      });
  }

  static constexpr std::size_t none = ~std::size_t{0};
  /// A gain of less than this share of the leaf's score may be rounding.
  static constexpr double rounding = 1e-12;
  const split_rules& rules_;
  const slope_scale& scale_;
  slope_sum total_;
  leaf_limits limits_;
  double parent_, least_gain_;
  split_terms terms_;
  int rising_ = 0;
  split_candidate best_{};
  // Of a number's bins that have rows: sums up to each.
  static constexpr std::size_t most_bins = 256;
  double gradient_[most_bins + split_gains::tile], hessian_[most_bins + split_gains::tile];
  std::int64_t rows_[most_bins];  // by their share of the leaf's hessian, each bin's to the nearest
  slope_sum::lanes sums_[most_bins];
  std::uint8_t bins_[most_bins];
  std::vector<std::uint64_t> order_;  // mean gradient above, bin below
};

}  // namespace mlsd::detail
