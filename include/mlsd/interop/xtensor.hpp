/// Views between mlsd and xtensor (0.24 to 0.27), without copies, and copies where a view is not possible.
#pragma once

#include "mlsd/core/matrix_view.hpp"
#include "mlsd/data/examples.hpp"
#include "mlsd/interop/named_columns.hpp"

#include <array>
#include <cassert>
#include <cstddef>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#if __has_include(<xtensor/containers/xadapt.hpp>)  // 0.26 moved all headers
#include <xtensor/containers/xadapt.hpp>
#include <xtensor/containers/xtensor.hpp>
#include <xtensor/core/xnoalias.hpp>
#include <xtensor/core/xoperation.hpp>
#include <xtensor/views/xview.hpp>
#else
#include <xtensor/xadapt.hpp>
#include <xtensor/xnoalias.hpp>
#include <xtensor/xoperation.hpp>
#include <xtensor/xtensor.hpp>
#include <xtensor/xview.hpp>
#endif

namespace mlsd {

namespace detail {

/// A tensor over memory without gaps.
template <xt::layout_type Layout, class T, std::size_t N>
[[nodiscard]] auto xtensor_over(T* data, std::array<std::size_t, N> shape) {
  std::size_t size = 1;
  for (const std::size_t n : shape) size *= n;
  return xt::adapt<Layout>(std::move(data), size, xt::no_ownership(), shape);
}

template <class X> void any_xexpression(const xt::xexpression<X>&);
template <class X>
concept xtensor_expression = requires(const X& x) { any_xexpression(x); };
/// All values lie side by side in memory, in an order that the type tells.
template <class X> inline constexpr xt::layout_type xtensor_layout = xt::layout_type::dynamic;
template <class X>
  requires requires(X& x) { x.data() + x.data_offset(); }
inline constexpr xt::layout_type xtensor_layout<X> = X::contiguous_layout ? X::static_layout : xt::layout_type::dynamic;
template <class X>
inline constexpr bool xtensor_in_rows = xtensor_layout<std::remove_const_t<X>> == xt::layout_type::row_major;
template <class X>
inline constexpr bool xtensor_in_columns = xtensor_layout<std::remove_const_t<X>> == xt::layout_type::column_major;
template <class X> using xtensor_value_t = std::remove_pointer_t<decltype(std::declval<X&>().data())>;

template <class X> void copy_xtensor(const X& from, std::vector<float>& to) {
  assert(from.dimension() == 1);
  to.resize(from.size());
  auto view = xtensor_over<xt::layout_type::row_major>(to.data(), std::array{to.size()});
  xt::noalias(view) = xt::cast<float>(from);
}

}  // namespace detail

/// A matrix as xtensor sees it: [rows, columns], the left part of rows as long as the stride. Not owned.
template <class T> [[nodiscard]] auto as_xtensor(matrix_view<T> x) {
  return xt::view(detail::xtensor_over<xt::layout_type::row_major>(x.data, std::array{x.rows, x.stride}), xt::all(),
                  xt::range(std::size_t{0}, x.columns));
}

/// The numbers of many rows: [rows, number_columns], the upper part of columns as long as the stride. Not owned; codes
/// are left out.
[[nodiscard]] inline auto as_xtensor(const mixed_columns& x) {
  return xt::view(
      detail::xtensor_over<xt::layout_type::column_major>(x.numbers, std::array{x.stride, x.number_columns}),
      xt::range(std::size_t{0}, x.rows), xt::all());
}
[[nodiscard]] inline auto as_xtensor(const feature_matrix& x) {
  return detail::xtensor_over<xt::layout_type::column_major>(x.columns().numbers,
                                                             std::array{x.rows(), x.number_columns()});
}
[[nodiscard]] inline auto as_xtensor(feature_matrix& x) {
  return detail::xtensor_over<xt::layout_type::column_major>(x.number_columns() == 0 ? nullptr : x.number(0).data(),
                                                             std::array{x.rows(), x.number_columns()});
}
auto as_xtensor(const feature_matrix&& x) = delete;  // the view would dangle

/// Values in row-major order as a tensor of N dimensions: `as_xtensor(values, std::array{requests, candidates,
/// features})` is [request, candidate, feature]. Not owned. Requires that the lengths multiply to the size of the span.
template <class T, std::size_t N> [[nodiscard]] auto as_xtensor(std::span<T> x, std::array<std::size_t, N> shape) {
  assert([&] {
    std::size_t size = 1;
    for (const std::size_t n : shape) size *= n;
    return size == x.size();
  }());
  return detail::xtensor_over<xt::layout_type::row_major>(x.data(), shape);
}
template <class T> [[nodiscard]] auto as_xtensor(std::span<T> x) { return as_xtensor(x, std::array{x.size()}); }

/// The `matrix_view` of a named row-major tensor [n, d] or of whole rows of one. Where the type does not tell that the
/// values are contiguous it does not compile: `matrix_of` copies.
template <detail::xtensor_expression X> [[nodiscard]] auto as_matrix_view(X& x) {
  static_assert(
      detail::xtensor_in_rows<X>,
      "mlsd: not a contiguous row-major tensor: use as_columns if it is column-major, or matrix_of for a copy");
  assert(x.dimension() == 2);
  return matrix_view<detail::xtensor_value_t<X>>(x.data() + x.data_offset(), x.shape()[0], x.shape()[1]);
}

/// The rows of a named column-major tensor of float [n, d], as models score them. Anything else does not compile.
template <detail::xtensor_expression X> [[nodiscard]] mixed_columns as_columns(X& x) {
  static_assert(detail::xtensor_in_columns<X>,
                "mlsd: not a contiguous column-major tensor: use as_matrix_view or matrix_of");
  static_assert(std::is_same_v<typename X::value_type, float>, "mlsd: models take float: use matrix_of for a copy");
  assert(x.dimension() == 2);
  const std::size_t rows = x.shape()[0];
  return {rows, x.shape()[1], 0, rows, x.data() + x.data_offset(), nullptr};
}

/// All values of a named contiguous tensor, of any number of dimensions, in the order of its layout.
template <detail::xtensor_expression X> [[nodiscard]] auto as_span(X& x) {
  static_assert(detail::xtensor_in_rows<X> || detail::xtensor_in_columns<X>,
                "mlsd: the values do not lie side by side: evaluate the expression first");
  return std::span<detail::xtensor_value_t<X>>(x.data() + x.data_offset(), x.size());
}

/// Evaluates an expression [n, d] into features of their own, as float. One name for each column; none: x0, x1, ...
template <class X>
[[nodiscard]] feature_matrix matrix_of(const xt::xexpression<X>& x, std::vector<std::string> names = {}) {
  const X& from = x.derived_cast();
  assert(from.dimension() == 2);
  const auto& shape = from.shape();
  feature_matrix out(named_columns(static_cast<std::size_t>(shape[1]), std::move(names)),
                     static_cast<std::size_t>(shape[0]));
  auto view = as_xtensor(out);
  xt::noalias(view) = xt::cast<float>(from);
  return out;
}

/// Features X [n, d] with their labels y [n], for evaluation and calibration. Lengths and values are checked by those
/// who take it.
template <class X, class Y>
[[nodiscard]] labelled_matrix labelled_matrix_of(const xt::xexpression<X>& x, const xt::xexpression<Y>& y) {
  labelled_matrix rows{matrix_of(x), {}, {}, {}};
  detail::copy_xtensor(y.derived_cast(), rows.label);
  return rows;
}

/// The same as training rows. Promise: no column of X was computed from the label of its own row.
template <class X, class Y>
[[nodiscard]] training_matrix out_of_fold_matrix(const xt::xexpression<X>& x, const xt::xexpression<Y>& y) {
  return training_matrix::out_of_fold(labelled_matrix_of(x, y));
}
/// With weights [n].
template <class X, class Y, class W>
[[nodiscard]] training_matrix out_of_fold_matrix(const xt::xexpression<X>& x, const xt::xexpression<Y>& y,
                                                 const xt::xexpression<W>& weight) {
  labelled_matrix rows = labelled_matrix_of(x, y);
  detail::copy_xtensor(weight.derived_cast(), rows.weight);
  return training_matrix::out_of_fold(std::move(rows));
}

}  // namespace mlsd
