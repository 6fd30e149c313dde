#include "mlsd/store/windows.hpp"

#include "catch.hpp"
#include "round_trip.hpp"
#include "shared.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <numeric>
#include <span>
#include <sstream>
#include <string>
#include <vector>

namespace test_windows {
using namespace mlsd;

struct log {
  std::vector<std::uint64_t> key;
  std::vector<timestamp> time;
};

// Many ties, bursts and idle stretches.
log random_log(std::size_t n, std::uint64_t keys, std::uint64_t seed) {
  log l;
  std::int64_t t = -5000;
  for (std::size_t i = 0; i < n; ++i) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    const std::uint64_t r = seed >> 33;
    t += r % 3 == 0 ? 0 : (r % 97 == 0 ? 3000 : static_cast<std::int64_t>(r % 7));
    l.key.push_back((r >> 8) % ((r & 64) ? keys : 2));
    l.time.push_back({t});
  }
  return l;
}

// The definition, in a line.
std::size_t by_definition(const log& l, std::uint64_t key, std::int64_t from, std::int64_t to) {
  std::size_t n = 0;
  for (std::size_t i = 0; i < l.key.size(); ++i) n += l.key[i] == key && l.time[i].ms >= from && l.time[i].ms < to;
  return n;
}

std::vector<std::uint32_t> bits(const std::vector<float>& x) {
  std::vector<std::uint32_t> b;
  for (const float v : x) b.push_back(std::bit_cast<std::uint32_t>(v));
  return b;
}

TEST_CASE("event_counts: the definition [t - w, t), by brute force, with ties and idle stretches") {
  const std::vector<duration> windows{{10}, {1}, {500}, {4000}};  // in no order
  const log l = random_log(1500, 40, 3);
  const std::size_t n = l.key.size();
  auto counts = event_counts::make({.windows = windows}).value();
  std::vector<float> out(counts.width() * n);
  REQUIRE(counts.replay(l.key, l.time, out));
  for (std::size_t i = 0; i < n; ++i) {
    const std::int64_t t = l.time[i].ms;
    for (std::size_t j = 0; j < windows.size(); ++j)
      REQUIRE(out[j * n + i] == static_cast<float>(by_definition(l, l.key[i], t - windows[j].ms, t)));
    REQUIRE(out[4 * n + i] == static_cast<float>(by_definition(l, l.key[i], INT64_MIN, t)));
    std::int64_t last = INT64_MIN;
    for (std::size_t k = 0; k < n; ++k)
      if (l.key[k] == l.key[i] && l.time[k].ms < t) last = l.time[k].ms;
    if (last == INT64_MIN)
      REQUIRE(std::isnan(out[5 * n + i]));
    else
      REQUIRE(out[5 * n + i] == static_cast<float>(static_cast<double>(t - last) / 1000.0));
  }
}

TEST_CASE("event_counts: streaming and batch give the same bits, however the log is cut") {
  const log l = random_log(3000, 60, 11);
  const std::size_t n = l.key.size();
  for (const bool forget : {false, true}) {
    const event_counts_config config{.windows = {{20}, {900}}, .forget_idle_keys = forget};
    auto batch = event_counts::make(config).value(), online = batch;
    const std::size_t w = batch.width();
    std::vector<float> columns(w * n), rows(w * n), row(w), resumed(w * (n - 1000));
    REQUIRE(batch.replay(l.key, l.time, columns));
    for (std::size_t i = 0; i < n; ++i) {
      online.write(l.key[i], l.time[i], row);
      for (std::size_t j = 0; j < w; ++j) rows[j * n + i] = row[j];
      REQUIRE(online.add(l.key[i], l.time[i]));
    }
    CHECK(bits(rows) == bits(columns));

    // A store that replayed history goes on where it stopped.
    auto half = event_counts::make(config).value();
    const std::span keys{l.key};
    const std::span times{l.time};
    std::vector<float> head(w * 1000);
    REQUIRE(half.replay(keys.first(1000), times.first(1000), head));
    REQUIRE(half.replay(keys.subspan(1000), times.subspan(1000), resumed));
    for (std::size_t j = 0; j < w; ++j)
      for (std::size_t i = 1000; i < n; ++i)
        REQUIRE(std::bit_cast<std::uint32_t>(resumed[j * (n - 1000) + i - 1000]) ==
                std::bit_cast<std::uint32_t>(columns[j * n + i]));
  }
}

TEST_CASE("event_counts: the future changes nothing") {
  const log l = random_log(2000, 30, 5);
  const std::size_t n = l.key.size(), cut = 1200;
  auto whole = event_counts::make({.windows = {{700}}}).value(), other = whole;
  std::vector<float> a(whole.width() * n), b(a.size());
  REQUIRE(whole.replay(l.key, l.time, a));
  log changed = l;
  std::reverse(changed.key.begin() + cut, changed.key.end());
  for (std::size_t i = cut; i < n; ++i) changed.time[i].ms = l.time[cut].ms + static_cast<std::int64_t>(i);
  REQUIRE(other.replay(changed.key, changed.time, b));
  for (std::size_t j = 0; j < whole.width(); ++j)
    for (std::size_t i = 0; i < cut; ++i)
      REQUIRE(std::bit_cast<std::uint32_t>(a[j * n + i]) == std::bit_cast<std::uint32_t>(b[j * n + i]));
}

