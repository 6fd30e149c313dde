#include "mlsd/training/calibrate.hpp"

#include "catch.hpp"
#include "mlsd/scoring/linear.hpp"
#include "training/clicks.hpp"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace test_calibrate {
using namespace mlsd;
using mlsd_test::clicks;
using mlsd_test::margins;

constexpr float nan = std::numeric_limits<float>::quiet_NaN();

// The margin is the only column.
linear_model identity_model() { return linear_model::make({.layout = linear_layout(1), .weight = {1, 0}}).value(); }
labelled_matrix matrix(const margins& s) {
  labelled_matrix m{feature_matrix({{"margin", 0}}, s.margin.size()), s.label, s.weight, {}};
  for (std::size_t i = 0; i < s.margin.size(); ++i) m.x.number(0)[i] = static_cast<float>(s.margin[i]);
  return m;
}

TEST_CASE("calibrate: batch, slices, threads-free row path and map of margins are the same bits") {
  const margins s = clicks(500, 4);
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
  const margins s = clicks(3000, 77);
  const auto model = calibrate<isotonic>(identity_model(), matrix(s), {.smoothing = 0}).value();
  for (const double level : model.map().y()) {
    double rows = 0, positives = 0;
    for (std::size_t i = 0; i < s.margin.size(); ++i)
      if (const float m = static_cast<float>(s.margin[i]); std::fabs(model(mixed_row{{&m, 1}, {}}) - level) < 1e-5) {
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
  for (const double p : {0.001, 0.2, 0.5, 0.97}) CHECK(at(back, p) == Approx(p / (p + (1 - p) / 0.05)).epsilon(1e-6));
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
  const margins s = clicks(200000, 5);
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
  const margins broken{{1, std::nan("")}, {0, 1}, {}};
  CHECK(isotonic{}.fit(broken.rows()).error().message == "calibration: row 1: the margin is not finite");
  CHECK(platt::fit(broken.rows()).error().code == errc::not_finite);
  const margins endless{{1, std::numeric_limits<double>::infinity()}, {0, 1}, {}};
  CHECK(isotonic{}.fit(endless.rows()).error().code == errc::not_finite);
  CHECK(isotonic{}.fit({endless.margin, std::span(endless.label).first(1), {}}).error().code == errc::invalid_argument);
}

}  // namespace test_calibrate
