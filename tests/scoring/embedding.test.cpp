#include "mlsd/scoring/embedding.hpp"
#include "catch.hpp"
#include "mlsd/core/concepts.hpp"
#include "mlsd/core/random.hpp"
#include "mlsd/testing/laws/files.hpp"
#include "mlsd/testing/laws/ranking.hpp"
#include "mlsd/testing/laws/training.hpp"

#include <algorithm>
#include <limits>
#include <vector>

namespace test_embedding {
using namespace mlsd;

static_assert(retriever<embedding_model, sparse_row> && retriever<embedding_model, std::span<const float>>);

struct vectors {
  std::size_t d;
  std::vector<float> user, item;
  vectors(std::size_t users, std::size_t items, std::size_t factors, std::uint64_t seed) : d(factors) {
    random_stream draw(seed);
    for (std::size_t k = 0; k < users * d; ++k) user.push_back(static_cast<float>(draw.normal()));
    for (std::size_t k = 0; k < items * d; ++k) item.push_back(static_cast<float>(draw.uniform_int(5)) - 2);
  }
  embedding_model model() const {
    return embedding_model::make({user.data(), user.size() / d, d}, {item.data(), item.size() / d, d}).value();
  }
};

TEST_CASE("embedding: searches by vector are exact, and scores are inner products") {
  for (const std::size_t d : {1u, 7u, 8u, 20u}) {
    const vectors v(3, 700, d, d);
    const auto m = v.model();
    CHECK((m.users() == 3 && m.items() == 700 && m.factors() == d));
    embedding_model::scratch s;
    std::vector<hit<>> buffer(50), all;
    for (std::uint32_t i = 0; i < 700; ++i) {
      all.push_back({i, m.score(1, i), 1});
      double exact = 0;
      for (std::size_t j = 0; j < d; ++j) exact += double{v.user[d + j]} * double{v.item[i * d + j]};
      CHECK(double{m.score(1, i)} == Approx(exact).margin(1e-4));
      CHECK(m.item_vectors()[i][d - 1] == v.item[i * d + d - 1]);
    }
    std::sort(all.begin(), all.end(), best_first{});
    const std::span<const float> user = m.user_vectors()[1];
    const auto hits = m.search(user, buffer, s);
    CHECK(std::equal(hits.begin(), hits.end(), all.begin()));
    CHECK(laws::ranks_hits(m, user, 12));
    for (const hit<>& h : m.search(user, buffer, s, [](std::uint32_t id) { return id % 3 == 0; })) CHECK(h.id % 3 == 0);
  }
}

TEST_CASE("embedding: an item that comes twice adds up; who is unknown finds nothing") {
  const auto m = vectors(2, 60, 6, 3).model();
  embedding_model::scratch s;
  const auto folded = [&](std::vector<std::uint32_t> items, std::vector<float> weights) {
    const auto v = m.fold_in(sparse_row{items, weights}, s);
    return std::vector<float>(v.begin(), v.end());
  };
  const auto twice = folded({3, 7, 3}, {1, 1, 1}), once = folded({3, 7}, {2, 1});
  for (std::size_t j = 0; j < 6; ++j) CHECK(twice[j] == Approx(once[j]).margin(1e-5));
  std::vector<hit<>> buffer(5);
  CHECK(m.search(sparse_row{}, buffer, s).empty());
  const std::vector<std::uint32_t> strangers{99, 100};
  CHECK(m.search(sparse_row{strangers, {}}, buffer, s).empty());
  const std::vector<float> longer(4096, 1.0f), broken{1, 2, 3, std::nanf(""), 5, 6};
  CHECK(m.search(std::span<const float>(longer), buffer, s).empty());
  CHECK(m.search(std::span<const float>(broken), buffer, s).empty());
}

TEST_CASE("embedding: a history is folded in, and not found") {
  const auto m = vectors(2, 60, 6, 3).model();
  const std::vector<std::uint32_t> items{5, 17, 99, 5};
  const std::vector<float> weights{1, 2, 1, 1};
  const sparse_row history{items, weights};
  embedding_model::scratch s;
  const auto folded = m.fold_in(history, s);
  const std::vector<float> vector(folded.begin(), folded.end());
  std::vector<hit<>> a(60), b(60);
  const auto by_history = m.search(history, a, s);
  CHECK(by_history.size() == 58);
  const auto by_vector =
      m.search(std::span<const float>(vector), b, s, [](std::uint32_t id) { return id != 5 && id != 17; });
  CHECK(std::equal(by_history.begin(), by_history.end(), by_vector.begin(), by_vector.end()));
  CHECK(laws::ranks_hits(m, history, 8));
  for (const float x : m.fold_in({}, s)) CHECK(x == 0);
  const std::vector<float> absurd(4, (std::numeric_limits<float>::max)());
  CHECK(laws::ranks_hits(m, sparse_row{items, absurd}, 8));
  CHECK(laws::ranks_hits(embedding_model{}, history, 2));
}

TEST_CASE("embedding: searches are safe to share", "[threads]") {
  const auto m = vectors(9, 300, 12, 4).model();
  CHECK(laws::is_safe_to_share(
      [&](std::size_t i) {
        embedding_model::scratch s;
        std::vector<hit<>> buffer(1);
        const std::uint32_t item = static_cast<std::uint32_t>(i);
        return m.search(sparse_row{{&item, 1}, {}}, buffer, s)[0].score;
      },
      20));
}

TEST_CASE("embedding: bad vectors, files, damage") {
  const vectors v(2, 10, 3, 5);
  const auto make = [&](std::size_t columns, fold_in_options o) {
    return embedding_model::make({v.user.data(), 2, 3}, {v.item.data(), 6, columns}, o);
  };
  CHECK(make(3, {}));
  CHECK(make(4, {}).error().code == errc::mismatch);
  CHECK_FALSE(make(3, {.regularization = 0}));
  CHECK_FALSE(make(3, {.confidence = -1}));
  const float nan[] = {1, std::numeric_limits<float>::quiet_NaN()};
  CHECK_FALSE(embedding_model::make({nan, 2, 1}, {nan, 2, 1}));
  const auto m = v.model();
  CHECK(laws::survives_file(m));
  const std::vector<std::uint32_t> items{5, 1};
  const auto refused = laws::survives_damage(m, {.mutations = 1500}, [&](const embedding_model& loaded) {
    embedding_model::scratch s;
    std::vector<hit<>> buffer(5);
    REQUIRE(loaded.search(sparse_row{items, {}}, buffer, s).size() <= 5);
  });
  REQUIRE(refused);
  CHECK(*refused > 100);
}

}  // namespace test_embedding
