#pragma once

#include "mlsd/core/executor.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/data/groups.hpp"
#include "mlsd/data/training_rows.hpp"
#include "mlsd/scoring/gbdt/model.hpp"
#include "mlsd/training/gbdt/binned_matrix.hpp"
#include "mlsd/training/gbdt/boosting.hpp"
#include "mlsd/training/gbdt/boosting_rules.hpp"
#include "mlsd/training/gbdt/class_boosting.hpp"
#include "mlsd/training/gbdt/early_stopping.hpp"
#include "mlsd/training/gbdt/training_checks.hpp"
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
#include <vector>

namespace mlsd {

/// Gradient-boosted trees over histograms of at most 255 bins, grown best leaf first (leaf-wise), level by level, or
/// symmetric, with one split a level.
/// Numbers: NaN goes to the side that training shows to be better; where training has none, to the side of more rows.
/// Codes: the best subset of categories by sorted gradient statistics, or one category where there are few; rare and
/// unknown ones go right. Weights reach everything; rows of weight 0 are as if they were not there,
/// but that draws go by the place of a row.
/// Slopes keep 30 bits of the largest one of an iteration: beside a label of 1e12, those of 0 and 1 are alike.
/// Monotone numbers: all that is below one side of such a split stays beyond the middle of what its two sides say.
/// Time O(rows x features x trees x a few), memory about rows x (features + 32) bytes; columns that share a byte, such
/// as flags and those of a one-hot code, count as one. To these come 16 bytes a bin of every feature for each leaf that
/// may still split: symmetric trees of d levels have up to 2^(d - 1) of them at once. The same seed gives the same
/// model, bit for bit, on any number of threads. `fit` trains, `extend` goes on with a model, `refit` gives its trees
/// leaves for new rows. Sources: Friedman 2001; Chen and Guestrin 2016; Ke et al. 2017 (leaf-wise growth, categories,
/// sampling by gradients); Vinayak and Gilad-Bachrach 2015 (dropout); Breiman 2001 (forests).
struct gbdt_trainer {
  std::uint32_t trees = 100;  ///< with a loss of classes, of each class
  std::uint32_t leaves = 31;
  float learning_rate = 0.1f;
  std::uint32_t bins = 255;            ///< of a number: 2 to 255, and one more for NaN
  std::uint32_t category_bins = 4096;  ///< of a code at most, <= 65,535; the rarest 1% of rows may share one
  std::uint32_t max_depth = 0;         ///< 0: no limit
  /// Of either side of a split, as LightGBM counts them: a bin has the share of its leaf's rows that it has of the
  /// leaf's second derivatives, to the nearest. So rows that a classifier is sure of, and rows of little weight, make no
  /// leaf. Nor do a few unsure ones: half as many rows must be there as such. No leaf is ever empty, but in symmetric
  /// trees.
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
  /// Leaf-wise and depth-wise trees end at `leaves` and `max_depth`. Symmetric ones, which CatBoost grows too, are the
  /// fastest to score; they have up to `max_depth` levels (16 at most, 0 is 6), whatever `leaves` says, and as many
  /// leaves as these make: those too small for the limits below are there, and say what the node above them says.
  tree_growth growth = tree_growth::leaf_wise;
  float path_smoothing = 0;      ///< rows that the parent's value counts for in a leaf's, as penalties do
  bool zero_as_missing = false;  ///< numbers within 1e-35 of 0 count as NaN, in training and in the model
  /// Leaves are lines over the numbers that their paths split by, of coefficients that `linear_l2` draws to 0; rows
  /// that lack one of them get the constant that the leaf would be without. Lines go on beyond the training rows: mind
  /// outliers.
  bool linear_leaves = false;
  float linear_l2 = 0;
  /// By number: 1 the margin may only rise with it, -1 only fall. None: what the training rows say of their features,
  /// as a pipeline with `rising` and `falling` does. An error with a loss of classes, whose shares it would not bind,
  /// and with one whose leaves are quantiles. Not copied.
  std::span<const std::int8_t> monotone{};
  /// Groups of features, at most 64; the features of one path share a group. None: no limit. Not copied.
  std::span<const std::span<const std::uint32_t>> interactions{};
  std::uint32_t gradient_bits = 0;  ///< 0: full precision; 4 to 13: rounded at random, which is faster
  std::uint64_t seed = 1;

