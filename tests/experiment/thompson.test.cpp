#include "mlsd/experiment/thompson.hpp"

#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "golden_json.hpp"
#include "mlsd/core/concepts.hpp"
#include "mlsd/testing/laws/files.hpp"
#include "mlsd/testing/laws/merge.hpp"
#include "mlsd/testing/laws/training.hpp"

namespace test_thompson {

using mlsd::thompson;

thompson with(const std::vector<std::pair<double, double>>& rewards) {
  auto t = thompson::make({.arms = rewards.size(), .seed = 5}).value();
  for (std::size_t a = 0; a < rewards.size(); ++a) {
    t.update(a, 1, rewards[a].first);
    t.update(a, 0, rewards[a].second);
  }
  return t;
}

/// P(arm 1 beats arm 0) for whole counts, as a finite sum (Evan Miller, Formulas for Bayesian A/B Testing, 2013).
double second_is_best(double a0, double b0, double a1, double b1) {
  const auto log_beta = [](double a, double b) { return std::lgamma(a) + std::lgamma(b) - std::lgamma(a + b); };
  double sum = 0;
  for (double i = 0; i < a1; ++i)
    sum += std::exp(log_beta(a0 + i, b0 + b1) - std::log(b1 + i) - log_beta(1 + i, b1) - log_beta(a0, b0));
  return sum;
}

TEST_CASE("thompson: the chance to be best is exact for two arms") {
  for (const auto& [s0, f0, s1, f1] :
       {std::array<double, 4>{120, 880, 150, 850}, {0, 0, 0, 0}, {3, 1, 2, 9}, {0, 30, 1, 2}, {500, 20000, 3, 40}}) {
    const auto best = with({{s0, f0}, {s1, f1}}).probability_best();
    CHECK(best[1] == Approx(second_is_best(s0 + 1, f0 + 1, s1 + 1, f1 + 1)).epsilon(1e-9));
    CHECK(best[0] + best[1] == Approx(1).epsilon(1e-10));
  }
  for (const auto& record : mlsd_test::golden("golden_ab.jsonl")) {
    const auto &in = record["in"], &out = record["out"]["bayes_prob_2_gt_1_uniform_prior"];
    if (!out.is_number()) continue;
    const double c1 = in["c1"].real(), c2 = in["c2"].real();
    const auto best = with({{c1, in["n1"].real() - c1}, {c2, in["n2"].real() - c2}}).probability_best();
    CHECK(best[1] == Approx(out.real()).epsilon(1e-9));
  }
}

TEST_CASE("thompson: it plays each arm as often as that is likely to be the best") {
  const auto t = with({{10, 90}, {14, 86}, {12, 60}, {1, 3}});
  const auto best = t.probability_best();
  double sum = 0;
  for (const double p : best) sum += p;
  CHECK(sum == Approx(1).epsilon(1e-10));
  std::vector<double> played(4);
  constexpr int steps = 20'000;
  for (std::uint64_t step = 0; step < steps; ++step) ++played[t.choose(step)];
  for (std::size_t a = 0; a < 4; ++a) CHECK(played[a] / steps == Approx(best[a]).margin(0.012));
}

TEST_CASE("thompson: arms of very unlike certainty still add up") {
  const auto best = with({{1e6, 9e6}, {0, 0}, {100'000, 900'300}}).probability_best();
  CHECK(best[0] + best[1] + best[2] == Approx(1).epsilon(1e-8));
  CHECK(best[1] == Approx(0.9).margin(1e-3));
  const auto alike = with({{5, 5}, {5, 5}, {5, 5}, {5, 5}}).probability_best();
  for (const double p : alike) CHECK(p == Approx(0.25).epsilon(1e-10));
}

TEST_CASE("thompson: an arm known to the last digit against one that nobody has tried") {
  for (const double n : {1e4, 1e9, 1e10, 1e12}) {
    INFO(n);
    const auto best = with({{n / 2, n / 2}, {0, 0}}).probability_best();
    CHECK(best[0] == Approx(0.5).epsilon(1e-8));
    CHECK(best[0] + best[1] == Approx(1).epsilon(1e-10));
  }
  std::vector<std::pair<double, double>> many;
  for (int a = 0; a < 20; ++a) many.emplace_back(100, 5000);
  for (const double p : with(many).probability_best()) CHECK(p == Approx(0.05).epsilon(1e-10));
}

TEST_CASE("thompson: counts end at 1e12") {
  auto t = with({{1, 1}});
  t.update(0, 1, 1e308);
  t.update(0, 1, 1e308);
  auto twice = t;
  twice.merge(t);
  CHECK(twice.posterior(0).a <= 1e12 + 1);
  CHECK(twice.validate().has_value());
  CHECK(twice.choose(1) == 0);
}

TEST_CASE("thompson: regret grows slowly") {
  const double rates[] = {0.04, 0.05, 0.10};
  double regret = 0;
  for (std::uint64_t run = 0; run < 10; ++run) {
    auto t = thompson::make({.arms = 3, .seed = run}).value();
    mlsd::random_stream users(9, run);
    for (std::uint64_t step = 0; step < 4000; ++step) {
      const std::size_t arm = t.choose(step);
      regret += 0.10 - rates[arm];
      t.update(arm, users.bernoulli(rates[arm]));
    }
    CHECK(t.value() == Approx(0.1).margin(0.03));
  }
  CHECK(regret / 10 < 40);  // playing at random costs 147
}

TEST_CASE("thompson: what is left out; bad settings") {
  auto t = with({{1, 1}, {1, 1}});
  t.update(0, 0.5);
  t.update(2, 1);
  t.update(0, 1, -1);
  t.update(0, 1, std::nan(""));
  CHECK(t.skipped() == 4);
  CHECK(t.posterior(0) == mlsd::beta_distribution{2, 2});
  CHECK(std::isnan(thompson{}.value()));
  CHECK(thompson{}.probability_best().empty());
  CHECK_FALSE(thompson::make({.arms = 0}).has_value());
  CHECK_FALSE(thompson::make({.prior = {0, 1}}).has_value());
  CHECK_FALSE(thompson::make({.prior = {1, std::nan("")}}).has_value());
}

TEST_CASE("thompson is an exact monoid; a choice is a function of seed and step; files give it back") {
  static_assert(mlsd::monitor<thompson, std::size_t, double, double>);
  const std::vector<thompson> parts{with({{1, 2}, {3, 4}}), with({{5, 0}, {0, 7}}), with({{2, 2}, {9, 1}})};
  CHECK(mlsd::laws::merges_as_monoid(std::span<const thompson>(parts)).has_value());
  auto all = parts[0];
  all.merge(parts[1]);
  all.merge(parts[2]);
  CHECK(all == with({{8, 4}, {12, 12}}));
  for (std::uint64_t step = 0; step < 200; ++step) REQUIRE(all.choose(step) == with({{8, 4}, {12, 12}}).choose(step));
  CHECK(mlsd::laws::survives_file(all).has_value());
  const auto refused = mlsd::laws::survives_damage(all, {.mutations = 500, .truncations = 50}, [](thompson& t) {
    t.update(0, 1);
    if (t.arms() > 0) CHECK(t.choose(3) < t.arms());
  });
  REQUIRE(refused.has_value());
  CHECK(*refused > 50);
}

TEST_CASE("thompson: choices from several threads", "[threads]") {
  const auto t = with({{10, 90}, {14, 86}});
  CHECK(mlsd::laws::is_safe_to_share([&](std::size_t i) { return double(t.choose(i)); }, 300).has_value());
}

}  // namespace test_thompson
