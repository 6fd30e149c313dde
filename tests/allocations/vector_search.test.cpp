// Searching vectors with a scratch that was made for the index allocates nothing.
#include "catch.hpp"
#include "mlsd/core/random.hpp"
#include "mlsd/retrieval/flat.hpp"
#include "mlsd/retrieval/hnsw.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

namespace test_allocations {
extern std::atomic<std::size_t> count;
}

namespace test_vector_search_allocations {
using namespace mlsd;

TEST_CASE("searching vectors allocates nothing, filtered or not", "[allocations]") {
  constexpr std::size_t n = 3000, d = 20;
  random_stream random(1);
  std::vector<float> rows(n * d);
  for (float& x : rows) x = random.uniform_float();
  std::vector<std::uint32_t> ids(n);
  std::iota(ids.begin(), ids.end(), 0u);
  const matrix_view<const float> all(rows.data(), n, d);
  const auto graph = hnsw<>::build({.dimension = d, .build_width = 30}, ids, all).value();
  const auto scan = flat<>::build({.dimension = d}, ids, all).value();
  auto graph_scratch = graph.make_scratch(100);
  auto scan_scratch = scan.make_scratch();
  std::vector<hit<>> out(100);
  std::size_t found = 0;
  const std::size_t before = test_allocations::count;
  for (std::size_t i = 0; i < 300; ++i) {
    found += graph.search(all[i], out, graph_scratch).size() + scan.search(all[i], out, scan_scratch).size();
    for (const std::uint32_t every : {2u, 5u, 500u})
      found += graph
                   .search(all[i], std::span(out).first(10), graph_scratch,
                           [&](std::uint32_t id) { return id % every == 0; })
                   .size();
  }
  const std::size_t after = test_allocations::count;
  CHECK(after == before);
  CHECK(found > 300 * 200);
}

}  // namespace test_vector_search_allocations