  /// The model, or what is wrong with settings or data: a label outside the loss's domain, one label only, no weight, a
  /// column without a value, a code beyond its cardinality, torn groups. Without a feature that splits, the model is a
  /// constant. A loss with settings is a value: `fit(quantile{.level = 0.9}, data)`.
  /// A loss of classes, such as `softmax`, grows a tree for each class in every iteration, on the same rows, and the
  /// model has an output for each. It takes 16 bytes a row and class.
  template <class Loss, executor Ex = sequential>
    requires detail::is_loss<Loss>
  [[nodiscard]] result<gbdt_model> fit(const Loss& loss, const training_rows& data, Ex&& ex = {}) const {
    return fit(loss, data, early_stopping{}, keep_going{}, ex);
  }
  template <class Loss, executor Ex = sequential>
    requires detail::is_loss<Loss>
  [[nodiscard]] result<gbdt_model> fit(const training_rows& data, Ex&& ex = {}) const {
    return fit(Loss{}, data, early_stopping{}, keep_going{}, ex);
  }

  /// Stops when `Metric` on the validation rows has not improved for `stop.rounds` trees, and keeps the best number of
  /// trees. `on_iteration(const gbdt_iteration&)` sees every iteration, for progress bars; returning false ends
  /// training with the trees there are. If it has `rows_binned()`, that is called once, before the first tree.
  /// `Metric` is the loss itself, any `validation_metric`, or a `group_metric`; of classes, a `class_metric`.
  template <class Loss, class Metric = Loss, class OnIteration = keep_going, executor Ex = sequential>
    requires detail::is_loss<Loss> && std::is_invocable_r_v<bool, OnIteration&, const gbdt_iteration&>
  [[nodiscard]] result<gbdt_model> fit(const Loss& loss, const training_rows& data, const early_stopping& stop,
                                       OnIteration&& on_iteration = {}, Ex&& ex = {}) const {
    return boost<Loss, Metric>(nullptr, loss, data, stop, detail::iteration_callback(on_iteration), ex);
  }
  template <class Loss, class Metric = Loss, class OnIteration = keep_going, executor Ex = sequential>
    requires detail::is_loss<Loss> && std::is_invocable_r_v<bool, OnIteration&, const gbdt_iteration&>
  [[nodiscard]] result<gbdt_model> fit(const training_rows& data, const early_stopping& stop,
                                       OnIteration&& on_iteration = {}, Ex&& ex = {}) const {
    return fit<Loss, Metric>(Loss{}, data, stop, on_iteration, ex);
  }
  template <class Loss, class Metric = Loss, executor Ex>
    requires detail::is_loss<Loss>
  [[nodiscard]] result<gbdt_model> fit(const Loss& loss, const training_rows& data, const early_stopping& stop,
                                       Ex&& ex) const {
    return fit<Loss, Metric>(loss, data, stop, keep_going{}, ex);
  }
  template <class Loss, class Metric = Loss, executor Ex>
    requires detail::is_loss<Loss>
  [[nodiscard]] result<gbdt_model> fit(const training_rows& data, const early_stopping& stop, Ex&& ex) const {
    return fit<Loss, Metric>(Loss{}, data, stop, keep_going{}, ex);
  }

  /// `model` with up to `trees` more, grown where it left off: ten trees and ten more are the twenty of one `fit`, bit
  /// for bit, on the same rows; not so where trees are dropped, of which only new ones are, or where a draw of rows let
  /// no tree grow. Columns and link must be those of the model. Nothing goes on as a forest.
  template <class Loss, class Metric = Loss, class OnIteration = keep_going, executor Ex = sequential>
    requires detail::is_loss<Loss> && std::is_invocable_r_v<bool, OnIteration&, const gbdt_iteration&>
  [[nodiscard]] result<gbdt_model> extend(const gbdt_model& model, const Loss& loss, const training_rows& data,
                                          const early_stopping& stop = {}, OnIteration&& on_iteration = {},
                                          Ex&& ex = {}) const {
    if (auto ok = check_goes_on(model, data, Loss::output, detail::outputs_of(loss, data)); !ok) return ok.error();
    return boost<Loss, Metric>(&model, loss, data, stop, detail::iteration_callback(on_iteration), ex);
  }

