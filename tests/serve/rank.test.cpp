#include "mlsd/serve/rank.hpp"
#include "mlsd/data/frame.hpp"
#include "mlsd/features.hpp"
#include "mlsd/training/gbdt.hpp"
#include "serve/shop.hpp"

#include <limits>

#include "catch.hpp"

namespace test_rank {
using namespace test_serve;

auto trained() {
  mlsd::frame<offers> log;
  for (std::uint32_t i = 0; i < 400; ++i) {
    const item& of = shelf[i % 6];
    log.push_back({of.genre, of.price, 20.0f + static_cast<float>(i % 50), static_cast<float>(i % 24),
                   static_cast<float>(i % 7), (i * 7 + i % 6) % 5 < 2});
  }
  auto [features, x] =
      (mlsd::from<offers>() | mlsd::on("price"_f, "age"_f, "affinity"_f)(mlsd::impute{mlsd::impute::median}) |
       mlsd::on("genre"_f)(mlsd::ordinal{}))
          .fit(log)
          .value();
  const auto model = mlsd::gbdt_trainer{.trees = 10, .leaves = 8}.fit<mlsd::logistic>(x).value();
  return features | model;
}

TEST_CASE("rank: in blocks or one by one, a pipeline gives the same bits", "[serve]") {
  const auto model = trained();
  struct many {
    struct scratch {};
    std::span<mlsd::hit<>> search(const request&, std::span<mlsd::hit<>> out, scratch&) const noexcept {
      for (std::size_t i = 0; i < out.size(); ++i) out[i] = {static_cast<std::uint32_t>(i), 0, 1};
      return out;
    }
  };
  const auto by_turns = [](const request&, const mlsd::hit<>& h) noexcept { return &shelf[h.id % 6]; };
  const auto join = mlsd::join<offers>(
      mlsd::fields<items>(by_turns), mlsd::fields<users>(find_user()),
      mlsd::fields<requests>([](const request& r) noexcept { return &r; }),
      mlsd::fill("affinity"_f, [](const request&, const mlsd::hit<>& h, const offer&) noexcept { return h.id % 7; }));
  const auto one_by_one = [&](const offer& o) noexcept { return model(o); };
  for (const std::size_t n : {std::size_t{1}, std::size_t{64}, std::size_t{150}}) {
    const auto blocks = mlsd::retrieve(many{}, n) | join | mlsd::rank(model);
    const auto rows = mlsd::retrieve(many{}, n) | join | mlsd::rank(one_by_one);
    mlsd::workspace a{blocks};
    mlsd::workspace b{rows};
    const auto x = blocks(request{1, 3}, a), y = rows(request{1, 3}, b);
    REQUIRE(x.size() == n);
    for (std::size_t i = 0; i < n; ++i) {
      CHECK(x[i].id == y[i].id);
      CHECK(x[i].score == y[i].score);
      CHECK(x[i].score == model(*x[i].row));
      if (i != 0) CHECK((x[i - 1].score > x[i].score || (x[i - 1].score == x[i].score && x[i - 1].id < x[i].id)));
    }
  }
}

TEST_CASE("rank: ties by id, no numbers last; a function of the candidate", "[serve]") {
  const auto score = [](const candidate& c) noexcept {
    return c.id == 1 ? std::numeric_limits<double>::quiet_NaN() : c.id < 4 ? 1.0 : 2.0;
  };
  const auto system = mlsd::retrieve(first_items{}, 6) | join_offers() | mlsd::rank(score);
  mlsd::workspace scratch{system};
  CHECK(ids_of(system(request{}, scratch)) == std::vector<std::uint32_t>{4, 5, 0, 2, 3, 1});
}

}  // namespace test_rank
