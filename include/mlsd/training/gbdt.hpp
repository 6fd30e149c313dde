#pragma once

#include "mlsd/core/executor.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/data/examples.hpp"
#include "mlsd/data/groups.hpp"
#include "mlsd/scoring/gbdt/model.hpp"
#include "mlsd/training/gbdt/binned_matrix.hpp"
#include "mlsd/training/gbdt/boosting.hpp"
#include "mlsd/training/gbdt/early_stopping.hpp"
#include "mlsd/training/gbdt/tree_grower.hpp"
#include "mlsd/training/gbdt/tree_parts.hpp"
#include "mlsd/training/loss.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

namespace mlsd {

namespace detail {

/// A column that every row that counts leaves empty is named, as are codes beyond their cardinality.
template <class = void> [[nodiscard]] result<void> check_columns(const labelled_matrix& rows) {
  const feature_matrix& x = rows.x;
  constexpr std::uint32_t most_categories = 1u << 24;
  for (std::size_t j = 0; j < x.number_columns(); ++j) {
    const std::span<const float> column = x.number(j);
    std::size_t i = 0;
    while (i < column.size() && (std::isnan(column[i]) || !(rows.weight_of(i) > 0))) ++i;
    if (i == column.size())
      return error{errc::empty,
                   "feature \"" + x.info()[j].name + "\" (column " + std::to_string(j) + ") is NaN in every row"};
  }
  for (std::size_t k = 0; k < x.code_columns(); ++k) {
    const feature_info& info = x.info()[x.number_columns() + k];
    if (info.cardinality > most_categories)
      return error{errc::capacity, "feature \"" + info.name + "\" has " + std::to_string(info.cardinality) +
                                       " categories, the most are " + std::to_string(most_categories)};
    const std::span<const std::uint32_t> column = x.code(k);
    for (std::size_t i = 0; i < column.size(); ++i)
      if (column[i] >= info.cardinality)
        return error{errc::invalid_argument, "row " + std::to_string(i) + ": feature \"" + info.name + "\" has code " +
                                                 std::to_string(column[i]) + ", its cardinality is " +
                                                 std::to_string(info.cardinality)};
  }
  return {};
}

/// One label for every row that counts leaves nothing to learn.
template <class = void> [[nodiscard]] result<void> check_labels_differ(const labelled_matrix& rows) {
  std::size_t first = 0;
  while (first < rows.rows() && !(rows.weight_of(first) > 0)) ++first;
  for (std::size_t i = first; i < rows.rows(); ++i)
    if (rows.weight_of(i) > 0 && rows.label[i] != rows.label[first]) return {};
  if (first == rows.rows()) return {};  // no weight at all: the loss says so
  return error{errc::one_class, "every row has label " + std::to_string(rows.label[first])};
}

/// What is wrong with the rows: too many of them, validation rows of another shape.
template <class = void>
[[nodiscard]] result<void> check_gbdt_data(const training_matrix& data, const early_stopping& stop) {
  if (auto ok = check(data.rows()); !ok) return ok;
  const feature_matrix& x = data.x();
  if (x.rows() > slope_scale::most_rows) return error{errc::capacity, "gbdt_trainer: more than 2^28 rows"};
  if (stop.validation == nullptr) return {};
  if (auto ok = check(*stop.validation); !ok) return error{ok.error().code, "validation rows: " + ok.error().message};
  const feature_matrix& v = stop.validation->x;
  if (v.number_columns() != x.number_columns() || v.code_columns() != x.code_columns())
    return error{errc::mismatch, "validation rows have " + std::to_string(v.number_columns()) + " numbers and " +
                                     std::to_string(v.code_columns()) + " codes, the training rows " +
                                     std::to_string(x.number_columns()) + " and " + std::to_string(x.code_columns())};
  return {};
}

/// The lists of rows, for a loss or metric that reads them.
template <class = void> [[nodiscard]] result<row_groups> groups_of(const labelled_matrix& rows) {
  if (rows.group.empty()) return error{errc::missing_column, "a loss or metric of lists needs the group of every row"};
  return row_groups::of(rows.group);
}

}  // namespace detail

/// Gradient-boosted trees over histograms of at most 255 bins, grown best leaf first (leaf-wise) or level by level.
/// Numbers: NaN goes to the side that training shows to be better; where training has none, to the side of more rows.
/// Codes: the best subset of categories by sorted gradient statistics, or one category where there are few; rare and
/// unknown ones go right. Weights reach everything; rows of weight 0 are as if they were not there.
/// Slopes keep 30 bits of the largest one of an iteration: beside a label of 1e12, those of 0 and 1 are alike.
/// Monotone numbers: all that is below one side of such a split stays beyond the middle of what its two sides say.
/// Time O(rows x features x trees x a few), memory about rows x (features + 32) bytes; columns that share a byte, such
/// as flags and those of a one-hot code, count as one. The same seed gives the same model, bit for bit, on any number
/// of threads. `fit` trains, `extend` goes on with a model, `refit` gives its trees leaves for new rows.
/// Sources: Friedman 2001; Chen and Guestrin 2016; Ke et al. 2017 (leaf-wise growth, categories, sampling by
/// gradients); Vinayak and Gilad-Bachrach 2015 (dropout); Breiman 2001 (forests).
struct gbdt_trainer {
  std::uint32_t trees = 100;
  std::uint32_t leaves = 31;
  float learning_rate = 0.1f;
  std::uint32_t bins = 255;            ///< of a number: 2 to 255, and one more for NaN
  std::uint32_t category_bins = 4096;  ///< of a code at most, <= 65,535; the rarest 1% of rows may share one
  std::uint32_t max_depth = 0;         ///< 0: no limit
  /// Of either side of a split, counted as LightGBM does: a bin has the share of its leaf's rows that it has of the
  /// leaf's second derivatives, to the nearest. Of losses that bend everywhere alike these are the rows themselves;
  /// rows that a classifier is sure of, and rows of little weight, count less. No leaf is ever empty.
  std::uint32_t min_rows_in_leaf = 20;
  float min_hessian = 1e-3f;  ///< of a leaf: weighted second derivatives
  /// Penalties bend splits and leaves; leaves of losses with a kink, being quantiles of what is left, are free of them.
  float min_gain = 0, l1 = 0, l2 = 0;
  float row_fraction = 1, column_fraction = 1;  ///< drawn anew for every tree
  /// Gradient-based sampling (GOSS), if the first is above 0: of all rows, those of the largest slopes that every tree
  /// sees, and those that are drawn from the others. The first 1 / learning_rate trees see all rows.
  float top_fraction = 0, other_fraction = 0.1f;
  /// Dropout (DART), if the first is above 0: the share of earlier trees that a tree is grown without; how often it is
  /// grown with all; how many are dropped at most, on average. Trees change later, so there is no early stopping.
  float drop_fraction = 0, skip_drop = 0.5f;
  std::uint32_t most_dropped = 50;
  bool averaged = false;  ///< a random forest: trees do not see each other, and their mean counts; no learning rate
  float category_smoothing = 10, category_l2 = 10;
  std::uint32_t max_categories = 32;         ///< on the left of one split
  std::uint32_t one_hot_categories = 4;      ///< up to so many are split off one by one
  std::uint32_t min_rows_in_category = 100;  ///< of neighbours in sorted order that move together
  bool grow_by_depth = false;                ///< level by level; the limit is `leaves` and `max_depth` all the same
  float path_smoothing = 0;                  ///< rows that the parent's value counts for in a leaf's, as penalties do
  std::span<const std::int8_t> monotone{};  ///< by number: 1 the margin may only rise with it, -1 only fall; not copied
  /// Groups of features, at most 64; the features of one path share a group. None: no limit. Not copied.
  std::span<const std::span<const std::uint32_t>> interactions{};
  std::uint32_t gradient_bits = 0;  ///< 0: full precision; 4 to 13: rounded at random, which is faster
  std::uint64_t seed = 1;

