#include "mlsd/serve/workspace.hpp"
#include "serve/shop.hpp"

#include <string>

#include "catch.hpp"

namespace test_workspace {
using namespace test_serve;

TEST_CASE("workspace: the time of every stage", "[serve]") {
  const auto recommend = mlsd::retrieve(first_items{}, 4) | join_offers() | mlsd::rank(slow_model{250}) | mlsd::take{1};
  mlsd::workspace scratch(recommend, hand_clock{});
  for (int i = 0; i < 3; ++i) CHECK(recommend(request{}, scratch).size() == 1);
  std::vector<std::string> names;
  std::vector<double> slowest;
  scratch.for_each_stage([&](std::string_view name, const mlsd::stage_times& t) {
    names.emplace_back(name);
    slowest.push_back(static_cast<double>(t.times().largest()));
    CHECK(t.times().count() == 3);
  });
  CHECK(names == std::vector<std::string>{"retrieve", "join", "rank", "take"});
  CHECK(slowest == std::vector<double>{0, 0, 1000, 0});
}

TEST_CASE("workspace: serves another ranking of its type", "[serve]") {
  const auto system = [](double scale) {
    return mlsd::retrieve(first_items{}, 6) | join_offers() |
           mlsd::rank([scale](const offer& o) noexcept { return scale * static_cast<double>(o.price); }) |
           mlsd::take{1};
  };
  const auto dear = system(1), cheap = system(-1);
  mlsd::workspace scratch{dear};
  CHECK(dear(request{}, scratch)[0].id == 4);
  CHECK(cheap(request{}, scratch)[0].id == 5);
}

}  // namespace test_workspace
