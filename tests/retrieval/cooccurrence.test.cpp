#include "mlsd/retrieval/cooccurrence.hpp"
#include "catch.hpp"
#include "mlsd/core/concepts.hpp"
#include "mlsd/core/random.hpp"
#include "mlsd/testing/laws/files.hpp"
#include "mlsd/testing/laws/ranking.hpp"
#include "mlsd/testing/laws/training.hpp"

#include <cmath>
#include <limits>
#include <set>
#include <vector>

namespace test_cooccurrence {
using namespace mlsd;

static_assert(retriever<cooccurrence_model, sparse_row>);

struct matrix {
  std::vector<std::uint64_t> offset{0};
  std::vector<std::uint32_t> index;
  std::vector<float> value;
  std::size_t items = 0;
  sparse_matrix_view view() const { return {offset, index, value, items}; }
};
matrix some(std::size_t users, std::size_t items, std::uint64_t seed) {
  matrix m;
  m.items = items;
  random_stream draw(seed);
  for (std::size_t u = 0; u < users; ++u) {
    for (std::uint32_t i = 0; i < items; ++i)
      if (draw.uniform() < 0.25 - 0.2 * i / static_cast<double>(items)) {
        m.index.push_back(i);
        m.value.push_back(static_cast<float>(draw.uniform_int(5)) / 2);
      }
    m.offset.push_back(m.index.size());
  }
  return m;
}
/// [items, items] of what users share, the obvious way.
std::vector<std::vector<double>> products(const sparse_matrix_view& m) {
  std::vector<std::vector<double>> c(m.columns, std::vector<double>(m.columns, 0.0));
  for (std::size_t u = 0; u < m.rows(); ++u)
    for (std::size_t a = 0; a < m[u].size(); ++a)
      for (std::size_t b = 0; b < m[u].size(); ++b)
        c[m[u].index[a]][m[u].index[b]] += double{m[u].value_of(a)} * double{m[u].value_of(b)};
  return c;
}

TEST_CASE("cooccurrence: similarities are those of the definition, best first") {
  const matrix m = some(60, 20, 1);
  for (const auto kind :
       {item_similarity::count, item_similarity::cosine, item_similarity::jaccard, item_similarity::lift})
    for (const bool binary : {false, true}) {
      const auto x = binary ? m.view().binary() : m.view();
      const auto c = products(x);
      const auto model = cooccurrence{.similarity = kind, .shrinkage = 3, .neighbours = 1000}.fit(x).value();
      for (std::uint32_t i = 0; i < 20; ++i) {
        const sparse_row near = model.neighbours(i);
        std::size_t expected = 0;
        for (std::uint32_t j = 0; j < 20; ++j) expected += j != i && c[i][j] > 0;
        CHECK(near.size() == expected);
        for (std::size_t k = 0; k < near.size(); ++k) {
          const std::uint32_t j = near.index[k];
          const double both = c[i][j], a = c[i][i], b = c[j][j];
          const double alike = kind == item_similarity::count     ? both
                               : kind == item_similarity::cosine  ? both / std::sqrt(a * b)
                               : kind == item_similarity::jaccard ? both / (a + b - both)
                                                                  : 60 * both / (a * b);
          CHECK(double{near.value[k]} == Approx(alike * both / (both + 3)));
          if (k != 0)
            CHECK((near.value[k - 1] > near.value[k] || (near.value[k - 1] == near.value[k] && near.index[k - 1] < j)));
        }
      }
    }
}

TEST_CASE("cooccurrence: fewer neighbours are the first of all") {
  const matrix m = some(60, 20, 2);
  const auto all = cooccurrence{}.fit(m.view()).value();
  const auto few = cooccurrence{.neighbours = 3}.fit(m.view()).value();
  for (std::uint32_t i = 0; i < 20; ++i) {
    REQUIRE(few.neighbours(i).size() == (std::min)(std::size_t{3}, all.neighbours(i).size()));
    for (std::size_t k = 0; k < few.neighbours(i).size(); ++k)
      CHECK(few.neighbours(i).index[k] == all.neighbours(i).index[k]);
  }
}

TEST_CASE("cooccurrence: a search sums neighbours over the history and leaves the history out") {
  const matrix m = some(80, 30, 3);
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const bool seen : {false, true}) {
    const auto model = cooccurrence{.neighbours = 8, .include_seen = seen}.fit(m.view()).value();
    const std::vector<std::uint32_t> items{3, 11, 3, 29, 400, 17, 5};
    const std::vector<float> weights{1, 0.5f, 0.25f, 2, 9, nan, -0.5f};
    const sparse_row history{items, weights};
    std::vector<double> expected(30, 0.0);
    std::set<std::uint32_t> touched;
    for (std::size_t k = 0; k < items.size(); ++k) {
      if (items[k] >= 30 || std::isnan(weights[k])) continue;
      const sparse_row near = model.neighbours(items[k]);
      for (std::size_t j = 0; j < near.size(); ++j) {
        expected[near.index[j]] += double{weights[k]} * double{near.value[j]};
        touched.insert(near.index[j]);
      }
    }
    if (!seen)
      for (const std::uint32_t i : items) touched.erase(i);
    cooccurrence_model::scratch scratch;
    std::vector<hit<>> buffer(100);
    const auto hits = model.search(history, buffer, scratch);
    CHECK(hits.size() == touched.size());
    for (const hit<>& h : hits) {
      CHECK(touched.count(h.id) == 1);
      CHECK(h.score == Approx(expected[h.id]).epsilon(1e-6));
      CHECK(h.origins == 1);
    }
    CHECK(laws::ranks_hits(model, history, 40));
    CHECK(laws::ranks_hits(model, sparse_row{}, 3));
    const auto odd = model.search(history, buffer, scratch, [](std::uint32_t id) { return id % 2 == 1; });
    CHECK(odd.size() < touched.size());
    for (const hit<>& h : odd) CHECK(h.id % 2 == 1);
  }
}

