// A request, from its candidates to its page, and a decision allocate nothing once their buffers are made. The program
// counts every allocation: online_path.test.cpp.
#include "mlsd/core/hash.hpp"
#include "mlsd/rerank/ban.hpp"
#include "mlsd/rerank/mmr.hpp"
#include "mlsd/rerank/pin.hpp"
#include "mlsd/rerank/quota.hpp"
#include "mlsd/serve/cache.hpp"
#include "mlsd/serve/cascade.hpp"
#include "mlsd/serve/in_time.hpp"
#include "mlsd/serve/review.hpp"
#include "mlsd/serve/shadow.hpp"
#include "mlsd/serve/snapshot.hpp"
#include "serve/shop.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>

#include "catch.hpp"

namespace test_allocations {
extern std::atomic<std::size_t> count;
}

namespace test_serving_allocations {
using namespace test_serve;

TEST_CASE("a request allocates nothing", "[allocations]") {
  const auto similarity = [](const auto& a, const auto& b) noexcept {
    return a["genre"_f] == b["genre"_f] ? 1.f : 0.f;
  };
  const auto recommend = mlsd::retrieve(first_items{}, 6) | join_offers() |
                         mlsd::in_time(mlsd::rank(by_price()), mlsd::as_it_is{}, std::chrono::seconds(1)) |
                         mlsd::rerank(mlsd::dedupe{"genre"_f, mlsd::when_over::demote} | mlsd::quota{"genre"_f, 2} |
                                      mlsd::ban(std::vector<std::uint32_t>{3}) |
                                      mlsd::mmr(similarity, {.lambda = 0.5f}) | mlsd::pin<>({{2, 0}})) |
                         mlsd::take{3};
  mlsd::workspace scratch{recommend};
  std::size_t items = 0;
  const std::size_t before = test_allocations::count;
  for (std::uint32_t i = 0; i < 100; ++i) {
    items += recommend(request{i % 3, 1}, scratch).size();
    items += recommend(request{i % 3, 1}, scratch, mlsd::deadline{0}).size();
  }
  CHECK(test_allocations::count == before);
  CHECK(items == 600);
}

TEST_CASE("a decision allocates nothing", "[allocations]") {
  const auto amount = [](double x) noexcept { return x; };
  const auto twice = [](double x) noexcept { return 2 * x; };
  const auto decide = mlsd::cascade(amount).above(0.5, twice).decide({.review = 0.6, .block = 1.5});
  const mlsd::shadow pair(decide, decide);
  mlsd::snapshot<double> model(1);
  mlsd::snapshot<double>::reader reader(model);
  auto cache = mlsd::cache<double>::make({.capacity = 8}).value();
  auto people = mlsd::review_queue<double>::make(4, 4).value();
  std::size_t blocked = 0;
  const std::size_t before = test_allocations::count;
  for (std::uint64_t i = 0; i < 100; ++i) {
    const double x = static_cast<double>(i) / 100 * *reader.get();
    const mlsd::decision d = pair(i, x, [](const auto&, const auto&) noexcept {});
    blocked += d.verdict == mlsd::verdict::block;
    if (d.verdict == mlsd::verdict::review) people.offer(x, d.score);
    if (i % 7 == 0)
      if (const auto look = people.next()) people.answer(look->ticket, true, [](double, bool) noexcept {});
    static_cast<void>(cache.find_or(mlsd::combine(i % 11, 0), mlsd::timestamp{0}, [&] { return x; }));
  }
  CHECK(test_allocations::count == before);
  CHECK(blocked == 25);
}

}  // namespace test_serving_allocations