  /// The model, or what is wrong with settings or data: a label outside the loss's domain, one label only, no weight, a
  /// column without a value, a code beyond its cardinality, torn groups. Without a feature that splits, the model is a
  /// constant. A loss with settings is a value: `fit(quantile{.level = 0.9}, data)`.
  template <class Loss, executor Ex = sequential>
    requires detail::is_loss<Loss>
  [[nodiscard]] result<gbdt_model> fit(const Loss& loss, const training_matrix& data, Ex&& ex = {}) const {
    return fit(loss, data, early_stopping{}, keep_going{}, ex);
  }
  template <class Loss, executor Ex = sequential>
    requires detail::is_loss<Loss>
  [[nodiscard]] result<gbdt_model> fit(const training_matrix& data, Ex&& ex = {}) const {
    return fit(Loss{}, data, early_stopping{}, keep_going{}, ex);
  }

  /// Stops when `Metric` on the validation rows has not improved for `stop.rounds` trees, and keeps the best number of
  /// trees. `on_iteration(const gbdt_iteration&)` sees every iteration, for progress bars; returning false ends
  /// training with the trees there are. If it has `rows_binned()`, that is called once, before the first tree.
  /// `Metric` is the loss itself, any `validation_metric`, or a `group_metric`.
  template <class Loss, class Metric = Loss, class OnIteration = keep_going, executor Ex = sequential>
    requires detail::is_loss<Loss> && std::is_invocable_r_v<bool, OnIteration&, const gbdt_iteration&>
  [[nodiscard]] result<gbdt_model> fit(const Loss& loss, const training_matrix& data, const early_stopping& stop,
                                       OnIteration&& on_iteration = {}, Ex&& ex = {}) const {
    return boost<Loss, Metric>(nullptr, loss, data, stop, detail::iteration_callback(on_iteration), ex);
  }
  template <class Loss, class Metric = Loss, class OnIteration = keep_going, executor Ex = sequential>
    requires detail::is_loss<Loss> && std::is_invocable_r_v<bool, OnIteration&, const gbdt_iteration&>
  [[nodiscard]] result<gbdt_model> fit(const training_matrix& data, const early_stopping& stop,
                                       OnIteration&& on_iteration = {}, Ex&& ex = {}) const {
    return fit<Loss, Metric>(Loss{}, data, stop, on_iteration, ex);
  }
  template <class Loss, class Metric = Loss, executor Ex>
    requires detail::is_loss<Loss>
  [[nodiscard]] result<gbdt_model> fit(const Loss& loss, const training_matrix& data, const early_stopping& stop,
                                       Ex&& ex) const {
    return fit<Loss, Metric>(loss, data, stop, keep_going{}, ex);
  }
  template <class Loss, class Metric = Loss, executor Ex>
    requires detail::is_loss<Loss>
  [[nodiscard]] result<gbdt_model> fit(const training_matrix& data, const early_stopping& stop, Ex&& ex) const {
    return fit<Loss, Metric>(Loss{}, data, stop, keep_going{}, ex);
  }

