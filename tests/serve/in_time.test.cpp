#include "mlsd/serve/in_time.hpp"
#include "serve/shop.hpp"

#include <chrono>

#include "catch.hpp"

namespace test_in_time {
using namespace test_serve;
using namespace std::chrono_literals;
using ids = std::vector<std::uint32_t>;

TEST_CASE("in_time: a stage that is expected to be late gives way", "[serve]") {
  const auto recommend = mlsd::retrieve(first_items{}, 4) | join_offers() |
                         mlsd::in_time(mlsd::rank(slow_model{100}), mlsd::as_it_is{}, 400ns) | mlsd::take{2};
  mlsd::workspace scratch(recommend, hand_clock{});
  const auto ask = [&](std::chrono::nanoseconds budget) {
    return recommend(request{}, scratch, mlsd::deadline::in<hand_clock>(budget));
  };
  CHECK(ids_of(ask(400ns)) == ids{3, 1});
  CHECK(ask(400ns).fallbacks == 0);
  CHECK(ids_of(ask(399ns)) == ids{0, 1});
  CHECK(ask(399ns).fallbacks == 4);
  CHECK(ask(-1ns).fallbacks == 4);
  CHECK(recommend(request{}, scratch).fallbacks == 0);
}

TEST_CASE("in_time: what to expect is learnt, and forgotten slowly", "[serve]") {
  const auto recommend = mlsd::retrieve(first_items{}, 4) | join_offers() |
                         mlsd::in_time(mlsd::rank(slow_model{250}), mlsd::rank(slow_model{1}));
  mlsd::workspace scratch(recommend, hand_clock{});
  const auto ask = [&](std::chrono::nanoseconds budget) {
    return recommend(request{}, scratch, mlsd::deadline::in<hand_clock>(budget)).fallbacks != 0;
  };
  CHECK_FALSE(ask(10ns));  // nothing is known yet
  CHECK(ask(900ns));
  CHECK_FALSE(ask(1100ns));
  int skipped = 0;
  while (skipped < 100 && ask(500ns)) ++skipped;
  CHECK(skipped > 20);
  CHECK(skipped < 60);  // half is forgotten after about 44
  int late = 0;
  for (int i = 0; i < 500; ++i) late += !ask(500ns);
  CHECK(late < 500 / 20);  // each late one is followed by as many that give way
}

}  // namespace test_in_time
