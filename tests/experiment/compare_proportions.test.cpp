#include "mlsd/experiment/compare_proportions.hpp"

#include <cmath>

#include "catch.hpp"
#include "golden_json.hpp"
#include "mlsd/core/random.hpp"

namespace test_compare_proportions {

using mlsd::compare_proportions;
using mlsd::proportion;

TEST_CASE("compare_proportions: statsmodels' pooled z, Newcombe interval and interval of the ratio") {
  if (!mlsd_test::shared_dir()) {
    WARN("skipped: ../shared is absent");
    return;
  }
  int compared = 0;
  for (const auto& record : mlsd_test::golden("golden_ab.jsonl")) {
    const auto &in = record["in"], &out = record["out"];
    if (!in.has("c1")) continue;
    INFO(record["id"].text);
    const proportion first{in["c1"].real(), in["n1"].real()}, second{in["c2"].real(), in["n2"].real()};
    const auto c = compare_proportions(second, first);  // statsmodels: first - second
    if (const double z = out["ztest_pooled_two-sided"][0].real(); std::isnan(z)) {
      CHECK(c.statistic == 0);
      CHECK(c.p_value == 1);
    } else {
      CHECK(c.statistic == Approx(z).epsilon(1e-13));
      CHECK(c.p_value == Approx(out["ztest_pooled_two-sided"][1].real()).epsilon(1e-12));
    }
    CHECK(c.difference.ci.lower == Approx(out["ci_diff_newcomb"][0].real()).epsilon(1e-12).margin(1e-15));
    CHECK(c.difference.ci.upper == Approx(out["ci_diff_newcomb"][1].real()).epsilon(1e-12).margin(1e-15));
    const auto& ratio = out["ci_ratio_log"];
    if (first.successes > 0 && second.successes > 0) {
      CHECK(c.lift.ci.lower + 1 == Approx(ratio[0].real()).epsilon(1e-12));
      CHECK(c.lift.ci.upper + 1 == Approx(ratio[1].real()).epsilon(1e-12));
    } else {
      CHECK(std::isnan(c.lift.ci.lower));
    }
    ++compared;
  }
  CHECK(compared == 5);
}

TEST_CASE("compare_proportions: no trials, the treatment is what the sign is about") {
  CHECK(std::isnan(compare_proportions({}, {1, 2}).p_value));
  CHECK(std::isnan(compare_proportions({1, 2}, {0, 0}).difference.value));
  const auto c = compare_proportions({100, 1000}, {120, 1000});
  CHECK(c.difference.value == Approx(0.02));
  CHECK(c.lift.value == Approx(0.2));
  CHECK(c.statistic > 0);
  const auto none = compare_proportions({10, 100}, {0, 100});
  CHECK(none.lift.value == -1);
  CHECK(none.difference.ci.upper < 0);
  const auto all = compare_proportions({3, 3}, {3, 3});
  CHECK(all.lift.standard_error == 0);
  CHECK(all.difference.ci.upper > 0.5);
}

TEST_CASE("compare_proportions: false alarms and coverage, from few successes on") {
  mlsd::random_stream random(1);
  const auto draw = [&](double rate, int n) {
    proportion p{0, double(n)};
    for (int i = 0; i < n; ++i) p.successes += random.bernoulli(rate);
    return p;
  };
  for (const double rate : {0.03, 0.3}) {
    constexpr int repeats = 1500;
    int alarms = 0, difference = 0, lift = 0, usable = 0;
    for (int r = 0; r < repeats; ++r) {
      alarms += compare_proportions(draw(rate, 200), draw(rate, 200)).p_value < 0.05;
      const auto c = compare_proportions(draw(rate, 200), draw(1.5 * rate, 300));
      difference += c.difference.ci.contains(0.5 * rate);
      usable += !std::isnan(c.lift.ci.lower);
      lift += c.lift.ci.contains(0.5);
    }
    CHECK(alarms / double(repeats) < 0.065);
    CHECK(difference / double(repeats) == Approx(0.955).margin(0.02));
    CHECK(lift / double(usable) == Approx(0.96).margin(0.025));
  }
}

}  // namespace test_compare_proportions
