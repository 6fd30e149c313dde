#include "mlsd/data/interactions.hpp"
#include "catch.hpp"
#include "mlsd/core/random.hpp"
#include "mlsd/testing/laws/files.hpp"

#include <limits>
#include <map>
#include <utility>
#include <vector>

namespace test_interactions {
using namespace mlsd;

std::vector<interaction> events(std::uint64_t seed, std::size_t n) {
  random_stream draw(seed);
  std::vector<interaction> all;
  for (std::size_t i = 0; i < n; ++i)
    all.push_back({static_cast<std::uint32_t>(draw.uniform_int(9)), static_cast<std::uint32_t>(draw.uniform_int(12)),
                   static_cast<float>(1 + draw.uniform_int(4)),
                   timestamp{static_cast<std::int64_t>(draw.uniform_int(30)) - 10}});
  return all;
}

TEST_CASE("interactions: both views hold each pair once, its weights summed and its last time") {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    const auto all = events(seed, static_cast<std::size_t>(seed) * 3);
    std::map<std::pair<std::uint32_t, std::uint32_t>, interaction> model;
    for (const interaction& e : all) {
      auto [at, is_new] = model.try_emplace({e.user, e.item}, e);
      if (is_new) continue;
      at->second.weight += e.weight;
      at->second.time = (std::max)(at->second.time, e.time);
    }
    const auto m = interactions::make(all, 10).value();
    REQUIRE(m.size() == model.size());
    CHECK(m.users() == 10);
    CHECK(m.validate());
    std::size_t seen = 0;
    for (std::uint32_t u = 0; u < m.users(); ++u) {
      const sparse_row row = m.by_user()[u];
      for (std::size_t k = 0; k < row.size(); ++k, ++seen) {
        const interaction& e = model.at({u, row.index[k]});
        CHECK(row.value_of(k) == e.weight);
        CHECK(m.times_of(u)[k] == e.time);
        if (k == 0) continue;
        const auto before = std::pair{m.times_of(u)[k - 1], row.index[k - 1]};
        CHECK(before < std::pair{m.times_of(u)[k], row.index[k]});
      }
    }
    CHECK(seen == model.size());
    seen = 0;
    for (std::uint32_t i = 0; i < m.items(); ++i) {
      const sparse_row row = m.by_item()[i];
      for (std::size_t k = 0; k < row.size(); ++k, ++seen) {
        CHECK(row.value_of(k) == model.at({row.index[k], i}).weight);
        CHECK((k == 0 || row.index[k - 1] < row.index[k]));
      }
    }
    CHECK(seen == model.size());
  }
}

TEST_CASE("interactions: the order of events does not matter") {
  auto all = events(3, 60);
  const auto m = interactions::make(all).value();
  random_stream(5).shuffle(all);
  CHECK(interactions::make(all).value() == m);
}

TEST_CASE("interactions: the last of each user is held out, once or twice") {
  const std::vector<interaction> all{{0, 3, 1, {5}}, {0, 1, 1, {5}}, {0, 2, 1, {1}},
                                     {1, 0, 1, {9}}, {3, 0, 2, {1}}, {3, 1, 1, {2}}};
  const auto m = interactions::make(all, 0, 7).value();
  const auto last = leave_last_out(m);
  REQUIRE(last.test.size() == 2);
  CHECK(last.test[0] == all[0]);  // of two at one time, the higher item is the later
  CHECK(last.test[1] == all[5]);
  CHECK(last.train.users() == 4);
  CHECK(last.train.items() == 7);
  CHECK(last.train.size() == 4);
  const auto before = leave_last_out(last.train);
  REQUIRE(before.test.size() == 1);
  CHECK(before.test[0] == all[1]);
}

TEST_CASE("interactions: bad events are named, files survive, damage is refused") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const std::vector<interaction> bad{{0, 0}, {1, 1, nan}};
  CHECK(interactions::make(bad).error().message == "interactions: the weight of event 1 is not finite");
  const std::vector<interaction> far{{0, ~std::uint32_t{0}}};
  CHECK(interactions::make(far).error().code == errc::capacity);
  const float most = (std::numeric_limits<float>::max)();
  const std::vector<interaction> heavy{{0, 0, most}, {0, 0, most}};
  CHECK(interactions::make(heavy).error().code == errc::not_finite);
  const auto none = interactions::make({}).value();
  CHECK((none.users() == 0 && none.items() == 0 && none.size() == 0));
  CHECK(laws::survives_file(none));
  const auto m = interactions::make(events(1, 80)).value();
  CHECK(laws::survives_file(m));
  const auto refused = laws::survives_damage(m, {.mutations = 1500}, [](const interactions& loaded) {
    for (std::size_t u = 0; u < loaded.users(); ++u)
      for (const std::uint32_t i : loaded.by_user()[u].index) REQUIRE(i < loaded.items());
    REQUIRE(leave_last_out(loaded).train.size() <= loaded.size());
    for (std::size_t i = 0; i < loaded.items(); ++i)
      for (const std::uint32_t u : loaded.by_item()[i].index) REQUIRE(u < loaded.users());
  });
  REQUIRE(refused);
  CHECK(*refused > 100);
}

}  // namespace test_interactions
