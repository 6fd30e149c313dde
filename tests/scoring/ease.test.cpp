#include "mlsd/scoring/ease.hpp"
#include "catch.hpp"
#include "mlsd/core/concepts.hpp"
#include "mlsd/testing/laws/files.hpp"
#include "mlsd/testing/laws/ranking.hpp"
#include "mlsd/training/ease.hpp"

#include <vector>

namespace test_ease_model {
using namespace mlsd;

static_assert(retriever<ease_model, sparse_row>);

ease_model trained(std::uint32_t users, bool binary) {
  std::vector<interaction> events;
  for (std::uint32_t u = 0; u < users; ++u)
    for (std::uint32_t k = 0; k < 4; ++k) events.push_back({u, (u * 3 + k * k) % 12, static_cast<float>(1 + k), {}});
  return ease{.regularization = 2, .binary = binary}.fit(interactions::make(events, 0, 12).value()).value();
}

TEST_CASE("ease_model: two items that come together call for each other") {
  const std::vector<interaction> events{{0, 0}, {0, 1}, {1, 0}, {1, 1}, {2, 2}, {2, 3}, {3, 2}, {3, 3}};
  const auto m = ease{.regularization = 1}.fit(interactions::make(events).value()).value();
  ease_model::scratch s;
  std::vector<hit<>> buffer(4);
  for (std::uint32_t i = 0; i < 4; ++i) {
    const auto hits = m.search(sparse_row{{&i, 1}, {}}, buffer, s);
    REQUIRE(hits.size() == 3);
    CHECK(hits[0].id == (i ^ 1u));
    // X'X + 1 of the pair is [[3, 2], [2, 3]], its inverse [[3, -2], [-2, 3]] / 5.
    CHECK(double{hits[0].score} == Approx(2.0 / 3));
    CHECK(hits[1].score == 0);
  }
}

TEST_CASE("ease_model: a history of unknown items finds nothing") {
  ease_model::scratch s;
  std::vector<hit<>> buffer(4);
  const std::vector<std::uint32_t> strangers{1000, 2000};
  for (const std::uint32_t users : {6u, 20u})
    CHECK(trained(users, true).search(sparse_row{strangers, {}}, buffer, s).empty());
}

TEST_CASE("ease_model: files and damage") {
  const std::vector<std::uint32_t> history{1, 5, 11};
  CHECK(laws::ranks_hits(ease_model{}, sparse_row{history, {}}, 2));
  for (const std::uint32_t users : {6u, 20u})
    for (const bool binary : {true, false}) {
      const auto m = trained(users, binary);
      CHECK(m.by_users() == (users == 6));
      CHECK(laws::survives_file(m));
      const auto refused = laws::survives_damage(m, {.mutations = 800}, [&](const ease_model& loaded) {
        ease_model::scratch s;
        std::vector<hit<>> buffer(5);
        REQUIRE(loaded.search(sparse_row{history, {}}, buffer, s).size() <= 5);
      });
      REQUIRE(refused);
      CHECK(*refused > 50);
    }
}

}  // namespace test_ease_model
