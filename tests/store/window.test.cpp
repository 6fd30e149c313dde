#include "mlsd/store/window.hpp"

#include "round_trip.hpp"

#include <cstdint>

#include "catch.hpp"

namespace test_window {
using namespace mlsd;

TEST_CASE("window: the edges of every kind, before and after 1970", "[store]") {
  constexpr window plain = duration{10};
  STATIC_REQUIRE(plain == sliding({10}));
  for (std::int64_t t = -50; t <= 50; ++t) {
    const auto floor = [](std::int64_t x, std::int64_t h) {
      std::int64_t k = -1000;
      while ((k + 1) * h <= x) ++k;
      return k * h;
    };
    CHECK(plain.from({t}).ms == t - 10);
    CHECK(plain.to({t}).ms == t);
    CHECK(sawtooth({10}, {4}).from({t}).ms == floor(t - 10, 4));
    CHECK(sawtooth({10}, {4}).to({t}).ms == t);
    CHECK(hopping({10}, {4}).from({t}).ms == floor(t - 10, 4));
    CHECK(hopping({10}, {4}).to({t}).ms == floor(t, 4));
    CHECK(tumbling({7}).from({t}).ms == floor(t, 7));
    CHECK(tumbling({7}).to({t}).ms == t);
    for (const window& w : {plain, sawtooth({10}, {4}), hopping({10}, {4}), tumbling({7})}) {
      CHECK(w.from({t}) <= w.to({t}));
      CHECK(w.from({t}) >= timestamp{t} - w.reach());
      CHECK(w.from({t}) <= w.from({t + 1}));  // windows only move on
      CHECK(mlsd_test::round_trips(w));
    }
  }
}

TEST_CASE("window: what cannot be a window is an error, and the ends of time are none", "[store]") {
  CHECK(window(duration{1}).check());
  CHECK(tumbling({1}).check());
  CHECK(window(duration{0}).check().error().message == "a window of 0 ms is not positive");
  CHECK_FALSE(window{}.check());
  CHECK_FALSE(sawtooth({5}, {0}).check());
  CHECK_FALSE(hopping({5}, {-1}).check());
  CHECK_FALSE(window(window_kind::sliding, {5}, {5}).check());
  CHECK_FALSE(window(static_cast<window_kind>(9), {5}, {}).check());
  CHECK(window(duration{INT64_MAX}).from({INT64_MIN}).ms == INT64_MIN);
  CHECK(hopping({INT64_MAX}, {INT64_MAX}).reach().ms == INT64_MAX);
}

}  // namespace test_window
