#include "mlsd/serve/ranking.hpp"
#include "mlsd/core/threads.hpp"
#include "serve/shop.hpp"

#include <atomic>
#include <string>

#include "catch.hpp"

namespace test_ranking {
using namespace test_serve;
using ids = std::vector<std::uint32_t>;

TEST_CASE("ranking: from a request to a page", "[serve]") {
  const auto recommend = mlsd::retrieve(first_items{}, 5) | join_offers() | mlsd::rank(by_price()) |
                         mlsd::rerank(mlsd::quota{"genre"_f, 1}) | mlsd::take{2};
  mlsd::workspace scratch{recommend};
  const auto page = recommend(request{1, 12}, scratch);
  CHECK(ids_of(page) == ids{4, 3});
  CHECK(page.fallbacks == 0);
  CHECK(page[0].score == 30);
  CHECK(page[0].origins == 1);
  CHECK(page[1]["genre"_f] == "jam");
  CHECK(page[1]["age"_f] == 64);
  CHECK(recommend.capacity() == 5);
  static_assert(decltype(recommend)::stages == 5);
}

TEST_CASE("ranking: nothing found, and nothing left, are empty pages", "[serve]") {
  const auto none = mlsd::retrieve(first_items{.n = 0}, 5) | join_offers() | mlsd::rank(by_price()) | mlsd::take{2};
  mlsd::workspace a{none};
  CHECK(none(request{}, a).empty());
  const auto no_room = mlsd::retrieve(first_items{}, 0) | join_offers() | mlsd::rank(by_price()) | mlsd::take{2};
  mlsd::workspace b{no_room};
  CHECK(no_room(request{}, b).empty());
  const auto all_banned = mlsd::retrieve(first_items{}, 5) | join_offers() | mlsd::quota{"genre"_f, 0};
  mlsd::workspace c{all_banned};
  CHECK(all_banned(request{}, c).empty());
}

TEST_CASE("ranking: one value, many threads", "[serve][threads]") {
  const auto recommend = mlsd::retrieve(first_items{}, 6) | join_offers() | mlsd::rank(by_price()) | mlsd::take{3};
  std::atomic<int> wrong = 0;
  mlsd::threads four(4);
  four.for_each_index(4, [&](std::size_t t) {
    mlsd::workspace scratch{recommend};
    for (int i = 0; i < 200; ++i) {
      const auto hour = static_cast<float>(t);
      const auto page = recommend(request{static_cast<std::uint32_t>(t), hour}, scratch);
      if (ids_of(page) != ids{4, 3, 1} || page[0]["hour"_f] != hour) ++wrong;
    }
  });
  CHECK(wrong == 0);
}

}  // namespace test_ranking
