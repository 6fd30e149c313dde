#include "mlsd/retrieval/exact_scan.hpp"

#include "mlsd/core/random.hpp"

#include <cstdint>
#include <numeric>
#include <vector>

#include "catch.hpp"

namespace test_exact_scan {
using namespace mlsd;

TEST_CASE("exact_scan: with a filter it finds what a store of the passing rows alone would") {
  constexpr std::size_t d = 7;
  random_stream random(1);
  for (const std::size_t n : {0u, 1u, 63u, 64u, 65u, 500u}) {
    std::vector<float> rows(n * d), query(16);
    for (float& x : rows) x = random.uniform_float();
    for (std::size_t j = 0; j < d; ++j) query[j] = random.uniform_float();
    std::vector<std::uint32_t> ids(n);
    std::iota(ids.begin(), ids.end(), 100u);
    auto all = vector_store<std::uint32_t>::make(vector_metric::l2, d).value();
    auto some = vector_store<std::uint32_t>::make(vector_metric::l2, d).value();
    REQUIRE(all.append(ids, {rows.data(), n, d}));
    const auto passes = [](std::uint32_t id) { return id % 3 == 0; };
    for (std::size_t i = 0; i < n; ++i)
      if (passes(ids[i])) REQUIRE(some.append(std::span(&ids[i], 1), {rows.data() + i * d, 1, d}));

    std::vector<hit<>> a(20), b(20);
    detail::ranked_hits<std::uint32_t> filtered(a, 1), alone(b, 1);
    detail::exact_scan(all, query.data(), passes, filtered);
    detail::exact_scan(some, query.data(), keep_all{}, alone);
    const auto x = filtered.found(), y = alone.found();
    CHECK(std::equal(x.begin(), x.end(), y.begin(), y.end()));
    CHECK(x.size() == (std::min)(std::size_t{20}, some.size()));
  }
}

}  // namespace test_exact_scan