TEST_CASE("cooccurrence: of long histories the last entries count") {
  matrix m;
  m.items = 6;
  m.index = {0, 1, 2, 3, 4, 5};
  m.offset = {0, 6};
  m.value.assign(6, 1.0f);
  const auto model = cooccurrence{.longest_history = 2}.fit(m.view()).value();
  CHECK(model.neighbours(0).size() == 0);
  CHECK(model.neighbours(3).size() == 0);
  REQUIRE(model.neighbours(5).size() == 1);
  CHECK(model.neighbours(5).index[0] == 4);
}

TEST_CASE("cooccurrence: any number of threads builds the same model", "[threads]") {
  const matrix m = some(100, 1300, 4);
  CHECK(laws::same_model_on_any_threads([&](auto& ex) { return cooccurrence{.neighbours = 20}.fit(m.view(), ex); }));
  const auto model = cooccurrence{.neighbours = 20}.fit(m.view()).value();
  CHECK(laws::is_safe_to_share(
      [&](std::size_t u) {
        cooccurrence_model::scratch scratch;
        std::vector<hit<>> buffer(1);
        const auto hits = model.search(m.view()[u], buffer, scratch);
        return hits.empty() ? 0.0f : hits[0].score;
      },
      20));
}

TEST_CASE("cooccurrence: bad settings and data are named, damaged files do no harm") {
  const matrix m = some(20, 12, 5);
  const auto code = [&](cooccurrence c) {
    const auto r = c.fit(m.view());
    return r ? errc::io : r.error().code;
  };
  CHECK(code({.shrinkage = -1}) == errc::invalid_argument);
  CHECK(code({.shrinkage = std::numeric_limits<float>::quiet_NaN()}) == errc::invalid_argument);
  CHECK(code({.neighbours = 0}) == errc::invalid_argument);
  CHECK(code({.similarity = static_cast<item_similarity>(9)}) == errc::invalid_argument);
  matrix negative = m;
  negative.value[3] = -1;
  CHECK(cooccurrence{}.fit(negative.view()).error().message == "cooccurrence: entry 3 is negative");
  negative.index[0] = 99;
  CHECK_FALSE(cooccurrence{}.fit(negative.view()));
  CHECK(cooccurrence{}.fit({}).value().items() == 0);
  CHECK(laws::ranks_hits(cooccurrence_model{}, m.view()[0], 3));

  const auto model = cooccurrence{.neighbours = 5}.fit(m.view()).value();
  CHECK(laws::survives_file(model));
  const auto refused = laws::survives_damage(model, {.mutations = 1500}, [&](const cooccurrence_model& loaded) {
    cooccurrence_model::scratch scratch;
    std::vector<hit<>> buffer(5);
    REQUIRE(loaded.search(m.view()[0], buffer, scratch).size() <= 5);
  });
  REQUIRE(refused);
  CHECK(*refused > 100);
}

}  // namespace test_cooccurrence
