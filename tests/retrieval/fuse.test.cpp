#include "mlsd/retrieval/fuse.hpp"
#include "catch.hpp"
#include "mlsd/core/archetypes.hpp"
#include "mlsd/core/random.hpp"
#include "mlsd/retrieval/popularity.hpp"
#include "mlsd/testing/laws/ranking.hpp"

#include <cmath>
#include <map>
#include <vector>

namespace test_fuse {
using namespace mlsd;

/// Finds what it is told, scaled by the query.
struct list {
  std::vector<hit<>> hits{};
  struct scratch {
    int searches = 0;
  };
  std::span<hit<>> search(float scale, std::span<hit<>> out, scratch& s) const noexcept {
    ++s.searches;
    const std::size_t n = (std::min)(out.size(), hits.size());
    for (std::size_t i = 0; i < n; ++i) out[i] = {hits[i].id, hits[i].score * scale, 9};
    return out.first(n);
  }
};
struct request {
  float a = 1, b = 1;
};

const list one{{{4, 3.0f}, {7, 2.0f}, {1, 0.0f}}}, two{{{7, 100.0f}, {9, 50.0f}}}, none{};

template <class R> std::vector<hit<>> ask(const R& r, const request& q = {}, std::size_t n = 10) {
  typename R::scratch s;
  std::vector<hit<>> buffer(n);
  const auto hits = r.search(q, buffer, s);
  return {hits.begin(), hits.end()};
}

TEST_CASE("fuse: reciprocal ranks add up, and origins are the sources that found a hit") {
  const auto r = fuse(from(one, &request::a), from(none, &request::a), from(two, &request::b));
  static_assert(retriever<std::remove_const_t<decltype(r)>, request>);
  const auto hits = ask(r);
  REQUIRE(hits.size() == 4);
  CHECK(hits[0].id == 7);
  CHECK(double{hits[0].score} == Approx(1.0 / 62 + 1.0 / 61));
  CHECK(hits[0].origins == 0b101);
  CHECK((hits[1].id == 4 && hits[1].origins == 0b001));
  CHECK(double{hits[1].score} == Approx(1.0 / 61));
  CHECK((hits[2].id == 9 && hits[2].origins == 0b100));
  CHECK((hits[3].id == 1 && hits[3].origins == 0b001));
  CHECK(laws::ranks_hits(r, request{}, 6));
}

TEST_CASE("fuse: published example of reciprocal ranks with another k and weights") {
  const auto r =
      fuse(reciprocal_ranks{.k = 1}, from(one, &request::a, {.weight = 2, .most = 1}), from(two, &request::b));
  const auto hits = ask(r);
  REQUIRE(hits.size() == 3);  // of the first source only one hit was asked
  CHECK(hits[0] == hit<>{4, 1.0f, 1});
  CHECK(hits[1] == hit<>{7, 0.5f, 2});
  CHECK(hits[2].id == 9);
}

TEST_CASE("fuse: scores between lowest and highest, whatever their scale") {
  const auto r = fuse(min_max_scores{}, from(one, &request::a), from(two, &request::b));
  for (const float scale : {1.0f, 1000.0f}) {
    const auto hits = ask(r, {scale, 1});
    REQUIRE(hits.size() == 4);
    CHECK((hits[0].id == 7 && double{hits[0].score} == Approx(2.0 / 3 + 1)));
    CHECK((hits[1].id == 4 && hits[1].score == 1));
    CHECK((hits[2].id == 1 && hits[2].score == 0));  // ties by id
    CHECK((hits[3].id == 9 && hits[3].score == 0));
  }
  const list flat{{{3, 5.0f}, {8, 5.0f}}};
  const auto all_one = fuse(min_max_scores{}, from(flat, &request::a));
  for (const hit<>& h : ask(all_one)) CHECK(h.score == 1);
}

TEST_CASE("fuse: standard scores have the spread 1 of z-scores, from 0") {
  const auto r = fuse(standard_scores{}, from(one, &request::a));
  const auto hits = ask(r);
  const double deviation = std::sqrt((std::pow(3 - 5.0 / 3, 2) + std::pow(2 - 5.0 / 3, 2) + std::pow(5.0 / 3, 2)) / 3);
  CHECK(double{hits[0].score} == Approx(3 / deviation));
  CHECK(double{hits[1].score} == Approx(2 / deviation));
  CHECK(hits[2].score == 0);
}

TEST_CASE("fuse: agrees with adding up in a map, over random lists") {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    random_stream draw(seed);
    list lists[3];
    std::map<std::uint32_t, std::pair<double, std::uint64_t>> sums;
    const std::size_t n = 1 + draw.uniform_int(12);
    for (std::size_t l = 0; l < 3; ++l) {
      std::vector<std::uint32_t> ids(20);
      for (std::uint32_t i = 0; i < 20; ++i) ids[i] = i;
      draw.shuffle(ids);
      ids.resize(draw.uniform_int(20));
      for (std::size_t k = 0; k < ids.size(); ++k) {
        lists[l].hits.push_back({ids[k], -static_cast<float>(k)});
        if (k >= n) continue;
        sums[ids[k]].first += double{static_cast<float>(1.0 / static_cast<double>(60 + k + 1))};
        sums[ids[k]].second |= std::uint64_t{1} << l;
      }
    }
    const auto r = fuse(from(lists[0], &request::a), from(lists[1], &request::a), from(lists[2], &request::a));
    std::vector<hit<>> expected;
    for (const auto& [id, s] : sums) expected.push_back({id, static_cast<float>(s.first), s.second});
    std::sort(expected.begin(), expected.end(), best_first{});
    expected.resize((std::min)(expected.size(), n));
    REQUIRE(ask(r, {}, n) == expected);
  }
}

TEST_CASE("fuse: fusions fuse, projections compute, a source of no query needs none, temporaries move in") {
  auto trending = popularity::make(days(1)).value();
  trending.add(7, timestamp{});
  const auto inner = fuse(from(one, &request::a), from(two, &request::b));
  const auto r = fuse(inner, trending, from(list(two), [](const request& q) { return q.a + q.b; }));
  const auto hits = ask(r);
  REQUIRE_FALSE(hits.empty());
  CHECK((hits[0].id == 7 && hits[0].origins == 0b111));
  CHECK(laws::ranks_hits(r, request{}, 6));
}

TEST_CASE("fuse: asks for no more than the contract of retrievers") {
  const archetypes::retriever smallest;
  const auto r = fuse(smallest, from(smallest, [](std::uint32_t q) { return q + 1; }));
  decltype(r)::scratch s;
  std::vector<hit<>> buffer(4);
  const auto hits = r.search(7u, buffer, s);
  REQUIRE(hits.size() == 2);
  CHECK((hits[0].id == 7 && hits[1].id == 8 && hits[0].score == hits[1].score));
}

TEST_CASE("fuse: a prepared scratch is enough") {
  const auto r = fuse(from(one, &request::a), from(two, &request::b, {.most = 50}));
  decltype(r)::scratch s;
  r.prepare(s, 20);
  const hit<>* before = s.hits.data();
  CHECK(s.hits.size() == 70);
  std::vector<hit<>> buffer(20);
  CHECK(r.search(request{}, buffer, s).size() == 4);
  CHECK(s.hits.data() == before);
  CHECK(get<0>(s.sources).searches == 1);
}

}  // namespace test_fuse