  /// `model` with up to `trees` more, grown where it left off: ten trees and ten more are the twenty of one `fit`, bit
  /// for bit, on the same rows; not so where trees are dropped, of which only new ones are, or where a draw of rows let
  /// no tree grow. Columns and link must be those of the model. Nothing goes on as a forest.
  template <class Loss, class Metric = Loss, class OnIteration = keep_going, executor Ex = sequential>
    requires detail::is_loss<Loss> && std::is_invocable_r_v<bool, OnIteration&, const gbdt_iteration&>
  [[nodiscard]] result<gbdt_model> extend(const gbdt_model& model, const Loss& loss, const training_matrix& data,
                                          const early_stopping& stop = {}, OnIteration&& on_iteration = {},
                                          Ex&& ex = {}) const {
    if (auto ok = check_goes_on(model, data, Loss::output); !ok) return ok.error();
    return boost<Loss, Metric>(&model, loss, data, stop, detail::iteration_callback(on_iteration), ex);
  }

  /// The trees of `model` with leaves for new rows: `decay` times the old value, and the rest what growing would give
  /// them on these rows under these settings. Leaves that no row reaches stay, as does the base. O(rows x trees x
  /// depth).
  template <class Loss, executor Ex = sequential>
    requires detail::is_loss<Loss>
  [[nodiscard]] result<gbdt_model> refit(const gbdt_model& model, const Loss& loss, const training_matrix& data,
                                         float decay = 0.9f, Ex&& ex = {}) const {
    if (auto ok = check_goes_on(model, data, Loss::output); !ok) return ok.error();
    if (!(decay >= 0 && decay <= 1))
      return error{errc::invalid_argument, "gbdt_trainer: refit's decay must be between 0 and 1"};
    if (is_monotone()) return error{errc::invalid_argument, "gbdt_trainer: refitted leaves cannot be kept monotone"};
    if (path_smoothing > 0)
      return error{errc::invalid_argument, "gbdt_trainer: refitted leaves cannot be smoothed along their paths"};
    const early_stopping stop;
    if (auto ok = check_all(loss, data, stop); !ok) return ok.error();
    row_groups groups;
    if (auto ok = read_groups<detail::reads_groups<Loss>>(data.rows(), groups); !ok) return ok.error();
    detail::boosting_rules settings = rules();
    settings.sampling = {.seed = seed};
    settings.gradient_bits = 0;
    return detail::boosting<Loss, Loss>(settings, loss, data, groups, stop, {})
        .refit(detail::parts_of(model), static_cast<double>(decay), ex);
  }

