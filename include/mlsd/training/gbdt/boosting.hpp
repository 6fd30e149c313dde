#pragma once

#include "mlsd/core/executor.hpp"
#include "mlsd/core/hash.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/data/groups.hpp"
#include "mlsd/data/training_rows.hpp"
#include "mlsd/scoring/gbdt/model.hpp"
#include "mlsd/training/gbdt/binned_matrix.hpp"
#include "mlsd/training/gbdt/boosting_rules.hpp"
#include "mlsd/training/gbdt/early_stopping.hpp"
#include "mlsd/training/gbdt/fixed_slopes.hpp"
#include "mlsd/training/gbdt/histogram.hpp"
#include "mlsd/training/gbdt/leaf_values.hpp"
#include "mlsd/training/gbdt/linear_leaves.hpp"
#include "mlsd/training/gbdt/output_margins.hpp"
#include "mlsd/training/gbdt/sampling.hpp"
#include "mlsd/training/gbdt/slope_tile.hpp"
#include "mlsd/training/gbdt/tree_grower.hpp"
#include "mlsd/training/loss/group_loss.hpp"
#include "mlsd/training/loss/loss_function.hpp"
#include "mlsd/training/loss/weighted_quantile.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace mlsd::detail {

/// The loop of gradient boosting: slopes of the loss at the current margins, a tree that follows them, new margins.
template <class Loss, class Metric> class boosting {
 public:
  /// Groups are there where `Loss` or `Metric` reads them.
  boosting(const boosting_rules& rules, const Loss& loss, const training_rows& data, const row_groups& groups,
           const early_stopping& stop, const row_groups& validation_groups)
      : rules_(rules),
        loss_(loss),
        data_(data),
        groups_(groups),
        stop_(stop),
        validation_groups_(validation_groups),
        margins_(data, stop.validation, rules.averaged) {}

  /// A description without trees, from which `operator()` starts where no other model is to go on.
  [[nodiscard]] gbdt_description nothing() const {
    gbdt_description model;
    model.number_columns = static_cast<std::uint32_t>(data_.x().number_columns());
    model.code_columns = static_cast<std::uint32_t>(data_.x().code_columns());
    model.output = Loss::output;
    if constexpr (loss_function<Loss>) model.base = {loss_.initial(data_.label(), data_.weight())};
    return model;
  }

  template <executor Ex>
  [[nodiscard]] result<gbdt_model> operator()(gbdt_description model, const binned_matrix& x,
                                              const iteration_callback& on_iteration, Ex& ex) {
    const std::size_t before = model.trees.size();
    start(model, ex);
    tree_grower grower(x, rules_.growth);
    linear_leaves lines(rules_.linear_leaves ? data_.x().columns() : mixed_columns{}, data_.weight(), rules_.linear_l2,
                        ex);
    best_so_far<Metric> best(stop_, before);
    if (stop_.validation && before != 0) best.update(before, validate());
    of_ = static_cast<std::uint32_t>(before) + rules_.trees;
    for (auto t = static_cast<std::uint32_t>(before); t < of_; ++t) {
      const std::vector<std::size_t> dropped = draw_dropped(rules_.sampling, t, model.trees.size() - before);
      for (const std::size_t d : dropped) margins_.add(model.trees[before + d], -1, ex);
      slope_scale scale;
      if (auto ok = compute_slopes(t, scale, ex); !ok) return ok.error();
      draw_features(rules_.sampling, t, x.features(), allowed_);
      if (rules_.linear_leaves) lines.see(rows_, slopes_);
      gbdt_tree tree = grower.grow(rows_, slopes_, scale, allowed_, ex);
      const bool grown = !tree.splits.empty();
      if (grown) {
        if constexpr (residual_loss<Loss>) {
          renew_leaves(tree, grower, ex);
        } else if (rules_.linear_leaves) {
          lines.fit(tree, scale, rules_.growth.split, rules_.growth.learning_rate, rows_by_leaf(grower, rows_), ex);
        }
        scale_leaves(tree, 1 / static_cast<double>(dropped.size() + 1));
        margins_.advance(tree, grower, rows_, ex);
      }
      for (const std::size_t d : dropped) {
        const auto k = static_cast<double>(dropped.size());
        if (grown) scale_leaves(model.trees[before + d], k / (k + 1));
        margins_.add(model.trees[before + d], 1, ex);
      }
      if (!grown && !rules_.sampling.are_random()) break;  // nor will the next tree
      if (grown) model.trees.push_back(std::move(tree));
      trees_ = model.trees.size();

      const double value = validate();
      best.update(trees_, value);
      if (!on_iteration(std::as_const(*this).iteration(t + 1, value, best.trees()))) break;
      if (best.is_long_ago(trees_)) break;
    }
    model.trees.resize(best.kept(trees_));
    if (rules_.averaged)
      for (gbdt_tree& tree : model.trees) scale_leaves(tree, 1 / static_cast<double>(model.trees.size()));
    return gbdt_model::build(model);
  }

  /// The same trees with leaves for these rows: `decay` of the old value and the rest of the new one. Leaves that no
  /// row reaches stay. Each tree follows those before it, renewed already.
  template <executor Ex> [[nodiscard]] result<gbdt_model> refit(gbdt_description model, double decay, Ex& ex) {
    gbdt_description empty = model;
    empty.trees.clear();
    start(empty, ex);
    std::vector<std::uint32_t> leaf;
    for (std::size_t t = 0; t < model.trees.size(); ++t) {
      gbdt_tree& tree = model.trees[t];
      slope_scale scale;
      if (auto ok = compute_slopes(static_cast<std::uint32_t>(t), scale, ex); !ok) return ok.error();
      margins_.find_leaves(tree, leaf, ex);
      blend_leaves(tree, decay, leaves_of(tree, leaf, scale, ex));
      margins_.add(tree, leaf);
    }
    return gbdt_model::build(model);
  }

 private:
  [[nodiscard]] static constexpr std::ptrdiff_t offset(std::size_t i) noexcept {
    return static_cast<std::ptrdiff_t>(i);
  }

  /// Margins of the base and of the trees there are.
  template <executor Ex> void start(const gbdt_description& model, Ex& ex) {
    trees_ = model.trees.size();
    every_row_ = rules_.sampling.row_fraction >= 1 &&
                 std::all_of(data_.weight().begin(), data_.weight().end(), [](float w) { return w > 0; });
    margins_.start(model.base[0]);
    for (const gbdt_tree& tree : model.trees) margins_.add(tree, 1, ex);
  }
  /// The metric of the validation rows, NaN without.
  [[nodiscard]] double validate() const {
    if (!stop_.validation) return (std::numeric_limits<double>::quiet_NaN)();
    std::vector<double> room;
    return evaluate(metric_of<Metric>(loss_), stop_.validation, validation_groups_,
                    margins_.finished(margins_.validation(), trees_, room), Loss::output);
  }

  [[nodiscard]] gbdt_iteration iteration(std::uint32_t trees, double value, std::size_t best_trees) const noexcept {
    const auto loss_of = [](const void* self) {
      const auto& b = *static_cast<const boosting*>(self);
      std::vector<double> room;
      return evaluate(b.loss_, b.data_.rows(), b.groups_, b.margins_.finished(b.margins_.training(), b.trees_, room),
                      Loss::output);
    };
    return {trees, of_, value, static_cast<std::uint32_t>(best_trees), this, loss_of};
  }

  /// `slopes_[i]`: the slope of row `rows_[i]` times its weight, still as the bits of floats. Returns the largest.
  template <executor Ex> [[nodiscard]] largest_slopes differentiate(std::uint32_t t, Ex& ex) {
    rows_.resize(every_row_ ? data_.size() : rows_.size());
    slopes_.resize(rows_.size());
    if constexpr (group_loss<Loss>) differentiate_groups(t, ex);
    std::vector<largest_slopes> part(chunk_count(rows_.size(), slope_grain));
    for_each_chunk(ex, rows_.size(), slope_grain, [&](std::size_t a, std::size_t b) {
      largest_slopes& largest = part[a / slope_grain];
      if (every_row_) std::iota(rows_.begin() + offset(a), rows_.begin() + offset(b), static_cast<std::uint32_t>(a));
      if constexpr (group_loss<Loss>) {
        for (std::size_t i = a; i < b; ++i) {
          const loss_slope& s = of_row_[rows_[i]];
          const double w = static_cast<double>(data_.rows().weight_of(rows_[i]));
          const auto g = static_cast<float>(w * s.gradient), h = static_cast<float>(w * s.hessian) + 0.0f;
          slopes_[i] = row_slope::of_floats(g, h);
          largest = larger(largest, largest_slopes::of(g, h));
        }
      } else {
        slope_tile tile;
        for (; a < b; a += slope_tile::rows) {
          differentiate_tile(tile, a, (std::min)(b - a, slope_tile::rows));
          largest = larger(largest, tile.largest);
        }
      }
    });
    largest_slopes most;
    for (const largest_slopes& m : part) most = larger(most, m);
    return most;
  }
  /// The slopes of `n` rows from place `first`. The last row fills up the tile.
  void differentiate_tile(slope_tile& tile, std::size_t first, std::size_t n) noexcept {
    for (std::size_t i = 0; i < slope_tile::rows; ++i) {
      const std::size_t row = rows_[first + (std::min)(i, n - 1)];
      tile.margin[i] = margins_.point()[row];
      tile.label[i] = data_.label()[row];
      tile.weight[i] = data_.rows().weight_of(row);
    }
    tile.differentiate(loss_);
    for (std::size_t i = 0; i < n; ++i) slopes_[first + i] = row_slope::of_floats(tile.gradient[i], tile.hessian[i]);
  }
  /// `of_row_[row]`: its slope within its group. Every group is one task's, so threads change nothing.
  template <executor Ex> void differentiate_groups(std::uint32_t t, Ex& ex) {
    constexpr std::size_t groups_at_once = 64;
    of_row_.resize(data_.size());
    for_each_chunk(ex, groups_.size(), groups_at_once, [&](std::size_t a, std::size_t b) {
      typename Loss::scratch scratch;
      for (std::size_t g = a; g < b; ++g) {
        const std::size_t first = groups_.first(g), n = groups_.last(g) - first;
        loss_.slopes(margins_.point().subspan(first, n), data_.label().subspan(first, n),
                     combine(combine(~rules_.sampling.seed, t), g), std::span(of_row_).subspan(first, n), scratch);
      }
    });
  }

  template <executor Ex> [[nodiscard]] result<void> compute_slopes(std::uint32_t t, slope_scale& scale, Ex& ex) {
    if (!every_row_) draw_rows(rules_.sampling, t, data_.size(), data_.weight(), rows_);
    largest_slopes most = differentiate(t, ex);
    if (auto ok = check_slopes(most, t); !ok) return ok;
    if (rules_.sampling.top_fraction > 0 && t * rules_.growth.learning_rate >= 1) {
      keep_large_slopes(rules_.sampling, t, rows_, std::span(&slopes_, 1));
      most = largest_of(slopes_);
      if (auto ok = check_slopes(most, t); !ok) return ok;
    }
    scale = to_fixed_point(rules_, t, most, slopes_, ex);
    return {};
  }

  /// Leaves of a loss with a kink: the quantile of what is left of their rows' labels; 0 where there are none.
  template <executor Ex> void renew_leaves(gbdt_tree& tree, const tree_grower<>& grower, Ex& ex) {
    ex.for_each_index(grower.leaves(), [&](std::size_t l) {
      const std::span<const std::uint32_t> rows = rows_by_leaf(grower, rows_)(l);
      tree.leaves[l] = rows.empty() ? 0.0 : rules_.growth.learning_rate * residual_of(rows);
    });
  }
  [[nodiscard]] double residual_of(std::span<const std::uint32_t> rows) const {
    std::vector<weighted_value> left, scratch;
    left.reserve(rows.size());
    for (const std::uint32_t row : rows) {
      const float label = data_.label()[row];
      left.push_back({static_cast<double>(label) - margins_.point()[row],
                      static_cast<double>(data_.rows().weight_of(row)) * loss_.residual_weight(label)});
    }
    return weighted_quantile<>(left, loss_.residual_quantile(), scratch);
  }

  /// What growing would give the leaves, were `leaf[row]` the leaf of each row; the old value where there is none.
  template <executor Ex>
  [[nodiscard]] std::vector<double> leaves_of(const gbdt_tree& tree, std::span<const std::uint32_t> leaf,
                                              const slope_scale& scale, Ex& ex) const {
    if constexpr (residual_loss<Loss>) {
      std::vector<double> value = tree.leaves;
      std::vector<std::vector<std::uint32_t>> rows(tree.leaves.size());
      for (const std::uint32_t row : rows_) rows[leaf[row]].push_back(row);
      ex.for_each_index(rows.size(), [&](std::size_t l) {
        if (!rows[l].empty()) value[l] = rules_.growth.learning_rate * residual_of(rows[l]);
      });
      return value;
    } else {
      return newton_leaves(tree, leaf, rows_, slopes_, scale, rules_.growth);
    }
  }

  const boosting_rules& rules_;
  const Loss& loss_;
  const training_rows data_;
  const row_groups& groups_;
  const early_stopping& stop_;
  const row_groups& validation_groups_;
  output_margins<> margins_;
  std::size_t trees_ = 0;
  std::uint32_t of_ = 0;
  bool every_row_ = false;  // is seen by every tree, or by its sampling by gradients
  std::vector<std::uint32_t> rows_;
  std::vector<std::uint8_t> allowed_;
  std::vector<loss_slope> of_row_;
  std::vector<row_slope> slopes_;
};

}  // namespace mlsd::detail
