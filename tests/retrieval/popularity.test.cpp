#include "mlsd/retrieval/popularity.hpp"
#include "catch.hpp"
#include "mlsd/core/concepts.hpp"
#include "mlsd/core/random.hpp"
#include "mlsd/testing/laws/files.hpp"
#include "mlsd/testing/laws/ranking.hpp"

#include <cmath>
#include <limits>
#include <vector>

namespace test_popularity {
using namespace mlsd;

static_assert(retriever<popularity, int> && retriever<popularity, const char*>);

struct event {
  std::uint32_t item;
  timestamp time;
  float weight;
};
std::vector<event> events(std::uint64_t seed, std::int64_t span_ms) {
  random_stream draw(seed);
  std::vector<event> all(300);
  for (event& e : all)
    e = {static_cast<std::uint32_t>(draw.uniform_int(12)),
         timestamp{static_cast<std::int64_t>(draw.uniform_int(static_cast<std::uint64_t>(span_ms))) - span_ms / 2},
         static_cast<float>(draw.uniform_int(4))};
  return all;
}

TEST_CASE("popularity: counts are the sums of decayed weights, at any time") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    auto p = popularity::make(seconds(100)).value();
    const auto all = events(seed, 3'000'000);
    timestamp newest = all[0].time;
    for (const event& e : all) {
      REQUIRE(p.add(e.item, e.time, e.weight));
      newest = (std::max)(newest, e.time);
    }
    CHECK(p.now() == newest);
    for (const timestamp t : {newest, newest + seconds(777), newest - seconds(5)})
      for (std::uint32_t i = 0; i < 14; ++i) {
        double expected = 0;
        for (const event& e : all)
          if (e.item == i) expected += double{e.weight} * std::exp2(static_cast<double>((e.time - t).ms) / 100'000.0);
        CHECK(p.count(i, t) == Approx(expected).epsilon(1e-12));
      }
  }
}

TEST_CASE("popularity: a clock that runs for thousands of half-lives loses no bit") {
  // Whole half-lives: every number is a power of two, so any drift would show.
  auto p = popularity::make(milliseconds(10)).value();
  for (std::int64_t k = 0; k <= 5000; ++k) p.add(k % 2 == 0 ? 0 : 1, timestamp{k * 10});
  CHECK(p.count(0) == Approx(4.0 / 3).epsilon(1e-15));
  CHECK(p.count(0) == 2 * p.count(1));
  CHECK(p.validate());
}

TEST_CASE("popularity: the order of events does not matter to counts at any time") {
  auto in_order = popularity::make(hours(1)).value(), late = popularity::make(hours(1)).value();
  in_order.add(0, timestamp{});
  in_order.add(1, timestamp{} + hours(300));
  late.add(1, timestamp{} + hours(300));
  late.add(0, timestamp{});
  CHECK(in_order.count(0, timestamp{}) == Approx(1));
  CHECK(late.count(0, timestamp{}) == Approx(1));
}

TEST_CASE("popularity: late and ancient events, and gaps that forget all") {
  auto p = popularity::make(hours(1)).value();
  p.add(3, timestamp{} + days(100));
  p.add(1, timestamp{});  // 2,400 half-lives late
  p.add(2, timestamp{} + days(100) - hours(1));
  CHECK(p.count(3) == 1);
  CHECK(p.count(1) == 0);
  CHECK(p.count(2) == Approx(0.5));
  p.add(0, timestamp{} + days(9000));
  CHECK(p.count(3) == 0);
  popularity::scratch none;
  std::vector<hit<>> buffer(9);
  const auto hits = p.search(0, buffer, none);
  REQUIRE(hits.size() == 1);
  CHECK(hits[0] == hit<>{0, 1.0f, 1});
  p.add(0, timestamp{(std::numeric_limits<std::int64_t>::max)()});
  p.add(1, timestamp{(std::numeric_limits<std::int64_t>::min)()});
  CHECK(p.count(0) == Approx(1));
  CHECK(p.validate());
}

TEST_CASE("popularity: what is popular changes with time; ties by id; a predicate narrows") {
  auto p = popularity::make(minutes(10), 6).value();
  popularity::scratch none;
  std::vector<hit<>> buffer(9);
  CHECK(p.search(0, buffer, none).empty());
  for (int k = 0; k < 5; ++k) p.add(4, timestamp{k});
  p.add(2, timestamp{5});
  CHECK(p.search(0, buffer, none)[0].id == 4);
  p.add(2, timestamp{} + hours(1));
  p.add(1, timestamp{} + hours(1));
  CHECK(p.search(0, buffer, none)[0].id == 2);
  CHECK(p.search(0, buffer, none).size() == 3);
  CHECK(p.search(0, buffer, none, [](std::uint32_t id) { return id != 2; })[0].id == 1);
  CHECK(laws::ranks_hits(p, 0, 8));
  CHECK(laws::ranks_hits(popularity{}, 0, 2));
  p.add(5, timestamp{} + hours(1));
  const auto tied = p.search(0, buffer, none);
  CHECK((tied[1].id == 1 && tied[2].id == 5 && tied[1].score == tied[2].score));
}

TEST_CASE("popularity: bad input, files, damage") {
  CHECK(popularity::make(duration{0}).error().code == errc::invalid_argument);
  auto p = popularity::make(days(7)).value();
  CHECK_FALSE(p.add(0, timestamp{}, -1));
  CHECK_FALSE(p.add(0, timestamp{}, std::numeric_limits<float>::infinity()));
  CHECK_FALSE(p.add(0, timestamp{}, std::numeric_limits<float>::quiet_NaN()));
  CHECK(p.items() == 0);
  for (const event& e : events(1, 1'000'000'000)) p.add(e.item, e.time, e.weight);
  CHECK(laws::survives_file(p));
  const auto refused = laws::survives_damage(p, {.mutations = 1500}, [](popularity& loaded) {
    popularity::scratch none;
    std::vector<hit<>> buffer(5);
    REQUIRE(loaded.search(0, buffer, none).size() <= 5);
    loaded.add(3, timestamp{});
    loaded.add(3, loaded.now() + days(3));
    REQUIRE(loaded.count(3) >= 0);
  });
  REQUIRE(refused);
  CHECK(*refused > 50);
}

}  // namespace test_popularity