  /// The trees of `model` with leaves for new rows: `decay` times the old value, and the rest what growing would give
  /// them on these rows under these settings. Leaves that no row reaches stay, as does the base. O(rows x trees x
  /// depth).
  template <class Loss, executor Ex = sequential>
    requires detail::is_loss<Loss>
  [[nodiscard]] result<gbdt_model> refit(const gbdt_model& model, const Loss& loss, const training_rows& data,
                                         float decay = 0.9f, Ex&& ex = {}) const {
    if (auto ok = check_goes_on(model, data, Loss::output, detail::outputs_of(loss, data)); !ok) return ok.error();
    if (!(decay >= 0 && decay <= 1))
      return error{errc::invalid_argument, "gbdt_trainer: refit's decay must be between 0 and 1"};
    if (is_monotone(data.x()))
      return error{errc::invalid_argument, "gbdt_trainer: refitted leaves cannot be kept monotone"};
    if (path_smoothing > 0)
      return error{errc::invalid_argument, "gbdt_trainer: refitted leaves cannot be smoothed along their paths"};
    if (linear_leaves || model.forest().has_lines())
      return error{errc::invalid_argument, "gbdt_trainer: refitted leaves cannot be lines"};
    const early_stopping stop;
    if (auto ok = check_all(loss, data, stop); !ok) return ok.error();
    row_groups groups;
    if (auto ok = read_groups<detail::reads_groups<Loss>>(data.rows(), groups); !ok) return ok.error();
    detail::boosting_rules settings = rules({});
    settings.sampling = {.seed = seed};
    settings.gradient_bits = 0;
    return run<Loss, Loss>(settings, loss, data, groups, stop, {}, [&](auto& grow) {
      return grow.refit(detail::parts_of(model), static_cast<double>(decay), ex);
    });
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
    for (const float v : {min_hessian, min_gain, l1, l2, category_smoothing, category_l2, path_smoothing, linear_l2})
      if (!(v >= 0) || !std::isfinite(v))
        return wrong(
            "min_hessian, min_gain, l1, l2, category_smoothing, category_l2, path_smoothing and linear_l2 must be "
            "finite and >= 0");
    if (growth > tree_growth::symmetric) return wrong("growth is none of leaf_wise, depth_wise and symmetric");
    if (growth == tree_growth::symmetric) {
      if (max_depth > 16) return wrong("max_depth of symmetric trees must be at most 16");
      if (path_smoothing > 0) return wrong("symmetric trees cannot be smoothed along their paths");
    }
    if (auto ok = check_trends(std::any_of(monotone.begin(), monotone.end(), [](int m) { return m != 0; })); !ok)
      return ok;
    if (linear_leaves && zero_as_missing) return wrong("linear_leaves count with zeros: no zero_as_missing");
    if (linear_leaves && path_smoothing > 0) return wrong("linear_leaves cannot be smoothed along their paths");
    return {};
  }

