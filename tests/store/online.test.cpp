#include "mlsd/store/online.hpp"

#include "as_of_cases.hpp"
#include "catch.hpp"
#include "mlsd/store/history.hpp"
#include "mlsd/store/materialize.hpp"
#include "mlsd/testing/laws/streams.hpp"
#include "round_trip.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <span>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace test_online {
using namespace mlsd;
using numbers = online_store<std::uint64_t>;
static_assert(store<numbers>);
static_assert(noexcept(std::declval<const numbers&>().as_of(1, timestamp{})));

numbers with_room_for(std::uint64_t capacity) { return numbers::make({.capacity = capacity}).value(); }

TEST_CASE("online_store: the latest row, and the reasons for none") {
  auto s = online_store<float>::make({.capacity = 10, .ttl = duration{50}}).value();
  const std::uint64_t key = event_key(std::string_view("user"), 7);
  CHECK(s.as_of(key, {0}).reason == absence::no_key);
  CHECK(s.put(key, 1.0f, {100}) == put_outcome::stored);
  CHECK(s.put(key, 2.0f, {200}, {230}) == put_outcome::stored);
  s.prefetch(key);
  CHECK(s.as_of(key, {230}).row == 2.0f);
  CHECK(s.as_of(key, {250}).row == 2.0f);
  CHECK(s.as_of(key, {251}).reason == absence::expired);
  CHECK(s.as_of(key, {199}).reason == absence::too_new);
  CHECK(s.as_of(key, {229}).reason == absence::not_yet_created);
  CHECK(s.put(key, 3.0f, {150}) == put_outcome::stale);  // late
  CHECK(s.as_of(key, {230}).row == 2.0f);
  CHECK(s.put(key, 4.0f, {200}, {240}) == put_outcome::stored);  // a correction
  CHECK(s.as_of(key, {240}).row == 4.0f);
  CHECK(s.counts() == online_counts{.inserted = 1, .updated = 2, .stale = 1});
  CHECK(s.erase(key));
  CHECK_FALSE(s.erase(key));
  CHECK(s.as_of(key, {240}).reason == absence::no_key);
  CHECK(s.size() == 0);
}

TEST_CASE("online_store: behaves as a map under a long random sequence of writes and erasures, full or not") {
  for (const std::uint64_t range : {5u, 40u, 700u}) {
    const std::uint64_t capacity = range == 40 ? 25 : range;  // 25: often full
    auto s = with_room_for(capacity);
    std::map<std::uint64_t, std::pair<event_order, std::uint64_t>> model;
    online_counts counts;
    mlsd_test::draws random{range};
    for (std::uint64_t step = 0; step < 30000; ++step) {
      const std::uint64_t key = random.below(range) << 40;
      if (random.below(3) == 0) {
        const bool there = model.erase(key) == 1;
        counts.erased += there;
        REQUIRE(s.erase(key) == there);
      } else {
        const auto event = static_cast<std::int64_t>(random.below(50));
        const event_order order{{event}, {event + 5}, random.below(3)};
        const auto at = model.find(key);
        const auto expected = at == model.end() ? (model.size() == capacity ? put_outcome::full : put_outcome::stored)
                              : at->second.first >= order ? put_outcome::stale
                                                          : put_outcome::stored;
        REQUIRE(s.put(key, step, order) == expected);
        if (expected == put_outcome::stored) model[key] = {order, step};
        (expected == put_outcome::full    ? counts.full
         : expected == put_outcome::stale ? counts.stale
         : at == model.end()              ? counts.inserted
                                          : counts.updated) += 1;
      }
      REQUIRE(s.size() == model.size());
      if (step % 500 != 0) continue;
      for (std::uint64_t k = 0; k < range; ++k) {
        const auto m = model.find(k << 40);
        const auto got = s.as_of(k << 40, {100});
        REQUIRE(static_cast<bool>(got) == (m != model.end()));
        if (got) REQUIRE(got.row == m->second.second);
      }
    }
    CHECK(s.counts() == counts);
    if (range == 40) CHECK(counts.full > 100);
  }
}

