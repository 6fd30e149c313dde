#include "mlsd/training/als.hpp"
#include "catch.hpp"
#include "mlsd/testing/laws/files.hpp"
#include "mlsd/testing/laws/ranking.hpp"
#include "mlsd/testing/laws/training.hpp"
#include "training/movielens.hpp"
#include "training/tastes.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace test_als {
using namespace mlsd;
using mlsd_test::hit_rate;
using mlsd_test::tastes;

/// The loss that alternating least squares makes smaller, over every cell.
double loss(const embedding_model& m, const interactions& data, double ridge, double confidence) {
  double sum = 0;
  for (std::size_t u = 0; u < data.users(); ++u) {
    std::vector<double> weight(data.items(), 0.0);
    const sparse_row row = data.by_user()[u];
    for (std::size_t k = 0; k < row.size(); ++k) weight[row.index[k]] = double{row.value_of(k)};
    for (std::size_t i = 0; i < data.items(); ++i) {
      const double off = (weight[i] > 0 ? 1.0 : 0.0) - double{m.score(u, i)};
      sum += (1 + confidence * weight[i]) * off * off;
    }
    for (const float x : m.user_vectors()[u]) sum += ridge * double{x} * double{x};
  }
  for (std::size_t i = 0; i < data.items(); ++i)
    for (const float y : m.item_vectors()[i]) sum += ridge * double{y} * double{y};
  return sum;
}

TEST_CASE("als: each iteration lowers the loss") {
  const auto data = tastes(60, 40, 1);
  double before = std::numeric_limits<double>::infinity();
  for (const std::uint32_t iterations : {1u, 2u, 4u, 8u, 16u}) {
    const auto m =
        als{.factors = 6, .regularization = 0.5f, .confidence = 5, .iterations = iterations}.fit(data).value();
    const double now = loss(m, data, 0.5, 5);
    CHECK(now < before);
    before = now;
  }
}

TEST_CASE("als: a user folded in from the training history is the trained user") {
  const auto data = tastes(60, 40, 2);
  for (const bool binary : {false, true}) {
    const auto m = als{.factors = 9, .confidence = 3, .steps = 30, .binary = binary}.fit(data).value();
    embedding_model::scratch s;
    for (std::size_t u = 0; u < 60; u += 7) {
      const sparse_row row = binary ? data.by_user().binary()[u] : data.by_user()[u];
      const auto folded = m.fold_in(row, s);
      for (std::size_t j = 0; j < 9; ++j)
        CHECK(double{folded[j]} == Approx(double{m.user_vectors()[u][j]}).margin(2e-4));
    }
  }
}

TEST_CASE("als: finds what users with tastes take next, more often than popularity") {
  const auto parts = leave_last_out(tastes(300, 200, 3));
  const auto m = als{.factors = 16, .confidence = 5}.fit(parts.train).value();
  embedding_model::scratch s;
  std::vector<hit<>> buffer(10);
  const double ours = hit_rate(parts, [&](std::uint32_t, const sparse_row& row) { return m.search(row, buffer, s); });
  std::vector<hit<>> popular;
  const double theirs = hit_rate(parts, [&](std::uint32_t, const sparse_row& row) {
    best_hits<> best(buffer);
    for (std::uint32_t i = 0; i < parts.train.items(); ++i)
      if (std::find(row.index.begin(), row.index.end(), i) == row.index.end())
        best.offer({i, static_cast<float>(parts.train.by_item()[i].size()), 1});
    return best.ranked();
  });
  CHECK(ours > 0.25);
  CHECK(ours > 1.5 * theirs);
}

TEST_CASE("als: the last film of each MovieLens user, as references find it") {
  const auto all = mlsd_test::movielens();
  if (all.size() == 0) {
    WARN("skipped: no MovieLens ratings");
    return;
  }
  const auto parts = leave_last_out(all);
  const als config{.factors = 16, .regularization = 10, .confidence = 5, .iterations = 6, .binary = true};
  const auto m = config.fit(parts.train).value();
  embedding_model::scratch s;
  std::vector<hit<>> buffer(10);
  const double found = hit_rate(parts, [&](std::uint32_t u, const sparse_row& row) {
    return m.search(m.user_vectors()[u], buffer, s, [&](std::uint32_t id) {
      return std::find(row.index.begin(), row.index.end(), id) == row.index.end();
    });
  });
  CHECK(found > 0.055);  // popularity finds .043, a reference with 64 factors .067
}

TEST_CASE("als: the same seed gives the same model on any number of threads", "[threads]") {
  const auto data = tastes(200, 1100, 4);
  const als config{.factors = 10, .iterations = 3};
  CHECK(laws::same_model_on_any_threads([&](auto& ex) { return config.fit(data, ex); }));
  CHECK(laws::same_seed_same_model([&] { return config.fit(data); }));
  auto other = config;
  other.seed = 2;
  CHECK(fingerprint(other.fit(data).value()) != fingerprint(config.fit(data).value()));
}

TEST_CASE("als: users and items without entries get vectors of zeros") {
  const std::vector<interaction> events{{0, 1}, {2, 3}};
  const auto m = als{.factors = 4}.fit(interactions::make(events, 4, 6).value()).value();
  CHECK((m.users() == 4 && m.items() == 6));
  for (const float x : m.user_vectors()[1]) CHECK(x == 0);
  for (const float x : m.item_vectors()[5]) CHECK(std::fabs(x) < 1e-3f);
  CHECK(laws::survives_file(m));
  const std::uint32_t item = 1;
  CHECK(laws::ranks_hits(m, sparse_row{{&item, 1}, {}}, 6));
}

TEST_CASE("als: bad settings and data are named") {
  const auto data = tastes(10, 10, 5);
  const auto fails = [&](als config) { return config.fit(data).error().message; };
  CHECK(fails({.factors = 0}) == "als: factors must be 1 to 4,096");
  CHECK(fails({.regularization = 0}) == "als: regularization must be positive");
  CHECK(fails({.confidence = std::numeric_limits<float>::quiet_NaN()}) == "als: confidence must be positive");
  CHECK(fails({.iterations = 0}) == "als: iterations and steps must be at least 1");
  CHECK(als{}.fit({}).error().code == errc::empty);
  const std::vector<interaction> negative{{0, 0}, {1, 1, -2}};
  const auto bad = interactions::make(negative).value();
  CHECK(als{}.fit(bad).error().message == "als: user 1, item 1: the weight is negative");
  CHECK(als{.binary = true}.fit(bad));
  const std::vector<interaction> absurd{{0, 0, 3e38f}, {0, 1, 3e38f}, {1, 1, 3e38f}};
  const auto r = als{}.fit(interactions::make(absurd).value());
  CHECK((r ? r->validate().has_value() : r.error().code == errc::not_finite));
}

}  // namespace test_als
