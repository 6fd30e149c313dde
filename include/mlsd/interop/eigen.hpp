/// Views between mlsd and Eigen (3.4 and 5), without copies, and copies where a view is not possible.
#pragma once

#include "mlsd/core/matrix_view.hpp"
#include "mlsd/data/examples.hpp"
#include "mlsd/interop/named_columns.hpp"

#include <Eigen/Core>
#include <cstddef>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace mlsd {

namespace detail {

template <class T, class Plain> using same_const = std::conditional_t<std::is_const_v<T>, const Plain, Plain>;
template <class T, int Layout>
using eigen_matrix = same_const<T, Eigen::Matrix<std::remove_const_t<T>, Eigen::Dynamic, Eigen::Dynamic, Layout>>;

[[nodiscard]] constexpr Eigen::Index eigen_index(std::size_t i) noexcept { return static_cast<Eigen::Index>(i); }
[[nodiscard]] constexpr std::size_t from_eigen_index(Eigen::Index i) noexcept { return static_cast<std::size_t>(i); }

template <class X> void any_dense(const Eigen::DenseBase<X>&);
template <class X>
concept eigen_dense = requires(const std::remove_cvref_t<X>& x) { any_dense(x); };

/// The values lie in memory, those of one row or column side by side.
template <class X>
inline constexpr bool eigen_in_memory = (std::remove_cvref_t<X>::Flags & Eigen::DirectAccessBit) != 0 &&
                                        std::remove_cvref_t<X>::InnerStrideAtCompileTime == 1;
/// An object that owns its values and ends with the expression: a view of it would dangle.
template <class X>
inline constexpr bool eigen_dies =
    !std::is_lvalue_reference_v<X> &&
    std::is_base_of_v<Eigen::PlainObjectBase<std::remove_cvref_t<X>>, std::remove_cvref_t<X>>;
template <class X> using eigen_value_t = std::remove_pointer_t<decltype(std::declval<X&>().data())>;

template <class X> void copy_eigen(const X& from, std::vector<float>& to) {
  static_assert(X::IsVectorAtCompileTime, "mlsd: labels and weights are a vector");
  to.resize(from_eigen_index(from.size()));
  Eigen::Map<eigen_matrix<float, Eigen::ColMajor>>(to.data(), from.rows(), from.cols()) =
      from.matrix().template cast<float>();
}

}  // namespace detail

/// A matrix as Eigen sees it: [rows, columns], row-major, with the stride of the view. Not owned, not aligned.
template <class T> [[nodiscard]] auto as_eigen(matrix_view<T> x) noexcept {
  return Eigen::Map<detail::eigen_matrix<T, Eigen::RowMajor>, Eigen::Unaligned, Eigen::OuterStride<>>(
      x.data, detail::eigen_index(x.rows), detail::eigen_index(x.columns),
      Eigen::OuterStride<>(detail::eigen_index(x.stride)));
}

/// The numbers of many rows: [rows, number_columns], column-major. Not owned; codes are left out.
[[nodiscard]] inline auto as_eigen(const mixed_columns& x) noexcept {
  return Eigen::Map<const Eigen::MatrixXf, Eigen::Unaligned, Eigen::OuterStride<>>(
      x.numbers, detail::eigen_index(x.rows), detail::eigen_index(x.number_columns),
      Eigen::OuterStride<>(detail::eigen_index(x.stride)));
}
[[nodiscard]] inline auto as_eigen(const feature_matrix& x) noexcept {
  return Eigen::Map<const Eigen::MatrixXf>(x.columns().numbers, detail::eigen_index(x.rows()),
                                           detail::eigen_index(x.number_columns()));
}
[[nodiscard]] inline auto as_eigen(feature_matrix& x) noexcept {
  return Eigen::Map<Eigen::MatrixXf>(x.number_columns() == 0 ? nullptr : x.number(0).data(),
                                     detail::eigen_index(x.rows()), detail::eigen_index(x.number_columns()));
}
auto as_eigen(const feature_matrix&& x) = delete;  // the view would dangle

/// A column vector over a span, or over a vector that goes on living.
template <class T> [[nodiscard]] auto as_eigen(std::span<T> x) noexcept {
  return Eigen::Map<detail::same_const<T, Eigen::Matrix<std::remove_const_t<T>, Eigen::Dynamic, 1>>>(
      x.data(), detail::eigen_index(x.size()));
}
template <class T> [[nodiscard]] auto as_eigen(std::vector<T>& x) noexcept { return as_eigen(std::span<T>(x)); }
template <class T> [[nodiscard]] auto as_eigen(const std::vector<T>& x) noexcept {
  return as_eigen(std::span<const T>(x));
}
template <class T> auto as_eigen(const std::vector<T>&& x) = delete;  // the view would dangle

