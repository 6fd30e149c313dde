#pragma once

#include "mlsd/core/result.hpp"
#include "mlsd/data/feature_matrix.hpp"

#include <cmath>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace mlsd {

/// Rows with what is known of their outcome: label [n], weight [n] or empty (all 1), group [n] or empty.
/// For evaluation, calibration and early stopping. Trainers take a `training_matrix`.
struct labelled_matrix {
  feature_matrix x{};
  std::vector<float> label{};
  std::vector<float> weight{};
  std::vector<std::uint32_t> group{};

  [[nodiscard]] std::size_t rows() const noexcept { return x.rows(); }
  [[nodiscard]] float weight_of(std::size_t i) const noexcept { return weight.empty() ? 1.0f : weight[i]; }
};

namespace detail {
template <class = void>
[[nodiscard]] result<void> check_outcomes(std::size_t rows, std::span<const float> label, std::span<const float> weight,
                                          std::span<const std::uint32_t> group) {
  const auto row = [](std::size_t i) { return "row " + std::to_string(i) + ": "; };
  const auto not_as_many = [&](std::size_t n, const char* what) {
    return error{errc::invalid_argument, std::to_string(rows) + " rows but " + std::to_string(n) + what};
  };
  if (rows == 0) return error{errc::empty, "no rows"};
  if (label.size() != rows) return not_as_many(label.size(), " labels");
  if (!weight.empty() && weight.size() != rows) return not_as_many(weight.size(), " weights");
  if (!group.empty() && group.size() != rows) return not_as_many(group.size(), " groups");
  for (std::size_t i = 0; i < rows; ++i) {
    if (!std::isfinite(label[i])) return error{errc::not_finite, row(i) + "the label is not finite"};
    if (!weight.empty() && !(std::isfinite(weight[i]) && weight[i] >= 0))
      return error{errc::not_finite, row(i) + "the weight is negative or not finite"};
  }
  return {};
}
}  // namespace detail

/// The first thing wrong with labels and weights, or success: lengths, NaN or infinite labels, weights that are
/// negative or not finite, no rows. O(n). The message names the row.
template <class = void> [[nodiscard]] result<void> check(const labelled_matrix& m) {
  return detail::check_outcomes(m.rows(), m.label, m.weight, m.group);
}

/// The only thing a trainer accepts as training rows. `spec.fit(train)` makes it, with out-of-fold values wherever a
/// feature was learnt from labels; applying a fitted pipeline to the training rows gives a `labelled_matrix` instead,
/// which no trainer takes. Whoever brings a matrix from elsewhere says by name that no feature saw the labels.
class training_matrix {
 public:
  /// Promise: no column of `rows` was computed from the label of its own row.
  [[nodiscard]] static training_matrix out_of_fold(labelled_matrix rows) { return training_matrix(std::move(rows)); }

  [[nodiscard]] const labelled_matrix& rows() const noexcept { return rows_; }
  [[nodiscard]] const feature_matrix& x() const noexcept { return rows_.x; }
  [[nodiscard]] std::span<const float> label() const noexcept { return rows_.label; }
  [[nodiscard]] std::span<const float> weight() const noexcept { return rows_.weight; }
  [[nodiscard]] std::size_t size() const noexcept { return rows_.rows(); }

 private:
  explicit training_matrix(labelled_matrix rows) : rows_(std::move(rows)) {}
  labelled_matrix rows_;
};

}  // namespace mlsd
