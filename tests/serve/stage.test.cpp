#include "mlsd/serve/stage.hpp"
#include "serve/shop.hpp"

#include "catch.hpp"

namespace test_stage {
using namespace test_serve;

TEST_CASE("stage_times: the 99th percentile, and what a skip takes off", "[serve]") {
  mlsd::stage_times t;
  CHECK(t.expected() == 0);
  for (std::uint64_t i = 1; i <= 512; ++i) t.update(i <= 500 ? 100 : 100'000);
  CHECK(t.expected() == Approx(100'000).epsilon(0.02));
  CHECK(t.times().count() == 512);
  const std::int64_t before = t.expected();
  t.skip();
  CHECK(static_cast<double>(t.expected()) == Approx(static_cast<double>(before) * 63 / 64).epsilon(0.001));
  t.update(200'000);  // tried in hope, and as slow as ever
  CHECK(t.expected() >= before);
}

TEST_CASE("the stages of the library are serving stages", "[serve]") {
  static_assert(mlsd::serving_stage<decltype(mlsd::rank(by_price()))>);
  static_assert(mlsd::serving_stage<decltype(join_offers())> && mlsd::serving_stage<mlsd::as_it_is>);
  static_assert(mlsd::serving_stage<mlsd::rerank_stage<mlsd::take>> && !mlsd::serving_stage<mlsd::take>);
  SUCCEED();
}

}  // namespace test_stage
