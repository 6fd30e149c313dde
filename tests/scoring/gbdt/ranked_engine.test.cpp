#include "mlsd/scoring/gbdt/ranked_engine.hpp"

#include "catch.hpp"
#include "scoring/gbdt/engine_differences.hpp"

namespace test_ranked_engine {

using mlsd::ranked_engine;
using random_gbdt::engine_case;

TEST_CASE("ranked engine: the bits of walking, whatever the model and the row") {
  random_gbdt::check_all_cases<ranked_engine>();
}

TEST_CASE("ranked engine: what just fits, and what just does not") {
  const engine_case cases[] = {
      {{.numbers = 128, .codes = 0, .trees = 60, .splits = 255}, 90, 13},  // as wide as blocks get
      {{.numbers = 3, .codes = 0, .trees = 9, .splits = 256}, 90, 14},     // a leaf too many
      {{.codes = 0, .outputs = 32, .wide_leaves = true}, 300, 15},
      {{.codes = 0, .trees = 99, .outputs = 33}, 300, 16},
  };
  for (const engine_case& c : cases) random_gbdt::check<ranked_engine>(c);
}

TEST_CASE("ranked engine: without a forest it adds nothing") { random_gbdt::check_empty<ranked_engine>(); }

}  // namespace test_ranked_engine
