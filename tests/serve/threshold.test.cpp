#include "mlsd/serve/threshold.hpp"
#include "mlsd/core/random.hpp"

#include <limits>

#include "catch.hpp"

namespace test_threshold {
using mlsd::verdict;

TEST_CASE("threshold: pass, review, block", "[serve]") {
  constexpr mlsd::threshold t{.review = 0.6, .block = 0.95};
  static_assert(t(0.59) == verdict::pass && t(0.6) == verdict::review && t(0.949) == verdict::review);
  static_assert(t(0.95) == verdict::block && t(2) == verdict::block && t(-1) == verdict::pass);
  CHECK(t(std::numeric_limits<double>::quiet_NaN()) == verdict::review);
  constexpr mlsd::threshold no_people{.review = 0.8, .block = 0.5};
  static_assert(no_people(0.49) == verdict::pass && no_people(0.5) == verdict::block);
  CHECK(no_people(std::numeric_limits<double>::quiet_NaN()) == verdict::review);
  CHECK(to_string(verdict::review) == "review");
  CHECK_FALSE(mlsd::threshold{.review = std::numeric_limits<double>::quiet_NaN()}.validate());
}

TEST_CASE("cheapest: at every probability the verdict costs least", "[serve]") {
  mlsd::random_stream random(5);
  for (int i = 0; i < 200; ++i) {
    const mlsd::decision_costs cost{0.1 + 100 * random.uniform(), 0.1 + 10 * random.uniform(),
                                    0.01 + 2 * random.uniform()};
    const mlsd::threshold t = mlsd::cheapest(cost);
    for (double p = 0.0005; p < 1; p += 0.001) {
      const double pass = p * cost.missed, block = (1 - p) * cost.wrong_block;
      const double least = std::min({pass, block, cost.review});
      const double taken = t(p) == verdict::pass ? pass : t(p) == verdict::block ? block : cost.review;
      CHECK(taken <= least + 1e-9);
    }
  }
}

TEST_CASE("within_budget: people see the most suspicious, no more than they can", "[serve]") {
  mlsd::random_stream random(6);
  std::vector<double> scores;
  for (int i = 0; i < 1000; ++i) scores.push_back(static_cast<double>(random.uniform_int(50)) / 50);
  scores.push_back(std::numeric_limits<double>::quiet_NaN());
  const mlsd::threshold wide{.review = 0.3, .block = 0.9};
  const auto in_review = [&](const mlsd::threshold& t) {
    return std::count_if(scores.begin(), scores.end(), [&](double s) { return s == s && t(s) == verdict::review; });
  };
  const auto all = in_review(wide);
  for (const std::size_t most :
       {std::size_t{0}, std::size_t{1}, std::size_t{20}, std::size_t{100}, std::size_t{5000}}) {
    const mlsd::threshold t = mlsd::within_budget(wide, scores, most);
    CHECK(in_review(t) <= static_cast<std::ptrdiff_t>(most));
    CHECK(t.block == wide.block);
    if (most >= static_cast<std::size_t>(all))
      CHECK(t == wide);
    else
      CHECK(in_review(t) + 40 > static_cast<std::ptrdiff_t>(most));  // about 20 of a kind
  }
}

}  // namespace test_threshold
