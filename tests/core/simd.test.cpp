#include "mlsd/core/simd.hpp"

#include "catch.hpp"

#include <cstdlib>

namespace test_simd {

using namespace mlsd;

static_assert(isa::portable < isa::avx2 && isa::avx2 < isa::avx512);
static_assert(parse_isa("avx2") == isa::avx2 && !parse_isa("AVX2") && !parse_isa(""));

TEST_CASE("simd: names go there and back") {
  for (const isa set : {isa::portable, isa::avx2, isa::avx512}) CHECK(parse_isa(to_string(set)) == set);
}

TEST_CASE("simd: the limit from the environment") {
  CHECK(parse_isa_limit(nullptr) == isa::avx512);
  CHECK(parse_isa_limit("") == isa::avx512);
  CHECK(parse_isa_limit("portable") == isa::portable);
  CHECK(parse_isa_limit("avx2") == isa::avx2);
  CHECK(parse_isa_limit("avx512") == isa::avx512);
  CHECK(parse_isa_limit("avx-2") == isa::portable);  // misspelt: never more than was meant
}

TEST_CASE("simd: what is active is detected, allowed, and does not change") {
  const isa first = active_isa();
  CHECK(first <= detected_isa());
  CHECK(first <= parse_isa_limit(std::getenv("MLSD_ISA")));
  CHECK((first == detected_isa() || first == parse_isa_limit(std::getenv("MLSD_ISA"))));
  CHECK(active_isa() == first);
}

}  // namespace test_simd