 private:
  template <class Loss, class Metric, executor Ex>
  [[nodiscard]] result<gbdt_model> boost(const gbdt_model* model, const Loss& loss, const training_rows& data,
                                         const early_stopping& stop, const detail::iteration_callback& on_iteration,
                                         Ex& ex) const {
    if (auto ok = check_all(loss, data, stop); !ok) return ok.error();
    row_groups groups, validation_groups;
    if (auto ok = read_groups<detail::reads_groups<Loss>>(data.rows(), groups); !ok) return ok.error();
    if (stop.validation)
      if (auto ok = check_validation<Metric>(loss, stop.validation, detail::outputs_of(loss, data), validation_groups);
          !ok)
        return error{ok.error().code, "validation rows: " + ok.error().message};
    const detail::missing_numbers missing{zero_as_missing ? gbdt_zero : -1};
    const detail::binned_matrix x(data.x(), data.weight(), {bins, category_bins, seed, missing}, ex);
    on_iteration.rows_binned();
    const std::vector<std::int8_t> trends = trends_of(data.x());
    const detail::boosting_rules settings = rules(trends);
    return run<Loss, Metric>(settings, loss, data, groups, stop, validation_groups, [&](auto& grow) {
      return grow(model != nullptr ? detail::parts_of(*model) : grow.nothing(), x, on_iteration, ex);
    });
  }
  /// What `use` does with the loop that the loss needs.
  template <class Loss, class Metric, class Use>
  [[nodiscard]] static result<gbdt_model> run(const detail::boosting_rules& settings, const Loss& loss,
                                              const training_rows& data, const row_groups& groups,
                                              const early_stopping& stop, const row_groups& validation_groups,
                                              Use&& use) {
    if constexpr (class_loss<Loss>) {
      detail::class_boosting<Loss, Metric> grow(settings, loss, data, stop);
      return use(grow);
    } else {
      detail::boosting<Loss, Metric> grow(settings, loss, data, groups, stop, validation_groups);
      return use(grow);
    }
  }

  template <class Loss>
  [[nodiscard]] result<void> check_all(const Loss& loss, const training_rows& data, const early_stopping& stop) const {
    if (auto ok = check(); !ok) return ok;
    if (stop.validation && drop_fraction > 0)
      return error{errc::invalid_argument, "gbdt_trainer: drop_fraction changes trees later: no early stopping"};
    if (residual_loss<Loss> && top_fraction > 0)
      return error{errc::invalid_argument,
                   "gbdt_trainer: top_fraction keeps large slopes, of which no quantile of what is left can be taken"};
    if (residual_loss<Loss> && is_monotone(data.x()))
      return error{errc::invalid_argument,
                   "gbdt_trainer: leaves that are quantiles of what is left cannot be monotone"};
    if (class_loss<Loss> && is_monotone(data.x()))
      return error{errc::invalid_argument,
                   "gbdt_trainer: a loss of classes cannot be monotone: a share may fall where every margin rises"};
    if (auto ok = check_trends(is_monotone(data.x())); !ok) return ok;
    if (residual_loss<Loss> && linear_leaves)
      return error{errc::invalid_argument,
                   "gbdt_trainer: leaves that are quantiles of what is left cannot be linear_leaves"};
    if (linear_leaves && data.x().sparse() != nullptr)
      return error{errc::invalid_argument, "gbdt_trainer: linear_leaves need dense rows"};
    if (auto ok = detail::check_gbdt_data(data, stop); !ok) return ok;
    if (auto ok = detail::check_domain(loss, data.rows(), detail::outputs_of(loss, data)); !ok) return ok;
    if (auto ok = detail::check_labels_differ(data.rows()); !ok) return ok;
    if (auto ok = check_constraints(data.x()); !ok) return ok;
    return detail::check_columns(data.rows());
  }
  /// Labels in the domain of a metric that is a loss, or of the classes, which may all be alike; groups for those that
  /// read them.
  template <class Metric, class Loss>
  [[nodiscard]] static result<void> check_validation(const Loss& loss, const labelled_rows& rows, std::size_t outputs,
                                                     row_groups& groups) {
    result<void> ok;
    if constexpr (detail::is_loss<Metric>) ok = detail::check_domain(detail::metric_of<Metric>(loss), rows, outputs);
    if constexpr (class_loss<Loss> && !detail::is_loss<Metric>) ok = detail::check_domain(loss, rows, outputs);
    if (!ok && ok.error().code != errc::one_class) return ok;
    return read_groups<detail::reads_groups<Metric>>(rows, groups);
  }
  template <bool AreRead> [[nodiscard]] static result<void> read_groups(const labelled_rows& rows, row_groups& to) {
    if constexpr (AreRead) {
      auto found = detail::groups_of(rows);
      if (!found) return found.error();
      to = std::move(*found);
    }
    return {};
  }
  template <class = void>
  [[nodiscard]] result<void> check_goes_on(const gbdt_model& model, const training_rows& data, link_function output,
                                           std::size_t outputs) const {
    if (averaged) return error{errc::invalid_argument, "gbdt_trainer: no model can go on as a forest"};
    if (model.output() != output) return error{errc::mismatch, "the model has another link than the loss"};
    const gbdt_forest& forest = model.forest();
    if (model.outputs() != outputs || (outputs != 1 && !forest.outputs_take_turns()))
      return error{errc::mismatch, "the model has " + std::to_string(model.outputs()) + " outputs, the loss " +
                                       std::to_string(outputs) + ", a tree for each in turn"};
    bool has_bias = false;
    for (std::size_t k = 0; k < outputs; ++k) has_bias = has_bias || model.bias(k) != 0;
    if (model.scale() != 1 || has_bias || forest.float_sums())
      return error{errc::mismatch, "the model has a scale, a bias or sums of floats"};
    if (model.number_columns() != data.x().number_columns() || model.code_columns() != data.x().code_columns())
      return error{errc::mismatch, "the model reads " + std::to_string(model.number_columns()) + " numbers and " +
                                       std::to_string(model.code_columns()) + " codes, the training rows have " +
                                       std::to_string(data.x().number_columns()) + " and " +
                                       std::to_string(data.x().code_columns())};
    return {};
  }

