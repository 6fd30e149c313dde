#include "mlsd/core/sparse_row.hpp"

#include "catch.hpp"

#include <cstdint>

namespace test_sparse_row {
using namespace mlsd;

TEST_CASE("sparse_row: entries, and ones where no values are given") {
  static constexpr std::uint32_t index[]{7, 2, 7};
  static constexpr float value[]{0.5f, -1, 2};
  constexpr sparse_row row{index, value}, ones{index, {}};
  static_assert(row.size() == 3 && row.value_of(1) == -1);
  CHECK(row.value_of(2) == 2);
  CHECK(ones.size() == 3);
  CHECK(ones.value_of(2) == 1);
  CHECK(sparse_row{}.size() == 0);
}

}  // namespace test_sparse_row
