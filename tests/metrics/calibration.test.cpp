#include "mlsd/metrics/calibration.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include "catch.hpp"
#include "draws.hpp"
#include "golden_json.hpp"
#include "mlsd/core/concepts.hpp"
#include "round_trip.hpp"

namespace test_calibration {

using mlsd::calibration;
using mlsd::probability_error;
using mlsd::reliability;

TEST_CASE("calibration: reference values of ECE, MCE, root mean and ratio") {
  if (!mlsd_test::shared_dir()) {
    WARN("skipped: ../shared is absent");
    return;
  }
  int compared = 0, by_mass = 0;
  for (const auto& record : mlsd_test::golden("golden_binary.jsonl")) {
    const auto &in = record["in"], &out = record["out"];
    INFO(record["id"].text);
    std::vector<double> s = in["s"].reals(), y = in["y"].reals();
    const std::vector<double> w = in["w"].reals();
    if (in.has("file")) {
      s = mlsd_test::golden_column("streams/calhousing_scores.csv", "p");
      y = mlsd_test::golden_column("streams/calhousing_scores.csv", "y");
    }
    for (const std::size_t bins : {std::size_t{10}, std::size_t{15}}) {
      reliability r = reliability::equal_width(bins);
      for (std::size_t i = 0; i < s.size(); ++i) r.update(s[i], y[i], w.empty() ? 1 : w[i]);
      const auto c = calibration(r);
      const std::string width = "width" + std::to_string(bins);
      if (s.empty()) {
        CHECK(std::isnan(c.expected));
        CHECK(std::isnan(c.ci.lower));
        continue;
      }
      CHECK(c.expected == Approx(out["ece_" + width].real()).epsilon(1e-12));
      CHECK(c.maximum == Approx(out["mce_" + width].real()).epsilon(1e-12));
      CHECK(c.root_mean == Approx(out["ece_" + width + "_l2"].real()).epsilon(1e-12));
      const double ratio = out["calibration_ratio_sum_p_over_sum_y"].real();
      if (std::isinf(ratio)) {
        CHECK(std::isinf(c.ratio));
      } else {
        CHECK(c.ratio == Approx(ratio).epsilon(1e-12));
      }
      ++compared;
    }
    // The reference cuts ties in the middle, by position; without ties the two definitions are one.
    if (!s.empty() && std::set<double>(s.begin(), s.end()).size() == s.size() && s.size() % 10 == 0) {
      const std::vector<float> scores(s.begin(), s.end());
      reliability r = reliability::equal_mass(10, scores);
      for (std::size_t i = 0; i < s.size(); ++i) r.update(s[i], y[i]);
      CHECK(calibration(r).expected == Approx(out["ece_mass10"].real()).epsilon(1e-12));
      ++by_mass;
    }
  }
  CHECK(compared == 32);
  CHECK(by_mass == 1);
}

TEST_CASE("calibration by hand") {
  reliability r = reliability::equal_width(2);
  for (int i = 0; i < 3; ++i) r.update(0.25, i == 0);  // gap 1/12
  r.update(0.75, 0);                                   // gap -3/4
  const auto c = calibration(r);
  CHECK(c.expected == Approx(0.75 / 12 + 0.25 * 0.75).epsilon(1e-14));
  CHECK(c.maximum == 0.75);
  CHECK(c.ratio == 1.5);
  CHECK(c.ci.lower == 0);
}

TEST_CASE("calibration: weights are copies for the values; their scale does not change the interval") {
  mlsd_test::draws random{1};
  reliability weighted = reliability::equal_width(5), copied = weighted, scaled = weighted;
  for (int i = 0; i < 300; ++i) {
    const double p = random.uniform(), y = random.uniform() < p, w = 1.0 + static_cast<double>(random.below(3));
    weighted.update(p, y, w);
    scaled.update(p, y, w / 1024);
    for (int k = 0; k < w; ++k) copied.update(p, y);
  }
  const auto a = calibration(weighted), b = calibration(copied), c = calibration(scaled);
  CHECK(a.expected == Approx(b.expected).epsilon(1e-12));
  CHECK(a.ci.width() > b.ci.width());
  CHECK(a.ci.upper == Approx(c.ci.upper).epsilon(1e-12));
  CHECK(a.noise == Approx(c.noise).epsilon(1e-12));
}

struct simulated {
  double truth = 0, expected = 0, debiased = 0, noise = 0, coverage = 0;
};

/// Predictions off by `shift` in log odds, against their true binned error.
simulated simulate(int rows, double shift, std::uint64_t seed) {
  mlsd_test::draws random{seed};
  constexpr int repeats = 150;
  simulated s;
  for (int k = 0; k < repeats; ++k) {
    reliability r = reliability::equal_width(10);
    double gap[10] = {};
    for (int i = 0; i < rows; ++i) {
      const double z = 1.5 * random.normal() - 1;
      const double q = 1 / (1 + std::exp(-z)), p = 1 / (1 + std::exp(-z - shift));
      r.update(p, random.uniform() < q);
      gap[(std::min)(static_cast<int>(p * 10), 9)] += p - q;
    }
    double truth = 0;
    for (const double g : gap) truth += std::fabs(g) / rows;
    const auto c = calibration(r);
    s.truth += truth / repeats;
    s.expected += c.expected / repeats;
    s.debiased += c.debiased / repeats;
    s.noise += c.noise / repeats;
    s.coverage += c.ci.contains(truth) / double(repeats);
  }
  return s;
}

TEST_CASE("calibration: noise is the ECE of a perfect model; debiasing brings it nearer; intervals cover") {
  const simulated perfect = simulate(500, 0, 1), slight = simulate(500, 0.3, 2), bad = simulate(3000, 1, 3);
  CHECK(perfect.truth == Approx(0).margin(1e-15));
  CHECK(perfect.expected == Approx(perfect.noise).epsilon(0.08));
  CHECK(perfect.debiased < 0.7 * perfect.expected);
  CHECK(std::fabs(slight.debiased - slight.truth) < 0.5 * std::fabs(slight.expected - slight.truth));
  CHECK(bad.debiased == Approx(bad.truth).epsilon(0.02));
  for (const simulated& s : {perfect, slight, bad}) CHECK(s.coverage > 0.93);
}

TEST_CASE("probability_error: distance from known probabilities") {
  probability_error e;
  CHECK(std::isnan(e.value()));
  e.update(0.3, 0.2);
  e.update(0.1, 0.4, 3);
  e.update(std::nan(""), 0.1);
  e.update(0.1, std::nan(""));
  CHECK(e.value() == Approx((0.1 + 0.9) / 4).epsilon(1e-14));
  CHECK(e.bias() == Approx((0.1 - 0.9) / 4).epsilon(1e-14));
  CHECK(e.rows() == 2);
  CHECK(e.skipped() == 2);
  CHECK(e.with_interval().ci.contains(e.value()));
  probability_error none, copy = e;
  copy.merge(none);
  CHECK(copy == e);
  none.merge(e);
  CHECK(none == e);
  copy.merge(e);
  CHECK(copy.value() == Approx(e.value()).epsilon(1e-15));
}

TEST_CASE("probability_error is a monitor, and files give it back") {
  static_assert(mlsd::monitor<probability_error, double, double, double>);
  probability_error e;
  e.update(0.3, 0.2);
  CHECK(mlsd_test::round_trips(e));
}

}  // namespace test_calibration