  /// By number, 1 or -1; none where no number has a trend.
  template <class = void> [[nodiscard]] std::vector<std::int8_t> trends_of(const feature_rows& x) const {
    std::vector<std::int8_t> trends(monotone.begin(), monotone.end());
    for (std::size_t j = 0; monotone.empty() && j < x.number_columns(); ++j) trends.push_back(x.info()[j].monotone);
    if (std::all_of(trends.begin(), trends.end(), [](int m) { return m == 0; })) trends.clear();
    return trends;
  }
  [[nodiscard]] bool is_monotone(const feature_rows& x) const { return !trends_of(x).empty(); }
  template <class = void> [[nodiscard]] result<void> check_trends(bool are_there) const {
    if (are_there && growth == tree_growth::symmetric)
      return error{errc::invalid_argument, "gbdt_trainer: symmetric trees cannot be kept monotone"};
    if (are_there && linear_leaves)
      return error{errc::invalid_argument, "gbdt_trainer: linear_leaves cannot be kept monotone"};
    return {};
  }
  /// Whether `monotone` and `interactions` speak of columns that there are, and trends are ones.
  template <class = void> [[nodiscard]] result<void> check_constraints(const feature_rows& x) const {
    if (monotone.size() > x.number_columns())
      return error{errc::mismatch, "gbdt_trainer: monotone has " + std::to_string(monotone.size()) +
                                       " entries, the rows have " + std::to_string(x.number_columns()) + " numbers"};
    for (const feature_info& f : x.info())
      if (f.monotone < -1 || f.monotone > 1 || (f.monotone != 0 && f.is_code()))
        return error{errc::invalid_argument,
                     "feature \"" + f.name + "\": monotone must be -1, 0 or 1, and 0 of a code"};
    for (const auto& group : interactions)
      for (const std::uint32_t column : group)
        if (column >= x.info().size())
          return error{errc::mismatch, "gbdt_trainer: interactions name column " + std::to_string(column) +
                                           ", the rows have " + std::to_string(x.info().size())};
    return {};
  }

  [[nodiscard]] detail::boosting_rules rules(std::span<const std::int8_t> trends) const noexcept {
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
    r.linear_leaves = linear_leaves;
    r.linear_l2 = static_cast<double>(linear_l2);
    r.growth.leaves = leaves;
    r.growth.max_depth = max_depth;
    r.growth.learning_rate = averaged ? 1 : static_cast<double>(learning_rate);
    r.growth.growth = growth;
    if (zero_as_missing) r.growth.number_test = gbdt_test::number_or_zero;
    r.growth.monotone = trends;
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
    s.monotone = !trends.empty();
    s.max_categories = max_categories;
    s.one_hot_categories = one_hot_categories;
    s.min_rows_in_category = min_rows_in_category;
    return r;
  }
};

}  // namespace mlsd
