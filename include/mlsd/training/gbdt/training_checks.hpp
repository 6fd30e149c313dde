#pragma once

#include "mlsd/core/result.hpp"
#include "mlsd/data/groups.hpp"
#include "mlsd/data/training_rows.hpp"
#include "mlsd/training/gbdt/early_stopping.hpp"
#include "mlsd/training/gbdt/histogram.hpp"
#include "mlsd/training/loss/class_loss.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace mlsd::detail {

/// Whether number j is NaN in all rows that count.
template <class = void> [[nodiscard]] bool is_missing_everywhere(const labelled_rows& rows, std::size_t j) {
  const sparse_matrix* const sparse = rows.x.sparse();
  if (sparse == nullptr) {
    const std::span<const float> column = rows.x.columns().number(j);
    std::size_t i = 0;
    while (i < column.size() && (std::isnan(column[i]) || !(rows.weight_of(i) > 0))) ++i;
    return i == column.size();
  }
  const sparse_column column = sparse->number(j);
  std::size_t i = 0, e = 0;  // the first row that counts and has a value or none stored
  for (; i < rows.rows(); ++i) {
    const bool stored = e < column.row.size() && column.row[e] == i;
    const bool missing = stored && std::isnan(column.value_of(e));
    e += stored ? 1 : 0;
    if (!missing && rows.weight_of(i) > 0) break;
  }
  return i == rows.rows();
}

/// A column that every row that counts leaves empty is named, as are codes beyond their cardinality.
template <class = void> [[nodiscard]] result<void> check_columns(const labelled_rows& rows) {
  const feature_rows& x = rows.x;
  constexpr std::uint32_t most_categories = 1u << 24;
  for (std::size_t j = 0; j < x.number_columns(); ++j) {
    if (is_missing_everywhere(rows, j))
      return error{errc::empty,
                   "feature \"" + x.info()[j].name + "\" (column " + std::to_string(j) + ") is NaN in every row"};
  }
  for (std::size_t k = 0; k < x.code_columns(); ++k) {
    const feature_info& info = x.info()[x.number_columns() + k];
    if (info.cardinality > most_categories)
      return error{errc::capacity, "feature \"" + info.name + "\" has " + std::to_string(info.cardinality) +
                                       " categories, the most are " + std::to_string(most_categories)};
    const std::span<const std::uint32_t> column = x.columns().code(k);
    for (std::size_t i = 0; i < column.size(); ++i)
      if (column[i] >= info.cardinality)
        return error{errc::invalid_argument, "row " + std::to_string(i) + ": feature \"" + info.name + "\" has code " +
                                                 std::to_string(column[i]) + ", its cardinality is " +
                                                 std::to_string(info.cardinality)};
  }
  return {};
}

/// One label for every row that counts leaves nothing to learn.
template <class = void> [[nodiscard]] result<void> check_labels_differ(const labelled_rows& rows) {
  std::size_t first = 0;
  while (first < rows.rows() && !(rows.weight_of(first) > 0)) ++first;
  for (std::size_t i = first; i < rows.rows(); ++i)
    if (rows.weight_of(i) > 0 && rows.label[i] != rows.label[first]) return {};
  if (first == rows.rows()) return {};  // no weight at all: the loss says so
  return error{errc::one_class, "every row has label " + text_of_label(rows.label[first])};
}

/// What is wrong with the rows: too many of them, validation rows of another shape.
template <class = void>
[[nodiscard]] result<void> check_gbdt_data(const training_rows& data, const early_stopping& stop) {
  if (auto ok = check(data.rows()); !ok) return ok;
  const feature_rows& x = data.x();
  if (x.rows() > slope_scale::most_rows) return error{errc::capacity, "gbdt_trainer: more than 2^28 rows"};
  if (!stop.validation) return {};
  if (auto ok = check(stop.validation); !ok) return error{ok.error().code, "validation rows: " + ok.error().message};
  const feature_rows& v = stop.validation.x;
  if (v.number_columns() != x.number_columns() || v.code_columns() != x.code_columns())
    return error{errc::mismatch, "validation rows have " + std::to_string(v.number_columns()) + " numbers and " +
                                     std::to_string(v.code_columns()) + " codes, the training rows " +
                                     std::to_string(x.number_columns()) + " and " + std::to_string(x.code_columns())};
  return {};
}

/// The lists of rows, for a loss or metric that reads them.
template <class = void> [[nodiscard]] result<row_groups> groups_of(const labelled_rows& rows) {
  if (rows.group.empty()) return error{errc::missing_column, "a loss or metric of lists needs the group of every row"};
  return row_groups::of(rows.group);
}

/// The margins of a row.
template <class Loss> [[nodiscard]] std::size_t outputs_of(const Loss& loss, const training_rows& data) noexcept {
  if constexpr (class_loss<Loss>) {
    return loss.outputs(data.label(), data.weight());
  } else {
    return 1;
  }
}
/// Whether labels are in the domain of a loss, with `outputs` margins a row.
template <class Loss>
[[nodiscard]] result<void> check_domain(const Loss& loss, const labelled_rows& rows, std::size_t outputs) {
  if constexpr (class_loss<Loss>) {
    if (outputs == 0) return error{errc::invalid_argument, "the loss of classes says that there are none"};
    return loss.check(rows.label, rows.weight, outputs);
  } else {
    return loss.check(rows.label, rows.weight);
  }
}

}  // namespace mlsd::detail
