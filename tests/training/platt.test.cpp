#include "mlsd/training/platt.hpp"

#include "catch.hpp"
#include "golden_json.hpp"
#include "mlsd/core/math.hpp"
#include "training/clicks.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace test_fit_platt {
using namespace mlsd;
using mlsd_test::clicks;
using mlsd_test::margins;

TEST_CASE("platt, temperature: golden cases, exact optima") {
  const auto cases = mlsd_test::golden("golden_calibration.jsonl");
  if (cases.empty()) {
    WARN("skipped: ../shared is absent");
    return;
  }
  REQUIRE(cases.size() == 3);
  for (const auto& c : cases) {
    margins m{c["in"]["s"].reals(), c["in"]["y"].reals<float>(), c["in"]["w"].reals<float>()};
    const auto map = platt::fit(m.rows()).value();  // theirs is 1 / (1 + exp(A s + B))
    CHECK(map.slope() == Approx(-c["out"]["platt_A"].real()).epsilon(1e-11));
    CHECK(map.offset() == Approx(-c["out"]["platt_B"].real()).epsilon(1e-11));
    for (double& s : m.margin) s = math::logit(std::clamp(s, 1e-15, 1 - 1e-15));
    CHECK(1 / temperature::fit(m.rows()).value().slope() == Approx(c["out"]["temperature"].real()).epsilon(1e-6));
  }
}

TEST_CASE("platt: finds the sigmoid that made the data, at any scale and offset of the margins") {
  const margins s = clicks(40000, 21);
  const auto map = platt::fit(s.rows()).value();
  CHECK(map.slope() == Approx(0.5).margin(0.02));
  CHECK(map.offset() == Approx(-1).margin(0.04));
  margins moved = clicks(2000, 21), here = moved;
  for (double& m : moved.margin) m = 1e6 + m * 1e-3;
  const auto a = platt::fit(here.rows()).value(), b = platt::fit(moved.rows()).value();
  for (const std::size_t i : {0u, 7u, 100u})
    CHECK(b.probability(moved.margin[i]) == Approx(a.probability(here.margin[i])).epsilon(1e-6));
  // Separable rows: finite, thanks to the targets. Equal margins: the smoothed base rate.
  const margins apart{{-2, -1, 1, 2}, {0, 0, 1, 1}, {}};
  CHECK(std::isfinite(platt::fit(apart.rows()).value().slope()));
  CHECK(std::isfinite(temperature::fit(apart.rows()).value().slope()));
  const margins flat{{3, 3, 3, 3}, {0, 1, 0, 0}, {}};
  const auto constant = platt::fit(flat.rows()).value();
  CHECK(constant.slope() == 0);
  CHECK(constant.probability(3) == Approx((2.0 / 3 + 3 * 0.2) / 4).epsilon(1e-12));
  const margins zeros{{0, 0}, {0, 1}, {}};
  CHECK(temperature::fit(zeros.rows()).value().probability(5) == 0.5);
}

TEST_CASE("platt: an integer weight is that many rows, and weight 0 is no row") {
  margins once = clicks(300, 9), often;
  for (std::size_t i = 0; i < 300; ++i) {
    once.weight.push_back(static_cast<float>(i % 4));
    for (std::size_t k = 0; k < i % 4; ++k) {
      often.margin.push_back(once.margin[i]);
      often.label.push_back(once.label[i]);
    }
  }
  const auto p = platt::fit(once.rows()).value(), q = platt::fit(often.rows()).value();
  CHECK(p.slope() == Approx(q.slope()).epsilon(1e-11));
  CHECK(p.offset() == Approx(q.offset()).epsilon(1e-11));
  CHECK(temperature::fit(once.rows()).value().slope() ==
        Approx(temperature::fit(often.rows()).value().slope()).epsilon(1e-9));
}

TEST_CASE("platt: at the optimum the mean prediction is the mean target") {
  const margins s = clicks(5000, 8);
  const auto map = platt::fit(s.rows()).value();
  double positives = 0, predicted = 0, target = 0;
  for (const float y : s.label) positives += static_cast<double>(y);
  for (std::size_t i = 0; i < s.margin.size(); ++i) {
    predicted += map.probability(s.margin[i]);
    target += s.label[i] == 1 ? (positives + 1) / (positives + 2) : 1 / (5000 - positives + 2);
  }
  CHECK(predicted == Approx(target).epsilon(1e-12));
}

}  // namespace test_fit_platt