TEST_CASE("event_counts: events of one instant see none of each other, in any order") {
  auto counts = event_counts::make({.windows = {{100}}}).value();
  for (int i = 0; i < 5; ++i) {
    CHECK(counts.count(7, {50}) == 0);
    CHECK(counts.past(7, {50}).all_time() == 0);
    CHECK_FALSE(counts.past(7, {50}).since_last());
    REQUIRE(counts.add(7, {50}));
  }
  CHECK(counts.count(7, {51}) == 5);
  CHECK(counts.count(7, {150}) == 5);  // t - w is inside
  CHECK(counts.count(7, {151}) == 0);
  CHECK(counts.past(7, {51}).all_time() == 5);
  CHECK(counts.past(7, {151}).all_time() == 5);
  CHECK(counts.past(7, {51}).since_last() == duration{1});
  CHECK(counts.count(8, {51}) == 0);
}

TEST_CASE("event_counts: the last event is known after its window has passed, unless keys are forgotten") {
  auto keeps = event_counts::make({.windows = {{10}}}).value();
  auto forgets = event_counts::make({.windows = {{10}}, .forget_idle_keys = true}).value();
  for (auto* c : {&keeps, &forgets}) {
    REQUIRE(c->add(1, {0}));
    REQUIRE(c->add(1, {100}));
    REQUIRE(c->add(1, {100}));
  }
  CHECK(keeps.past(1, {100}).since_last() == duration{100});
  CHECK(keeps.past(1, {100}).all_time() == 1);
  CHECK_FALSE(forgets.past(1, {100}).since_last());
  CHECK(forgets.past(1, {100}).all_time() == 0);
  CHECK(forgets.past(1, {101}).all_time() == 2);
  CHECK(forgets.past(1, {111}).all_time() == 0);  // before anything was evicted
  CHECK_FALSE(forgets.past(1, {111}).since_last());
}

TEST_CASE("event_counts: memory is bounded by what the horizon holds") {
  auto counts = event_counts::make({.windows = {{1000}}, .forget_idle_keys = true}).value();
  for (std::int64_t t = 0; t < 50000; ++t) {
    REQUIRE(counts.add(static_cast<std::uint64_t>(t / 3), {t}));
    REQUIRE(counts.events() <= 1001);
    REQUIRE(counts.keys() <= 335);
  }
  CHECK(counts.count(50000 / 3, {50000}) == 2);
}

TEST_CASE("event_counts: windows at the ends of time do not overflow") {
  auto counts = event_counts::make({.windows = {{INT64_MAX}, {1}}}).value();
  REQUIRE(counts.add(1, {INT64_MIN}));
  REQUIRE(counts.add(1, {INT64_MIN + 1}));
  CHECK(counts.count(1, {INT64_MIN + 2}) == 2);
  REQUIRE(counts.add(1, {INT64_MAX}));
  CHECK(counts.past(1, {INT64_MAX}).within({1}) == 0);
  CHECK(counts.past(1, {INT64_MAX}).since_last() == duration{INT64_MAX});
}

TEST_CASE("event_counts: time that runs backwards is an error that names the row, and changes nothing") {
  auto counts = event_counts::make({.windows = {{10}}}).value();
  const std::vector<std::uint64_t> keys{1, 1, 1};
  std::vector<float> out(counts.width() * 3);
  const std::vector<timestamp> times{{5}, {9}, {8}};
  const auto r = counts.replay(keys, times, out);
  REQUIRE_FALSE(r);
  CHECK(r.error().code == errc::order);
  CHECK(r.error().message == "non-monotone time: row 2 (8 ms) is earlier than row 1 (9 ms)");
  CHECK(counts.events() == 0);
  CHECK(past_counts(keys, times, {10}, std::span(out).first(3)).error().code == errc::order);

  REQUIRE(counts.add(1, {20}));
  CHECK_FALSE(counts.add(1, {19}));
  CHECK(counts.count(1, {21}) == 1);
  const std::vector<timestamp> late{{19}, {20}, {20}};
  CHECK(counts.replay(keys, late, out).error().message ==
        "non-monotone time: row 0 (19 ms) is earlier than the last event (20 ms)");
  CHECK(counts.replay(keys, std::span(times).first(2), out).error().code == errc::invalid_argument);
}

