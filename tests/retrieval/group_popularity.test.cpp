#include "mlsd/retrieval/group_popularity.hpp"
#include "catch.hpp"
#include "mlsd/core/concepts.hpp"
#include "mlsd/core/random.hpp"
#include "mlsd/testing/laws/files.hpp"
#include "mlsd/testing/laws/ranking.hpp"

#include <limits>
#include <vector>

namespace test_group_popularity {
using namespace mlsd;

static_assert(retriever<group_popularity, sparse_row> && retriever<group_popularity, in_groups>);

// Items 0 to 4 in groups comedy (0), drama (1), war (2): 0 c, 1 c d, 2 d, 3 w, 4 none.
struct genres {
  std::vector<std::uint64_t> offset{0, 1, 3, 4, 5, 5};
  std::vector<std::uint32_t> group{0, 0, 1, 1, 2};
  group_popularity popularity() const {
    auto p = group_popularity::make(days(1), {offset, group, {}, 3}).value();
    for (std::uint32_t i = 0; i < 5; ++i)
      for (std::uint32_t k = 0; k <= i; ++k) p.add(i, timestamp{});  // item i has i + 1 events
    return p;
  }
};
std::vector<hit<>> ask(const group_popularity& p, const auto& query) {
  group_popularity::scratch s;
  std::vector<hit<>> buffer(10);
  const auto hits = p.search(query, buffer, s);
  const std::vector<hit<>> first(hits.begin(), hits.end());
  const auto again = p.search(query, buffer, s);
  CHECK(std::vector<hit<>>(again.begin(), again.end()) == first);
  return first;
}

TEST_CASE("group popularity: counts times the mean weight of an item's groups") {
  const auto p = genres{}.popularity();
  const std::vector<std::uint32_t> groups{1, 2, 7, 0};
  const std::vector<float> weights{2, 1, 5, std::numeric_limits<float>::quiet_NaN()};
  CHECK(ask(p, in_groups{{groups, weights}}) == std::vector<hit<>>{{2, 6, 1}, {3, 4, 1}, {1, 2, 1}});
}

TEST_CASE("group popularity: a history stands for the groups of its items, and is not found itself") {
  const auto p = genres{}.popularity();
  const std::vector<std::uint32_t> history{1, 4, 99};
  // Item 1 gives half to comedy and half to drama; 4 has no group.
  CHECK(ask(p, sparse_row{history, {}}) == std::vector<hit<>>{{2, 1.5f, 1}, {0, 0.5f, 1}});
  CHECK(ask(p, sparse_row{}).empty());
  CHECK(laws::ranks_hits(p, sparse_row{history, {}}, 6));
  CHECK(laws::ranks_hits(group_popularity{}, sparse_row{history, {}}, 3));
  const std::vector<std::uint32_t> all{0, 1, 2};
  CHECK(laws::ranks_hits(p, in_groups{{all, {}}}, 6));
  group_popularity::scratch s;
  std::vector<hit<>> buffer(10);
  const auto odd = p.search(in_groups{{all, {}}}, buffer, s, [](std::uint32_t id) { return id % 2 == 1; });
  CHECK(odd.size() == 2);
}

TEST_CASE("group popularity: bad input, files, damage") {
  const genres g;
  CHECK_FALSE(group_popularity::make(days(0), {g.offset, g.group, {}, 3}));
  CHECK(group_popularity::make(days(1), {g.offset, g.group, {}, 2}).error().code == errc::corrupt);
  const auto p = g.popularity();
  CHECK(laws::survives_file(p));
  const std::vector<std::uint32_t> history{0, 1, 2, 3};
  const auto refused = laws::survives_damage(p, {.mutations = 1500}, [&](const group_popularity& loaded) {
    group_popularity::scratch s;
    std::vector<hit<>> buffer(5);
    REQUIRE(loaded.search(sparse_row{history, {}}, buffer, s).size() <= 5);
    REQUIRE(loaded.search(in_groups{{history, {}}}, buffer, s).size() <= 5);
  });
  REQUIRE(refused);
  CHECK(*refused > 100);
}

}  // namespace test_group_popularity
