#include "mlsd/serve/rerank.hpp"
#include "serve/shop.hpp"

#include "catch.hpp"

namespace test_rerank_stage {
using namespace test_serve;

TEST_CASE("rerank: a stage of rules, or a rule as a stage", "[serve]") {
  const auto start = mlsd::retrieve(first_items{}, 6) | join_offers();
  const auto one = start | mlsd::rerank(mlsd::dedupe{"genre"_f} | mlsd::take{2});
  const auto two = start | mlsd::dedupe{"genre"_f} | mlsd::take{2};
  mlsd::workspace a{one};
  mlsd::workspace b{two};
  CHECK(ids_of(one(request{}, a)) == std::vector<std::uint32_t>{0, 2});
  CHECK(ids_of(two(request{}, b)) == std::vector<std::uint32_t>{0, 2});
  static_assert(decltype(one)::stages == 3 && decltype(two)::stages == 4);
  CHECK(mlsd::rerank(mlsd::dedupe{"genre"_f} | mlsd::take{2}).stage_name == "rerank");
  CHECK(mlsd::rerank(mlsd::take{2}).stage_name == "take");
}

}  // namespace test_rerank_stage
