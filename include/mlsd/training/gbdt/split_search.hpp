#pragma once

#include "mlsd/training/gbdt/binned_matrix.hpp"
#include "mlsd/training/gbdt/histogram.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace mlsd::detail {

/// What a split must satisfy; the fields of the trainer of the same names.
struct split_rules {
  double l1 = 0, l2 = 0, min_gain = 0, min_hessian = 0;
  std::uint64_t min_rows_in_leaf = 1;
  double category_smoothing = 0, category_l2 = 0;
  std::uint32_t max_categories = 32, one_hot_categories = 4, min_rows_in_category = 1;

  /// The gradient after l1 has shrunk it towards 0.
  [[nodiscard]] double shrunk(double gradient) const noexcept {
    if (l1 == 0) return gradient;
    return std::copysign((std::max)(0.0, std::fabs(gradient) - l1), gradient);
  }
  /// Twice what the best constant takes off the loss: shrunk(G)^2 / (H + ridge).
  [[nodiscard]] double score(double gradient, double hessian, double ridge) const noexcept {
    const double g = shrunk(gradient);
    const double denominator = hessian + ridge;
    return denominator > 0 ? g * g / denominator : 0.0;
  }
  /// The best constant.
  [[nodiscard]] double value(double gradient, double hessian, double ridge) const noexcept {
    const double denominator = hessian + ridge;
    return denominator > 0 ? -shrunk(gradient) / denominator : 0.0;
  }
};

/// The best split of a leaf by one feature. `gain` <= 0: none.
struct split_candidate {
  double gain = 0, ridge = 0;
  std::uint32_t feature = 0;  // of the binned matrix
  /// Numbers: bins up to this one go left. One category: this bin goes left. Subsets: how many of the sorted ones do.
  std::uint32_t bin = 0;
  bool special_left = false;
  bool from_end = false;  // subsets: counted from the end of the order
  slope_sum left{};

  /// Ties keep the earlier one, so that the choice does not depend on who looked first.
  [[nodiscard]] bool beats(const split_candidate& other) const noexcept {
    return gain > other.gain || (gain == other.gain && gain > 0 && feature < other.feature);
  }
};

/// Tries every split of a leaf by one feature. O(bins), for subsets of categories O(bins log bins).
template <class = void> class split_search {
 public:
  split_search(const split_rules& rules, const slope_scale& scale, const slope_sum& total) noexcept
      : rules_(rules),
        scale_(scale),
        total_(total),
        parent_(rules.score(scale.gradient(total), scale.hessian(total), rules.l2)) {}

  [[nodiscard]] split_candidate operator()(const binned_matrix::feature& f, std::uint32_t index,
                                           const slope_sum* histogram) {
    best_ = {};
    best_.feature = index;
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
      for (std::size_t i = 0; i < c.bin; ++i) left[order_[c.from_end ? order_.size() - 1 - i : i].bin] = 1;
    }
  }

 private:
  /// Keeps the split if both sides are allowed and it is better than what is known.
  [[nodiscard]] bool offer(const slope_sum& left, double ridge) noexcept {
    const slope_sum right = total_ - left;
    if (scale_.count(left) < rules_.min_rows_in_leaf || scale_.count(right) < rules_.min_rows_in_leaf) return false;
    const double lh = scale_.hessian(left), rh = scale_.hessian(right);
    if (lh < rules_.min_hessian || rh < rules_.min_hessian) return false;
    const double gain =
        rules_.score(scale_.gradient(left), lh, ridge) + rules_.score(scale_.gradient(right), rh, ridge) - parent_;
    if (!(gain > best_.gain) || !(gain > rules_.min_gain)) return false;
    best_.gain = gain;
    best_.left = left;
    best_.ridge = ridge;
    return true;
  }

  void search_number(const binned_matrix::feature& f, const slope_sum* histogram) noexcept {
    const slope_sum missing = f.has_special ? histogram[f.ordinary] : slope_sum{};
    const bool some_missing = scale_.count(missing) != 0;
    slope_sum left{};
    std::uint64_t seen = 0;
    const std::uint64_t numbers = scale_.count(total_) - scale_.count(missing);
    bool found = false;
    for (std::uint32_t k = 0; k < f.ordinary; ++k) {
      const std::uint64_t here = scale_.count(histogram[k]);
      if (here == 0) continue;  // the same split as before
      left = left + histogram[k];
      seen += here;
      if (seen == numbers && !some_missing) break;
      if (offer(left, rules_.l2)) best_.bin = k, best_.special_left = false, found = true;
      if (seen == numbers) {  // every number against NaN: a bound that no number exceeds
        if (found && best_.bin == k) best_.bin = f.ordinary - 1;
        break;
      }
      if (some_missing && offer(left + missing, rules_.l2)) best_.bin = k, best_.special_left = true, found = true;
    }
    if (found && !some_missing) best_.special_left = scale_.count(best_.left) * 2 > scale_.count(total_);
  }

  [[nodiscard]] bool one_by_one(const binned_matrix::feature& f) const noexcept {
    return f.ordinary <= rules_.one_hot_categories;
  }
  void search_one_category(const binned_matrix::feature& f, const slope_sum* histogram) noexcept {
    for (std::uint32_t k = 0; k < f.ordinary; ++k)
      if (offer(histogram[k], rules_.l2)) best_.bin = k;
  }

  /// Categories in the order of their smoothed mean gradient; those of too few rows are left out.
  void sort_categories(const binned_matrix::feature& f, const slope_sum* histogram) {
    order_.clear();
    for (std::uint32_t k = 0; k < f.ordinary; ++k) {
      const std::uint64_t count = scale_.count(histogram[k]);
      if (count == 0 || static_cast<double>(count) < rules_.category_smoothing) continue;
      order_.push_back({scale_.gradient(histogram[k]) / (scale_.hessian(histogram[k]) + rules_.category_smoothing), k});
    }
    std::sort(order_.begin(), order_.end(), [](const ranked& a, const ranked& b) {
      return a.mean < b.mean || (!(b.mean < a.mean) && a.bin < b.bin);
    });
  }

  /// A prefix of the order, from either end, goes left: the best two groups are always such a prefix (Fisher 1958).
  /// Categories that were left out, rare and unknown ones stay right.
  void search_categories(const binned_matrix::feature& f, const slope_sum* histogram) {
    sort_categories(f, histogram);
    const std::size_t n = order_.size();
    const double ridge = rules_.l2 + rules_.category_l2;
    const std::size_t most = (std::min)(std::size_t{rules_.max_categories}, (n + 1) / 2);
    for (const bool from_end : {false, true}) {
      slope_sum left{};
      std::uint64_t group = 0;
      for (std::size_t i = 0; i < most; ++i) {
        const slope_sum& h = histogram[order_[from_end ? n - 1 - i : i].bin];
        left = left + h;
        group += scale_.count(h);
        if (scale_.count(total_) - scale_.count(left) < rules_.min_rows_in_category) break;
        if (group < rules_.min_rows_in_category) continue;
        if (scale_.count(left) < rules_.min_rows_in_leaf || scale_.hessian(left) < rules_.min_hessian) continue;
        group = 0;
        if (offer(left, ridge)) best_.bin = static_cast<std::uint32_t>(i + 1), best_.from_end = from_end;
      }
    }
  }

  struct ranked {
    double mean;
    std::uint32_t bin;
  };

  const split_rules& rules_;
  const slope_scale& scale_;
  slope_sum total_;
  double parent_;
  split_candidate best_{};
  std::vector<ranked> order_;
};

}  // namespace mlsd::detail
