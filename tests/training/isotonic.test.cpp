#include "mlsd/training/isotonic.hpp"

#include "catch.hpp"
#include "golden_json.hpp"
#include "training/clicks.hpp"

#include <cmath>
#include <cstddef>
#include <vector>

namespace test_fit_isotonic {
using namespace mlsd;
using mlsd_test::clicks;
using mlsd_test::margins;

TEST_CASE("isotonic: golden cases of scikit-learn") {
  const auto cases = mlsd_test::golden("golden_calibration.jsonl");
  if (cases.empty()) {
    WARN("skipped: ../shared is absent");
    return;
  }
  REQUIRE(cases.size() == 3);
  for (const auto& c : cases) {
    const margins m{c["in"]["s"].reals(), c["in"]["y"].reals<float>(), c["in"]["w"].reals<float>()};
    const auto map = isotonic{.smoothing = 0}.fit(m.rows()).value();
    const auto& out = c["out"];
    REQUIRE(std::vector(map.x().begin(), map.x().end()) == out["isotonic_x"].reals());
    for (std::size_t i = 0; i < map.y().size(); ++i)
      CHECK(map.y()[i] == Approx(out["isotonic_y"][i].real()).epsilon(1e-15));
    REQUIRE(out["isotonic_query"].size() == 9);
    for (std::size_t i = 0; i < 9; ++i)
      CHECK(map.probability(out["isotonic_query"][i].real()) ==
            Approx(out["isotonic_pred"][i].real()).epsilon(4e-16).margin(1e-300));
  }
}

TEST_CASE("isotonic: the map minimises squared error and log loss among non-decreasing ones") {
  const margins s = clicks(400, 3);
  const auto map = isotonic{.smoothing = 0}.fit(s.rows()).value();
  const auto loss = [&](auto&& p) {
    double squares = 0;
    for (std::size_t i = 0; i < s.margin.size(); ++i) {
      const double d = p(i) - static_cast<double>(s.label[i]);
      squares += d * d;
    }
    return squares;
  };
  const double best = loss([&](std::size_t i) { return map.probability(s.margin[i]); });
  // Every direction that keeps the map non-decreasing: towards a step at any place, and towards the base rate.
  for (double step = -4; step <= 4; step += 0.25)
    CHECK(best <= loss([&](std::size_t i) {
            return 0.999 * map.probability(s.margin[i]) + 0.001 * (s.margin[i] > step ? 1.0 : 0.0);
          }));
  CHECK(best <= loss([&](std::size_t i) { return 0.999 * map.probability(s.margin[i]) + 0.0003; }));
  // Calibration in the large: the mean prediction is the base rate.
  double predicted = 0, seen = 0;
  for (std::size_t i = 0; i < s.margin.size(); ++i) {
    predicted += map.probability(s.margin[i]);
    seen += static_cast<double>(s.label[i]);
  }
  CHECK(predicted == Approx(seen).epsilon(1e-12));
}

TEST_CASE("isotonic: smoothing keeps the ends off 0 and 1, by the estimator it names") {
  margins s;
  for (int i = 0; i < 20; ++i) {
    s.margin.push_back(i);
    s.label.push_back(i < 12 ? 0.0f : 1.0f);
  }
  const auto hard = isotonic{.smoothing = 0}.fit(s.rows()).value();
  CHECK(hard.probability(-5) == 0);
  CHECK(hard.probability(100) == 1);
  CHECK(std::isinf(hard.margin(-5)));
  const auto soft = isotonic{}.fit(s.rows()).value();
  CHECK(soft.probability(-5) == Approx(0.5 / 13).epsilon(1e-15));
  CHECK(soft.probability(100) == Approx(8.5 / 9).epsilon(1e-15));
  CHECK(std::isfinite(soft.margin(-5)));
  // One margin for all rows: a constant.
  margins flat{{2, 2, 2, 2}, {0, 1, 0, 0}, {}};
  CHECK(isotonic{.smoothing = 0}.fit(flat.rows()).value().probability(7) == 0.25);
  CHECK(isotonic{}.fit(flat.rows()).value().probability(7) == Approx(2.0 / 6));
  CHECK_FALSE(isotonic{.smoothing = -1}.fit(flat.rows()));
  CHECK_FALSE(isotonic{.smoothing = std::nan("")}.fit(flat.rows()));
}

TEST_CASE("isotonic: an integer weight is that many rows, and weight 0 is no row, in bits") {
  margins once = clicks(300, 9), often;
  for (std::size_t i = 0; i < 300; ++i) {
    once.weight.push_back(static_cast<float>(i % 4));
    for (std::size_t k = 0; k < i % 4; ++k) {
      often.margin.push_back(once.margin[i]);
      often.label.push_back(once.label[i]);
    }
  }
  const auto a = isotonic{}.fit(once.rows()).value(), b = isotonic{}.fit(often.rows()).value();
  CHECK(std::vector(a.x().begin(), a.x().end()) == std::vector(b.x().begin(), b.x().end()));
  CHECK(std::vector(a.y().begin(), a.y().end()) == std::vector(b.y().begin(), b.y().end()));
}

TEST_CASE("isotonic: margins that are equal are one, -0 and 0 too, whatever the order of rows") {
  const margins a{{0.0, -0.0, 1, 1}, {1, 0, 1, 0}, {}}, b{{1, 0, 1, 0}, {0, 0, 1, 1}, {}};
  const auto p = isotonic{.smoothing = 0}.fit(a.rows()).value(), q = isotonic{.smoothing = 0}.fit(b.rows()).value();
  CHECK(p == q);
  CHECK(p.probability(0) == 0.5);
  CHECK(p.probability(1) == 0.5);
}

TEST_CASE("isotonic: bad rows are errors") {
  const margins none;
  CHECK(isotonic{}.fit(none.rows()).error().code == errc::empty);
}

}  // namespace test_fit_isotonic
