#include "mlsd/scoring/gbdt/interleaved_engine.hpp"

#include "catch.hpp"
#include "scoring/gbdt/random_gbdt.hpp"

#include <vector>

namespace test_interleaved_engine {

using namespace mlsd;
using random_gbdt::shape;

/// Rows, batches and slices that differ from walking by any bit.
std::size_t differences(const shape& s, std::size_t n, std::uint64_t seed) {
  const gbdt_forest f(random_gbdt::model(s, seed));
  REQUIRE(f.validate());
  const interleaved_engine engine(f);
  const random_gbdt::rows rows(n, s, seed + 1);
  std::vector<double> expected(n), all(n), part(n);
  walking_engine::batch(f, rows.columns(), 0.125, expected);
  engine.batch(f, rows.columns(), 0.125, all);
  for (std::size_t i = 0, size = 1; i < n; i += size, size = size % 37 + 1) {
    size = (std::min)(size, n - i);
    engine.batch(f, rows.columns().slice(i, size), 0.125, std::span(part).subspan(i, size));
  }
  std::size_t different = 0;
  for (std::size_t i = 0; i < n; ++i)
    for (const double got : {all[i], part[i], engine.row(f, rows.row(i), 0.125)}) different += got != expected[i];
  return different;
}

TEST_CASE("interleaved engine: the bits of walking, whatever the model and the row") {
  CHECK(differences({.codes = 0}, 300, 1) == 0);                // 8-byte nodes
  CHECK(differences({}, 300, 2) == 0);                          // 16-byte nodes
  CHECK(differences({.numbers = 0, .codes = 3}, 300, 3) == 0);  // codes only
  CHECK(differences({.cardinality = 300}, 200, 4) == 0);        // bitsets of several words
  CHECK(differences({.trees = 300, .splits = 9}, 60, 5) == 0);  // several blocks of trees
  CHECK(differences({.codes = 0, .trees = 3, .splits = 200, .skewed = true}, 60, 6) == 0);
  CHECK(differences({.trees = 1, .splits = 1}, 40, 7) == 0);
  CHECK(differences({.trees = 0}, 20, 8) == 0);
}

TEST_CASE("interleaved engine: no limit on columns, cells or nodes") {
  CHECK(differences({.numbers = 900, .codes = 0, .trees = 40, .splits = 60}, 40, 9) == 0);  // rows only, not batches
  CHECK(differences({.numbers = 600, .codes = 100, .trees = 40, .splits = 60}, 40, 10) == 0);
  CHECK(differences({.numbers = 20000, .codes = 0, .trees = 40, .splits = 500}, 17, 11) == 0);  // walked
  CHECK(differences({.codes = 0, .trees = 1, .splits = 40000}, 20, 12) == 0);                   // steps beyond 16 bits
}

TEST_CASE("interleaved engine: without a forest it returns the base") {
  const float x[] = {1};
  CHECK(interleaved_engine{}.row(gbdt_forest{}, {x, {}}, 3.0) == 3.0);
}

}  // namespace test_interleaved_engine
