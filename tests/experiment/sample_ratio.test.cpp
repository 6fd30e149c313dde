#include "mlsd/experiment/sample_ratio.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "catch.hpp"
#include "mlsd/core/concepts.hpp"
#include "mlsd/core/random.hpp"
#include "mlsd/testing/laws/files.hpp"
#include "mlsd/testing/laws/merge.hpp"

namespace test_sample_ratio {

using mlsd::sample_ratio;
const std::vector<double> even{1, 1};

sample_ratio of(const std::vector<double>& shares, const std::vector<std::uint64_t>& counts) {
  auto s = sample_ratio::make(shares).value();
  for (std::size_t a = 0; a < counts.size(); ++a) s.update(a, counts[a]);
  return s;
}

TEST_CASE("sample_ratio: chi-squared of a published mismatch") {
  // 821,588 users and 815,482 for halves: p = 1.8e-6 (Kohavi, Tang, Xu, Trustworthy Online Controlled Experiments,
  // 2020)
  const auto v = of(even, {821'588, 815'482}).value();
  CHECK(v.p_value == Approx(1.8e-6).epsilon(0.03));
  CHECK(v.statistic == Approx(6106.0 * 6106.0 / 1'637'070).epsilon(1e-12));
  CHECK(v.mismatch);
  CHECK(v.p_any_time > v.p_value);
  CHECK_FALSE(of(even, {815'888, 815'482}).value().mismatch);
}

TEST_CASE("sample_ratio: the Bayes factor is the product of predictions, one unit after the other") {
  const std::vector<double> shares{0.2, 0.3, 0.5};
  auto s = sample_ratio::make(shares, {.concentration = 7}).value();
  mlsd::random_stream random(1);
  std::vector<double> seen(3);
  double factor = 1, n = 0;
  for (int i = 0; i < 60; ++i) {
    const auto arm = random.categorical(std::vector<double>{0.6, 0.2, 0.2});
    factor *= (7 * shares[arm] + seen[arm]) / (7 + n) / shares[arm];
    ++seen[arm];
    ++n;
    s.update(arm);
    CHECK(s.value().p_any_time == Approx((std::min)(1.0, 1 / factor)).epsilon(1e-10));
  }
  CHECK(factor > 10);
}

TEST_CASE(
    "sample_ratio: looking after every unit raises no more alarms than promised; p-values of one look are level") {
  int any_time = 0, every_look = 0, one_look = 0;
  constexpr int runs = 400;
  for (std::uint64_t run = 0; run < runs; ++run) {
    mlsd::random_stream random(2, run);
    auto s = sample_ratio::make(even, {.level = 0.05, .concentration = 100}).value();
    bool alarmed = false, peeked = false;
    for (int i = 0; i < 1000; ++i) {
      s.update(random.bernoulli(0.5));
      if (i % 20 != 19) continue;
      alarmed |= s.value().mismatch;
      peeked |= s.value().p_value < 0.05;
    }
    any_time += alarmed;
    every_look += peeked;
    one_look += s.value().p_value < 0.05;
  }
  CHECK(any_time < 0.05 * runs);
  CHECK(every_look > 0.2 * runs);  // why the other one exists
  CHECK(one_look / double(runs) == Approx(0.05).margin(0.035));
}

TEST_CASE("sample_ratio: a mismatch is found; an arm that should be empty; nothing seen") {
  mlsd::random_stream random(3);
  auto s = sample_ratio::make(even).value();
  CHECK(s.value().p_value == 1);
  CHECK(std::isnan(s.value().statistic));
  int found = 0;
  while (!s.value().mismatch && found < 20'000) s.update(random.bernoulli(0.47)), ++found;
  CHECK(found < 10'000);
  s.update(7);
  CHECK(s.skipped() == 1);
  const std::vector<double> with_none{1, 0, 1};
  CHECK(of(with_none, {50, 0, 50}).value().p_value == 1);
  CHECK(of(with_none, {50, 1, 50}).value().p_any_time == 0);
  CHECK(of(with_none, {50, 1, 50}).value().mismatch);
}

TEST_CASE("sample_ratio: bad settings are errors") {
  for (const std::vector<double>& bad : {std::vector<double>{}, {1}, {1, 0}, {1, -1}, {-1, -3}, {1, std::nan("")}})
    CHECK_FALSE(sample_ratio::make(bad).has_value());
  CHECK_FALSE(sample_ratio::make(even, {.level = 0}).has_value());
  CHECK_FALSE(sample_ratio::make(even, {.concentration = 0}).has_value());
}

TEST_CASE("sample_ratio is an exact monoid and a monitor; files give it back, damaged ones do no harm") {
  static_assert(mlsd::monitor<sample_ratio, std::size_t>);
  const std::vector<sample_ratio> parts{of(even, {3, 4}), of(even, {10, 1}), of(even, {0, 5})};
  const auto ok = mlsd::laws::merges_as_monoid(std::span<const sample_ratio>(parts),
                                               [](const sample_ratio& s) { return s.counts(); });
  CHECK(ok.has_value());
  CHECK(mlsd::laws::survives_file(parts[0]).has_value());
  const auto refused =
      mlsd::laws::survives_damage(parts[1], {.mutations = 800, .truncations = 50}, [](sample_ratio& s) {
        s.update(1);
        (void)s.value();
      });
  REQUIRE(refused.has_value());
  CHECK(*refused > 100);
}

}  // namespace test_sample_ratio
