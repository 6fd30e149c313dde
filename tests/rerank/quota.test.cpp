#include "mlsd/rerank/quota.hpp"
#include "rerank/films.hpp"

#include <map>
#include <set>

#include "catch.hpp"

namespace test_quota {
using namespace test_rerank;
using ids = std::vector<std::uint32_t>;

/// The rule as one would say it: the values of a film, and how many of each are taken.
template <class Values> ids by_hand(const catalogue& some, std::size_t most, mlsd::when_over over, Values values_of) {
  std::map<std::string, std::size_t> taken;
  ids kept, late;
  for (const candidate& c : some.list) {
    const std::vector<std::string> values = values_of(*c.row);
    bool room = true;
    for (const auto& v : values) room = room && taken[v] < most;
    if (room)
      for (const auto& v : values) ++taken[v];
    (room ? kept : late).push_back(c.id);
  }
  if (over == mlsd::when_over::demote) kept.insert(kept.end(), late.begin(), late.end());
  return kept;
}

TEST_CASE("quota and dedupe keep the first of each value", "[rerank]") {
  using enum mlsd::when_over;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const catalogue some(40, seed);
    const auto genre = [](const film& f) { return std::vector{std::to_string(f.genre)}; };
    const auto series = [](const film& f) {
      return f.series ? std::vector{std::to_string(*f.series)} : std::vector<std::string>{};
    };
    const auto studio = [](const film& f) {
      return f.studio.empty() ? std::vector<std::string>{} : std::vector{f.studio};
    };
    const auto tags = [](const film& f) { return std::vector{std::to_string(f.tags[0]), std::to_string(f.tags[1])}; };
    CHECK(some.after(mlsd::quota{"genre"_f, 3}) == by_hand(some, 3, remove, genre));
    CHECK(some.after(mlsd::quota{"genre"_f, 2, demote}) == by_hand(some, 2, demote, genre));
    CHECK(some.after(mlsd::dedupe{"series"_f}) == by_hand(some, 1, remove, series));
    CHECK(some.after(mlsd::dedupe{"studio"_f, demote}) == by_hand(some, 1, demote, studio));
    CHECK(some.after(mlsd::quota{"tags"_f, 4}) == by_hand(some, 4, remove, tags));
  }
}

TEST_CASE("an array that names a value twice counts once", "[rerank]") {
  catalogue some(4);
  for (film& f : some.rows) f.tags = {7, 7};
  CHECK(some.after(mlsd::quota{"tags"_f, 2}) == ids{0, 1});
}

TEST_CASE("a quota of none removes what has a value", "[rerank]") {
  const catalogue some(20);
  CHECK(some.after(mlsd::quota{"genre"_f, 0}).empty());
  for (const std::uint32_t id : some.after(mlsd::quota{"series"_f, 0})) CHECK_FALSE(some.rows[id].series);
  CHECK_FALSE(some.after(mlsd::quota{"series"_f, 0}).empty());
}

}  // namespace test_quota