/// The `matrix_view` of a row-major matrix, map or block whose rows are contiguous. Anything else does not compile:
/// a column-major matrix is `as_columns`, an expression becomes values by `matrix_of`.
template <detail::eigen_dense X> [[nodiscard]] auto as_matrix_view(X&& x) noexcept {
  using Dense = std::remove_cvref_t<X>;
  static_assert(detail::eigen_in_memory<X>, "mlsd: the expression has no contiguous rows in memory: use matrix_of");
  static_assert(Dense::IsRowMajor, "mlsd: the matrix is column-major: use as_columns, or matrix_of for a copy");
  static_assert(!detail::eigen_dies<X>, "mlsd: a view of a matrix that is about to be destroyed");
  return matrix_view<detail::eigen_value_t<X>>(x.data(), detail::from_eigen_index(x.rows()),
                                               detail::from_eigen_index(x.cols()),
                                               detail::from_eigen_index(x.outerStride()));
}

/// The rows of a column-major matrix, map or block of float, as models score them. Anything else does not compile.
template <detail::eigen_dense X> [[nodiscard]] mixed_columns as_columns(X&& x) noexcept {
  using Dense = std::remove_cvref_t<X>;
  static_assert(detail::eigen_in_memory<X>, "mlsd: the expression has no contiguous columns in memory: use matrix_of");
  static_assert(!Dense::IsRowMajor, "mlsd: the matrix is row-major: use as_matrix_view, or matrix_of for a copy");
  static_assert(std::is_same_v<typename Dense::Scalar, float>, "mlsd: models take float: use matrix_of for a copy");
  static_assert(!detail::eigen_dies<X>, "mlsd: a view of a matrix that is about to be destroyed");
  return {detail::from_eigen_index(x.rows()),
          detail::from_eigen_index(x.cols()),
          0,
          detail::from_eigen_index(x.outerStride()),
          x.data(),
          nullptr};
}

/// The span over a vector, map or segment whose values are contiguous. Anything else does not compile.
template <detail::eigen_dense X> [[nodiscard]] auto as_span(X&& x) noexcept {
  static_assert(std::remove_cvref_t<X>::IsVectorAtCompileTime, "mlsd: not a vector: use as_matrix_view or as_columns");
  static_assert(detail::eigen_in_memory<X>, "mlsd: the values do not lie side by side: evaluate the expression first");
  static_assert(!detail::eigen_dies<X>, "mlsd: a view of a vector that is about to be destroyed");
  return std::span<detail::eigen_value_t<X>>(x.data(), detail::from_eigen_index(x.size()));
}

/// Evaluates an expression [n, d] into features of their own, as float. One name for each column; none: x0, x1, ...
template <class X>
[[nodiscard]] feature_matrix matrix_of(const Eigen::DenseBase<X>& x, std::vector<std::string> names = {}) {
  feature_matrix out(named_columns(detail::from_eigen_index(x.cols()), std::move(names)),
                     detail::from_eigen_index(x.rows()));
  as_eigen(out) = x.derived().matrix().template cast<float>();
  return out;
}

/// Features X [n, d] with their labels y [n], for evaluation and calibration. Lengths and values are checked by those
/// who take it.
template <class X, class Y>
[[nodiscard]] labelled_matrix labelled_matrix_of(const Eigen::DenseBase<X>& x, const Eigen::DenseBase<Y>& y) {
  labelled_matrix rows{matrix_of(x), {}, {}, {}};
  detail::copy_eigen(y.derived(), rows.label);
  return rows;
}

/// The same as training rows. Promise: no column of X was computed from the label of its own row.
template <class X, class Y>
[[nodiscard]] training_matrix out_of_fold_matrix(const Eigen::DenseBase<X>& x, const Eigen::DenseBase<Y>& y) {
  return training_matrix::out_of_fold(labelled_matrix_of(x, y));
}
/// With weights [n].
template <class X, class Y, class W>
[[nodiscard]] training_matrix out_of_fold_matrix(const Eigen::DenseBase<X>& x, const Eigen::DenseBase<Y>& y,
                                                 const Eigen::DenseBase<W>& weight) {
  labelled_matrix rows = labelled_matrix_of(x, y);
  detail::copy_eigen(weight.derived(), rows.weight);
  return training_matrix::out_of_fold(std::move(rows));
}

}  // namespace mlsd
