#pragma once

#include "mlsd/training/gbdt/binned_matrix.hpp"
#include "mlsd/training/gbdt/histogram.hpp"
#include "mlsd/training/gbdt/split_gain.hpp"
#include "mlsd/training/gbdt/split_rules.hpp"
#include "mlsd/training/gbdt/split_search.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace mlsd::detail {

/// A node of a level: the sum of its rows' slopes and its histogram of all features.
struct level_node {
  slope_sum total{};
  const slope_sum* histogram = nullptr;
};

/// The best split of all nodes of a level at once: that of the largest sum of the nodes' gains, where a node with a
/// side that is too small gains nothing. Missing numbers of all nodes go the same way. Categories are split off one by
/// one, or move by the order of their smoothed mean gradients over the whole level. O(nodes x bins) a feature.
template <class = void> class level_search {
 public:
  level_search(const split_rules& rules, const slope_scale& scale, std::span<const level_node> nodes)
      : rules_(rules), scale_(scale), nodes_(nodes) {
    for (const level_node& n : nodes) {
      const split_side all = side(n.total);
      const double score = rules.score(all.gradient, all.hessian, rules.l2);
      terms_.push_back({all, {}, score, rules.l1, rules.l2, rules.least_hessian(all)});
      least_gain_ += rounding * score;
      total_ = total_ + n.total;
    }
    least_gain_ = (std::max)(least_gain_, rules.min_gain);
  }

  [[nodiscard]] split_candidate operator()(const binned_matrix::feature& f, std::uint32_t index) {
    best_ = {};
    best_.feature = index;
    best_.column = f.column;
    if (!f.is_code) {
      search_number(f);
    } else if (f.ordinary <= rules_.one_hot_categories) {
      search_one_category(f);
    } else {
      search_categories(f);
    }
    return best_;
  }

  /// Which bins a candidate sends left, in all nodes alike: [f.ordinary + 1], the last for the special bin. Decides
  /// what the candidate leaves open: the bound above all numbers, the side of NaN that no row has.
  void left_bins(const binned_matrix::feature& f, split_candidate& c, std::vector<std::uint8_t>& left) {
    add_histograms(f);
    if (!f.is_code) complete(f, c);
    split_search<>(rules_, scale_, total_).left_bins(f, c, level_.data(), left);
  }

 private:
  /// A gain of less than this share of the nodes' scores may be rounding.
  static constexpr double rounding = 1e-12;

  [[nodiscard]] split_side side(const slope_sum& s) const noexcept {
    return {scale_.gradient(s), scale_.hessian(s), static_cast<double>(scale_.count(s))};
  }
  /// The feature's histogram of all nodes together.
  void add_histograms(const binned_matrix::feature& f) {
    level_.assign(f.ordinary + std::size_t{1}, slope_sum{});
    for (const level_node& n : nodes_)
      for (std::size_t k = 0; k < f.bins(); ++k) level_[k] = level_[k] + n.histogram[f.first_bin + k];
  }

  /// gains[i] += the gain of a node by the split whose left side, but for what is `also_left`, is `left(i)`.
  template <class Left> void add_gains(const split_terms& terms, std::span<double> gains, Left&& left) const noexcept {
    const double fewest = rules_.least_rows(terms.total);
    for (std::size_t first = 0; first < gains.size(); first += split_gains::tile) {
      double gradient[split_gains::tile], hessian[split_gains::tile], gain[split_gains::tile];
      bool are_enough[split_gains::tile];
      const std::size_t n = (std::min)(split_gains::tile, gains.size() - first);
      for (std::size_t i = 0; i < n; ++i) {
        const split_side s = side(left(first + i));
        const double rows = s.rows + terms.also_left.rows;
        gradient[i] = s.gradient, hessian[i] = s.hessian;
        are_enough[i] = rows >= fewest && terms.total.rows - rows >= fewest;
      }
      for (std::size_t i = n; i < split_gains::tile; ++i) gradient[i] = hessian[i] = 0;
      split_gains::fill(terms, gradient, hessian, gain);
      for (std::size_t i = 0; i < n; ++i) gains[first + i] += are_enough[i] ? gain[i] : 0.0;
    }
  }
  [[nodiscard]] bool take(double gain, double ridge) noexcept {
    if (!(gain > best_.gain) || !(gain > least_gain_)) return false;
    best_.gain = gain;
    best_.ridge = ridge;
    return true;
  }

  /// Missing numbers to the right of all, then to the left.
  void search_number(const binned_matrix::feature& f) {
    for (const bool missing_left : {false, true}) {
      if (missing_left && !some_missing(f)) break;
      gains_.assign(f.ordinary, 0);
      for (std::size_t i = 0; i < nodes_.size(); ++i) {
        const slope_sum* const histogram = nodes_[i].histogram + f.first_bin;
        split_terms terms = terms_[i];
        if (missing_left) terms.also_left = side(histogram[f.ordinary]);
        slope_sum sum;
        add_gains(terms, gains_, [&](std::size_t k) { return sum = sum + histogram[k]; });
      }
      for (std::uint32_t k = 0; k < f.ordinary; ++k)
        if (take(gains_[k], rules_.l2)) best_.bin = k, best_.special_left = missing_left;
    }
  }
  [[nodiscard]] bool some_missing(const binned_matrix::feature& f) const noexcept {
    return f.has_special && std::any_of(nodes_.begin(), nodes_.end(), [&](const level_node& n) {
             return scale_.count(n.histogram[f.first_bin + f.ordinary]) != 0;
           });
  }
  /// Every number against NaN: a bound that no number exceeds. Where no row is missing, NaN goes with most rows.
  void complete(const binned_matrix::feature& f, split_candidate& c) const noexcept {
    slope_sum left, right;
    for (std::size_t k = 0; k < f.ordinary; ++k) (k <= c.bin ? left : right) = (k <= c.bin ? left : right) + level_[k];
    if (scale_.count(right) == 0 && !c.special_left) c.bin = f.ordinary - 1;
    if (!some_missing(f)) c.special_left = scale_.count(left) > scale_.count(right);
  }

  void search_one_category(const binned_matrix::feature& f) {
    gains_.assign(f.ordinary, 0);
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      const slope_sum* const histogram = nodes_[i].histogram + f.first_bin;
      add_gains(terms_[i], gains_, [&](std::size_t k) { return histogram[k]; });
    }
    for (std::uint32_t k = 0; k < f.ordinary; ++k)
      if (take(gains_[k], rules_.l2)) best_.bin = k;
  }

  /// A prefix of the order, from either end, goes left.
  void search_categories(const binned_matrix::feature& f) {
    add_histograms(f);
    split_search<> order(rules_, scale_, total_);
    order.sort_categories(f, level_.data());
    const double ridge = rules_.l2 + rules_.category_l2;
    for (const bool from_end : {false, true}) {
      gains_.assign(order.most_on_left(), 0);
      for (std::size_t i = 0; i < nodes_.size(); ++i) {
        const slope_sum* const histogram = nodes_[i].histogram + f.first_bin;
        split_terms terms = terms_[i];
        terms.l2 = ridge;
        slope_sum sum;
        add_gains(terms, gains_, [&](std::size_t k) { return sum = sum + histogram[order.ordered_bin(k, from_end)]; });
      }
      order.for_each_prefix(level_.data(), from_end, [&](std::size_t n, const slope_sum&) {
        if (take(gains_[n - 1], ridge)) best_.bin = static_cast<std::uint32_t>(n), best_.from_end = from_end;
      });
    }
  }

  const split_rules& rules_;
  const slope_scale& scale_;
  std::span<const level_node> nodes_;
  std::vector<split_terms> terms_;  // by node
  slope_sum total_{};
  double least_gain_ = 0;
  split_candidate best_{};
  std::vector<slope_sum> level_;  // the feature's histogram of all nodes together
  std::vector<double> gains_;     // by split
};

}  // namespace mlsd::detail
