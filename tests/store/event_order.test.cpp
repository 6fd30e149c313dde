#include "mlsd/store/event_order.hpp"

#include "catch.hpp"
#include "round_trip.hpp"

#include <cstdint>

namespace test_event_order {
using namespace mlsd;

TEST_CASE("event_order: the event's time, then when it was readable, then the sequence") {
  CHECK(event_order{{1}, {9}, 9} < event_order{{2}, {0}, 0});
  CHECK(event_order{{1}, {1}, 9} < event_order{{1}, {2}, 0});
  CHECK(event_order{{1}, {1}, 1} < event_order{{1}, {1}, 2});
  CHECK(mlsd_test::round_trips(event_order{{-1}, {2}, 3}));
}

TEST_CASE("as_of_options: one event at its edges") {
  using detail::absence_of;
  const event_order e{{100}, {130}, 0};
  CHECK(absence_of({}, e, {99}) == absence::too_new);
  CHECK(absence_of({}, e, {100}) == absence::not_yet_created);
  CHECK(absence_of({}, e, {130}) == absence::none);
  CHECK(absence_of({.by = lookup_time::event}, e, {100}) == absence::none);
  CHECK(absence_of({.by = lookup_time::event, .strictly_before = true}, e, {100}) == absence::too_new);
  CHECK(absence_of({.ttl = duration{30}}, e, {130}) == absence::none);  // t - ttl is inside
  CHECK(absence_of({.ttl = duration{30}}, e, {131}) == absence::expired);
  CHECK(absence_of({.ttl = duration{0}, .by = lookup_time::event}, e, {100}) == absence::none);
  CHECK(absence_of({.strictly_before = true}, e, {130}) == absence::none);  // readable at t is enough
}

TEST_CASE("as_of_options: the threshold of visibility is the definition, also at the ends of time") {
  const std::int64_t least = INT64_MIN, most = INT64_MAX;
  const std::int64_t times[] = {least, least + 1, -1, 0, 1, 2, most - 1, most};
  for (const bool strict : {false, true})
    for (const auto by : {lookup_time::known, lookup_time::event})
      for (const std::int64_t event : times)
        for (const std::int64_t known : times)
          for (const std::int64_t t : times) {
            const as_of_options rules{.by = by, .strictly_before = strict};
            const bool defined = (strict ? event < t : event <= t) && (by == lookup_time::event || known <= t);
            REQUIRE(detail::is_past(rules, detail::visible_from(rules, {event}, {known}), {t}) == defined);
          }
}

TEST_CASE("as_of_options: a negative ttl and an unknown kind are errors, and round trips keep the rest") {
  CHECK(as_of_options{.ttl = duration{-1}}.validate().error().message ==
        "as of: the ttl is negative; leave it out for none");
  CHECK_FALSE(as_of_options{.by = static_cast<lookup_time>(2)}.validate());
  CHECK(as_of_options{.ttl = duration{0}}.validate());
  CHECK(mlsd_test::round_trips(as_of_options{.ttl = duration{7}, .by = lookup_time::event, .strictly_before = true}));
}

}  // namespace test_event_order
