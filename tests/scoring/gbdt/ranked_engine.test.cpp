#include "mlsd/scoring/gbdt/ranked_engine.hpp"

#include "catch.hpp"
#include "scoring/gbdt/engine_differences.hpp"

namespace test_ranked_engine {

using namespace mlsd;
using random_gbdt::shape;

std::size_t differences(const shape& s, std::size_t n, std::uint64_t seed) {
  return random_gbdt::differences<ranked_engine>(s, n, seed);
}

TEST_CASE("ranked engine: the bits of walking, whatever the model and the row") {
  CHECK(differences({.codes = 0}, 300, 1) == 0);                // ranked
  CHECK(differences({}, 300, 2) == 0);                          // interleaved
  CHECK(differences({.numbers = 0, .codes = 3}, 300, 3) == 0);  // codes only
  CHECK(differences({.cardinality = 300}, 200, 4) == 0);        // bitsets of several words
  CHECK(differences({.trees = 300, .splits = 9}, 60, 5) == 0);  // several blocks of trees
  CHECK(differences({.codes = 0, .trees = 3, .splits = 200, .skewed = true}, 60, 6) == 0);
  CHECK(differences({.trees = 1, .splits = 1}, 40, 7) == 0);
  CHECK(differences({.trees = 0}, 20, 8) == 0);
}

TEST_CASE("ranked engine: every kind of test, sum and leaf") {
  CHECK(differences({.codes = 0, .zero_is_missing = true}, 300, 21) == 0);
  CHECK(differences({.zero_is_missing = true, .categories_in_numbers = true}, 300, 22) == 0);
  CHECK(differences({.codes = 0, .outputs = 3}, 300, 23) == 0);
  CHECK(differences({.outputs = 3, .wide_leaves = true, .categories_in_numbers = true}, 300, 24) == 0);
  CHECK(differences({.codes = 0, .float_sums = true}, 300, 25) == 0);
  CHECK(differences({.outputs = 4, .float_sums = true}, 300, 26) == 0);
  CHECK(differences({.outputs = 4, .wide_leaves = true, .float_sums = true}, 300, 27) == 0);
  CHECK(differences({.codes = 0, .trees = 200, .outputs = 5, .lines = true}, 100, 28) == 0);  // walked
}

TEST_CASE("ranked engine: no limit on columns, cells or nodes") {
  CHECK(differences({.numbers = 900, .codes = 0, .trees = 40, .splits = 60}, 40, 9) == 0);
  CHECK(differences({.numbers = 128, .codes = 0, .trees = 60, .splits = 255}, 90, 13) == 0);  // as wide as blocks get
  CHECK(differences({.numbers = 3, .codes = 0, .trees = 9, .splits = 256}, 90, 14) == 0);     // a leaf too many
  CHECK(differences({.codes = 0, .outputs = 32, .wide_leaves = true}, 300, 15) == 0);
  CHECK(differences({.codes = 0, .trees = 99, .outputs = 33}, 300, 16) == 0);
  CHECK(differences({.numbers = 600, .codes = 100, .trees = 40, .splits = 60}, 40, 10) == 0);
  CHECK(differences({.numbers = 20000, .codes = 0, .trees = 40, .splits = 500}, 17, 11) == 0);  // walked
  CHECK(differences({.codes = 0, .trees = 1, .splits = 40000}, 20, 12) == 0);                   // steps beyond 16 bits
}

TEST_CASE("ranked engine: without a forest it adds nothing") {
  const float x[] = {1};
  double sum = 3;
  ranked_engine{}.row(gbdt_forest{}, {x, {}}, {&sum, 1});
  CHECK(sum == 3.0);
}

}  // namespace test_ranked_engine
