#include "mlsd/scoring/gbdt/interleaved_engine.hpp"

#include "catch.hpp"
#include "scoring/gbdt/engine_differences.hpp"

namespace test_interleaved_engine {

using mlsd::interleaved_engine;

TEST_CASE("interleaved engine: the bits of walking, whatever the model and the row") {
  random_gbdt::check_all_cases<interleaved_engine>();
}

TEST_CASE("interleaved engine: without a forest it adds nothing") { random_gbdt::check_empty<interleaved_engine>(); }

}  // namespace test_interleaved_engine
