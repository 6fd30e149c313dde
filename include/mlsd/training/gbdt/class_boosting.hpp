#pragma once

#include "mlsd/core/executor.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/data/training_rows.hpp"
#include "mlsd/scoring/gbdt/model.hpp"
#include "mlsd/training/gbdt/binned_matrix.hpp"
#include "mlsd/training/gbdt/boosting_rules.hpp"
#include "mlsd/training/gbdt/class_evaluation.hpp"
#include "mlsd/training/gbdt/class_slopes.hpp"
#include "mlsd/training/gbdt/early_stopping.hpp"
#include "mlsd/training/gbdt/fixed_slopes.hpp"
#include "mlsd/training/gbdt/leaf_values.hpp"
#include "mlsd/training/gbdt/linear_leaves.hpp"
#include "mlsd/training/gbdt/output_margins.hpp"
#include "mlsd/training/gbdt/sampling.hpp"
#include "mlsd/training/gbdt/tree_grower.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

namespace mlsd::detail {

/// Boosting of K outputs: every iteration takes the slopes of all of them at the current margins, on the same rows, and
/// grows a tree for each. Tree t K + k adds to output k; one that cannot split is a leaf of 0. Counts of trees that
/// callbacks and early stopping see are of iterations. 16 K bytes a row.
template <class Loss, class Metric> class class_boosting {
 public:
  class_boosting(const boosting_rules& rules, const Loss& loss, const training_rows& data, const early_stopping& stop)
      : rules_(rules),
        loss_(loss),
        data_(data),
        stop_(stop),
        margins_(loss.outputs(data.label(), data.weight()), output_margins<>(data, stop.validation, rules.averaged)),
        slopes_(margins_.size()) {}

  /// A description without trees, from which `operator()` starts where no other model is to go on.
  [[nodiscard]] gbdt_description nothing() const {
    gbdt_description model;
    model.number_columns = static_cast<std::uint32_t>(data_.x().number_columns());
    model.code_columns = static_cast<std::uint32_t>(data_.x().code_columns());
    model.output = Loss::output;
    model.base = loss_.initial(data_.label(), data_.weight(), outputs());
    return model;
  }

  template <executor Ex>
  [[nodiscard]] result<gbdt_model> operator()(gbdt_description model, const binned_matrix& x,
                                              const iteration_callback& on_iteration, Ex& ex) {
    const std::size_t before = model.trees.size() / outputs();
    start(model, ex);
    tree_grower grower(x, rules_.growth);
    linear_leaves lines(rules_.linear_leaves ? data_.x().columns() : mixed_columns{}, data_.weight(), rules_.linear_l2,
                        ex);
    best_so_far<Metric> best(stop_, before);
    if (stop_.validation && before != 0) best.update(before, validate());
    of_ = static_cast<std::uint32_t>(before) + rules_.trees;
    for (auto t = static_cast<std::uint32_t>(before); t < of_; ++t) {
      const std::vector<std::size_t> dropped = draw_dropped(rules_.sampling, t, iterations_ - before);
      for (const std::size_t d : dropped) add(model, before + d, -1, ex);
      std::vector<largest_slopes> most;
      if (auto ok = compute_slopes(t, most, ex); !ok) return ok.error();
      std::vector<gbdt_tree> grown(outputs());
      bool has_grown = false;
      for (std::size_t k = 0; k < outputs(); ++k) {
        gbdt_tree& tree = grown[k] = grow(grower, lines, t, k, most[k], x.features(), ex);
        if (tree.splits.empty()) continue;
        has_grown = true;
        scale_leaves(tree, 1 / static_cast<double>(dropped.size() + 1));
        margins_[k].advance(tree, grower, rows_, ex);
      }
      for (const std::size_t d : dropped) {
        const auto k = static_cast<double>(dropped.size());
        if (has_grown)
          for (gbdt_tree& tree : iteration_of(model, before + d)) scale_leaves(tree, k / (k + 1));
        add(model, before + d, 1, ex);
      }
      if (!has_grown && !rules_.sampling.are_random()) break;  // nor will the next trees
      if (has_grown)
        for (gbdt_tree& tree : grown) model.trees.push_back(std::move(tree));
      iterations_ = model.trees.size() / outputs();

      const double value = validate();
      best.update(iterations_, value);
      if (!on_iteration(std::as_const(*this).iteration(t + 1, value, best.trees()))) break;
      if (best.is_long_ago(iterations_)) break;
    }
    iterations_ = best.kept(iterations_);
    model.trees.resize(iterations_ * outputs());
    if (rules_.averaged)
      for (gbdt_tree& tree : model.trees) scale_leaves(tree, 1 / static_cast<double>(iterations_));
    return gbdt_model::build(model);
  }

  /// The same trees with leaves for these rows: `decay` of the old value and the rest of the new one. Leaves that no
  /// row reaches stay. Each iteration follows those before it, renewed already.
  template <executor Ex> [[nodiscard]] result<gbdt_model> refit(gbdt_description model, double decay, Ex& ex) {
    gbdt_description empty = model;
    empty.trees.clear();
    start(empty, ex);
    std::vector<std::uint32_t> leaf;
    for (std::size_t t = 0; t < model.trees.size() / outputs(); ++t) {
      std::vector<largest_slopes> most;
      if (auto ok = compute_slopes(static_cast<std::uint32_t>(t), most, ex); !ok) return ok.error();
      for (std::size_t k = 0; k < outputs(); ++k) {
        gbdt_tree& tree = iteration_of(model, t)[k];
        if (tree.splits.empty()) continue;
        const slope_scale scale = to_fixed_point(rules_, number_of(t, k), most[k], slopes_[k], ex);
        margins_[k].find_leaves(tree, leaf, ex);
        blend_leaves(tree, decay, newton_leaves(tree, leaf, drawn_, slopes_[k], scale, rules_.growth));
        margins_[k].add(tree, leaf);
      }
    }
    return gbdt_model::build(model);
  }

 private:
  [[nodiscard]] std::size_t outputs() const noexcept { return margins_.size(); }
  /// The tree of output k in iteration t, counted over all.
  [[nodiscard]] std::uint32_t number_of(std::size_t t, std::size_t k) const noexcept {
    return static_cast<std::uint32_t>(t * outputs() + k);
  }
  [[nodiscard]] std::span<gbdt_tree> iteration_of(gbdt_description& model, std::size_t t) const noexcept {
    return std::span(model.trees).subspan(t * outputs(), outputs());
  }

  /// Margins of the base and of the trees there are.
  template <executor Ex> void start(gbdt_description& model, Ex& ex) {
    iterations_ = model.trees.size() / outputs();
    for (std::size_t k = 0; k < outputs(); ++k) margins_[k].start(model.base[k]);
    for (std::size_t t = 0; t < iterations_; ++t) add(model, t, 1, ex);
  }
  /// Adds the trees of an iteration, or takes them away.
  template <executor Ex> void add(gbdt_description& model, std::size_t t, double sign, Ex& ex) {
    for (std::size_t k = 0; k < outputs(); ++k)
      if (const gbdt_tree& tree = iteration_of(model, t)[k]; !tree.splits.empty()) margins_[k].add(tree, sign, ex);
  }

  /// Slopes of all outputs as floats, and the largest of each.
  template <executor Ex>
  [[nodiscard]] result<void> compute_slopes(std::uint32_t t, std::vector<largest_slopes>& most, Ex& ex) {
    draw_rows(rules_.sampling, t, data_.size(), data_.weight(), drawn_);
    std::vector<std::span<const double>> points;
    for (const output_margins<>& m : margins_) points.push_back(m.point());
    most = differentiate_classes(loss_, data_.rows(), points, drawn_, slopes_, ex);
    for (std::size_t k = 0; k < outputs(); ++k)
      if (auto ok = check_slopes(most[k], number_of(t, k)); !ok) return ok;
    if (rules_.sampling.top_fraction > 0 && t * rules_.growth.learning_rate >= 1) {
      keep_large_slopes(rules_.sampling, t, drawn_, slopes_);
      for (std::size_t k = 0; k < outputs(); ++k) {
        most[k] = largest_of(slopes_[k]);
        if (auto ok = check_slopes(most[k], number_of(t, k)); !ok) return ok;
      }
    }
    return {};
  }
  /// The tree of output k; `rows_` are its rows, by leaf.
  template <executor Ex>
  [[nodiscard]] gbdt_tree grow(tree_grower<>& grower, linear_leaves<>& lines, std::uint32_t t, std::size_t k,
                               const largest_slopes& most, const std::vector<binned_matrix::feature>& features,
                               Ex& ex) {
    const std::uint32_t number = number_of(t, k);
    const slope_scale scale = to_fixed_point(rules_, number, most, slopes_[k], ex);
    draw_features(rules_.sampling, number, features, allowed_);
    rows_ = drawn_;
    if (rules_.linear_leaves) lines.see(rows_, slopes_[k]);
    gbdt_tree tree = grower.grow(rows_, slopes_[k], scale, allowed_, ex);
    if (tree.splits.empty()) {
      tree.leaves.assign(1, 0.0);
    } else if (rules_.linear_leaves) {
      lines.fit(tree, scale, rules_.growth.split, rules_.growth.learning_rate, rows_by_leaf(grower, rows_), ex);
    }
    tree.output = static_cast<std::uint32_t>(k);
    return tree;
  }

  /// The metric of the validation rows, NaN without.
  [[nodiscard]] double validate() const {
    if (!stop_.validation) return (std::numeric_limits<double>::quiet_NaN)();
    return evaluated(metric_of<Metric>(loss_), stop_.validation, &output_margins<>::validation);
  }
  template <class M>
  [[nodiscard]] double evaluated(const M& metric, const labelled_rows& rows,
                                 std::span<const double> (output_margins<>::*margins)() const noexcept) const {
    return evaluate_classes(metric, rows, outputs(), Loss::output, [&](std::size_t i, std::span<double> out) {
      for (std::size_t k = 0; k < out.size(); ++k)
        out[k] = margins_[k].finished((margins_[k].*margins)()[i], iterations_);
    });
  }
  [[nodiscard]] gbdt_iteration iteration(std::uint32_t iterations, double value, std::size_t best) const noexcept {
    const auto loss_of = [](const void* self) {
      const auto& b = *static_cast<const class_boosting*>(self);
      return b.evaluated(b.loss_, b.data_.rows(), &output_margins<>::training);
    };
    return {iterations, of_, value, static_cast<std::uint32_t>(best), this, loss_of};
  }

  const boosting_rules& rules_;
  const Loss& loss_;
  const training_rows data_;
  const early_stopping& stop_;
  std::vector<output_margins<>> margins_;       // by output
  std::vector<std::vector<row_slope>> slopes_;  // by output, of `drawn_`
  std::size_t iterations_ = 0;
  std::uint32_t of_ = 0;
  std::vector<std::uint32_t> drawn_, rows_;
  std::vector<std::uint8_t> allowed_;
};

}  // namespace mlsd::detail
