#include "mlsd/scoring/gbdt/walking_engine.hpp"

#include "catch.hpp"
#include "scoring/gbdt/random_gbdt.hpp"

#include <utility>
#include <vector>

namespace test_walking_engine {

using namespace mlsd;

TEST_CASE("walking engine: the sum starts at the base and takes leaves in tree order") {
  // 1e16 + 1 + 1 is 1e16 in double, 1 + 1 + 1e16 is not: the order decides the bits.
  gbdt_description d{.number_columns = 1};
  for (const double leaf : {1.0, 1.0, -1e16}) d.trees.push_back({.leaves = {leaf}});
  const float x[] = {0};
  for (const auto& [base, expected] : {std::pair(1e16, 0.0), std::pair(0.0, -1e16 + 2.0)}) {
    double sum = base;
    walking_engine::row(gbdt_forest(d), {x, {}}, {&sum, 1});
    CHECK(sum == expected);
  }
}

TEST_CASE("walking engine: a row and a batch are the same bits") {
  const random_gbdt::shape s{.outputs = 3, .categories_in_numbers = true};
  const gbdt_forest f(random_gbdt::model(s, 7));
  const random_gbdt::rows rows(100, s, 8);
  std::vector<double> all(rows.n * 3, 0.5);
  walking_engine::batch(f, rows.columns(), all);
  std::size_t different = 0;
  for (std::size_t i = 0; i < rows.n; ++i) {
    double sums[3] = {0.5, 0.5, 0.5};
    walking_engine::row(f, rows.row(i), sums);
    for (std::size_t k = 0; k < 3; ++k) different += sums[k] != all[i * 3 + k];
  }
  CHECK(different == 0);
}

}  // namespace test_walking_engine
