#include "mlsd/testing/laws/ranking.hpp"
#include "catch.hpp"
#include "mlsd/core/archetypes.hpp"

namespace test_laws_ranking {
using namespace mlsd;

/// Finds ids 0, 1, 2, ... with scores that `score(id)` gives, in that order.
template <class Score> struct lists {
  struct scratch {};
  Score score;
  std::span<hit<>> search(std::uint32_t, std::span<hit<>> out, scratch&) const noexcept {
    for (std::uint32_t i = 0; i < out.size(); ++i) out[i] = score(i);
    return out;
  }
};
template <class Score> lists(Score) -> lists<Score>;
template <class Score> bool holds(Score score) { return laws::ranks_hits(lists{score}, 0u, 5).has_value(); }

TEST_CASE("the law of retrievers holds for the archetype and catches the broken", "[testing]") {
  CHECK(laws::ranks_hits(archetypes::retriever{}, 3u, 4));
  CHECK(holds([](std::uint32_t i) noexcept { return hit<>{i, 1.0f, 1}; }));
  CHECK(holds([](std::uint32_t i) noexcept { return hit<>{9 - i, -static_cast<float>(i), 2}; }));
  CHECK_FALSE(holds([](std::uint32_t i) noexcept { return hit<>{i, static_cast<float>(i), 1}; }));  // worst first
  CHECK_FALSE(holds([](std::uint32_t i) noexcept { return hit<>{9 - i, 1.0f, 1}; }));               // ties by higher id
  CHECK_FALSE(holds([](std::uint32_t i) noexcept { return hit<>{i / 2, -static_cast<float>(i), 1}; }));  // twice
  CHECK_FALSE(holds([](std::uint32_t i) noexcept { return hit<>{i, 1.0f, 0}; }));                        // from nowhere
}

struct duplicates {
  std::span<int> operator()(std::span<int> c, const int&) const noexcept {
    if (c.size() > 1) c[1] = c[0];
    return c;
  }
};
struct invents {
  std::span<int> operator()(std::span<int> c, const int&) const noexcept {
    for (int& x : c) x = 7;
    return c;
  }
};
struct drops_first {
  std::span<int> operator()(std::span<int> c, const int&) const noexcept { return c.empty() ? c : c.subspan(1); }
};

TEST_CASE("the law of rerankers holds for the archetype and catches the broken", "[testing]") {
  const int candidates[] = {1, 2, 2, 3};
  const std::span<const int> all(candidates);
  CHECK(laws::permutes_candidates(archetypes::reranker{}, all, 2));
  CHECK_FALSE(laws::permutes_candidates(duplicates{}, all, 2));
  CHECK_FALSE(laws::permutes_candidates(invents{}, all, 2));
  CHECK_FALSE(laws::permutes_candidates(drops_first{}, all, 2));
}

}  // namespace test_laws_ranking
