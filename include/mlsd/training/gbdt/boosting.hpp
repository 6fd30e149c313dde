#pragma once

#include "mlsd/core/executor.hpp"
#include "mlsd/core/hash.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/data/examples.hpp"
#include "mlsd/data/groups.hpp"
#include "mlsd/scoring/gbdt/model.hpp"
#include "mlsd/training/gbdt/binned_matrix.hpp"
#include "mlsd/training/gbdt/early_stopping.hpp"
#include "mlsd/training/gbdt/histogram.hpp"
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
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace mlsd::detail {

/// What boosting needs to know beside the shape of one tree.
struct boosting_rules {
  std::uint32_t trees = 100;
  double row_fraction = 1, column_fraction = 1;
  std::uint64_t seed = 1;
  int gradient_bits = 0;  // 0: full precision
  growth_rules growth{};
};

/// The loop of gradient boosting: slopes of the loss at the current margins, a tree that follows them, new margins.
template <class Loss, class Metric> class boosting {
 public:
  /// Groups are there where `Loss` or `Metric` reads them.
  boosting(const boosting_rules& rules, const Loss& loss, const training_matrix& data, const row_groups& groups,
           const early_stopping& stop, const row_groups& validation_groups)
      : rules_(rules), loss_(loss), data_(data), groups_(groups), stop_(stop), validation_groups_(validation_groups) {}

  template <class OnIteration, executor Ex>
  [[nodiscard]] result<gbdt_model> operator()(const binned_matrix& x, OnIteration& on_iteration, Ex& ex) {
    gbdt_description model;
    model.number_columns = static_cast<std::uint32_t>(data_.x().number_columns());
    model.code_columns = static_cast<std::uint32_t>(data_.x().code_columns());
    model.output = Loss::output;
    if constexpr (loss_function<Loss>) model.base = loss_.initial(data_.label(), data_.weight());
    margin_.assign(data_.size(), model.base);
    if (stop_.validation != nullptr) validation_margin_.assign(stop_.validation->rows(), model.base);

    tree_grower grower(x, rules_.growth);
    std::size_t best_trees = 0;
    double best_value = 0;
    for (std::uint32_t t = 0; t < rules_.trees; ++t) {
      draw_rows(t);
      draw_features(t, x.features().size());
      slope_scale scale;
      if (auto ok = compute_slopes(t, scale, ex); !ok) return ok.error();
      gbdt_tree tree = grower.grow(rows_, slopes_, scale, allowed_, ex);
      const bool grown = !tree.splits.empty();
      if (!grown && rules_.row_fraction >= 1 && rules_.column_fraction >= 1) break;  // nor will the next tree
      if (grown) {
        if constexpr (residual_loss<Loss>) renew_leaves(tree, grower, ex);
        advance(model, tree, grower, ex);
        model.trees.push_back(std::move(tree));
      }
      double value = (std::numeric_limits<double>::quiet_NaN)();
      if (stop_.validation != nullptr) {
        value = evaluate(metric(), *stop_.validation, validation_groups_, validation_margin_, Loss::output);
        if (best_trees == 0 || better<Metric>(value, best_value)) best_trees = model.trees.size(), best_value = value;
      } else {
        best_trees = model.trees.size();
      }
      if (!on_iteration(std::as_const(*this).iteration(t + 1, value, best_trees))) break;
      if (stop_.validation != nullptr && stop_.rounds != 0 && model.trees.size() >= best_trees + stop_.rounds) break;
    }
    model.trees.resize(best_trees);
    return gbdt_model::build(model);
  }

 private:
  static constexpr std::size_t grain = 16384;

  /// The rows of tree t, ascending: all that weigh something, or each with probability `row_fraction`.
  void draw_rows(std::uint32_t t) {
    const std::span<const float> weight = data_.weight();
    rows_.clear();
    rows_.reserve(data_.size());
    for (std::size_t i = 0; i < data_.size(); ++i) {
      if (!weight.empty() && !(weight[i] > 0)) continue;
      if (rules_.row_fraction < 1 && !(draw(t, i) < rules_.row_fraction)) continue;
      rows_.push_back(static_cast<std::uint32_t>(i));
    }
  }
  /// At least one feature, each with the same probability.
  void draw_features(std::uint32_t t, std::size_t features) {
    allowed_.assign(features, 1);
    if (rules_.column_fraction >= 1 || features == 0) return;
    const auto wanted = static_cast<double>(features) * rules_.column_fraction;
    const std::size_t keep = (std::max)(std::size_t{1}, static_cast<std::size_t>(std::lround(wanted)));
    std::vector<std::pair<double, std::size_t>> order(features);
    for (std::size_t f = 0; f < features; ++f) order[f] = {draw(t, data_.size() + f), f};
    std::sort(order.begin(), order.end());
    for (std::size_t i = keep; i < features; ++i) allowed_[order[i].second] = 0;
  }
  /// Uniform in [0, 1): a function of seed, tree and index alone.
  [[nodiscard]] double draw(std::uint32_t t, std::size_t index) const noexcept {
    return static_cast<double>(combine(combine(rules_.seed, t), index) >> 11) * 0x1.0p-53;
  }

  [[nodiscard]] Metric metric() const {
    if constexpr (std::is_same_v<Metric, Loss>) {
      return loss_;
    } else {
      return Metric{};
    }
  }
  [[nodiscard]] gbdt_iteration iteration(std::uint32_t trees, double value, std::size_t best_trees) const noexcept {
    const auto loss_of = [](const void* self) {
      const auto& b = *static_cast<const boosting*>(self);
      return evaluate(b.loss_, b.data_.rows(), b.groups_, b.margin_, Loss::output);
    };
    return {trees, rules_.trees, value, static_cast<std::uint32_t>(best_trees), this, loss_of};
  }

  /// `slopes_[i]`: the slope of row `rows_[i]` times its weight, still as the bits of floats. Returns the largest.
  template <executor Ex> [[nodiscard]] largest_slopes differentiate(std::uint32_t t, Ex& ex) {
    slopes_.resize(rows_.size());
    if constexpr (group_loss<Loss>) differentiate_groups(t, ex);
    std::vector<largest_slopes> part(chunk_count(rows_.size(), grain));
    for_each_chunk(ex, rows_.size(), grain, [&](std::size_t a, std::size_t b) {
      largest_slopes& largest = part[a / grain];
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
      tile.margin[i] = margin_[row];
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
        loss_.slopes(std::span<const double>(margin_).subspan(first, n), data_.label().subspan(first, n),
                     combine(combine(~rules_.seed, t), g), std::span(of_row_).subspan(first, n), scratch);
      }
    });
  }

  template <executor Ex> [[nodiscard]] result<void> compute_slopes(std::uint32_t t, slope_scale& scale, Ex& ex) {
    const largest_slopes most = differentiate(t, ex);
    if (!most.are_valid())
      return error{errc::not_finite, "tree " + std::to_string(t) +
                                         ": the loss has a gradient that is not finite or a negative hessian; try a "
                                         "smaller learning_rate"};
    const auto gradient = static_cast<double>(std::bit_cast<float>(most.gradient));
    const auto hessian = static_cast<double>(std::bit_cast<float>(most.hessian));
    scale = rules_.gradient_bits == 0 ? slope_scale(gradient, hessian, rows_.size())
                                      : slope_scale::coarse(gradient, hessian, rows_.size(), rules_.gradient_bits,
                                                            combine(combine(rules_.seed, t), ~std::uint64_t{0}));
    for_each_chunk(ex, rows_.size(), grain, [&](std::size_t a, std::size_t b) {
      scale.to_fixed_point(std::span(slopes_).subspan(a, b - a), a);
    });
    return {};
  }

  /// Leaves of a loss with a kink: the quantile of what is left of their rows' labels.
  template <executor Ex> void renew_leaves(gbdt_tree& tree, const tree_grower<>& grower, Ex& ex) {
    ex.for_each_index(grower.leaves(), [&](std::size_t l) {
      std::vector<weighted_value> left, scratch;
      left.reserve(grower[l].last - grower[l].first);
      for (std::size_t i = grower[l].first; i < grower[l].last; ++i) {
        const std::size_t row = rows_[i];
        const float label = data_.label()[row];
        left.push_back({static_cast<double>(label) - margin_[row],
                        static_cast<double>(data_.rows().weight_of(row)) * loss_.residual_weight(label)});
      }
      tree.leaves[l] = rules_.growth.learning_rate * weighted_quantile<>(left, loss_.residual_quantile(), scratch);
    });
  }

  /// Adds the tree to the margins: rows that grew it are already sorted by leaf, all others are walked.
  template <executor Ex>
  void advance(const gbdt_description& model, const gbdt_tree& tree, const tree_grower<>& grower, Ex& ex) {
    ex.for_each_index(grower.leaves(), [&](std::size_t l) {
      for (std::size_t i = grower[l].first; i < grower[l].last; ++i) margin_[rows_[i]] += tree.leaves[l];
    });
    if (rows_.size() == data_.size() && stop_.validation == nullptr) return;
    gbdt_description one{model.number_columns, model.code_columns, 0, link_function::identity, {tree}};
    const gbdt_forest forest(one);
    if (rows_.size() != data_.size()) {
      grown_.assign(data_.size(), 0);
      for (const std::uint32_t row : rows_) grown_[row] = 1;
      walk(forest, data_.x().columns(), margin_, grown_, ex);
    }
    if (stop_.validation != nullptr) walk(forest, stop_.validation->x.columns(), validation_margin_, {}, ex);
  }
  template <executor Ex>
  static void walk(const gbdt_forest& forest, const mixed_columns& x, std::vector<double>& margin,
                   std::span<const std::uint8_t> skip, Ex& ex) {
    for_each_chunk(ex, x.rows, grain, [&](std::size_t a, std::size_t b) {
      for (std::size_t i = a; i < b; ++i) {
        if (!skip.empty() && skip[i] != 0) continue;
        margin[i] += forest.leaf(0, forest.leaf_index(
                                        0, [&](std::size_t j) { return x.numbers[j * x.stride + i]; },
                                        [&](std::size_t j) { return x.codes[j * x.stride + i]; }));
      }
    });
  }

  const boosting_rules& rules_;
  const Loss& loss_;
  const training_matrix& data_;
  const row_groups& groups_;
  const early_stopping& stop_;
  const row_groups& validation_groups_;
  std::vector<double> margin_, validation_margin_;
  std::vector<std::uint32_t> rows_;
  std::vector<std::uint8_t> allowed_, grown_;
  std::vector<loss_slope> of_row_;
  std::vector<row_slope> slopes_;
};

}  // namespace mlsd::detail
