#include "mlsd/data/sparse_tile.hpp"

#include "data/sparse_rows.hpp"
#include "mlsd/core/threads.hpp"

#include "catch.hpp"

#include <bit>
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

/// Two outputs: sums of the columns.
struct two_sums {
  void operator()(const mixed_columns& x, std::span<double> out) const noexcept {
    for (std::size_t i = 0; i < x.rows; ++i) {
      out[2 * i] = out[2 * i + 1] = 0;
      for (std::size_t j = 0; j < x.number_columns; ++j) {
        const float v = x.number(j)[i];
        out[2 * i + j % 2] += v == v ? static_cast<double>(v) : 1000.0;
      }
    }
  }
};

TEST_CASE("sparse tile: a model of batches scores sparse rows with the same bits, on any threads", "[data][threads]") {
  for (const std::size_t values : {4u, 300u, 900u}) {
    const labelled_matrix dense = sparse_rows::table(values == 4 ? 20'000 : 300, 2, 2, values);
    const sparse_matrix x = sparse_rows::sparse_of(dense.x);
    std::vector<double> wanted(2 * x.rows()), one(wanted.size()), two(wanted.size());
    two_sums{}(dense.x.columns(), wanted);
    score_sparse(two_sums{}, x, one);
    score_sparse(two_sums{}, x, two, threads(2));
    CHECK(one == wanted);
    CHECK(two == wanted);
  }
  score_sparse(two_sums{}, sparse_matrix{}, {});
}

}  // namespace test_sparse_tile
