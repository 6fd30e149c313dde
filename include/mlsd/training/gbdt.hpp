#pragma once

#include "mlsd/core/executor.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/data/examples.hpp"
#include "mlsd/scoring/gbdt/model.hpp"
#include "mlsd/training/gbdt/binned_matrix.hpp"
#include "mlsd/training/gbdt/boosting.hpp"
#include "mlsd/training/gbdt/early_stopping.hpp"
#include "mlsd/training/gbdt/tree_grower.hpp"
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

/// What is wrong with the columns: a code beyond its cardinality, too many rows, validation rows of another shape.
template <class = void>
[[nodiscard]] result<void> check_gbdt_data(const training_matrix& data, const early_stopping& stop) {
  if (auto ok = check(data.rows()); !ok) return ok;
  const feature_matrix& x = data.x();
  if (x.rows() > slope_scale::most_rows) return error{errc::capacity, "gbdt_trainer: more than 2^28 rows"};
  for (std::size_t k = 0; k < x.code_columns(); ++k) {
    const feature_info& info = x.info()[x.number_columns() + k];
    const std::span<const std::uint32_t> column = x.code(k);
    for (std::size_t i = 0; i < column.size(); ++i)
      if (column[i] >= info.cardinality)
        return error{errc::invalid_argument, "row " + std::to_string(i) + ": feature \"" + info.name + "\" has code " +
                                                 std::to_string(column[i]) + ", its cardinality is " +
                                                 std::to_string(info.cardinality)};
  }
  if (stop.validation == nullptr) return {};
  if (auto ok = check(*stop.validation); !ok) return error{ok.error().code, "validation rows: " + ok.error().message};
  const feature_matrix& v = stop.validation->x;
  if (v.number_columns() != x.number_columns() || v.code_columns() != x.code_columns())
    return error{errc::mismatch, "validation rows have " + std::to_string(v.number_columns()) + " numbers and " +
                                     std::to_string(v.code_columns()) + " codes, the training rows " +
                                     std::to_string(x.number_columns()) + " and " + std::to_string(x.code_columns())};
  return {};
}

}  // namespace detail

/// Gradient-boosted trees over histograms of at most 255 bins, grown best leaf first (leaf-wise) or level by level.
/// Numbers: NaN goes to the side that training shows to be better; where training has none, to the side of more rows.
/// Codes: the best subset of categories by sorted gradient statistics, or one category where there are few; rare and
/// unknown ones go right. Weights reach everything; rows of weight 0 are as if they were not there.
/// Monotone numbers: all that is below one side of such a split stays beyond the middle of what its two sides say.
/// Time O(rows x features x trees x a few), memory about rows x (features + 32) bytes; columns that share a byte, such
/// as flags and those of a one-hot code, count as one. The same seed gives the same model, bit for bit, on any number
/// of threads. Sources: Friedman 2001; Chen and Guestrin 2016; Ke et al. 2017 (leaf-wise growth, categories).
struct gbdt_trainer {
  std::uint32_t trees = 100;
  std::uint32_t leaves = 31;
  float learning_rate = 0.1f;
  std::uint32_t bins = 255;            ///< of a number: 2 to 255, and one more for NaN
  std::uint32_t category_bins = 4096;  ///< of a code at most, <= 65,535; the rarest 1% of rows may share one
  std::uint32_t max_depth = 0;         ///< 0: no limit
  std::uint32_t min_rows_in_leaf = 20;
  float min_hessian = 1e-3f;  ///< of a leaf: weighted second derivatives
  float min_gain = 0, l1 = 0, l2 = 0;
  float row_fraction = 1, column_fraction = 1;  ///< drawn anew for every tree
  float category_smoothing = 10, category_l2 = 10;
  std::uint32_t max_categories = 32;         ///< on the left of one split
  std::uint32_t one_hot_categories = 4;      ///< up to so many are split off one by one
  std::uint32_t min_rows_in_category = 100;  ///< of neighbours in sorted order that move together
  bool grow_by_depth = false;                ///< level by level; the limit is `leaves` and `max_depth` all the same
  float path_smoothing = 0;                  ///< rows that the parent's value counts for in a leaf's
  std::span<const std::int8_t> monotone{};  ///< by number: 1 the margin may only rise with it, -1 only fall; not copied
  /// Groups of features, at most 64; the features of one path share a group. None: no limit. Not copied.
  std::span<const std::span<const std::uint32_t>> interactions{};
  std::uint32_t gradient_bits = 0;  ///< 0: full precision; 4 to 13: rounded at random, which is faster
  std::uint64_t seed = 1;

