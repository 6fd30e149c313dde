#include "mlsd/testing/laws/streams.hpp"
#include "catch.hpp"
#include "mlsd/core/archetypes.hpp"

namespace test_laws_streams {
using namespace mlsd;

/// Gives the latest row, whatever the time asked for.
struct sees_the_future : archetypes::store {
  found<float> as_of(const std::uint64_t& k, timestamp) const noexcept { return archetypes::store::as_of(k, time); }
};
/// Gives any row to any key.
struct mixes_keys : archetypes::store {
  found<float> as_of(const std::uint64_t&, timestamp t) const noexcept { return archetypes::store::as_of(key, t); }
};

template <class S> bool holds() {
  const laws::store_write<S> writes[] = {{1, 0.5f, {10}}, {1, 0.75f, {20}}, {2, 0.25f, {20}}, {1, 1.5f, {30}}};
  return laws::never_sees_later_writes(S{}, std::span<const laws::store_write<S>>(writes)).has_value();
}

TEST_CASE("the law of stores holds for the archetype and catches the broken", "[testing]") {
  CHECK(holds<archetypes::store>());
  CHECK_FALSE(holds<sees_the_future>());
  CHECK_FALSE(holds<mixes_keys>());
}

TEST_CASE("the law of detectors counts false alarms", "[testing]") {
  const auto normal = [](random_stream& r) { return r.normal(); };
  const auto uniform = [](random_stream& r) { return r.uniform(); };
  CHECK(laws::keeps_quiet_under_null(archetypes::detector{}, {}, uniform));       // alarms above 1: never
  CHECK_FALSE(laws::keeps_quiet_under_null(archetypes::detector{}, {}, normal));  // in nearly every run
  CHECK(laws::keeps_quiet_under_null(archetypes::detector{}, {.length = 1, .false_alarms = 0.16}, normal));
}

}  // namespace test_laws_streams
