#include "mlsd/store/event_rings.hpp"

#include <cstdint>
#include <limits>

#include "catch.hpp"

namespace test_event_rings {
using namespace mlsd;
using mlsd::detail::event_rings;

event_rings rings_of(const windows_config& c) {
  event_rings r;
  r.follow(detail::window_plan::of(c).value(), c);
  return r;
}

TEST_CASE("event_rings: the newest event before anything that may be asked for stays", "[store]") {
  event_rings r = rings_of({.count = {{{10}}}, .lateness = {5}});
  const detail::event_items none{};
  for (const std::int64_t t : {0, 0, 3, 100, 100, 101}) REQUIRE(r.add(1, {t}, nullptr, none));
  CHECK(r.events() == 4);  // a look-up at 96 is told of the event at 3; those at 0 nobody can reach
  REQUIRE(r.add(1, {120}, nullptr, none));
  const auto ring = r.ring(r.find(1));
  REQUIRE(ring.size() == 2);
  CHECK(ring.time(0) == timestamp{101});
  CHECK(ring.total() == 7);
  CHECK(r.check());
  CHECK(r.memory().ms == (std::numeric_limits<std::int64_t>::max)());
}

TEST_CASE("event_rings: a sweep shrinks rings that emptied and forgets idle keys", "[store]") {
  for (const bool forget : {false, true}) {
    event_rings r = rings_of({.distinct = {{duration{1000}}}, .forget_idle_keys = forget});
    const std::uint64_t items[] = {1, 2, 3, 4, 5, 6, 7};
    for (std::int64_t t = 0; t < 900; ++t) REQUIRE(r.add(1, {t}, nullptr, {items, static_cast<std::size_t>(t % 7), 1}));
    CHECK(r.find(1)->level == 10);
    for (std::int64_t t = 900; t < 3000; ++t)
      REQUIRE(r.add(2 + static_cast<std::uint64_t>(t % 3), {t}, nullptr, {items, 0, 1}));
    CHECK(r.check());
    if (forget) {
      CHECK(r.find(1) == nullptr);
      CHECK(r.keys() == 3);
    } else {
      CHECK(r.find(1)->size == 1);
      CHECK(r.find(1)->level < 3);
      CHECK(r.ring(r.find(1)).total() == 900);
    }
    CHECK(r.events() <= 1005);
  }
}

}  // namespace test_event_rings