TEST_CASE("online_store: any order of arrival ends in the same state, that of history") {
  const auto events = mlsd_test::random_events(2000, 60, 100, 3);
  auto there = with_room_for(60), back = with_room_for(60), h = with_room_for(60);
  history<std::uint64_t> all;
  for (std::size_t i = 0; i < 2000; ++i) {
    const auto put = [&](auto& to, std::size_t k) {
      to.put(events.key[k], std::uint64_t{k}, event_order{events.event[k], events.known[k], k});
    };
    put(there, i), put(there, i / 2), put(back, 1999 - i), put(all, i);
  }
  CHECK(there.image() == back.image());
  for (std::uint64_t key = 0; key < 60; ++key) CHECK(there.as_of(key, {500}).row == all.as_of(key, {500}).row);
}

TEST_CASE("online_store: answers as history did at the time of each event, replayed as it arrived") {
  auto events = mlsd_test::random_events(1500, 20, 4000, 11);
  for (std::size_t i = 0; i < 1500; ++i) events.known[i] = {static_cast<std::int64_t>(3 * i + 4500)};  // arrival
  auto online = numbers::make({.capacity = 20, .ttl = duration{900}}).value();
  auto offline = history<std::uint64_t>::make({.ttl = duration{900}}).value();
  for (std::size_t i = 0; i < 1500; ++i) offline.put(events.key[i], i, events.event[i], events.known[i]);
  for (std::size_t i = 0; i < 1500; ++i) {
    online.put(events.key[i], i, events.event[i], events.known[i]);
    const timestamp now{events.known[i].ms + 1};
    for (std::uint64_t key = 0; key < 20; ++key) {
      const auto a = online.as_of(key, now), b = offline.as_of(key, now);
      REQUIRE(static_cast<bool>(a) == static_cast<bool>(b));
      REQUIRE(a.row == b.row);
    }
  }
}

TEST_CASE("online_store: never sees later writes") {
  std::vector<laws::store_write<numbers>> writes;
  mlsd_test::draws random{9};
  std::int64_t t = 0;
  for (std::uint64_t i = 0; i < 24; ++i)
    writes.push_back({random.below(3), i, {t += static_cast<std::int64_t>(random.below(3))}});
  CHECK(laws::never_sees_later_writes(with_room_for(3), std::span(std::as_const(writes))));
}

TEST_CASE("online_store: expiry makes room") {
  auto s = numbers::make({.capacity = 100, .ttl = duration{10}}).value();
  for (std::uint64_t k = 0; k < 100; ++k) REQUIRE(s.put(k, k, {static_cast<std::int64_t>(k)}) == put_outcome::stored);
  CHECK(s.put(1000, 1, {100}) == put_outcome::full);
  CHECK(s.expire({60}) == 50);  // 0 to 49; t - ttl stays
  CHECK(s.size() == 50);
  CHECK(s.put(1000, 1, {100}) == put_outcome::stored);
  for (std::uint64_t k = 50; k < 100; ++k) CHECK(s.as_of(k, {static_cast<std::int64_t>(k)}).row == k);
  CHECK(s.counts() == online_counts{.inserted = 101, .full = 1, .expired = 50});
  CHECK(with_room_for(3).expire({1'000'000}) == 0);
}