  /// The first setting that is outside its range, or success. `fit` asks first.
  template <class = void> [[nodiscard]] result<void> check() const {
    const auto wrong = [](const char* what) {
      return error{errc::invalid_argument, std::string("gbdt_trainer: ") + what};
    };
    if (trees == 0) return wrong("trees must be at least 1");
    if (leaves < 2) return wrong("leaves must be at least 2");
    if (bins < 2 || bins > 255) return wrong("bins must be between 2 and 255");
    if (category_bins > 65535) return wrong("category_bins must be at most 65535");
    if (gradient_bits != 0 && (gradient_bits < 4 || gradient_bits > 13))
      return wrong("gradient_bits must be 0 or between 4 and 13");
    if (interactions.size() > 64) return wrong("interactions must be at most 64 groups");
    if (std::any_of(monotone.begin(), monotone.end(), [](int m) { return m < -1 || m > 1; }))
      return wrong("monotone must be -1, 0 or 1");
    if (!(learning_rate > 0) || !std::isfinite(learning_rate)) return wrong("learning_rate must be positive");
    if (!(row_fraction > 0 && row_fraction <= 1)) return wrong("row_fraction must be in (0, 1]");
    if (!(column_fraction > 0 && column_fraction <= 1)) return wrong("column_fraction must be in (0, 1]");
    if (!(top_fraction >= 0 && top_fraction < 1)) return wrong("top_fraction must be in [0, 1)");
    if (!(other_fraction > 0 && other_fraction <= 1)) return wrong("other_fraction must be in (0, 1]");
    if (top_fraction > 0 && top_fraction + other_fraction > 1)
      return wrong("top_fraction + other_fraction must be at most 1");
    if (!(drop_fraction >= 0 && drop_fraction < 1)) return wrong("drop_fraction must be in [0, 1)");
    if (!(skip_drop >= 0 && skip_drop <= 1)) return wrong("skip_drop must be in [0, 1]");
    if (drop_fraction > 0 && most_dropped == 0) return wrong("most_dropped must be at least 1");
    if (averaged && drop_fraction > 0) return wrong("a forest drops no trees: averaged or drop_fraction, not both");
    if (averaged && row_fraction >= 1 && column_fraction >= 1)
      return wrong("a forest needs row_fraction or column_fraction below 1, or all its trees are one");
    for (const float v : {min_hessian, min_gain, l1, l2, category_smoothing, category_l2, path_smoothing})
      if (!(v >= 0) || !std::isfinite(v))
        return wrong(
            "min_hessian, min_gain, l1, l2, category_smoothing, category_l2 and path_smoothing must be finite "
            "and >= 0");
    return {};
  }

 private:
  template <class Loss, class Metric, executor Ex>
  [[nodiscard]] result<gbdt_model> boost(const gbdt_model* model, const Loss& loss, const training_matrix& data,
                                         const early_stopping& stop, const detail::iteration_callback& on_iteration,
                                         Ex& ex) const {
    if (auto ok = check_all(loss, data, stop); !ok) return ok.error();
    row_groups groups, validation_groups;
    if (auto ok = read_groups<detail::reads_groups<Loss>>(data.rows(), groups); !ok) return ok.error();
    if (stop.validation != nullptr)
      if (auto ok = check_validation<Metric>(loss, *stop.validation, validation_groups); !ok)
        return error{ok.error().code, "validation rows: " + ok.error().message};
    const detail::binned_matrix x(data.x(), data.weight(), {bins, category_bins, seed}, ex);
    on_iteration.rows_binned();
    const detail::boosting_rules settings = rules();
    detail::boosting<Loss, Metric> grow(settings, loss, data, groups, stop, validation_groups);
    return grow(model != nullptr ? detail::parts_of(*model) : grow.nothing(), x, on_iteration, ex);
  }

