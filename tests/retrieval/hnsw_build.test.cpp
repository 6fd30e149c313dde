#include "mlsd/retrieval/hnsw_build.hpp"

#include "mlsd/core/random.hpp"
#include "mlsd/core/simd.hpp"
#include "mlsd/core/threads.hpp"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <vector>

#include "catch.hpp"

namespace test_hnsw_build {
using namespace mlsd;
using namespace mlsd::detail;

struct points {
  row_vector<float> rows;
  row_table table;
  explicit points(std::size_t n, std::uint64_t seed) : rows(n * 16) {
    random_stream random(seed);
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < 4; ++j) rows[i * 16 + j] = random.uniform_float();
    table = {rows.data(), 16, row_sums_for<true>(active_isa())};
  }
  float distance(std::uint32_t a, std::uint32_t b) const {
    float d = 0;
    table.sums(table.row(a), table.rows, 16, &b, 1, &d);
    return d;
  }
  /// All others, nearest to `centre` first.
  std::vector<neighbour> around(std::uint32_t centre, std::uint32_t n) const {
    std::vector<neighbour> all;
    for (std::uint32_t i = 0; i < n; ++i)
      if (i != centre) all.emplace_back(distance(centre, i), i);
    std::sort(all.begin(), all.end());
    return all;
  }
};

std::vector<std::uint32_t> diverse_by_definition(const points& p, const std::vector<neighbour>& candidates,
                                                 std::size_t most) {
  std::vector<std::uint32_t> kept;
  for (const neighbour c : candidates)
    if (kept.size() < most &&
        std::all_of(kept.begin(), kept.end(), [&](std::uint32_t k) { return p.distance(c.slot(), k) >= c.distance(); }))
      kept.push_back(c.slot());
  return kept;
}

TEST_CASE("hnsw_build: links that are kept are those of the definition") {
  const points p(200, 1);
  for (const std::size_t most : {1u, 3u, 16u, 128u})
    for (std::uint32_t centre = 0; centre < 20; ++centre) {
      auto candidates = p.around(centre, 200);
      const auto expected = diverse_by_definition(p, candidates, most);
      const std::size_t n = keep_diverse(p.table, candidates, most);
      REQUIRE(n == expected.size());
      for (std::size_t i = 0; i < n; ++i) REQUIRE(candidates[i].slot() == expected[i]);
    }
}

TEST_CASE("hnsw_build: what was chosen before is not compared again, and the choice is the same") {
  const points p(200, 2);
  for (std::uint32_t centre = 0; centre < 20; ++centre) {
    auto first = p.around(centre, 100);
    first.resize(keep_diverse(p.table, first, 32));
    auto marked = first;
    for (neighbour& n : marked) n.mark();
    for (std::uint32_t later = 100; later < 140; ++later) {
      first.emplace_back(p.distance(centre, later), later);
      marked.emplace_back(p.distance(centre, later), later);
    }
    std::sort(first.begin(), first.end());
    std::sort(marked.begin(), marked.end());
    const auto expected = diverse_by_definition(p, first, 32);
    const std::size_t n = keep_diverse(p.table, marked, 32);
    REQUIRE(n == expected.size());
    for (std::size_t i = 0; i < n; ++i) REQUIRE(marked[i].slot() == expected[i]);
  }
}

hnsw_graph built(const points& p, std::uint32_t n, std::size_t links, std::size_t threads_) {
  hnsw_graph g(links);
  for (std::uint32_t i = 0; i < n; ++i) g.append(1);
  std::vector<std::uint32_t> slots(n);
  std::iota(slots.begin(), slots.end(), 0u);
  threads pool(threads_);
  std::vector<hnsw_scratch> scratch(threads_);
  for (auto& s : scratch) s.reserve(n, 16, 40);
  hnsw_builder<>(g, p.table, 40).link(slots, scratch, pool);
  return g;
}

TEST_CASE(
    "hnsw_build: the graph is sound, links go both ways until lists are full, and the lists marked so are diverse") {
  const points p(900, 3);
  hnsw_graph g = built(p, 900, 6, 1);
  CHECK(g.validate());
  int wrong = 0;
  std::size_t links = 0;
  for (std::uint32_t i = 0; i < 900; ++i) {
    const auto all = g.list(i, 0);
    const auto used = all.first(static_cast<std::size_t>(std::find(all.begin(), all.end(), empty_slot) - all.begin()));
    links += used.size();
    wrong += used.empty() || std::find(used.begin(), used.end(), i) != used.end();
    std::vector<neighbour> chosen;
    for (std::size_t k = 0; k < g.diverse(i); ++k) chosen.emplace_back(p.distance(i, used[k]), used[k]);
    wrong += !std::is_sorted(chosen.begin(), chosen.end());
    wrong += diverse_by_definition(p, chosen, 64).size() != chosen.size();
    if (used.size() < all.size() && g.diverse(i) == 0) wrong += 1;  // every list was chosen once
  }
  CHECK(wrong == 0);
  CHECK(links > 900 * 6);
}

TEST_CASE("hnsw_build: any number of threads makes the same graph", "[threads]") {
  const points p(3000, 4);
  const hnsw_graph alone = built(p, 3000, 4, 1);
  for (const std::size_t count : {2u, 3u}) {
    const hnsw_graph other = built(p, 3000, 4, count);
    CHECK(other.entry() == alone.entry());
    int wrong = 0;
    for (std::uint32_t i = 0; i < 3000; ++i)
      for (std::size_t level = 0; level <= alone.level(i); ++level) {
        const auto a = alone.list(i, level), b = other.list(i, level);
        wrong += !std::equal(a.begin(), a.end(), b.begin());
      }
    CHECK(wrong == 0);
  }
}

}  // namespace test_hnsw_build
