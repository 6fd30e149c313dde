#include "mlsd/interop/eigen.hpp"

#include <type_traits>
#include <utility>

#include "catch.hpp"

namespace test_interop_eigen {
using namespace mlsd;

using row_major = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

TEST_CASE("a matrix view is an Eigen map of the same memory, stride included", "[interop]") {
  float memory[12];
  for (int i = 0; i < 12; ++i) memory[i] = static_cast<float>(i);
  const matrix_view<float> view(memory, 3, 2, 4);
  auto map = as_eigen(view);
  CHECK(map.rows() == 3);
  CHECK(map.cols() == 2);
  CHECK(map.data() == memory);
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 2; ++j)
      CHECK(map(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) == view[i][j]);
  map.row(2) *= 10;
  CHECK(memory[9] == 90);
  CHECK(memory[10] == 10);  // beyond the view

  const auto read_only = as_eigen(matrix_view<const float>(memory, 3, 2, 4));
  static_assert(std::is_same_v<decltype(read_only.data()), const float*>);
  CHECK((read_only - map).norm() == 0);
  CHECK(as_eigen(matrix_view<float>()).size() == 0);
}

TEST_CASE("a row-major Eigen object is a matrix view of the same memory, and back", "[interop]") {
  row_major m = row_major::Random(5, 4);
  const auto view = as_matrix_view(m);
  static_assert(std::is_same_v<decltype(view), const matrix_view<float>>);
  static_assert(std::is_same_v<decltype(as_matrix_view(std::as_const(m))), matrix_view<const float>>);
  CHECK(view.data == m.data());
  CHECK(as_eigen(view) == m);

  const auto block = as_matrix_view(m.block(1, 1, 3, 2));
  CHECK(block.stride == 4);
  CHECK(block[2][1] == m(3, 2));
  block[0][0] = 7;
  CHECK(m(1, 1) == 7);
  CHECK(as_matrix_view(m.middleRows(2, 2)).rows == 2);
}

TEST_CASE("a column-major Eigen matrix of float is what models score, without a copy", "[interop]") {
  Eigen::MatrixXf m = Eigen::MatrixXf::Random(6, 3);
  const mixed_columns columns = as_columns(m);
  CHECK(columns.rows == 6);
  CHECK(columns.number_columns == 3);
  CHECK(columns.code_columns == 0);
  CHECK(columns.number(2).data() == m.col(2).data());
  CHECK(as_eigen(columns) == m);

  const mixed_columns tail = as_columns(m.bottomRows(2));
  CHECK(tail.stride == 6);
  CHECK(tail.number(1)[1] == m(5, 1));
  CHECK(as_eigen(columns.slice(4, 2)) == m.bottomRows(2));
}

TEST_CASE("vectors and spans are each other's views", "[interop]") {
  std::vector<double> values{1, 2, 3};
  CHECK(as_eigen(values).sum() == 6);
  as_eigen(values) *= 2;
  CHECK(values == std::vector<double>{2, 4, 6});
  CHECK(as_eigen(std::span<const double>(values).last(2)).sum() == 10);
  static_assert(std::is_same_v<decltype(as_eigen(std::as_const(values)).data()), const double*>);

  Eigen::VectorXd x = Eigen::VectorXd::LinSpaced(4, 0, 3);
  as_span(x)[3] = 9;
  CHECK(x(3) == 9);
  CHECK(as_span(x.segment(1, 2))[0] == 1);
  CHECK(as_span(std::as_const(x)).data() == x.data());
  CHECK(as_span(x).size() == 4);
}

TEST_CASE("an expression becomes a feature matrix of its own", "[interop]") {
  const Eigen::MatrixXd a = Eigen::MatrixXd::Random(4, 3), b = Eigen::MatrixXd::Random(3, 2);
  const Eigen::MatrixXd product = a * b;
  const feature_matrix m = matrix_of(a * b, {"one", "two"});
  CHECK(m.rows() == 4);
  CHECK(m.info()[1].name == "two");
  CHECK(as_eigen(m) == product.cast<float>());
  CHECK(m.number(1)[3] == static_cast<float>(product(3, 1)));

  CHECK(matrix_of(a.array() * 2).number_columns() == 3);  // arrays too
  const feature_matrix transposed = matrix_of(a.transpose());
  CHECK(transposed.rows() == 3);
  CHECK(transposed.info()[3].name == "x3");
  CHECK(matrix_of(Eigen::MatrixXf(0, 2)).number_columns() == 2);
}

TEST_CASE("the numbers of a feature matrix can be written through Eigen", "[interop]") {
  feature_matrix m({{"a", 0}, {"b", 0}, {"c", 5}}, 3);
  as_eigen(m).col(1).setConstant(4);
  CHECK(m.number(1)[2] == 4);
  CHECK(m.number(0)[2] == 0);
  CHECK(as_eigen(std::as_const(m)).cols() == 2);  // the code is not there
  feature_matrix none({{"c", 5}}, 3);
  CHECK(as_eigen(none).cols() == 0);
}

TEST_CASE("training rows come from Eigen with the promise in the name", "[interop]") {
  const Eigen::MatrixXd x = Eigen::MatrixXd::Random(4, 2);
  const Eigen::Vector4i y(0, 1, 1, 0);
  const training_matrix rows = out_of_fold_matrix(x, y);
  CHECK(rows.size() == 4);
  CHECK(rows.label()[2] == 1);
  CHECK(rows.weight().empty());
  CHECK(check(rows.rows()).has_value());

  const training_matrix weighted = out_of_fold_matrix(x, y, Eigen::RowVector4d(1, 2, 3, 4));
  CHECK(weighted.weight()[3] == 4);
  const auto wrong = check(labelled_matrix_of(x, Eigen::VectorXf::Zero(3)));
  REQUIRE_FALSE(wrong.has_value());
  CHECK(wrong.error().message == "4 rows but 3 labels");
}

template <class X>
concept viewable = requires(X&& x) { as_eigen(static_cast<X&&>(x)); };
static_assert(viewable<std::vector<float>&> && !viewable<std::vector<float>>);
static_assert(viewable<feature_matrix&> && viewable<const feature_matrix&> && !viewable<feature_matrix>);
}  // namespace test_interop_eigen
