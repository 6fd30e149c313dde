#include "mlsd/data/sparse_tile.hpp"

#include "data/sparse_rows.hpp"

#include "catch.hpp"

#include <algorithm>
#include <vector>

namespace test_sparse_tile {

using namespace mlsd;

TEST_CASE("sparse tile: windows of any columns hold what the dense rows do, and nothing of the last window", "[data]") {
  const labelled_matrix dense = sparse_rows::table(1000, 1);
  const sparse_matrix x = sparse_rows::sparse_of(dense.x, true);
  const std::vector<std::uint32_t> columns{65, 0, 3, 61, 67};
  for (const std::size_t start : {0u, 1u, 500u}) {
    sparse_tile tile(x, columns, start, 64);
    std::size_t wrong = 0;
    for (std::size_t first = start, n; first < x.rows(); first += n) {
      n = (std::min)(first % 3 == 0 ? std::size_t{64} : std::size_t{17}, x.rows() - first);
      const mixed_columns window = tile.next(n);
      REQUIRE(window.rows == n);
      REQUIRE(window.number_columns == columns.size());
      for (std::size_t k = 0; k < columns.size(); ++k)
        for (std::size_t i = 0; i < n; ++i) {
          const float a = window.number(k)[i], b = dense.x.number(columns[k])[first + i];
          wrong += !(a == b || (a != a && b != b));
        }
    }
    CHECK(wrong == 0);
  }
}

}  // namespace test_sparse_tile
