#include "mlsd/training/calibrate.hpp"

#include "catch.hpp"
#include "mlsd/scoring/linear.hpp"
#include "shared.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

namespace test_calibrate {
using namespace mlsd;

constexpr float nan = std::numeric_limits<float>::quiet_NaN();

// The numbers after "name": in a line of JSON, a list or one number.
std::vector<double> field(const std::string& line, const std::string& name) {
  std::vector<double> values;
  std::size_t at = line.find('"' + name + '"');
  if (at == std::string::npos) return values;
  at = line.find(':', at) + 1;
  while (line[at] == ' ') ++at;
  const bool list = line[at] == '[';
  if (line[at] == '"') return {std::numeric_limits<double>::infinity()};
  if (list) ++at;
  for (const char* p = line.c_str() + at;;) {
    char* end = nullptr;
    values.push_back(std::strtod(p, &end));
    if (!list || *end != ',') return values;
    p = end + 1;
  }
}

struct sample {
  std::vector<double> margin;
  std::vector<float> label, weight;
  [[nodiscard]] calibration_rows rows() const { return {margin, label, weight}; }
};

// Clicks whose true probability is sigmoid(margin / 2 - 1).
sample clicks(std::size_t n, std::uint64_t state) {
  sample s;
  const auto next = [&] {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return static_cast<double>(state >> 40) / 16777216.0;
  };
  for (std::size_t i = 0; i < n; ++i) {
    s.margin.push_back(std::floor(next() * 400) / 50 - 4);
    s.label.push_back(next() < 1 / (1 + std::exp(1 - s.margin.back() / 2)) ? 1.0f : 0.0f);
  }
  return s;
}

// The margin is the only column.
linear_model identity_model() {
  return linear_model::make({.layout = linear_layout(1), .weight = {1, 0}}).value();
}
labelled_matrix matrix(const sample& s) {
  labelled_matrix m{feature_matrix({{"margin", 0}}, s.margin.size()), s.label, s.weight, {}};
  for (std::size_t i = 0; i < s.margin.size(); ++i) m.x.number(0)[i] = static_cast<float>(s.margin[i]);
  return m;
}

TEST_CASE("calibrate: golden cases of scikit-learn (isotonic) and of exact optima (Platt, temperature)") {
  if (!mlsd_test::shared_dir()) {
    WARN("skipped: ../shared is absent");
    return;
  }
  std::ifstream in(std::string(mlsd_test::shared_dir()) + "/golden/stats/golden_calibration.jsonl");
  std::size_t cases = 0;
  for (std::string line; std::getline(in, line); ++cases) {
    sample s;
    for (const double y : field(line, "y")) s.label.push_back(static_cast<float>(y));
    for (const double w : field(line, "w")) s.weight.push_back(static_cast<float>(w));
    s.margin = field(line, "s");

    const auto iso = isotonic{.smoothing = 0}.fit(s.rows()).value();
    const auto x = field(line, "isotonic_x"), y = field(line, "isotonic_y");
    REQUIRE(std::vector(iso.x().begin(), iso.x().end()) == x);
    for (std::size_t i = 0; i < y.size(); ++i) CHECK(iso.y()[i] == Approx(y[i]).epsilon(1e-15));
    const auto query = field(line, "isotonic_query"), answer = field(line, "isotonic_pred");
    REQUIRE(query.size() == 9);
    for (std::size_t i = 0; i < query.size(); ++i)
      CHECK(iso.probability(query[i]) == Approx(answer[i]).epsilon(4e-16).margin(1e-300));

    const auto sigmoid = platt::fit(s.rows()).value();  // theirs is 1 / (1 + exp(A s + B))
    CHECK(sigmoid.slope() == Approx(-field(line, "platt_A")[0]).epsilon(1e-11));
    CHECK(sigmoid.offset() == Approx(-field(line, "platt_B")[0]).epsilon(1e-11));

    sample logits = s;
    for (double& m : logits.margin) m = math::logit(std::clamp(m, 1e-15, 1 - 1e-15));
    CHECK(1 / temperature::fit(logits.rows()).value().slope() == Approx(field(line, "temperature")[0]).epsilon(1e-6));
  }
  CHECK(cases == 3);
}

TEST_CASE("isotonic: the map minimises squared error and log loss among non-decreasing ones") {
  const sample s = clicks(400, 3);
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
  sample s;
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
  sample flat{{2, 2, 2, 2}, {0, 1, 0, 0}, {}};
  CHECK(isotonic{.smoothing = 0}.fit(flat.rows()).value().probability(7) == 0.25);
  CHECK(isotonic{}.fit(flat.rows()).value().probability(7) == Approx(2.0 / 6));
  CHECK_FALSE(isotonic{.smoothing = -1}.fit(flat.rows()));
  CHECK_FALSE(isotonic{.smoothing = std::nan("")}.fit(flat.rows()));
}

TEST_CASE("calibrate: an integer weight is that many rows, and weight 0 is no row") {
  sample once = clicks(300, 9), often;
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
  const auto p = platt::fit(once.rows()).value(), q = platt::fit(often.rows()).value();
  CHECK(p.slope() == Approx(q.slope()).epsilon(1e-11));
  CHECK(p.offset() == Approx(q.offset()).epsilon(1e-11));
  CHECK(temperature::fit(once.rows()).value().slope() ==
        Approx(temperature::fit(often.rows()).value().slope()).epsilon(1e-9));
}

TEST_CASE("platt: finds the sigmoid that made the data, at any scale and offset of the margins") {
  const sample s = clicks(40000, 21);
  const auto map = platt::fit(s.rows()).value();
  CHECK(map.slope() == Approx(0.5).margin(0.02));
  CHECK(map.offset() == Approx(-1).margin(0.04));
  sample moved = clicks(2000, 21), here = moved;
  for (double& m : moved.margin) m = 1e6 + m * 1e-3;
  const auto a = platt::fit(here.rows()).value(), b = platt::fit(moved.rows()).value();
  for (const std::size_t i : {0u, 7u, 100u})
    CHECK(b.probability(moved.margin[i]) == Approx(a.probability(here.margin[i])).epsilon(1e-6));
  // Separable rows: finite, thanks to the targets. Equal margins: the smoothed base rate.
  const sample apart{{-2, -1, 1, 2}, {0, 0, 1, 1}, {}};
  CHECK(std::isfinite(platt::fit(apart.rows()).value().slope()));
  CHECK(std::isfinite(temperature::fit(apart.rows()).value().slope()));
  const sample flat{{3, 3, 3, 3}, {0, 1, 0, 0}, {}};
  const auto constant = platt::fit(flat.rows()).value();
  CHECK(constant.slope() == 0);
  CHECK(constant.probability(3) == Approx((2.0 / 3 + 3 * 0.2) / 4).epsilon(1e-12));
  const sample zeros{{0, 0}, {0, 1}, {}};
  CHECK(temperature::fit(zeros.rows()).value().probability(5) == 0.5);
}

TEST_CASE("calibrate: batch, slices, threads-free row path and map of margins are the same bits") {
  const sample s = clicks(500, 4);
  const auto data = matrix(s);
  const auto same = [&](const auto& model) {
    std::vector<double> raw(500), answer(500);
    model.raw(data.x.columns(), raw);
    model(data.x.columns(), answer);
    for (std::size_t i = 0; i < 500; ++i) {
      const float x = data.x.number(0)[i];
      const mixed_row row{{&x, 1}, {}};
      REQUIRE(std::bit_cast<std::uint64_t>(model.raw(row)) == std::bit_cast<std::uint64_t>(raw[i]));
      REQUIRE(std::bit_cast<std::uint64_t>(model(row)) == std::bit_cast<std::uint64_t>(answer[i]));
      REQUIRE(answer[i] == Approx(1 / (1 + std::exp(-raw[i]))).epsilon(1e-12));
    }
  };
  const auto iso = calibrate<isotonic>(identity_model(), data).value();
  same(iso);
  same(calibrate<platt>(identity_model(), data).value());
  same(calibrate<temperature>(identity_model(), data).value());
  // Maps follow maps: shifted back after down-sampling, then isotonic.
  const auto shifted = recalibrate(identity_model(), keep_rates{.negatives = 0.1}).value();
  same(shifted);
  const auto chained = calibrate<isotonic>(shifted, data, {.smoothing = 1}).value();
  same(chained);
  CHECK(chained.model().map().shift() == Approx(std::log(0.1)).epsilon(1e-15));
  CHECK(chained.width() == 1);
}

TEST_CASE("calibrate: isotonic on the calibration rows is calibrated in every bin it makes") {
  const sample s = clicks(3000, 77);
  const auto model = calibrate<isotonic>(identity_model(), matrix(s), {.smoothing = 0}).value();
  for (const double level : model.map().y()) {
    double rows = 0, positives = 0;
    for (std::size_t i = 0; i < s.margin.size(); ++i)
      if (const float m = static_cast<float>(s.margin[i]);
          std::fabs(model(mixed_row{{&m, 1}, {}}) - level) < 1e-5) {
        ++rows;
        positives += static_cast<double>(s.label[i]);
      }
    REQUIRE(rows > 0);
    CHECK(positives / rows == Approx(level).margin(2e-5));
  }
}

TEST_CASE("recalibrate: undoes down-sampling and moves priors, in logit space") {
  const auto m = identity_model();
  const auto at = [](const auto& model, double p) {
    const float x = static_cast<float>(math::logit(p));
    return model(mixed_row{{&x, 1}, {}});
  };
  const auto back = recalibrate(m, keep_rates{.negatives = 0.05}).value();
  for (const double p : {0.001, 0.2, 0.5, 0.97})
    CHECK(at(back, p) == Approx(p / (p + (1 - p) / 0.05)).epsilon(1e-6));
  const auto both = recalibrate(m, keep_rates{.negatives = 0.05, .positives = 0.5}).value();
  CHECK(at(both, 0.2) == Approx(0.2 / 0.5 / (0.2 / 0.5 + 0.8 / 0.05)).epsilon(1e-6));
  const auto moved = recalibrate(m, prior_shift{.from = 0.5, .to = 0.01}).value();
  CHECK(at(moved, 0.5) == Approx(0.01).epsilon(1e-12));
  CHECK_FALSE(recalibrate(m, keep_rates{.negatives = 0}));
  CHECK_FALSE(recalibrate(m, keep_rates{.negatives = 1.5}));
  CHECK_FALSE(recalibrate(m, prior_shift{.from = 0.5, .to = 1}));
}

TEST_CASE("recalibrate: a model of down-sampled clicks is calibrated again") {
  // 200,000 clicks at sigmoid(m / 2 - 1); negatives kept at 0.1; Platt on what was kept, then shifted back.
  const sample s = clicks(200000, 5);
  const auto kept = downsample{.keep = {.negatives = 0.1}, .seed = 1}(s.label).value();
  const auto all = matrix(s);
  const auto thin = calibrate<platt>(identity_model(), gather(all, kept.rows)).value();
  const auto back = recalibrate(thin, kept.rates).value();
  for (const double m : {-3.0, 0.0, 3.0}) {
    const float x = static_cast<float>(m);
    const double truth = 1 / (1 + std::exp(1 - m / 2));
    CHECK(back(mixed_row{{&x, 1}, {}}) == Approx(truth).epsilon(0.05));
    CHECK(thin(mixed_row{{&x, 1}, {}}) > 1.1 * truth);
  }
}

TEST_CASE("calibrate: bad rows are errors that name the culprit") {
  const auto m = identity_model();
  const auto says = [&](labelled_matrix data) {
    const auto r = calibrate<isotonic>(m, data);
    REQUIRE_FALSE(r);
    REQUIRE(calibrate<platt>(m, data).error().code == r.error().code);
    REQUIRE(calibrate<temperature>(m, data).error().code == r.error().code);
    return r.error().message;
  };
  const auto rows = [&](std::vector<float> label, std::vector<float> weight = {}) {
    return matrix({std::vector<double>(label.size(), 1.0), label, weight});
  };
  CHECK(says(rows({})) == "no rows");
  CHECK(says(rows({0, 1, nan})) == "row 2: the label is not finite");
  CHECK(says(rows({0, 0.5f})).find("row 1: the label is 0.5") != std::string::npos);
  CHECK(says(rows({1, 1})) == "calibration: every row has label 1");
  CHECK(says(rows({0, 1}, {1, 0})) == "calibration: every row has label 0");
  CHECK(says(rows({0, 1}, {0, 0})) == "calibration: the weights of all rows are zero");
  CHECK(says(rows({0, 1}, {1, -1})) == "row 1: the weight is negative or not finite");
  const sample broken{{1, std::nan("")}, {0, 1}, {}};
  CHECK(isotonic{}.fit(broken.rows()).error().message == "calibration: row 1: the margin is not finite");
  CHECK(platt::fit(broken.rows()).error().code == errc::not_finite);
  const sample endless{{1, std::numeric_limits<double>::infinity()}, {0, 1}, {}};
  CHECK(isotonic{}.fit(endless.rows()).error().code == errc::not_finite);
  CHECK(isotonic{}.fit({endless.margin, std::span(endless.label).first(1), {}}).error().code ==
        errc::invalid_argument);
}

}  // namespace test_calibrate
