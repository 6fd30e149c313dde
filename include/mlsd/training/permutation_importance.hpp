#pragma once

#include "mlsd/core/hash.hpp"
#include "mlsd/core/random.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/data/examples.hpp"
#include "mlsd/data/groups.hpp"
#include "mlsd/scoring/link.hpp"
#include "mlsd/training/gbdt/early_stopping.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace mlsd {

/// How much worse a model's metric becomes when the values of one feature are dealt to other rows: positive if the
/// feature helps, about 0 if the model does without it. Features that say the same share, and hide, their importance.
/// Source: Breiman 2001.
///
///     const auto importance = permutation_importance{.repeats = 10}.of<logistic>(model, test).value();
struct permutation_importance {
  std::uint32_t repeats = 5;
  std::uint64_t seed = 1;

  struct of_features {
    double metric = 0;                     ///< of the rows as they are
    std::vector<double> mean{};            ///< [features], numbers first: by how much the metric becomes worse
    std::vector<double> standard_error{};  ///< [features], over the repeats; 0 for one
  };

  /// `Metric` is a loss or any metric that early stopping takes; `model` has `raw(columns, margins)` of one output and
  /// `output()`. The rows are used in place and are as before afterwards. O(features x repeats x scoring the rows),
  /// memory for two columns and the margins. The same seed gives the same numbers.
  /// Errors: rows that `check` refuses or of another shape, no repeats, groups that a metric of lists lacks.
  template <class Metric, class Model>
  [[nodiscard]] result<of_features> of(const Model& model, labelled_matrix& rows) const {
    if (auto ok = check(rows); !ok) return ok.error();
    if (repeats == 0) return error{errc::invalid_argument, "permutation_importance: repeats must be at least 1"};
    feature_matrix& x = rows.x;
    if (x.number_columns() != model.number_columns() || x.code_columns() != model.code_columns())
      return error{errc::mismatch, "the model reads " + std::to_string(model.number_columns()) + " numbers and " +
                                       std::to_string(model.code_columns()) + " codes, the rows have " +
                                       std::to_string(x.number_columns()) + " and " + std::to_string(x.code_columns())};
    row_groups groups;
    if constexpr (detail::reads_groups<Metric>) {
      auto read = row_groups::of(rows.group);
      if (!read) return read.error();
      groups = *std::move(read);
    }
    std::vector<double> margin(rows.rows());
    const auto metric_now = [&] {
      model.raw(x.columns(), margin);
      return detail::evaluate(Metric{}, rows, groups, margin, model.output());
    };
    of_features all{metric_now(), {}, {}};
    const auto worse_without = [&](std::size_t feature, auto column) {
      using value = typename decltype(column)::value_type;
      const std::vector<value> kept(column.begin(), column.end());
      std::vector<double> worse;
      for (std::uint32_t r = 0; r < repeats; ++r) {
        random_stream(combine(seed, feature), r).shuffle(column);
        const double now = metric_now();
        worse.push_back(detail::better<Metric>(1, 0) ? all.metric - now : now - all.metric);
        std::copy(kept.begin(), kept.end(), column.begin());
      }
      keep(worse, all);
    };
    for (std::size_t j = 0; j < x.number_columns(); ++j) worse_without(j, x.number(j));
    for (std::size_t j = 0; j < x.code_columns(); ++j) worse_without(x.number_columns() + j, x.code(j));
    return all;
  }

 private:
  static void keep(std::span<const double> worse, of_features& all) {
    const auto n = static_cast<double>(worse.size());
    double mean = 0, squares = 0;
    for (const double w : worse) mean += w / n;
    for (const double w : worse) squares += (w - mean) * (w - mean);
    all.mean.push_back(mean);
    all.standard_error.push_back(worse.size() > 1 ? std::sqrt(squares / (n - 1) / n) : 0);
  }
};

}  // namespace mlsd
