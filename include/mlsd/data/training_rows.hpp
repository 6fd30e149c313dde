#pragma once

#include "mlsd/core/matrix_view.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/data/examples.hpp"
#include "mlsd/data/feature_matrix.hpp"
#include "mlsd/data/sparse_matrix.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace mlsd {

/// `labelled_matrix` of sparse rows.
struct labelled_sparse {
  sparse_matrix x{};
  std::vector<float> label{};
  std::vector<float> weight{};
  std::vector<std::uint32_t> group{};

  [[nodiscard]] std::size_t rows() const noexcept { return x.rows(); }
  [[nodiscard]] float weight_of(std::size_t i) const noexcept { return weight.empty() ? 1.0f : weight[i]; }
};

/// `training_matrix` of sparse rows.
class sparse_training_matrix {
 public:
  /// Promise: no column of `rows` was computed from the label of its own row.
  [[nodiscard]] static sparse_training_matrix out_of_fold(labelled_sparse rows) {
    return sparse_training_matrix(std::move(rows));
  }
  [[nodiscard]] const labelled_sparse& rows() const noexcept { return rows_; }
  [[nodiscard]] const sparse_matrix& x() const noexcept { return rows_.x; }
  [[nodiscard]] std::span<const float> label() const noexcept { return rows_.label; }
  [[nodiscard]] std::span<const float> weight() const noexcept { return rows_.weight; }
  [[nodiscard]] std::size_t size() const noexcept { return rows_.rows(); }

 private:
  explicit sparse_training_matrix(labelled_sparse rows) : rows_(std::move(rows)) {}
  labelled_sparse rows_;
};

/// A dense or a sparse matrix that someone else owns, as one type. Copying is free. A sparse matrix must stay where it
/// is.
class feature_rows {
 public:
  feature_rows() = default;
  feature_rows(const feature_matrix& x) noexcept : info_(x.info()), dense_(x.columns()) {}
  feature_rows(const sparse_matrix& x) noexcept : info_(x.info()), sparse_(&x) {
    dense_.rows = x.rows();
    dense_.number_columns = x.number_columns();
  }

  [[nodiscard]] std::size_t rows() const noexcept { return dense_.rows; }
  [[nodiscard]] std::size_t number_columns() const noexcept { return dense_.number_columns; }
  [[nodiscard]] std::size_t code_columns() const noexcept { return dense_.code_columns; }
  [[nodiscard]] std::span<const feature_info> info() const noexcept { return info_; }
  /// The sparse matrix, or null.
  [[nodiscard]] const sparse_matrix* sparse() const noexcept { return sparse_; }
  /// The dense matrix; of a sparse one only the shape.
  [[nodiscard]] const mixed_columns& columns() const noexcept { return dense_; }

 private:
  std::span<const feature_info> info_;
  mixed_columns dense_{};
  const sparse_matrix* sparse_ = nullptr;
};

/// `labelled_matrix` or `labelled_sparse` that someone else owns, or none. Copying is free.
struct labelled_rows {
  feature_rows x{};
  std::span<const float> label{}, weight{};
  std::span<const std::uint32_t> group{};

  labelled_rows() = default;
  labelled_rows(std::nullptr_t) noexcept {}
  labelled_rows(const labelled_matrix& m) noexcept : labelled_rows(m.x, m) {}
  labelled_rows(const labelled_sparse& m) noexcept : labelled_rows(m.x, m) {}
  labelled_rows(const labelled_matrix&&) = delete;  // it would be gone
  labelled_rows(const labelled_sparse&&) = delete;
  labelled_rows(const labelled_matrix* m) noexcept : labelled_rows(m != nullptr ? labelled_rows(*m) : nullptr) {}
  labelled_rows(const labelled_sparse* m) noexcept : labelled_rows(m != nullptr ? labelled_rows(*m) : nullptr) {}

  /// Whether there are any: a matrix without rows is one, too.
  [[nodiscard]] explicit operator bool() const noexcept { return is_there_; }
  [[nodiscard]] std::size_t rows() const noexcept { return x.rows(); }
  [[nodiscard]] float weight_of(std::size_t i) const noexcept { return weight.empty() ? 1.0f : weight[i]; }

 private:
  template <class Labelled>
  labelled_rows(const feature_rows& columns, const Labelled& m) noexcept
      : x(columns), label(m.label), weight(m.weight), group(m.group), is_there_(true) {}
  bool is_there_ = false;
};

/// As of a `labelled_matrix`.
template <class = void> [[nodiscard]] result<void> check(const labelled_rows& m) {
  return detail::check_outcomes(m.rows(), m.label, m.weight, m.group);
}

/// Training rows that someone else owns: a `training_matrix` or a `sparse_training_matrix`, and nothing else, so that
/// what was promised of them holds.
class training_rows {
 public:
  training_rows(const training_matrix& m) noexcept : rows_(m.rows()) {}
  training_rows(const sparse_training_matrix& m) noexcept : rows_(m.rows()) {}

  [[nodiscard]] const labelled_rows& rows() const noexcept { return rows_; }
  [[nodiscard]] const feature_rows& x() const noexcept { return rows_.x; }
  [[nodiscard]] std::span<const float> label() const noexcept { return rows_.label; }
  [[nodiscard]] std::span<const float> weight() const noexcept { return rows_.weight; }
  [[nodiscard]] std::size_t size() const noexcept { return rows_.rows(); }

 private:
  labelled_rows rows_;
};

}  // namespace mlsd