  /// The model, or what is wrong with settings or data: a label outside the loss's domain, one class, no weight, a code
  /// beyond its cardinality. Without a feature that splits, the model is a constant.
  template <loss_function Loss, executor Ex = sequential>
  [[nodiscard]] result<gbdt_model> fit(const training_matrix& data, Ex&& ex = {}) const {
    return fit<Loss>(data, early_stopping{}, keep_going{}, ex);
  }

  /// Stops when `Metric` on the validation rows has not improved for `stop.rounds` trees, and keeps the best number of
  /// trees. `on_iteration(const gbdt_iteration&)` sees every iteration, for progress bars; returning false ends
  /// training with the trees there are. `Metric` is the loss itself or any `validation_metric`.
  template <loss_function Loss, class Metric = Loss, class OnIteration = keep_going, executor Ex = sequential>
    requires std::is_invocable_r_v<bool, OnIteration&, const gbdt_iteration&>
  [[nodiscard]] result<gbdt_model> fit(const training_matrix& data, const early_stopping& stop,
                                       OnIteration&& on_iteration = {}, Ex&& ex = {}) const {
    if (auto ok = check(); !ok) return ok.error();
    if (auto ok = detail::check_gbdt_data(data, stop); !ok) return ok.error();
    if (auto ok = check_columns(data.x()); !ok) return ok.error();
    if (auto ok = Loss{}.check(data.label(), data.weight()); !ok) return ok.error();
    const detail::binned_matrix x(data.x(), data.weight(), {bins, category_bins, seed}, ex);
    const detail::boosting_rules settings = rules();
    return detail::boosting<Loss, Metric>(settings, data, stop)(x, on_iteration, ex);
  }
  template <loss_function Loss, class Metric = Loss, executor Ex>
  [[nodiscard]] result<gbdt_model> fit(const training_matrix& data, const early_stopping& stop, Ex&& ex) const {
    return fit<Loss, Metric>(data, stop, keep_going{}, ex);
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
    for (const float v : {min_hessian, min_gain, l1, l2, category_smoothing, category_l2, path_smoothing})
      if (!(v >= 0) || !std::isfinite(v))
        return wrong(
            "min_hessian, min_gain, l1, l2, category_smoothing, category_l2 and path_smoothing must be finite "
            "and >= 0");
    return {};
  }

 private:
  /// Whether `monotone` and `interactions` speak of columns that there are.
  template <class = void> [[nodiscard]] result<void> check_columns(const feature_matrix& x) const {
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
    r.row_fraction = static_cast<double>(row_fraction);
    r.column_fraction = static_cast<double>(column_fraction);
    r.seed = seed;
    r.gradient_bits = static_cast<int>(gradient_bits);
    r.growth.leaves = leaves;
    r.growth.max_depth = max_depth;
    r.growth.by_depth = grow_by_depth;
    r.growth.monotone = monotone;
    r.growth.interactions = interactions;
    r.growth.learning_rate = static_cast<double>(learning_rate);
    detail::split_rules& s = r.growth.split;
    s.l1 = static_cast<double>(l1);
    s.l2 = static_cast<double>(l2);
    s.min_gain = static_cast<double>(min_gain);
    s.min_hessian = static_cast<double>(min_hessian);
    s.min_rows_in_leaf = min_rows_in_leaf > 0 ? min_rows_in_leaf : 1;
    s.category_smoothing = static_cast<double>(category_smoothing);
    s.category_l2 = static_cast<double>(category_l2);
    s.path_smoothing = static_cast<double>(path_smoothing);
    s.monotone = std::any_of(monotone.begin(), monotone.end(), [](int m) { return m != 0; });
    s.max_categories = max_categories;
    s.one_hot_categories = one_hot_categories;
    s.min_rows_in_category = min_rows_in_category;
    return r;
  }
};

}  // namespace mlsd
