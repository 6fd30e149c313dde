#pragma once

#include "mlsd/core/executor.hpp"
#include "mlsd/core/fp.hpp"
#include "mlsd/core/hash.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/data/groups.hpp"
#include "mlsd/data/training_rows.hpp"
#include "mlsd/scoring/gbdt/model.hpp"
#include "mlsd/training/gbdt/binned_matrix.hpp"
#include "mlsd/training/gbdt/early_stopping.hpp"
#include "mlsd/training/gbdt/histogram.hpp"
#include "mlsd/training/gbdt/linear_leaves.hpp"
#include "mlsd/training/gbdt/sampling.hpp"
#include "mlsd/training/gbdt/slope_tile.hpp"
#include "mlsd/training/gbdt/tree_grower.hpp"
#include "mlsd/training/gbdt/tree_walk.hpp"
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

/// What boosting needs to know beside the shape of one tree.
struct boosting_rules {
  std::uint32_t trees = 100;
  bool averaged = false;  // a forest: every tree follows the base, and the model is their mean
  int gradient_bits = 0;  // 0: full precision
  bool linear_leaves = false;
  double linear_l2 = 0;
  sampling_rules sampling{};
  growth_rules growth{};
};

/// The loop of gradient boosting: slopes of the loss at the current margins, a tree that follows them, new margins.
template <class Loss, class Metric> class boosting {
 public:
  /// Groups are there where `Loss` or `Metric` reads them.
  boosting(const boosting_rules& rules, const Loss& loss, const training_rows& data, const row_groups& groups,
           const early_stopping& stop, const row_groups& validation_groups)
      : rules_(rules), loss_(loss), data_(data), groups_(groups), stop_(stop), validation_groups_(validation_groups) {}

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
    linear_leaves lines(rules_.linear_leaves ? data_.x().columns() : mixed_columns{}, rules_.linear_l2, ex);
    std::size_t best_trees = before;
    double best_value = (std::numeric_limits<double>::quiet_NaN)();
    if (stop_.validation && before != 0)
      best_value =
          evaluate(metric_of<Metric>(loss_), stop_.validation, validation_groups_, validation_margin_, Loss::output);
    of_ = static_cast<std::uint32_t>(before) + rules_.trees;
    for (auto t = static_cast<std::uint32_t>(before); t < of_; ++t) {
      const std::vector<std::size_t> dropped = draw_dropped(rules_.sampling, t, model.trees.size() - before);
      for (const std::size_t d : dropped) add(model, model.trees[before + d], -1, ex);
      slope_scale scale;
      if (auto ok = compute_slopes(t, scale, ex); !ok) return ok.error();
      draw_features(rules_.sampling, t, data_.size(), x.features().size(), allowed_);
      if (rules_.linear_leaves) lines.see(rows_, slopes_);
      gbdt_tree tree = grower.grow(rows_, slopes_, scale, allowed_, ex);
      const bool grown = !tree.splits.empty();
      if (grown) {
        if constexpr (residual_loss<Loss>) {
          renew_leaves(tree, grower, ex);
        } else if (rules_.linear_leaves) {
          lines.fit(
              tree, scale, rules_.growth.split, rules_.growth.learning_rate,
              [&](std::size_t l) { return rows_of(grower, l); }, ex);
        }
        scale_leaves(tree, 1 / static_cast<double>(dropped.size() + 1));
        advance(model, tree, grower, ex);
      }
      for (const std::size_t d : dropped) {
        const auto k = static_cast<double>(dropped.size());
        if (grown) scale_leaves(model.trees[before + d], k / (k + 1));
        add(model, model.trees[before + d], 1, ex);
      }
      if (!grown && !rules_.sampling.are_random()) break;  // nor will the next tree
      if (grown) model.trees.push_back(std::move(tree));
      trees_ = model.trees.size();

      double value = (std::numeric_limits<double>::quiet_NaN)();
      if (stop_.validation) {
        std::vector<double> mean;
        value = evaluate(metric_of<Metric>(loss_), stop_.validation, validation_groups_,
                         predicted(validation_margin_, mean), Loss::output);
        if (best_value != best_value || better<Metric>(value, best_value)) best_trees = trees_, best_value = value;
      } else {
        best_trees = trees_;
      }
      if (!on_iteration(std::as_const(*this).iteration(t + 1, value, best_trees))) break;
      if (stop_.validation && stop_.rounds != 0 && trees_ >= best_trees + stop_.rounds) break;
    }
    model.trees.resize(best_trees);
    if (rules_.averaged)
      for (gbdt_tree& tree : model.trees) scale_leaves(tree, 1 / static_cast<double>(best_trees));
    return gbdt_model::build(model);
  }

  /// The same trees with leaves for these rows: `decay` of the old value and the rest of the new one. Leaves that no
  /// row reaches stay. Each tree follows those before it, renewed already.
  template <executor Ex> [[nodiscard]] result<gbdt_model> refit(gbdt_description model, double decay, Ex& ex) {
    gbdt_description empty = model;
    empty.trees.clear();
    start(empty, ex);
    std::vector<std::uint32_t> leaf(data_.size());
    for (std::size_t t = 0; t < model.trees.size(); ++t) {
      gbdt_tree& tree = model.trees[t];
      slope_scale scale;
      if (auto ok = compute_slopes(static_cast<std::uint32_t>(t), scale, ex); !ok) return ok.error();
      const gbdt_forest forest = forest_of(model.number_columns, model.code_columns, tree);
      for_each_leaf(forest, data_.x(), ex,
                    [&](std::size_t i, std::size_t l) { leaf[i] = static_cast<std::uint32_t>(l); });
      const std::vector<double> renewed = leaves_of(tree, leaf, scale, ex);
      for (std::size_t l = 0; l < tree.leaves.size(); ++l) tree.leaves[l] = blend(decay, tree.leaves[l], renewed[l]);
      for (std::size_t i = 0; i < margin_.size(); ++i) margin_[i] += tree.leaves[leaf[i]];
    }
    return gbdt_model::build(model);
  }

 private:
  static constexpr std::size_t grain = 16384;
  [[nodiscard]] static constexpr std::ptrdiff_t offset(std::size_t i) noexcept {
    return static_cast<std::ptrdiff_t>(i);
  }

  /// Margins of the base and of the trees there are.
  template <executor Ex> void start(const gbdt_description& model, Ex& ex) {
    base_ = model.base[0];
    trees_ = model.trees.size();
    every_row_ = rules_.sampling.row_fraction >= 1 &&
                 std::all_of(data_.weight().begin(), data_.weight().end(), [](float w) { return w > 0; });
    margin_.assign(data_.size(), base_);
    if (rules_.averaged) at_base_ = margin_;
    if (stop_.validation) validation_margin_.assign(stop_.validation.rows(), base_);
    for (const gbdt_tree& tree : model.trees) add(model, tree, 1, ex);
  }
  /// Where slopes are taken.
  [[nodiscard]] const std::vector<double>& point() const noexcept { return rules_.averaged ? at_base_ : margin_; }
  /// Margins as the model would give them, were it finished now; `mean` is room for them.
  [[nodiscard]] std::span<const double> predicted(std::span<const double> margin, std::vector<double>& mean) const {
    if (!rules_.averaged || trees_ == 0) return margin;
    mean.assign(margin.begin(), margin.end());
    for (double& m : mean) m = base_ + (m - base_) / static_cast<double>(trees_);
    return mean;
  }
  [[nodiscard]] MLSD_UNCONTRACTED static double blend(double share, double a, double b) noexcept {
    MLSD_CONTRACT_OFF
    return share * a + (1 - share) * b;
  }
  static void scale_leaves(gbdt_tree& tree, double factor) noexcept {
    if (factor == 1) return;
    for (double& v : tree.leaves) v *= factor;
    for (gbdt_line& line : tree.lines) {
      line.constant *= factor;
      for (gbdt_line::term& t : line.terms) t.coefficient *= factor;
    }
  }

  [[nodiscard]] gbdt_iteration iteration(std::uint32_t trees, double value, std::size_t best_trees) const noexcept {
    const auto loss_of = [](const void* self) {
      const auto& b = *static_cast<const boosting*>(self);
      std::vector<double> mean;
      return evaluate(b.loss_, b.data_.rows(), b.groups_, b.predicted(b.margin_, mean), Loss::output);
    };
    return {trees, of_, value, static_cast<std::uint32_t>(best_trees), this, loss_of};
  }

  /// `slopes_[i]`: the slope of row `rows_[i]` times its weight, still as the bits of floats. Returns the largest.
  template <executor Ex> [[nodiscard]] largest_slopes differentiate(std::uint32_t t, Ex& ex) {
    rows_.resize(every_row_ ? data_.size() : rows_.size());
    slopes_.resize(rows_.size());
    if constexpr (group_loss<Loss>) differentiate_groups(t, ex);
    std::vector<largest_slopes> part(chunk_count(rows_.size(), grain));
    for_each_chunk(ex, rows_.size(), grain, [&](std::size_t a, std::size_t b) {
      largest_slopes& largest = part[a / grain];
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
      tile.margin[i] = point()[row];
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
        loss_.slopes(std::span<const double>(point()).subspan(first, n), data_.label().subspan(first, n),
                     combine(combine(~rules_.sampling.seed, t), g), std::span(of_row_).subspan(first, n), scratch);
      }
    });
  }

  template <executor Ex> [[nodiscard]] result<void> compute_slopes(std::uint32_t t, slope_scale& scale, Ex& ex) {
    if (!every_row_) draw_rows(rules_.sampling, t, data_.size(), data_.weight(), rows_);
    largest_slopes most = differentiate(t, ex);
    if (!most.are_valid())
      return error{errc::not_finite, "tree " + std::to_string(t) +
                                         ": the loss has a gradient that is not finite or a negative hessian; try a "
                                         "smaller learning_rate"};
    if (rules_.sampling.top_fraction > 0 && t * rules_.growth.learning_rate >= 1) {
      keep_large_slopes(rules_.sampling, t, rows_, slopes_);
      most = {};
      for (const row_slope& s : slopes_)
        most = larger(most, largest_slopes::of(std::bit_cast<float>(s.gradient), std::bit_cast<float>(s.hessian)));
    }
    const auto gradient = static_cast<double>(std::bit_cast<float>(most.gradient));
    const auto hessian = static_cast<double>(std::bit_cast<float>(most.hessian));
    scale = rules_.gradient_bits == 0
                ? slope_scale(gradient, hessian, rows_.size())
                : slope_scale::coarse(gradient, hessian, rows_.size(), rules_.gradient_bits,
                                      combine(combine(rules_.sampling.seed, t), ~std::uint64_t{0}));
    for_each_chunk(ex, rows_.size(), grain, [&](std::size_t a, std::size_t b) {
      scale.to_fixed_point(std::span(slopes_).subspan(a, b - a), a);
    });
    return {};
  }

  /// Leaves of a loss with a kink: the quantile of what is left of their rows' labels; 0 where there are none.
  template <executor Ex> void renew_leaves(gbdt_tree& tree, const tree_grower<>& grower, Ex& ex) {
    ex.for_each_index(grower.leaves(), [&](std::size_t l) {
      const std::span<const std::uint32_t> rows = rows_of(grower, l);
      tree.leaves[l] = rows.empty() ? 0.0 : rules_.growth.learning_rate * residual_of(rows);
    });
  }
  [[nodiscard]] double residual_of(std::span<const std::uint32_t> rows) const {
    std::vector<weighted_value> left, scratch;
    left.reserve(rows.size());
    for (const std::uint32_t row : rows) {
      const float label = data_.label()[row];
      left.push_back({static_cast<double>(label) - point()[row],
                      static_cast<double>(data_.rows().weight_of(row)) * loss_.residual_weight(label)});
    }
    return weighted_quantile<>(left, loss_.residual_quantile(), scratch);
  }

  /// What growing would give the leaves, were `leaf[row]` the leaf of each row; the old value where there is none.
  template <executor Ex>
  [[nodiscard]] std::vector<double> leaves_of(const gbdt_tree& tree, std::span<const std::uint32_t> leaf,
                                              const slope_scale& scale, Ex& ex) const {
    std::vector<double> value = tree.leaves;
    if constexpr (residual_loss<Loss>) {
      std::vector<std::vector<std::uint32_t>> rows(tree.leaves.size());
      for (const std::uint32_t row : rows_) rows[leaf[row]].push_back(row);
      ex.for_each_index(rows.size(), [&](std::size_t l) {
        if (!rows[l].empty()) value[l] = rules_.growth.learning_rate * residual_of(rows[l]);
      });
    } else {
      std::vector<slope_sum> sum(tree.leaves.size());
      for (std::size_t i = 0; i < rows_.size(); ++i)
        sum[leaf[rows_[i]]] = sum[leaf[rows_[i]]] + scale.widen(slopes_[i]);
      for (std::size_t l = 0; l < value.size(); ++l)
        if (scale.count(sum[l]) != 0)
          value[l] = rules_.growth.learning_rate *
                     rules_.growth.split.value(scale.gradient(sum[l]), scale.hessian(sum[l]), rules_.growth.split.l2);
    }
    return value;
  }

  /// The rows that grew leaf l, ascending.
  [[nodiscard]] std::span<const std::uint32_t> rows_of(const tree_grower<>& grower, std::size_t l) const noexcept {
    return std::span(rows_).subspan(grower[l].first, grower[l].last - grower[l].first);
  }
  /// Adds the tree to the margins: rows that grew it are already sorted by leaf, all others are walked.
  template <executor Ex>
  void advance(const gbdt_description& model, const gbdt_tree& tree, const tree_grower<>& grower, Ex& ex) {
    const bool seen_by_all = rows_.size() == data_.size();
    gbdt_forest forest;
    if (!tree.lines.empty() || !seen_by_all || stop_.validation)
      forest = forest_of(model.number_columns, model.code_columns, tree);
    if (tree.lines.empty()) {
      ex.for_each_index(grower.leaves(), [&](std::size_t l) {
        for (const std::uint32_t row : rows_of(grower, l)) margin_[row] += tree.leaves[l];
      });
    } else {
      advance_lines(forest, grower, ex);
    }
    if (!seen_by_all) {
      grown_.assign(data_.size(), 0);
      for (const std::uint32_t row : rows_) grown_[row] = 1;
      for_each_value(
          forest, data_.x(), ex, [&](std::size_t i, double v) { margin_[i] += v; }, grown_);
    }
    if (stop_.validation) add_tree(validation_margin_, forest, stop_.validation.x, 1, ex);
  }
  template <executor Ex> void advance_lines(const gbdt_forest& forest, const tree_grower<>& grower, Ex& ex) {
    const mixed_columns& x = data_.x().columns();
    const std::size_t leaves = grower.leaves();
    for_each_chunk(ex, leaves, leaves_at_once(leaves, ex.concurrency()), [&](std::size_t a, std::size_t b) {
      for_each_stretch(
          a, b, [&](std::size_t l) { return rows_of(grower, l); },
          [&](std::size_t l, std::span<const std::uint32_t> rows) {
            for (const std::uint32_t row : rows) margin_[row] += value_of(forest, l, x, row);
          });
    });
  }
  /// Adds a tree, or takes it away, without knowing where its rows are.
  template <executor Ex> void add(const gbdt_description& model, const gbdt_tree& tree, double sign, Ex& ex) {
    const gbdt_forest forest = forest_of(model.number_columns, model.code_columns, tree);
    add_tree(margin_, forest, data_.x(), sign, ex);
    if (stop_.validation) add_tree(validation_margin_, forest, stop_.validation.x, sign, ex);
  }

  const boosting_rules& rules_;
  const Loss& loss_;
  const training_rows data_;
  const row_groups& groups_;
  const early_stopping& stop_;
  const row_groups& validation_groups_;
  double base_ = 0;
  std::size_t trees_ = 0;
  std::uint32_t of_ = 0;
  bool every_row_ = false;  // is seen by every tree, or by its sampling by gradients
  std::vector<double> margin_, validation_margin_, at_base_;
  std::vector<std::uint32_t> rows_;
  std::vector<std::uint8_t> allowed_, grown_;
  std::vector<loss_slope> of_row_;
  std::vector<row_slope> slopes_;
};

}  // namespace mlsd::detail
