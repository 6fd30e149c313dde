#include "mlsd/data/score_rows.hpp"

#include "data/sparse_rows.hpp"
#include "mlsd/core/threads.hpp"

#include "catch.hpp"

#include <vector>

namespace test_score_rows {

using namespace mlsd;

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

TEST_CASE("score rows: a model of batches gives sparse and dense rows the same bits, on any threads",
          "[data][threads]") {
  for (const std::size_t values : {4u, 300u, 900u}) {
    const labelled_matrix dense = sparse_rows::table(values == 4 ? 20'000 : 300, 2, 2, values);
    const sparse_matrix x = sparse_rows::sparse_of(dense.x);
    std::vector<double> wanted(2 * x.rows()), one(wanted.size()), two(wanted.size());
    two_sums{}(dense.x.columns(), wanted);
    score_rows(two_sums{}, x, one);
    score_rows(two_sums{}, x, two, threads(2));
    CHECK(one == wanted);
    CHECK(two == wanted);
    std::vector<double> whole(wanted.size());
    score_rows(two_sums{}, dense.x, whole, threads(2));
    CHECK(whole == wanted);
  }
  score_rows(two_sums{}, sparse_matrix{}, {});
}

}  // namespace test_score_rows