  template <class Loss>
  [[nodiscard]] result<void> check_all(const Loss& loss, const training_matrix& data,
                                       const early_stopping& stop) const {
    if (auto ok = check(); !ok) return ok;
    if (stop.validation != nullptr && drop_fraction > 0)
      return error{errc::invalid_argument, "gbdt_trainer: drop_fraction changes trees later: no early stopping"};
    if (residual_loss<Loss> && top_fraction > 0)
      return error{errc::invalid_argument,
                   "gbdt_trainer: top_fraction keeps large slopes, of which no quantile of what is left can be taken"};
    if (residual_loss<Loss> && is_monotone())
      return error{errc::invalid_argument,
                   "gbdt_trainer: leaves that are quantiles of what is left cannot be monotone"};
    if (auto ok = detail::check_gbdt_data(data, stop); !ok) return ok;
    if (auto ok = loss.check(data.label(), data.weight()); !ok) return ok;
    if (auto ok = detail::check_labels_differ(data.rows()); !ok) return ok;
    if (auto ok = check_constraints(data.x()); !ok) return ok;
    return detail::check_columns(data.rows());
  }
  /// Labels in the domain of a metric that is a loss, which may all be alike; groups for those that read them.
  template <class Metric, class Loss>
  [[nodiscard]] static result<void> check_validation(const Loss& loss, const labelled_matrix& rows,
                                                     row_groups& groups) {
    if constexpr (detail::is_loss<Metric>) {
      const auto ok = detail::metric_of<Metric>(loss).check(rows.label, rows.weight);
      if (!ok && ok.error().code != errc::one_class) return ok;
    }
    return read_groups<detail::reads_groups<Metric>>(rows, groups);
  }
  template <bool AreRead> [[nodiscard]] static result<void> read_groups(const labelled_matrix& rows, row_groups& to) {
    if constexpr (AreRead) {
      auto found = detail::groups_of(rows);
      if (!found) return found.error();
      to = std::move(*found);
    }
    return {};
  }
  template <class = void>
  [[nodiscard]] result<void> check_goes_on(const gbdt_model& model, const training_matrix& data,
                                           link_function output) const {
    if (averaged) return error{errc::invalid_argument, "gbdt_trainer: no model can go on as a forest"};
    if (model.output() != output) return error{errc::mismatch, "the model has another link than the loss"};
    const gbdt_forest& forest = model.forest();
    if (model.outputs() != 1 || model.scale() != 1 || model.bias() != 0 || forest.float_sums() || forest.has_lines())
      return error{errc::mismatch, "the model has several outputs, a scale, a bias, sums of floats or lines in leaves"};
    if (model.number_columns() != data.x().number_columns() || model.code_columns() != data.x().code_columns())
      return error{errc::mismatch, "the model reads " + std::to_string(model.number_columns()) + " numbers and " +
                                       std::to_string(model.code_columns()) + " codes, the training rows have " +
                                       std::to_string(data.x().number_columns()) + " and " +
                                       std::to_string(data.x().code_columns())};
    return {};
  }

  [[nodiscard]] bool is_monotone() const noexcept {
    return std::any_of(monotone.begin(), monotone.end(), [](int m) { return m != 0; });
  }
  /// Whether `monotone` and `interactions` speak of columns that there are.
  template <class = void> [[nodiscard]] result<void> check_constraints(const feature_matrix& x) const {
    if (monotone.size() > x.number_columns())
      return error{errc::mismatch, "gbdt_trainer: monotone has " + std::to_string(monotone.size()) +
                                       " entries, the rows have " + std::to_string(x.number_columns()) + " numbers"};
    for (const auto& group : interactions)
      for (const std::uint32_t column : group)
        if (column >= x.info().size())
          return error{errc::mismatch, "gbdt_trainer: interactions name column " + std::to_string(column) +
                                           ", the rows have " + std::to_string(x.info().size())};
    return {};
  }

  [[nodiscard]] detail::boosting_rules rules() const noexcept {
    detail::boosting_rules r;
    r.trees = trees;
    r.averaged = averaged;
    r.sampling = {.row_fraction = static_cast<double>(row_fraction),
                  .column_fraction = static_cast<double>(column_fraction),
                  .top_fraction = static_cast<double>(top_fraction),
                  .other_fraction = static_cast<double>(other_fraction),
                  .drop_fraction = static_cast<double>(drop_fraction),
                  .skip_drop = static_cast<double>(skip_drop),
                  .most_dropped = most_dropped,
                  .seed = seed};
    r.gradient_bits = static_cast<int>(gradient_bits);
    r.growth.leaves = leaves;
    r.growth.max_depth = max_depth;
    r.growth.learning_rate = averaged ? 1 : static_cast<double>(learning_rate);
    r.growth.by_depth = grow_by_depth;
    r.growth.monotone = monotone;
    r.growth.interactions = interactions;
    detail::split_rules& s = r.growth.split;
    s.l1 = static_cast<double>(l1);
    s.l2 = static_cast<double>(l2);
    s.min_gain = static_cast<double>(min_gain);
    s.min_hessian = static_cast<double>(min_hessian);
    s.min_rows_in_leaf = min_rows_in_leaf > 0 ? min_rows_in_leaf : 1;
    s.category_smoothing = static_cast<double>(category_smoothing);
    s.category_l2 = static_cast<double>(category_l2);
    s.path_smoothing = static_cast<double>(path_smoothing);
    s.monotone = is_monotone();
    s.max_categories = max_categories;
    s.one_hot_categories = one_hot_categories;
    s.min_rows_in_category = min_rows_in_category;
    return r;
  }
};

}  // namespace mlsd
