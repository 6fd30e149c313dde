// The laws one by one are tested in tests/testing/laws; here is that one include gives them all.
#include "mlsd/testing/laws.hpp"
#include "catch.hpp"
#include "mlsd/core/archetypes.hpp"

#include <array>

TEST_CASE("one include brings every law", "[testing]") {
  using namespace mlsd;
  const float x[] = {1, 2, 3};
  CHECK(laws::batch_equals_rows(archetypes::scorer{}, mixed_columns{3, 1, 0, 3, x, nullptr}));
  CHECK(laws::merges_as_monoid(std::span<const archetypes::monitor>(std::array<archetypes::monitor, 3>{})));
  CHECK(laws::survives_file(0.5));
  CHECK(laws::ranks_hits(archetypes::retriever{}, 3u, 4));
  CHECK(laws::is_safe_to_share([](std::size_t i) { return i; }, 3));
}
