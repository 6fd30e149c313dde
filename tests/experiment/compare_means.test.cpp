#include "mlsd/experiment/compare_means.hpp"

#include <cmath>

#include "catch.hpp"
#include "golden_json.hpp"
#include "mlsd/core/random.hpp"

namespace test_compare_means {

using mlsd::compare_means;
using mlsd::moments;

TEST_CASE("compare_means: scipy's Welch test and interval, lift by the delta method") {
  if (!mlsd_test::shared_dir()) {
    WARN("skipped: ../shared is absent");
    return;
  }
  int compared = 0;
  for (const auto& record : mlsd_test::golden("golden_ab.jsonl")) {
    const auto &in = record["in"], &out = record["out"];
    if (!out.has("welch")) continue;
    INFO(record["id"].text);
    const auto y = in["y"].reals(), t = in["t"].reals();
    moments arm[2];
    for (std::size_t i = 0; i < y.size(); ++i) arm[t[i] == 1].update(y[i]);
    const auto c = compare_means(arm[0], arm[1]);
    CHECK(c.statistic == Approx(out["welch"][0].real()).epsilon(1e-11));
    CHECK(c.p_value == Approx(out["welch"][1].real()).epsilon(1e-11));
    CHECK(c.degrees == Approx(out["welch"][2].real()).epsilon(1e-12));
    CHECK(c.difference.ci.lower == Approx(out["welch_ci"][0].real()).epsilon(1e-9));
    CHECK(c.difference.ci.upper == Approx(out["welch_ci"][1].real()).epsilon(1e-9));
    CHECK(c.lift.value == Approx(out["rel_lift_delta"]["lift"].real()).epsilon(1e-11));
    CHECK(c.lift.standard_error == Approx(out["rel_lift_delta"]["se"].real()).epsilon(1e-11));
    ++compared;
  }
  CHECK(compared == 2);
}

TEST_CASE("compare_means: no spread, too few rows, a control of 0") {
  moments flat, other, single, zero;
  for (int i = 0; i < 5; ++i) {
    flat.update(2);
    other.update(3);
    zero.update(i - 2.0);
  }
  single.update(1);
  const auto c = compare_means(flat, other);
  CHECK(c.difference.value == 1);
  CHECK(c.difference.standard_error == 0);
  CHECK(std::isnan(c.p_value));
  CHECK(std::isnan(compare_means(flat, single).p_value));
  CHECK(compare_means(flat, single).difference.value == -1);
  CHECK(std::isnan(compare_means({}, flat).difference.value));
  CHECK(std::isnan(compare_means(zero, flat).lift.value));
  CHECK(compare_means(zero, flat).p_value < 0.1);
}

TEST_CASE("compare_means: false alarms and coverage with unequal sizes and spreads") {
  mlsd::random_stream random(1);
  constexpr int repeats = 1500;
  int alarms = 0, difference = 0, lift = 0;
  for (int r = 0; r < repeats; ++r) {
    moments a, b, c;
    for (int i = 0; i < 12; ++i) a.update(random.normal(5, 1));
    for (int i = 0; i < 40; ++i) b.update(random.normal(5, 3));
    for (int i = 0; i < 40; ++i) c.update(random.normal(6, 3));
    alarms += compare_means(a, b).p_value < 0.05;
    difference += compare_means(a, c).difference.ci.contains(1);
    lift += compare_means(a, c).lift.ci.contains(0.2);
  }
  CHECK(alarms / double(repeats) == Approx(0.05).margin(0.02));
  CHECK(difference / double(repeats) == Approx(0.95).margin(0.02));
  CHECK(lift / double(repeats) == Approx(0.95).margin(0.02));
}

}  // namespace test_compare_means
