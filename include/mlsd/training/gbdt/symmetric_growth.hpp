#pragma once

#include "mlsd/core/executor.hpp"
#include "mlsd/training/gbdt/binned_matrix.hpp"
#include "mlsd/training/gbdt/histogram.hpp"
#include "mlsd/training/gbdt/level_search.hpp"
#include "mlsd/training/gbdt/split_rules.hpp"
#include "mlsd/training/gbdt/split_search.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace mlsd::detail {

/// Grows a tree whose nodes of one level all split alike, with the parts of a `tree_grower`: from its root, until the
/// depth is reached or no split gains anything. Every level but the last keeps a histogram for each node that has rows.
/// A leaf that is too small, or empty, says what the node above it says.
/// Source: Prokhorenkova et al., CatBoost: unbiased boosting with categorical features (2018).
template <class Grower> class symmetric_growth {
 public:
  static constexpr std::uint32_t usual_depth = 6;

  explicit symmetric_growth(Grower& grower) : g_(grower) {}

  template <executor Ex> void operator()(Ex& ex) {
    const std::uint32_t depth = g_.rules_.max_depth == 0 ? usual_depth : g_.rules_.max_depth;
    if (!g_.can_split(g_.leaves_[0])) return;
    g_.fill_root({}, ex);
    for (std::uint32_t level = 1; level <= depth; ++level) {
      const split_candidate best = search(ex);
      if (!(best.gain > 0)) return;
      const std::size_t nodes = g_.leaves_.size();
      for (std::size_t i = 0; i < nodes; ++i) split(i, best, level == depth, ex);
    }
  }

 private:
  using node = typename Grower::node;

  /// The best split of the level; `left_` says which bins it sends left.
  template <executor Ex> [[nodiscard]] split_candidate search(Ex& ex) {
    std::vector<level_node> nodes;
    for (const node& n : g_.leaves_)
      if (n.rows() != 0) nodes.push_back({n.total, g_.histograms_[n.histogram]});
    std::vector<split_candidate> found(g_.x_.blocks().size());
    g_.histograms_.for_each_block(g_.rows_.size(), ex, [&](std::size_t b) {
      level_search<> find(g_.rules_.split, *g_.scale_, nodes);
      g_.histograms_.for_each_feature(b, [&](std::size_t i) {
        if (g_.allowed_[i] == 0 || (g_.groups_[i] & g_.leaves_[0].groups) == 0) return;
        const split_candidate c = find(g_.x_.features()[i], static_cast<std::uint32_t>(i));
        if (c.beats(found[b])) found[b] = c;
      });
    });
    split_candidate best;
    for (const split_candidate& c : found)
      if (c.beats(best)) best = c;
    if (best.gain > 0)
      level_search<>(g_.rules_.split, *g_.scale_, nodes).left_bins(g_.x_.features()[best.feature], best, left_);
    return best;
  }

  template <executor Ex> void split(std::size_t index, split_candidate best, bool is_last, Ex& ex) {
    node& parent_at = g_.leaves_[index];
    best.left = parent_at.rows() == 0 ? slope_sum{} : sum_left(parent_at, best);
    best.gain = gain(parent_at.total, best);
    parent_at.best = best;
    const node parent = parent_at;
    g_.left_ = left_;
    const auto [small, large] = g_.branch(index);
    for (node* child : {small, large})
      if (is_small(*child, parent)) g_.say(*child, parent.says);
    large->histogram = parent.histogram;  // all of it, if there is no row on the other side
    if (parent.rows() == 0) return;
    const bool needs_histogram = !is_last && small->rows() != 0;
    g_.partition(parent, needs_histogram ? small : nullptr, ex);
    if (needs_histogram) g_.fill_children(*small, *large, parent.histogram, {}, ex);
  }
  [[nodiscard]] slope_sum sum_left(const node& n, const split_candidate& best) const noexcept {
    const binned_matrix::feature& f = g_.x_.features()[best.feature];
    const slope_sum* const histogram = g_.histograms_[n.histogram] + f.first_bin;
    slope_sum sum;
    for (std::size_t k = 0; k < f.bins(); ++k)
      if (left_[k] != 0) sum = sum + histogram[k];
    return sum;
  }
  [[nodiscard]] bool is_small(const node& n, const node& parent) const noexcept {
    const split_rules& rules = g_.rules_.split;
    const split_side all = g_.side(parent.total), side = g_.side(n.total);
    return side.rows < rules.least_rows(all) || side.hessian < rules.least_hessian(all);
  }
  /// What the level's split takes off the loss of one node.
  [[nodiscard]] double gain(const slope_sum& total, const split_candidate& best) const noexcept {
    const split_rules& rules = g_.rules_.split;
    const split_side all = g_.side(total), left = g_.side(best.left), right = g_.side(total - best.left);
    const double fewest = rules.least_rows(all);
    if (left.rows < fewest || right.rows < fewest) return 0;
    if (left.hessian < rules.least_hessian(all) || right.hessian < rules.least_hessian(all)) return 0;
    return rules.score(left.gradient, left.hessian, best.ridge) +
           rules.score(right.gradient, right.hessian, best.ridge) - rules.score(all.gradient, all.hessian, rules.l2);
  }

  Grower& g_;
  std::vector<std::uint8_t> left_;  // by bin of the feature that splits the level
};

}  // namespace mlsd::detail
