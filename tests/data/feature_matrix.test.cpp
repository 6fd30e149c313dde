#include "mlsd/data/feature_matrix.hpp"
#include "catch.hpp"

namespace test_feature_matrix {
using namespace mlsd;

TEST_CASE("numbers come first, then codes; columns start as zeros", "[data]") {
  feature_matrix m({{"a", 0}, {"b", 0}, {"c", 5}}, 3);
  CHECK(m.rows() == 3);
  CHECK(m.number_columns() == 2);
  CHECK(m.code_columns() == 1);
  CHECK(m.info()[2].is_code());
  CHECK(m.number(1)[2] == 0);
  m.number(1)[2] = 4;
  m.code(0)[1] = 3;
  const mixed_columns view = m.columns();
  CHECK(view.number(1)[2] == 4);
  CHECK(view.code(0)[1] == 3);
  const mixed_columns tail = view.slice(1, 2);
  CHECK(tail.number(1)[1] == 4);
  CHECK(tail.code(0)[0] == 3);
  float numbers[2];
  std::uint32_t codes[1];
  tail.gather(1, numbers, codes);
  CHECK(numbers[1] == 4);
}

TEST_CASE("an unfilled matrix has the same shape, and copies what was written", "[data]") {
  feature_matrix m = feature_matrix::unfilled({{"a", 0}, {"c", 5}}, 2);
  CHECK(m.number_columns() == 1);
  CHECK(m.code_columns() == 1);
  m.number(0)[0] = 1;
  m.number(0)[1] = 2;
  m.code(0)[0] = 3;
  m.code(0)[1] = 4;
  const feature_matrix copy = m;
  m.number(0)[1] = 9;
  CHECK(copy.number(0)[1] == 2);
  CHECK(copy.code(0)[1] == 4);
  CHECK(feature_matrix::unfilled({}, 3).rows() == 3);
}

TEST_CASE("matrices without rows, without numbers, without codes and without columns", "[data]") {
  CHECK(feature_matrix{}.columns().rows == 0);
  CHECK(feature_matrix({{"a", 0}}, 0).number(0).empty());
  CHECK(feature_matrix({{"c", 2}}, 2).number_columns() == 0);
  CHECK(feature_matrix({}, 2).rows() == 2);
}

}  // namespace test_feature_matrix
