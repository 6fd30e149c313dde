#include "mlsd/retrieval/hnsw_graph.hpp"

#include "mlsd/testing/laws.hpp"

#include <algorithm>
#include <cstdint>

#include "catch.hpp"

namespace test_hnsw_graph {
using namespace mlsd;
using detail::hnsw_graph;
using detail::empty_slot;

/// A ring on each level.
hnsw_graph rings(std::size_t links, std::uint32_t n) {
  hnsw_graph g(links);
  for (std::uint32_t i = 0; i < n; ++i) g.append(5);
  for (std::size_t level = 0; level < detail::most_levels; ++level) {
    std::uint32_t before = empty_slot;
    for (std::uint32_t i = 0; i < n; ++i) {
      if (g.level(i) < level) continue;
      if (before != empty_slot) g.list(i, level)[0] = before;
      before = i;
      if (g.entry() == empty_slot || g.level(i) > g.level(g.entry())) g.set_entry(i);
    }
  }
  return g;
}

TEST_CASE("hnsw_graph: one slot of `links` reaches each next level, whoever comes before") {
  for (const std::size_t links : {4u, 16u}) {
    const hnsw_graph g = rings(links, 20'000);
    double above = 0, two_above = 0;
    for (std::uint32_t i = 0; i < g.size(); ++i) {
      above += g.level(i) >= 1;
      two_above += g.level(i) >= 2;
    }
    const double share = 1 / static_cast<double>(links);
    CHECK(std::abs(above / 20'000 - share) < 4 * std::sqrt(share / 20'000));
    CHECK(std::abs(two_above / 20'000 - share * share) < 4 * std::sqrt(share * share / 20'000));
    hnsw_graph skipping(links);
    for (int i = 0; i < 99; ++i) skipping.append_unlinked();
    skipping.append(5);
    CHECK(skipping.level(99) == g.level(99));
    CHECK(skipping.level(98) == 0);
  }
}

TEST_CASE("hnsw_graph: lists of one slot and of two never overlap") {
  hnsw_graph g(3);
  for (int i = 0; i < 200; ++i) g.append(1);
  std::uint32_t written = 0;
  for (std::uint32_t i = 0; i < g.size(); ++i)
    for (std::size_t level = 0; level <= g.level(i); ++level)
      for (std::uint32_t& link : g.list(i, level)) {
        CHECK(link == empty_slot);
        link = written++;
      }
  std::uint32_t expected = 0;
  bool kept = true;
  for (std::uint32_t i = 0; i < g.size(); ++i)
    for (std::size_t level = 0; level <= g.level(i); ++level)
      for (const std::uint32_t link : std::as_const(g).list(i, level)) kept = kept && link == expected++;
  CHECK(kept);
}

TEST_CASE("hnsw_graph: a sound graph is valid and survives a file; each damage is an error") {
  CHECK(laws::survives_file(hnsw_graph(16)));
  hnsw_graph g = rings(4, 100);
  CHECK(g.validate());
  CHECK(laws::survives_file(g));
  const auto refused_after = [&](auto&& damage) {
    hnsw_graph copy = g;
    damage(copy);
    return !copy.validate();
  };
  std::uint32_t low = 0, high = g.entry();
  while (g.level(low) != 0) ++low;
  CHECK(refused_after([&](hnsw_graph& d) { d.list(3, 0)[1] = 100; }));
  CHECK(refused_after([&](hnsw_graph& d) { d.list(3, 0)[2] = 5; }));  // behind the end of the list
  CHECK(refused_after([&](hnsw_graph& d) { d.list(high, 1)[0] = low; }));
  CHECK(refused_after([&](hnsw_graph& d) { d.set_entry(100); }));
  CHECK(refused_after([&](hnsw_graph& d) { d.set_entry(empty_slot); }));
  CHECK(refused_after([&](hnsw_graph& d) { d.set_entry(low); }));
  CHECK(refused_after([&](hnsw_graph& d) { d.diverse(3) = 2; }));
  CHECK_FALSE(refused_after([&](hnsw_graph& d) { d.list(3, 0)[1] = 5; }));
  CHECK_FALSE(hnsw_graph(1).validate());
  CHECK_FALSE(hnsw_graph(65).validate());
}

TEST_CASE("hnsw_graph: whatever loads from a damaged file has links that lead somewhere") {
  const hnsw_graph g = rings(2, 40);
  int wrong = 0;
  const auto refused = laws::survives_damage(g, {.mutations = 3000}, [&](const hnsw_graph& d) {
    for (std::uint32_t i = 0; i < d.size(); ++i)
      for (std::size_t level = 0; level <= d.level(i); ++level)
        for (const std::uint32_t to : d.list(i, level)) wrong += to != empty_slot && d.level(to) < level;
  });
  REQUIRE(refused);
  CHECK(*refused > 1000);
  CHECK(wrong == 0);
}

}  // namespace test_hnsw_graph
