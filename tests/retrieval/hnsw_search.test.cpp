#include "mlsd/retrieval/hnsw_search.hpp"

#include "mlsd/core/random.hpp"
#include "mlsd/core/simd.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "catch.hpp"

namespace test_hnsw_search {
using namespace mlsd;
using namespace mlsd::detail;

/// Places on a line, 0 ... n - 1 in the first component, each linked to both sides.
struct line {
  hnsw_graph graph{4};
  row_vector<float> rows;
  row_table table;
  hnsw_scratch scratch;
  explicit line(std::uint32_t n) : rows(n * 16) {
    for (std::uint32_t i = 0; i < n; ++i) {
      graph.append(3);
      rows[i * 16] = static_cast<float>(i);
      if (i > 0) graph.list(i, 0)[0] = i - 1;
      if (i + 1 < n) graph.list(i, 0)[i > 0 ? 1 : 0] = i + 1;
      if (graph.entry() == empty_slot || graph.level(i) > graph.level(graph.entry())) graph.set_entry(i);
    }
    table = {rows.data(), 16, row_sums_for<true>(active_isa())};
    scratch.reserve(n, 16, 8);
  }
  neighbour at(std::uint32_t slot, float x) {
    return neighbour((x - static_cast<float>(slot)) * (x - static_cast<float>(slot)), slot);
  }
};

TEST_CASE("hnsw_search: a walk along a line finds the nearest and its neighbours, from anywhere") {
  line l(50);
  for (const std::uint32_t from : {0u, 20u, 49u}) {
    const std::vector<float> query{33.2f, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    search_level(l.graph, l.table, query.data(), 0, l.at(from, 33.2f), 4, l.scratch);
    std::vector<std::uint32_t> found;
    for (const neighbour n : l.scratch.queue.nearest()) found.push_back(n.slot());
    CHECK(found == std::vector<std::uint32_t>{33, 34, 32, 35});
    CHECK(walk_level(l.graph, l.table, query.data(), 0, l.at(from, 33.2f), l.scratch).slot() == 33);
  }
}

TEST_CASE("hnsw_search: nothing is left of the search before, also after the count of searches has gone round") {
  line l(20);
  int wrong = 0;
  for (int i = 0; i < 600; ++i) {
    const auto target = static_cast<std::uint32_t>(i % 20);
    search_level(l.graph, l.table, l.table.row(target), 0, l.at(0, static_cast<float>(target)), 5, l.scratch);
    wrong += l.scratch.queue.nearest().size() != 5 || l.scratch.queue.nearest()[0].slot() != target;
  }
  CHECK(wrong == 0);
}

TEST_CASE("hnsw_search: with a queue for all, all that can be reached is found in order") {
  line l(30);
  const auto entry = descend(l.graph, l.table, l.table.row(11), 0, l.scratch);
  search_level(l.graph, l.table, l.table.row(11), 0, entry, 100, l.scratch);
  const auto found = l.scratch.queue.nearest();
  CHECK(found.size() == 30);
  CHECK(std::is_sorted(found.begin(), found.end()));
}

}  // namespace test_hnsw_search
