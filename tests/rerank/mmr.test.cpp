#include "mlsd/rerank/mmr.hpp"
#include "rerank/films.hpp"

#include <limits>

#include "catch.hpp"

namespace test_mmr {
using namespace test_rerank;
using ids = std::vector<std::uint32_t>;

/// The algorithm as published, every value anew for every place.
ids plain_mmr(const catalogue& some, double lambda, std::size_t picks) {
  const auto similarity = mlsd::cosine_of<"embedding">{};
  double lowest = some.list.front().score, highest = lowest;
  for (const candidate& c : some.list) {
    lowest = std::min(lowest, c.score);
    highest = std::max(highest, c.score);
  }
  ids out;
  std::vector<bool> used(some.list.size());
  for (std::size_t k = 0; k < std::min(picks, some.list.size()); ++k) {
    std::size_t best = used.size();
    double best_value = -std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < used.size(); ++i) {
      if (used[i]) continue;
      const double relevance = (some.list[i].score - lowest) / (highest - lowest);
      double nearest = -1;
      for (const std::uint32_t id : out) nearest = std::max(nearest, double{similarity(some.list[i], some.list[id])});
      const double value = k == 0 ? relevance : lambda * relevance - (1 - lambda) * nearest;
      if (value > best_value) {
        best_value = value;
        best = i;
      }
    }
    used[best] = true;
    out.push_back(some.list[best].id);
  }
  for (std::size_t i = 0; i < used.size(); ++i)
    if (!used[i]) out.push_back(some.list[i].id);
  return out;
}

TEST_CASE("mmr: the lazy evaluation gives the published order", "[rerank]") {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    const catalogue some(60, seed);
    for (const float lambda : {0.0f, 0.25f, 0.5f, 0.75f, 1.0f})
      for (const std::size_t picks : {std::size_t{0}, std::size_t{1}, std::size_t{10}, std::size_t{500}})
        CHECK(some.after(mlsd::mmr("embedding"_f, {.lambda = lambda, .picks = picks})) ==
              plain_mmr(some, double{lambda}, picks));
  }
}

TEST_CASE("mmr: a similarity of one's own, by hand", "[rerank]") {
  catalogue some(4);
  const double scores[] = {1.0, 0.9, 0.5, 0.0};
  for (std::size_t i = 0; i < 4; ++i) {
    some.list[i].score = scores[i];
    some.rows[i].genre = i < 2 ? 1 : 2;
  }
  const auto same_genre = [](const auto& a, const auto& b) noexcept {
    return a["genre"_f] == b["genre"_f] ? 1.0f : 0.0f;
  };
  // After film 0: film 1 has .45 - .5, film 2 .25, film 3 0; after film 2, film 1 -.05 and film 3 -.5.
  CHECK(some.after(mlsd::mmr(same_genre, {.lambda = 0.5f})) == ids{0, 2, 1, 3});
  CHECK(some.after(mlsd::mmr(same_genre, {.lambda = 1})) == ids{0, 1, 2, 3});
}

TEST_CASE("mmr: equal scores and scores that are no numbers", "[rerank]") {
  catalogue some(5);
  for (auto& c : some.list) c.score = 0.5;
  CHECK(some.after(mlsd::mmr("embedding"_f, {.lambda = 1})) == ids{0, 1, 2, 3, 4});
  for (auto& c : some.list) c.score = std::numeric_limits<double>::quiet_NaN();
  CHECK(some.after(mlsd::mmr("embedding"_f, {.lambda = 1})) == ids{0, 1, 2, 3, 4});
  some.list[3].score = 0.1;
  some.list[4].score = 0.2;
  CHECK(some.after(mlsd::mmr("embedding"_f, {.lambda = 1})).front() == 4);
  const double inf = std::numeric_limits<double>::infinity();
  const double scores[] = {0.1, 0.9, 0.5, inf, -inf};
  for (std::size_t i = 0; i < 5; ++i) some.list[i].score = scores[i];
  // An infinite score is worth as much as the end of the range; ties go to the one that stood first.
  CHECK(some.after(mlsd::mmr("embedding"_f, {.lambda = 1})) == ids{1, 3, 2, 0, 4});
}

}  // namespace test_mmr
