#include "mlsd/retrieval/flat.hpp"

#include "mlsd/core/random.hpp"
#include "mlsd/core/threads.hpp"
#include "mlsd/testing/laws.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <vector>

#include "catch.hpp"

namespace test_flat {
using namespace mlsd;

static_assert(retriever<flat<>, std::vector<float>> &&
              retriever<flat<std::int64_t>, std::span<const float>, std::int64_t>);

struct table {
  std::size_t n, d;
  std::vector<float> rows;
  std::vector<std::uint32_t> ids;
  table(std::size_t rows_, std::size_t columns, std::uint64_t seed, std::uint64_t levels = 0)
      : n(rows_), d(columns), rows(n * d), ids(n) {
    random_stream random(seed);
    for (float& x : rows)
      x = levels == 0 ? static_cast<float>(random.normal()) : static_cast<float>(random.uniform_int(levels));
    std::iota(ids.begin(), ids.end(), 0u);
    for (std::size_t i = n; i > 1; --i) std::swap(ids[i - 1], ids[random.uniform_int(i)]);
  }
  matrix_view<const float> view() const { return {rows.data(), n, d}; }
  std::span<const float> row(std::size_t i) const { return view()[i]; }
};

float score(vector_metric m, std::span<const float> a, std::span<const float> b) {
  if (m == vector_metric::cosine) return cosine(a, b);
  return m == vector_metric::l2 ? 0.0f - squared_l2(a, b) : inner_product(a, b);
}

TEST_CASE("flat: finds what sorting all scores finds, ties by id") {
  for (const vector_metric m : {vector_metric::l2, vector_metric::inner_product})
    for (const std::size_t n : {0u, 1u, 5u, 64u, 300u}) {
      const table t(n, 9, n + 1, 3);  // few levels: many ties and duplicates
      const auto index = flat<>::build({.dimension = 9, .metric = m, .origins = 4}, t.ids, t.view()).value();
      const table queries(10, 9, 77, 3);
      auto scratch = index.make_scratch();
      for (std::size_t q = 0; q < queries.n; ++q)
        for (const std::size_t k : {1u, 10u, 400u}) {
          std::vector<hit<>> expected, buffer(k);
          for (std::size_t i = 0; i < n; ++i) expected.push_back({t.ids[i], score(m, queries.row(q), t.row(i)), 4});
          std::sort(expected.begin(), expected.end(), [](const hit<>& a, const hit<>& b) {
            return a.score > b.score || (a.score == b.score && a.id < b.id);
          });
          expected.resize((std::min)(k, n));
          const auto hits = index.search(queries.row(q), buffer, scratch);
          REQUIRE(std::equal(hits.begin(), hits.end(), expected.begin(), expected.end()));
        }
    }
}

TEST_CASE("flat: cosine scores are cosines") {
  const table t(200, 20, 5);
  const auto index = flat<>::build({.dimension = 20, .metric = vector_metric::cosine}, t.ids, t.view()).value();
  const table queries(5, 20, 6);
  flat<>::scratch scratch;
  for (std::size_t q = 0; q < 5; ++q) {
    std::vector<hit<>> buffer(200);
    const auto hits = index.search(queries.row(q), buffer, scratch);
    REQUIRE(hits.size() == 200);
    for (const auto& h : hits) {
      const auto at = static_cast<std::size_t>(std::find(t.ids.begin(), t.ids.end(), h.id) - t.ids.begin());
      REQUIRE(std::abs(h.score - cosine(queries.row(q), t.row(at))) < 1e-6f);
    }
  }
  std::vector<hit<>> buffer(3);
  const auto hits = index.search(std::vector<float>(20, 0.0f), buffer, scratch);  // a zero query: all scores are 0
  REQUIRE(hits.size() == 3);
  CHECK((hits[0].id == 0 && hits[1].id == 1 && hits[2].id == 2 && hits[0].score == 0));
}

TEST_CASE("flat: laws of a retriever, of files, and of sharing") {
  const table t(100, 5, 9, 2);
  const auto index = flat<>::build({.dimension = 5}, t.ids, t.view()).value();
  CHECK(laws::ranks_hits(index, std::vector<float>{0, 1, 0, 1, 0}, 120));
  CHECK(laws::ranks_hits(flat<>(), std::vector<float>{1, 2}, 3));
  CHECK(laws::survives_file(index));
  CHECK(laws::survives_file(flat<>()));
}

TEST_CASE("flat: a query that cannot be compared finds nothing") {
  const table t(10, 3, 1);
  const auto index = flat<>::build({.dimension = 3}, t.ids, t.view()).value();
  auto scratch = index.make_scratch();
  std::vector<hit<>> out(5);
  CHECK(index.search(std::vector<float>{1, 2}, out, scratch).empty());
  CHECK(index.search(std::vector<float>{1, 2, std::numeric_limits<float>::quiet_NaN()}, out, scratch).empty());
  CHECK(index.search(std::vector<float>{1, 2, 1e38f}, out, scratch).empty());
  CHECK(index.search(std::vector<float>{1, 2, 3}, std::span<hit<>>(), scratch).empty());
}

TEST_CASE("flat: removed vectors are not found, inserted ones are; a filter hides") {
  const table t(50, 4, 2);
  auto index = flat<>::build({.dimension = 4}, t.ids, t.view()).value();
  auto scratch = index.make_scratch();
  std::vector<hit<>> out(50);
  CHECK(index.search(t.row(7), out, scratch)[0].id == t.ids[7]);
  CHECK(index.remove(t.ids[7]));
  CHECK_FALSE(index.remove(t.ids[7]));
  CHECK(index.search(t.row(7), out, scratch)[0].id != t.ids[7]);
  CHECK(index.insert(t.ids[7], t.row(7)));
  CHECK_FALSE(index.insert(t.ids[7], t.row(7)));
  CHECK(index.search(t.row(7), out, scratch)[0].id == t.ids[7]);
  const auto odd = index.search(t.row(7), out, scratch, [](std::uint32_t id) { return id % 2 == 1; });
  CHECK(odd.size() == 25);
  CHECK(std::all_of(odd.begin(), odd.end(), [](const hit<>& h) { return h.id % 2 == 1; }));
  CHECK(index.search(t.row(7), out, scratch, [](std::uint32_t) { return false; }).empty());
  CHECK_FALSE(flat<>::make({.dimension = 4, .origins = 0}));
  CHECK_FALSE(flat<>::make({}));
}

TEST_CASE("flat: many queries at once find what each finds alone, on any threads", "[threads]") {
  const table t(333, 17, 3);
  const auto index = flat<>::build({.dimension = 17, .metric = vector_metric::inner_product}, t.ids, t.view()).value();
  table queries(40, 17, 8);
  queries.rows[3 * 17] = std::numeric_limits<float>::infinity();
  constexpr std::size_t k = 6;
  std::vector<hit<>> alone(40 * k);
  std::vector<std::size_t> found(40);
  auto scratch = index.make_scratch();
  for (std::size_t q = 0; q < 40; ++q)
    found[q] = index.search(queries.row(q), std::span(alone).subspan(q * k, k), scratch).size();
  CHECK(found[3] == 0);
  CHECK(found[4] == k);
  for (const std::size_t count : {1u, 2u, 3u}) {
    threads pool(count);
    std::vector<hit<>> together(40 * k);
    std::vector<std::size_t> number(40);
    index.search_each(queries.view(), together, number, pool);
    CHECK(number == found);
    CHECK(together == alone);
  }
  index.search_each({}, {}, {});
}

TEST_CASE("flat: a damaged file is an error or harmless") {
  const table t(30, 3, 11);
  const auto index = flat<>::build({.dimension = 3}, t.ids, t.view()).value();
  const auto refused = laws::survives_damage(index, {.mutations = 2000}, [&](const flat<>& damaged) {
    auto scratch = damaged.make_scratch();
    std::vector<hit<>> out(10);
    for (std::size_t i = 0; i < 5; ++i) static_cast<void>(damaged.search(t.row(i), out, scratch));
  });
  REQUIRE(refused);
  CHECK(*refused > 300);
}

}  // namespace test_flat
