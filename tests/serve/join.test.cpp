#include "mlsd/serve/join.hpp"
#include "serve/shop.hpp"

#include <optional>

#include "catch.hpp"

namespace test_join {
using namespace test_serve;

TEST_CASE("join: every field comes from where it is said to", "[serve]") {
  const auto system = mlsd::retrieve(first_items{}, 6) | join_offers();
  mlsd::workspace scratch{system};
  const auto page = system(request{0, 9.5f}, scratch);
  REQUIRE(page.size() == 6);
  for (std::size_t i = 0; i < 6; ++i) {
    CHECK(page[i].id == i);
    CHECK(page[i]["genre"_f] == shelf[i].genre);
    CHECK(page[i]["price"_f] == shelf[i].price);
    CHECK(page[i]["age"_f] == 31);
    CHECK(page[i]["hour"_f] == 9.5f);
    CHECK(page[i]["affinity"_f] == shelf[i].price * static_cast<float>(i));
    CHECK_FALSE(page[i]["bought"_f]);
  }
}

TEST_CASE("join: a new user has the defaults, an unknown item leaves", "[serve]") {
  const auto system = mlsd::retrieve(first_items{.n = 9}, 9) | join_offers();
  mlsd::workspace scratch{system};
  const auto page = system(request{77, 1}, scratch);
  REQUIRE(page.size() == 6);
  for (const auto& c : page) CHECK(c["age"_f] == -1);
  // A row is made anew for every request.
  CHECK(system(request{1, 1}, scratch)[0]["age"_f] == 64);
  CHECK(system(request{77, 1}, scratch)[0]["age"_f] == -1);
}

TEST_CASE("join: what find returns may be an optional or a found", "[serve]") {
  const auto cheap = [](const request&, const mlsd::hit<>& h) noexcept {
    return shelf[h.id].price < 4 ? std::optional<item>(shelf[h.id]) : std::nullopt;
  };
  const auto aged = [](const request& r) noexcept {
    return mlsd::found<user>{{17}, r.user == 3 ? mlsd::absence::none : mlsd::absence::expired};
  };
  const auto zero = mlsd::fill("affinity"_f, [](const request&) noexcept { return 0; });
  const auto system = mlsd::retrieve(first_items{}, 6) |
                      mlsd::join<offers>(mlsd::fields<items>(cheap), mlsd::fields<users>(aged),
                                         mlsd::fields<requests>([](const request& r) noexcept { return &r; }), zero);
  mlsd::workspace scratch{system};
  CHECK(ids_of(system(request{3, 2}, scratch)) == std::vector<std::uint32_t>{0, 2, 5});
  CHECK(system(request{3, 2}, scratch)[0]["age"_f] == 17);
  CHECK(system(request{4, 2}, scratch)[0]["age"_f] == -1);
  CHECK(system(request{4, 2}, scratch)[0]["hour"_f] == 2);
}

}  // namespace test_join
