#include "mlsd/serve/shadow.hpp"

#include "catch.hpp"

namespace test_shadow {

const auto champion = [](double x) noexcept { return x; };
const auto challenger = [](double x) noexcept { return 2 * x; };

TEST_CASE("shadow: the champion answers, both are seen", "[serve]") {
  const mlsd::shadow pair(champion, challenger);
  double difference = 0;
  for (std::uint64_t key = 0; key < 10; ++key)
    CHECK(pair(key, 1.5, [&](double a, double b) noexcept { difference += b - a; }) == 1.5);
  CHECK(difference == 15);
}

TEST_CASE("shadow: a share of the keys, always the same ones", "[serve]") {
  const mlsd::shadow some(champion, challenger, {.share = 0.25, .seed = 3});
  const mlsd::shadow none(champion, challenger, {.share = 0});
  int seen = 0;
  for (std::uint64_t key = 0; key < 10'000; ++key) {
    int calls = 0;
    CHECK(some(key, 1.0, [&](double, double) noexcept { ++calls; }) == 1.0);
    CHECK(calls == (some.sees(key) ? 1 : 0));
    CHECK_FALSE(none.sees(key));
    seen += calls;
  }
  CHECK(seen == Approx(2500).margin(4 * 43.3));
}

}  // namespace test_shadow
