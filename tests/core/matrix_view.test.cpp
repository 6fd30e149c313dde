#include "mlsd/core/matrix_view.hpp"

#include "catch.hpp"

#include <array>
#include <vector>

namespace test_matrix_view {

using namespace mlsd;

TEST_CASE("matrix_view: rows of a dense and of a strided matrix") {
  std::vector<int> a{0, 1, 2, 3, 4, 5};
  const matrix_view<int> dense(a.data(), 2, 3), strided(a.data(), 2, 2, 3);
  CHECK(dense[1][2] == 5);
  CHECK(strided[1][1] == 4);
  CHECK(strided[0].size() == 2);
  strided[1][0] = 9;
  CHECK(dense[1][0] == 9);
  const matrix_view<const int> read(a.data(), 2, 3);
  CHECK(read[1][0] == 9);
}

TEST_CASE("matrix_view: empty without rows or without columns") {
  CHECK(matrix_view<float>{}.empty());
  CHECK(matrix_view<float>{nullptr, 0, 3}.empty());
  float x = 0;
  CHECK(matrix_view<float>{&x, 3, 0}.empty());
  CHECK_FALSE(matrix_view<float>{&x, 1, 1}.empty());
}

TEST_CASE("mixed_columns: columns, slices and rows of one store agree") {
  // Two number columns and one code column of four rows, padded to five.
  const std::array<float, 10> numbers{0, 1, 2, 3, -1, 10, 11, 12, 13, -1};
  const std::array<std::uint32_t, 5> codes{7, 8, 9, 16777217, 0};
  const mixed_columns all{4, 2, 1, 5, numbers.data(), codes.data()};
  CHECK(all.number(1)[2] == 12);
  CHECK(all.number(0).size() == 4);
  CHECK(all.code(0)[3] == 16777217);

  const mixed_columns part = all.slice(1, 2);
  CHECK(part.rows == 2);
  for (std::size_t i = 0; i < part.rows; ++i) {
    std::array<float, 2> row{}, expected{};
    std::array<std::uint32_t, 1> code{}, expected_code{};
    part.gather(i, row.data(), code.data());
    all.gather(i + 1, expected.data(), expected_code.data());
    CHECK(row == expected);
    CHECK(code == expected_code);
    for (std::size_t j = 0; j < 2; ++j) CHECK(row[j] == part.number(j)[i]);
    CHECK(code[0] == part.code(0)[i]);
  }
  CHECK(all.slice(4, 0).rows == 0);
  CHECK(part.slice(1, 1).number(1)[0] == 12);
}

TEST_CASE("mixed_columns: no columns of a kind, no pointer arithmetic on null") {
  const mixed_columns none{3, 0, 0, 3, nullptr, nullptr};
  const mixed_columns part = none.slice(1, 2);
  CHECK(part.numbers == nullptr);
  CHECK(part.codes == nullptr);
  CHECK(part.rows == 2);
  part.gather(0, nullptr, nullptr);
}

}  // namespace test_matrix_view
