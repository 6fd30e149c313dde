#include "mlsd/store/as_of_join.hpp"

#include "as_of_cases.hpp"
#include "catch.hpp"
#include "mlsd/core/random.hpp"
#include "mlsd/core/threads.hpp"
#include "mlsd/store/history.hpp"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <vector>

namespace test_as_of_join {
using namespace mlsd;

struct queries {
  std::vector<std::uint64_t> key{};
  std::vector<timestamp> time{};
};
queries random_queries(std::size_t n, std::uint64_t keys, std::int64_t span, std::uint64_t seed) {
  mlsd_test::draws random{seed};
  queries q;
  for (std::size_t i = 0; i < n; ++i) {
    q.key.push_back(random.below(keys));
    q.time.push_back({static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(span))) - span / 10});
  }
  return q;
}
as_of_events columns(const mlsd_test::as_of_events& e) { return {e.key, e.event, e.known}; }

TEST_CASE("as_of_join: the definition, by brute force, in any order of rows") {
  for (const auto& rules : mlsd_test::all_rules()) {
    auto events = mlsd_test::random_events(500, 12, 150, 31);
    const auto q = random_queries(400, 14, 220, 7);
    const auto joined = as_of_join(columns(events), {q.key, q.time}, rules).value();
    for (std::size_t i = 0; i < q.key.size(); ++i) {
      const auto expected = mlsd_test::by_definition(events, events.key.size(), rules, q.key[i], q.time[i].ms);
      REQUIRE(joined[i].reason() == expected.reason);
      if (joined[i]) REQUIRE(joined[i].row() == expected.row);
    }
    // Known at once: leaving the column out is the same.
    events.known = events.event;
    CHECK(as_of_join(columns(events), {q.key, q.time}, rules).value() ==
          as_of_join({events.key, events.event}, {q.key, q.time}, rules).value());
  }
}

TEST_CASE("as_of_join: law: history's answers, row for row, over many parts", "[threads]") {
  threads two(2);
  for (const auto& rules : {as_of_options{}, as_of_options{.ttl = duration{9000}, .strictly_before = true},
                            as_of_options{.by = lookup_time::event}}) {
    auto events = mlsd_test::random_events(300000, 20000, 100000, 3);
    events.key[5] = 0, events.key[6] = ~std::uint64_t{0};
    const auto q = random_queries(60000, 21000, 140000, 9);
    const auto joined = as_of_join(columns(events), {q.key, q.time}, rules).value();
    CHECK(as_of_join(columns(events), {q.key, q.time}, rules, two).value() == joined);

    auto h = history<std::uint32_t>::make(rules).value();
    for (std::size_t i = 0; i < events.key.size(); ++i)
      h.put(events.key[i], static_cast<std::uint32_t>(i), events.event[i], events.known[i]);
    std::size_t differ = 0, found = 0;
    for (std::size_t i = 0; i < q.key.size(); ++i) {
      const auto expected = h.as_of(q.key[i], q.time[i]);
      differ += joined[i].reason() != expected.reason || (joined[i] && joined[i].row() != expected.row);
      found += static_cast<bool>(joined[i]);
    }
    CHECK(differ == 0);
    CHECK(found > 10000);
  }
}

TEST_CASE("as_of_join: later events change no match") {
  const auto events = mlsd_test::random_events(2000, 30, 1000, 13);
  const auto q = random_queries(500, 30, 500, 2);  // none after 450
  mlsd_test::as_of_events past;
  std::vector<std::uint32_t> number;
  for (std::size_t i = 0; i < events.key.size(); ++i)
    if ((std::max)(events.event[i], events.known[i]).ms < 450) {
      past.add(events.key[i], events.event[i].ms, events.known[i].ms);
      number.push_back(static_cast<std::uint32_t>(i));
    }
  const auto all = as_of_join(columns(events), {q.key, q.time}).value();
  const auto without = as_of_join(columns(past), {q.key, q.time}).value();
  for (std::size_t i = 0; i < all.size(); ++i) {
    REQUIRE(static_cast<bool>(all[i]) == static_cast<bool>(without[i]));
    if (all[i]) REQUIRE(all[i].row() == number[without[i].row()]);
  }
}

TEST_CASE("as_of_join: nothing to join, one key, columns that do not fit") {
  const std::vector<std::uint64_t> key{7, 7, 7};
  const std::vector<timestamp> time{{30}, {10}, {20}};
  CHECK(as_of_join({key, time}, {}).value().empty());
  CHECK(as_of_join({}, {key, time}).value() == std::vector<as_of_match>(3, as_of_match(absence::no_key)));
  const auto self = as_of_join({key, time}, {key, time}).value();
  for (std::uint32_t i = 0; i < 3; ++i) CHECK(self[i] == as_of_match(i));
  const auto before = as_of_join({key, time}, {key, time}, {.strictly_before = true}).value();
  CHECK((before[0].row() == 2 && before[1].reason() == absence::too_new && before[2].row() == 1));

  CHECK(as_of_join({key, std::span(time).first(2)}, {key, time}).error().message ==
        "as-of join: 3 keys of events but 2 times");
  CHECK(as_of_join({key, time, std::span(time).first(1)}, {key, time}).error().code == errc::invalid_argument);
  CHECK(as_of_join({key, time}, {key, {}}).error().message == "as-of join: 3 keys of queries but 0 times");
  CHECK_FALSE(as_of_join({key, time}, {key, time}, {.ttl = duration{-1}}));
}

TEST_CASE("as_of_join: golden answers, also with events and queries shuffled") {
  const mlsd_test::golden_as_of golden;
  if (golden.columns.empty()) {
    WARN("skipped: ../shared is absent");
    return;
  }
  std::vector<std::uint32_t> order(golden.key.size());
  std::iota(order.begin(), order.end(), 0u);
  random_stream(5).shuffle(order);
  queries shuffled;
  for (const std::uint32_t i : order) {
    shuffled.key.push_back(golden.key[i]);
    shuffled.time.push_back(golden.time[i]);
  }
  for (const auto& column : golden.columns) {
    const auto id = [](as_of_match m) { return m ? static_cast<double>(m.row()) : -1.0; };
    const auto joined = as_of_join(columns(golden.events), {golden.key, golden.time}, column.rules).value();
    const auto other = as_of_join(columns(golden.events), {shuffled.key, shuffled.time}, column.rules).value();
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < order.size(); ++i)
      wrong += id(joined[i]) != column.event_id[i] || other[i] != joined[order[i]];
    CHECK(wrong == 0);
  }
}

}  // namespace test_as_of_join
