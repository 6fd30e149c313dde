#include "mlsd/store/history.hpp"

#include "as_of_cases.hpp"
#include "catch.hpp"
#include "mlsd/store/materialize.hpp"
#include "mlsd/testing/laws/streams.hpp"
#include "round_trip.hpp"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace test_history {
using namespace mlsd;
using mlsd_test::as_of_events;
using row_numbers = history<std::uint32_t>;

static_assert(store<row_numbers>);

row_numbers filled(const as_of_events& events, const as_of_options& rules) {
  auto h = row_numbers::make(rules).value();
  for (std::size_t i = 0; i < events.key.size(); ++i)
    h.put(events.key[i], static_cast<std::uint32_t>(i), events.event[i], events.known[i]);
  return h;
}

TEST_CASE("history: the definition, by brute force: ties, late arrivals, all rules and reasons") {
  int seen[5] = {};
  for (const auto& rules : mlsd_test::all_rules()) {
    const as_of_events events = mlsd_test::random_events(220, 9, 120, 17);
    auto h = row_numbers::make(rules).value();
    for (std::size_t n = 1; n <= events.key.size(); ++n) {
      h.put(events.key[n - 1], static_cast<std::uint32_t>(n - 1), events.event[n - 1], events.known[n - 1]);
      if (n % 20 != 0) continue;
      for (std::uint64_t key = 0; key < 11; ++key)
        for (std::int64_t t = -15; t < 175; t += 3) {
          const auto expected = mlsd_test::by_definition(events, n, rules, key, t);
          const auto got = h.as_of(key, {t});
          REQUIRE(got.reason == expected.reason);
          if (got) REQUIRE(got.row == expected.row);
          ++seen[static_cast<int>(got.reason)];
        }
    }
  }
  for (const int n : seen) CHECK(n > 100);
}

TEST_CASE("history: the order of arrival does not matter, and twice is once") {
  for (const auto& rules : mlsd_test::all_rules()) {
    const as_of_events events = mlsd_test::random_events(300, 5, 90, 23);
    auto there = row_numbers::make(rules).value(), back = there;
    const auto put = [&](row_numbers& h, std::size_t i) {
      h.put(events.key[i], static_cast<std::uint32_t>(i), event_order{events.event[i], events.known[i], i});
    };
    for (std::size_t i = 0; i < 300; ++i) put(there, i), put(there, i / 2);
    for (std::size_t i = 300; i-- > 0;) put(back, i);
    for (std::uint64_t key = 0; key < 5; ++key)
      for (std::int64_t t = -5; t < 130; ++t) {
        const auto a = there.as_of(key, {t}), b = back.as_of(key, {t});
        REQUIRE((a.reason == b.reason && a.row == b.row));
      }
    CHECK(there.events() == back.events());
  }
}

TEST_CASE("history: a repeated event that was overtaken changes nothing") {
  auto h = row_numbers::make({}).value();
  h.put(1, 7u, event_order{{1}, {10}, 0});
  h.put(1, 8u, event_order{{2}, {5}, 1});
  const auto once = h;
  for (int i = 0; i < 10; ++i) h.put(1, 7u, event_order{{1}, {10}, 0});
  CHECK(h == once);
}

TEST_CASE("history: never sees later writes") {
  std::vector<laws::store_write<row_numbers>> writes;
  mlsd_test::draws random{4};
  std::int64_t t = 0;
  for (std::uint32_t i = 0; i < 24; ++i)
    writes.push_back({random.below(3), i, {t += static_cast<std::int64_t>(random.below(3))}});
  for (const auto& rules : mlsd_test::all_rules())
    CHECK(laws::never_sees_later_writes(row_numbers::make(rules).value(), std::span(std::as_const(writes))));
}

TEST_CASE("history: what was known at a time differs from what had happened") {
  history<float> h;
  const std::uint64_t key = event_key(7, std::string_view("user"));
  h.put(key, 1.0f, {100});
  h.put(key, 2.0f, {200}, {900});  // happened at 200, arrived at 900
  h.put(key, 3.0f, {300});
  CHECK(h.as_of(key, {250}).row == 1.0f);
  CHECK(h.as_of(key, {950}).row == 3.0f);  // a late event never replaces a newer state
  h.put(key, 4.0f, {300}, {1000});         // a correction
  CHECK(h.as_of(key, {999}).row == 3.0f);
  CHECK(h.as_of(key, {1000}).row == 4.0f);
  CHECK(h.as_of(key, {99}).reason == absence::too_new);
  CHECK(h.as_of(8, {99}).reason == absence::no_key);
  CHECK(h.keys() == 1);
  CHECK(h.events() == 3);  // the late one can be no answer
  h.prefetch(key);
  h.erase(key);
  CHECK(h.as_of(key, {1000}).reason == absence::no_key);
  CHECK(h.keys() == 0);
}

TEST_CASE("history: at the ends of time") {
  for (const bool strict : {false, true}) {
    auto h = history<int>::make({.ttl = duration{INT64_MAX}, .strictly_before = strict}).value();
    h.put(1, 5, {INT64_MIN});
    h.put(1, 6, {INT64_MAX});
    CHECK(h.as_of(1, {INT64_MIN}).reason == (strict ? absence::too_new : absence::none));
    CHECK(h.as_of(1, {-1}).row == 5);
    CHECK(h.as_of(1, {INT64_MAX}).row == (strict ? 0 : 6));
  }
  CHECK_FALSE(history<int>::make({.ttl = duration{-5}}));
}

TEST_CASE("history: goes on from a file, and a damaged file does no harm") {
  for (const auto& rules : mlsd_test::all_rules()) {
    const as_of_events events = mlsd_test::random_events(150, 6, 90, 5);
    auto h = filled(events, rules);
    CHECK(mlsd_test::round_trips(h));
    auto loaded = from_bytes<row_numbers>(to_bytes(h)).value();
    h.put(3, 1000, {80});
    loaded.put(3, 1000, {80});
    CHECK(h == loaded);
  }
  const auto small = filled(mlsd_test::random_events(60, 4, 50, 6), {.ttl = duration{30}});
  const int refused = mlsd_test::mutate(small, 500, [](row_numbers& h) {
    for (std::uint64_t key = 0; key < 5; ++key)
      for (std::int64_t t = 0; t < 60; t += 20) {
        static_cast<void>(h.as_of(key, {t}));
        h.put(key, 1, {t}, {t + 3});
      }
  });
  CHECK(refused > 100);
}

TEST_CASE("history: golden point-in-time answers") {
  const mlsd_test::golden_as_of golden;
  if (golden.columns.empty()) {
    WARN("skipped: ../shared is absent");
    return;
  }
  REQUIRE(golden.events.key.size() == 100000);
  REQUIRE(golden.key.size() == 20000);
  for (const auto& column : golden.columns) {
    const auto h = filled(golden.events, column.rules);
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < golden.key.size(); ++i) {
      const auto got = h.as_of(golden.key[i], golden.time[i]);
      wrong += (got ? static_cast<double>(got.row) : -1.0) != column.event_id[i];
    }
    CHECK(wrong == 0);
  }
}

}  // namespace test_history
