#include "mlsd/interop/xtensor.hpp"

#include <array>
#include <cstddef>
#include <numeric>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "catch.hpp"

namespace test_interop_xtensor {
using namespace mlsd;

TEST_CASE("a matrix view is an xtensor view of the same memory, stride included", "[interop]") {
  float memory[12];
  std::iota(memory, memory + 12, 0.0f);
  const matrix_view<float> view(memory, 3, 2, 4);
  auto tensor = as_xtensor(view);
  CHECK(tensor.shape()[0] == 3);
  CHECK(tensor.shape()[1] == 2);
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 2; ++j) CHECK(&tensor(i, j) == &view[i][j]);
  tensor(2, 1) = 90;
  CHECK(memory[9] == 90);

  const auto read_only = as_xtensor(matrix_view<const float>(memory, 3, 2, 4));
  static_assert(std::is_same_v<decltype(read_only(0, 0)), const float&>);
  const xt::xtensor<float, 2> twice = read_only + tensor;
  CHECK(twice(1, 0) == 8);
  CHECK(twice(2, 1) == 180);
  CHECK(as_xtensor(matrix_view<float>()).size() == 0);
  const xt::xtensor<float, 2> one_row = as_xtensor(matrix_view<float>(memory, 1, 3, 4)) * 2.0f;
  CHECK(one_row(0, 2) == 4);
}

TEST_CASE("writing through a view with a stride leaves what lies between its rows", "[interop]") {
  float to[8] = {0, 0, -1, -1, 0, 0, -1, -1}, from[8] = {1, 2, 3, 4, 5, 6, 7, 8};
  auto written = as_xtensor(matrix_view<float>(to, 2, 2, 4));
  written = as_xtensor(matrix_view<const float>(from, 2, 2, 4)) * 2.0f;
  CHECK(std::vector<float>(to, to + 8) == std::vector<float>{2, 4, -1, -1, 10, 12, -1, -1});
  xt::noalias(written) = as_xtensor(matrix_view<const float>(from + 2, 2, 2, 4));
  CHECK(std::vector<float>(to, to + 8) == std::vector<float>{3, 4, -1, -1, 7, 8, -1, -1});
  written += 1.0f;
  CHECK(std::vector<float>(to, to + 8) == std::vector<float>{4, 5, -1, -1, 8, 9, -1, -1});
}

TEST_CASE("candidates of many requests are a tensor [request, candidate, feature]", "[interop]") {
  std::vector<float> values(2 * 3 * 4);
  std::iota(values.begin(), values.end(), 0.0f);
  auto tensor = as_xtensor(std::span(values), std::array<std::size_t, 3>{2, 3, 4});
  CHECK(tensor.dimension() == 3);
  CHECK(tensor(1, 2, 3) == 23);
  CHECK(&tensor(1, 0, 2) == &values[14]);
  const xt::xtensor<float, 2> second_request = xt::view(tensor, 1, xt::all(), xt::all());
  CHECK(second_request(2, 0) == 20);
  CHECK(as_xtensor(std::span<const float>(values)).size() == 24);
  CHECK(as_span(tensor).data() == values.data());
}

TEST_CASE("a row-major tensor is a matrix view of the same memory, and back", "[interop]") {
  xt::xtensor<float, 2> m{{1, 2, 3}, {4, 5, 6}};
  const auto view = as_matrix_view(m);
  static_assert(std::is_same_v<decltype(view), const matrix_view<float>>);
  static_assert(std::is_same_v<decltype(as_matrix_view(std::as_const(m))), matrix_view<const float>>);
  CHECK(view.data == m.data());
  CHECK(view.rows == 2);
  CHECK(view[1][2] == 6);
  CHECK((as_xtensor(view) == m));
  CHECK(as_span(m).size() == 6);
  as_span(m)[5] = 7;
  CHECK(m(1, 2) == 7);
}

TEST_CASE("a column-major tensor of float is what models score, without a copy", "[interop]") {
  const xt::xtensor<float, 2, xt::layout_type::column_major> m{{1, 2}, {3, 4}, {5, 6}};
  const mixed_columns columns = as_columns(m);
  CHECK(columns.rows == 3);
  CHECK(columns.number_columns == 2);
  CHECK(columns.numbers == m.data());
  CHECK(columns.number(1)[2] == 6);
  CHECK((as_xtensor(columns) == m));
  CHECK(as_xtensor(columns.slice(1, 2))(1, 0) == 5);
}

TEST_CASE("an xtensor expression becomes a feature matrix of its own", "[interop]") {
  const xt::xtensor<double, 2> a{{1, 2}, {3, 4}, {5, 6}};
  const feature_matrix m = matrix_of(a * 0.5, {"one", "two"});
  CHECK(m.rows() == 3);
  CHECK(m.info()[1].name == "two");
  CHECK(m.number(1)[2] == 3);
  CHECK((as_xtensor(m) == xt::cast<float>(a * 0.5)));
  const feature_matrix part = matrix_of(xt::view(a, xt::range(1, 3), xt::all()));
  CHECK(part.rows() == 2);
  CHECK(part.number(0)[0] == 3);
  CHECK(part.info()[1].name == "x1");
}

TEST_CASE("the numbers of a feature matrix can be written through xtensor", "[interop]") {
  feature_matrix m({{"a", 0}, {"b", 0}, {"c", 5}}, 3);
  auto tensor = as_xtensor(m);
  tensor(2, 1) = 4;
  CHECK(m.number(1)[2] == 4);
  CHECK(as_xtensor(std::as_const(m)).shape()[1] == 2);  // the code is not there
  feature_matrix none({{"c", 5}}, 3);
  CHECK(as_xtensor(none).size() == 0);
}

TEST_CASE("training rows come from xtensor with the promise in the name", "[interop]") {
  const xt::xtensor<float, 2> x{{1, 2}, {3, 4}};
  const xt::xtensor<int, 1> y{0, 1};
  const training_matrix rows = out_of_fold_matrix(x, y);
  CHECK(rows.size() == 2);
  CHECK(rows.label()[1] == 1);
  CHECK(rows.weight().empty());
  const training_matrix weighted = out_of_fold_matrix(x, y, xt::xtensor<double, 1>{0.5, 2});
  CHECK(weighted.weight()[0] == 0.5f);
  const auto wrong = check(labelled_matrix_of(x, xt::xtensor<float, 1>{0, 1, 1}));
  REQUIRE_FALSE(wrong.has_value());
  CHECK(wrong.error().message == "2 rows but 3 labels");
}

// What the type of a view does not promise is not taken for granted.
static_assert(detail::xtensor_in_rows<const xt::xtensor<float, 3>>);
static_assert(!detail::xtensor_in_rows<decltype(std::declval<xt::xtensor<float, 2>>() + 1.0f)>);
static_assert(!detail::xtensor_in_rows<decltype(as_xtensor(std::declval<matrix_view<float>>()))>);
}  // namespace test_interop_xtensor