TEST_CASE("online_store: bad settings are errors") {
  CHECK(numbers::make({}).error().message == "online store: a capacity of 0 keys");
  CHECK_FALSE(numbers::make({.capacity = 2'800'000'001}));
  CHECK_FALSE(numbers::make({.capacity = 1, .ttl = duration{-1}}));
}

TEST_CASE("online_store: goes on after a restart, and a damaged image does no harm") {
  auto s = numbers::make({.capacity = 300, .ttl = duration{500}}).value();
  for (std::uint64_t k = 0; k < 200; ++k) s.put(k * 977, k, {static_cast<std::int64_t>(k)});
  const auto image = s.image();
  CHECK(mlsd_test::round_trips(image));
  auto again = numbers::restore(from_bytes<online_image<std::uint64_t>>(to_bytes(image)).value(), {.capacity = 200});
  REQUIRE(again);
  CHECK(again->image() == image);
  CHECK(again->counts() == online_counts{});
  CHECK(again->put(977, 5, {1}) == put_outcome::stored);  // the sequence goes on
  auto forgetful = image;
  forgetful.next_sequence = 0;  // as a careless writer of images may leave it
  auto careful = numbers::restore(forgetful, {.capacity = 200});
  REQUIRE(careful);
  CHECK(careful->put(977, 6, {1}) == put_outcome::stored);
  CHECK(numbers::restore(image, {.capacity = 199}).error().code == errc::capacity);
  const int refused = mlsd_test::mutate(image, 300, [](const online_image<std::uint64_t>& damaged) {
    static_cast<void>(numbers::restore(damaged, {.capacity = 250}));
  });
  CHECK(refused > 30);
  auto twice = image;
  twice.key[1] = twice.key[0];
  CHECK_FALSE(numbers::restore(twice, {.capacity = 250}));
}

// Every word of a row is the same number, and a key's numbers only grow.
using wide = std::array<std::uint64_t, 8>;
constexpr std::uint64_t steady = 40, churning = 60;

struct reader_report {
  std::uint64_t torn = 0, backwards = 0, lost = 0, read = 0;
};
reader_report read_until(const online_store<wide>& s, const std::atomic<bool>& done, std::uint64_t seed) {
  reader_report r;
  std::array<std::uint64_t, steady> last{};
  mlsd_test::draws random{seed};
  while (!done.load(std::memory_order_relaxed)) {
    const std::uint64_t key = random.below(steady + churning);
    const auto got = s.as_of(key, {1 << 30});
    ++r.read;
    if (got)
      for (const std::uint64_t word : got.row) r.torn += word != got.row[0];
    if (key >= steady) continue;
    r.lost += got.reason == absence::no_key;  // it is always there
    if (!got) continue;
    r.backwards += got.row[0] < last[key];
    last[key] = got.row[0];
  }
  return r;
}

TEST_CASE("online_store: two writers and two readers: no row is torn, lost or goes back", "[threads]") {
  auto s = online_store<wide>::make({.capacity = steady + churning}).value();  // crowded: erasures move rows
  wide row{};
  for (std::uint64_t k = 0; k < steady; ++k) s.put(k, row, {0});
  std::atomic<bool> done{false};
  std::array<reader_report, 2> report;
  std::vector<std::thread> readers, writers;
  for (std::size_t r = 0; r < 2; ++r) readers.emplace_back([&, r] { report[r] = read_until(s, done, r + 1); });
  for (std::uint64_t w = 0; w < 2; ++w)
    writers.emplace_back([&, w] {
      mlsd_test::draws random{100 + w};
      for (std::int64_t t = 1; t < 20000; ++t) {
        const std::uint64_t key = random.below(steady + churning);
        wide mine;
        mine.fill(static_cast<std::uint64_t>(t));
        if (key >= steady && random.below(2) == 0)
          s.erase(key);
        else
          s.put(key, mine, {t});
      }
    });
  for (auto& w : writers) w.join();
  done = true;
  for (auto& r : readers) r.join();
  for (const auto& r : report) {
    CHECK(r.torn == 0);
    CHECK(r.backwards == 0);
    CHECK(r.lost == 0);
  }
  std::uint64_t present = 0;
  for (std::uint64_t k = 0; k < steady + churning; ++k) present += static_cast<bool>(s.as_of(k, {1 << 30}));
  CHECK(present == s.size());
  CHECK(s.counts().inserted - s.counts().erased == s.size());
}

}  // namespace test_online