TEST_CASE("event_counts: bad settings are errors; no window and no event are fine") {
  CHECK(event_counts::make({.windows = {{5}, {0}}}).error().message == "event counts: window 1 is not positive");
  CHECK_FALSE(event_counts::make({.windows = {}, .forget_idle_keys = true}));
  auto all = event_counts::make({}).value();
  std::vector<float> none;
  CHECK(all.replay({}, {}, none));
  CHECK(all.count(3, {0}) == 0);
  REQUIRE(all.add(3, {1}));
  REQUIRE(all.add(3, {2}));
  CHECK(all.count(3, {2}) == 1);
  CHECK(all.count(3, {3}) == 2);
  CHECK(all.events() == 0);
  CHECK(past_counts({}, {}, {1}, none));
  CHECK_FALSE(past_counts({}, {}, {-1}, none));
}

TEST_CASE("past_counts: one column of the same numbers") {
  const log l = random_log(500, 10, 8);
  std::vector<float> one(500);
  REQUIRE(past_counts(l.key, l.time, {60}, one));
  for (std::size_t i = 0; i < 500; ++i)
    REQUIRE(one[i] == static_cast<float>(by_definition(l, l.key[i], l.time[i].ms - 60, l.time[i].ms)));
}

TEST_CASE("event_counts: goes on from a file, and a damaged file does no harm") {
  const log l = random_log(900, 40, 4);
  for (const bool forget : {false, true}) {
    auto here = event_counts::make({.windows = {{300}, {25}}, .forget_idle_keys = forget}).value();
    for (std::size_t i = 0; i < 500; ++i) REQUIRE(here.add(l.key[i], l.time[i]));
    CHECK(mlsd_test::round_trips(here));
    auto there = from_bytes<event_counts>(to_bytes(here)).value();
    const std::span<const std::uint64_t> keys = std::span(l.key).subspan(500);
    const std::span<const timestamp> times = std::span(l.time).subspan(500);
    std::vector<float> a(here.width() * 400), b(a.size());
    REQUIRE(here.replay(keys, times, a));
    REQUIRE(there.replay(keys, times, b));
    CHECK(bits(a) == bits(b));
  }
  auto small = event_counts::make({.windows = {{300}}, .forget_idle_keys = true}).value();
  for (std::size_t i = 0; i < 100; ++i) REQUIRE(small.add(l.key[i] % 5, l.time[i]));
  const int refused = mlsd_test::mutate(small, 600, [&](event_counts& c) {
    std::vector<float> row(c.width());
    const timestamp now = c.now();
    for (std::uint64_t key = 0; key < 6; ++key) {
      c.write(key, now, row);
      static_cast<void>(c.add(key, now));
    }
  });
  CHECK(refused > 100);
}

// rows_6h.csv: an independent reference over the events of asof/events.csv up to event 29985, 60 keys.
TEST_CASE("event_counts: golden windows of six hours") {
  if (!mlsd_test::shared_dir()) {
    WARN("skipped: ../shared is absent");
    return;
  }
  const std::string dir = std::string(mlsd_test::shared_dir()) + "/golden/features/";
  struct row {
    std::int64_t t;
    std::uint64_t key, id;
  };
  std::vector<row> events;
  std::string line, field[21];
  std::ifstream in(dir + "asof/events.csv");
  for (std::getline(in, line); std::getline(in, line);) {
    std::istringstream s(line);
    for (int f = 0; f < 3; ++f) std::getline(s, field[f], ',');
    const row r{std::stoll(field[2]), std::stoull(field[1]), std::stoull(field[0])};
    if (r.id <= 29985) events.push_back(r);
  }
  REQUIRE(events.size() == 29986);
  std::stable_sort(events.begin(), events.end(), [](const row& a, const row& b) { return a.t < b.t; });
  std::vector<std::uint64_t> key;
  std::vector<timestamp> time;
  std::vector<std::size_t> at(events.size());
  for (std::size_t i = 0; i < events.size(); ++i) {
    key.push_back(events[i].key);
    time.push_back({events[i].t});
    at[events[i].id] = i;
  }
  auto counts = event_counts::make({.windows = {{6 * 3600 * 1000}}}).value();
  const std::size_t n = key.size();
  std::vector<float> out(counts.width() * n);
  REQUIRE(counts.replay(key, time, out));

  std::ifstream golden(dir + "windows/rows_6h.csv");
  std::size_t seen = 0;
  for (std::getline(golden, line); std::getline(golden, line); ++seen) {
    std::istringstream s(line);
    for (auto& f : field) std::getline(s, f, ',');
    const std::size_t i = at[std::stoull(field[1])];
    REQUIRE(out[i] == std::stof(field[3]));
    REQUIRE(out[n + i] == std::stof(field[20]));
    if (field[19] == "-1")
      REQUIRE(std::isnan(out[2 * n + i]));
    else
      REQUIRE(out[2 * n + i] == static_cast<float>(std::stod(field[19]) / 1000.0));
  }
  CHECK(seen == 6000);
}

}  // namespace test_windows
