#include "mlsd/training/ftrl.hpp"

#include "catch.hpp"
#include "mlsd/core/concepts.hpp"
#include "training/linear_clicks.hpp"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace test_ftrl {
using namespace mlsd;
using mlsd_test::linear_clicks;
using mlsd_test::same_model;

static_assert(trainer<ftrl_trainer, logistic, training_matrix>);

constexpr float nan = std::numeric_limits<float>::quiet_NaN();

std::uint64_t bits(double x) { return std::bit_cast<std::uint64_t>(x); }

training_matrix training(labelled_matrix m) { return training_matrix::out_of_fold(std::move(m)); }

// Newton's method on the mean log loss over [1, a, b, noise, code == 1, ..., code == 4]: the optimum, another way.
std::vector<double> newton(const labelled_matrix& m) {
  constexpr std::size_t d = 8;
  std::vector<double> w(d, 0.0);
  for (int step = 0; step < 12; ++step) {
    double h[d][d + 1] = {};
    for (std::size_t i = 0; i < m.rows(); ++i) {
      double x[d] = {1, static_cast<double>(m.x.number(0)[i]), static_cast<double>(m.x.number(1)[i]),
                     static_cast<double>(m.x.number(2)[i])};
      if (m.x.code(0)[i] != 0) x[3 + m.x.code(0)[i]] = 1;
      double z = 0;
      for (std::size_t j = 0; j < d; ++j) z += w[j] * x[j];
      const double p = 1 / (1 + std::exp(-z)), weight = static_cast<double>(m.weight_of(i));
      for (std::size_t j = 0; j < d; ++j) {
        for (std::size_t k = 0; k < d; ++k) h[j][k] += weight * p * (1 - p) * x[j] * x[k];
        h[j][d] += weight * (p - static_cast<double>(m.label[i])) * x[j];
      }
    }
    for (std::size_t j = 0; j < d; ++j)
      for (std::size_t k = 0; k < d; ++k) {
        if (k == j) continue;
        const double f = h[k][j] / h[j][j];
        for (std::size_t c = j; c <= d; ++c) h[k][c] -= f * h[j][c];
      }
    for (std::size_t j = 0; j < d; ++j) w[j] -= h[j][d] / h[j][j];
  }
  return w;
}

double mean_loss(const linear_model& model, const labelled_matrix& m) {
  std::vector<double> margin(m.rows());
  model.raw(m.x.columns(), margin);
  double loss = 0, total = 0;
  for (std::size_t i = 0; i < m.rows(); ++i) {
    loss += static_cast<double>(m.weight_of(i)) * logistic::value(margin[i], m.label[i]);
    total += static_cast<double>(m.weight_of(i));
  }
  return loss / total;
}

TEST_CASE("ftrl: many passes reach the optimum that Newton's method finds, weighted and not") {
  for (const bool weighted : {false, true}) {
    auto data = linear_clicks(1500, 3);
    if (weighted)
      for (std::size_t i = 0; i < data.rows(); ++i) data.weight.push_back(data.label[i] == 1 ? 3.0f : 0.5f);
    const auto w = newton(data);
    const auto model = ftrl_trainer{.alpha = 0.5f, .passes = 80, .shuffle = true}.fit<logistic>(training(data)).value();
    CHECK(double{model.weight()[0]} == Approx(w[1]).margin(0.05));
    CHECK(double{model.weight()[1]} == Approx(w[2]).margin(0.05));
    CHECK(double{model.weight()[2]} == Approx(w[3]).margin(0.05));
    for (std::size_t c = 1; c < 5; ++c)
      CHECK(double{model.weight()[3 + c] - model.weight()[3]} == Approx(w[3 + c]).margin(0.05));
    CHECK(model.bias() + double{model.weight()[3]} == Approx(w[0]).margin(0.05));
  }
}

TEST_CASE("ftrl: one pass over the rows is the learner over the stream, in bits") {
  const auto data = linear_clicks(3000, 7);
  const auto model = ftrl_trainer{.alpha = 0.2f, .l1 = 0.5f, .l2 = 0.1f}.fit<logistic>(training(data)).value();
  const double base = logistic::initial(data.label, {});
  auto learner =
      ftrl_learner<logistic>::make({.alpha = 0.2f, .l1 = 0.5f, .l2 = 0.1f, .base = base}, model.layout()).value();
  float numbers[3];
  std::uint32_t code[1];
  for (std::size_t i = 0; i < data.rows(); ++i) {
    data.x.columns().gather(i, numbers, code);
    const mixed_row row{numbers, code};
    if (i % 500 == 0) {
      const auto snapshot = learner.model();
      REQUIRE(bits(learner.raw(row)) == bits(snapshot.raw(row)));
      REQUIRE(bits(learner.score(row)) == bits(snapshot(row)));
    }
    const double before = learner.raw(row);
    REQUIRE(bits(learner.learn(row, data.label[i])) == bits(before));
  }
  CHECK(same_model(learner.model(), model));
}

TEST_CASE("ftrl: l1 makes weights exactly zero, more of them the larger it is") {
  auto data = linear_clicks(2000, 5);
  const auto active = [&](float l1) { return ftrl_trainer{.l1 = l1}.fit<logistic>(training(data)).value().active(); };
  CHECK(active(0) == 8);
  CHECK(active(40) < 8);
  CHECK(active(40) > 0);
  CHECK(active(1e6f) == 0);
  CHECK(active(1e6f) <= active(40));
}

TEST_CASE("ftrl: missing numbers teach their own weight") {
  auto data = linear_clicks(4000, 11);
  mlsd_test::draws g{2};
  for (std::size_t i = 0; i < data.rows(); ++i) {  // missing exactly where clicks are: the strongest feature
    if (data.label[i] == 1 && g.uniform() < 0.9) data.x.number(2)[i] = nan;
    if (data.label[i] == 0 && g.uniform() < 0.1) data.x.number(2)[i] = std::numeric_limits<float>::infinity();
  }
  const auto model = ftrl_trainer{.alpha = 0.5f}.fit<logistic>(training(data)).value();
  CHECK(model.weight()[model.layout().missing(2)] > 1);
  CHECK(model.weight()[model.layout().missing(0)] == 0);
}

TEST_CASE("ftrl: the same seed gives the same bits, another seed another order, and time order needs no seed") {
  const auto data = training(linear_clicks(1000, 1));
  const auto fit = [&](bool shuffle, std::uint64_t seed) {
    return ftrl_trainer{.passes = 2, .shuffle = shuffle, .seed = seed}.fit<logistic>(data).value();
  };
  CHECK(same_model(fit(true, 1), fit(true, 1)));
  CHECK_FALSE(same_model(fit(true, 1), fit(true, 2)));
  CHECK(same_model(fit(false, 1), fit(false, 2)));
}

TEST_CASE("ftrl: squared loss fits a line, and its answers are margins") {
  labelled_matrix m{feature_matrix({{"x", 0}}, 400), {}, {}, {}};
  for (std::size_t i = 0; i < 400; ++i) {
    m.x.number(0)[i] = static_cast<float>(i % 20) / 10.0f - 1.0f;
    m.label.push_back(3 - 2 * m.x.number(0)[i]);
  }
  const auto model = ftrl_trainer{.alpha = 1, .passes = 60}.fit<squared>(training(m)).value();
  const float x = 0.35f;
  CHECK(model(mixed_row{{&x, 1}, {}}) == Approx(3 - 2 * 0.35).margin(0.01));
}

TEST_CASE("ftrl: the callback sees progress and can stop") {
  const auto rows = linear_clicks(1000, 1);
  const auto data = training(rows);
  std::vector<ftrl_progress> seen;
  const auto watch = [&](const ftrl_progress& p) {
    seen.push_back(p);
    return p.pass < 2;
  };
  const auto stopped = ftrl_trainer{.passes = 9}.fit<logistic>(data, watch).value();
  REQUIRE(seen.size() == 3);
  CHECK(seen[1].pass == 1);
  CHECK(seen[1].passes == 9);
  CHECK(seen[1].rows == 1000);
  CHECK(seen[1].of_rows == 1000);
  CHECK(seen[2].loss < seen[0].loss);
  CHECK(same_model(stopped, ftrl_trainer{.passes = 3}.fit<logistic>(data).value()));
  CHECK(mean_loss(stopped, rows) < std::log(2.0));
}

TEST_CASE("ftrl: absurd numbers leave the model finite") {
  labelled_matrix m{feature_matrix({{"x", 0}}, 50), {}, {}, {}};
  for (std::size_t i = 0; i < 50; ++i) {
    m.x.number(0)[i] = (i % 2 ? -1.0f : 1.0f) * (std::numeric_limits<float>::max)();
    m.label.push_back(i % 3 == 0 ? 1e30f : -1e30f);
  }
  CHECK(ftrl_trainer{.alpha = 1e6f, .beta = 0, .passes = 3}.fit<squared>(training(m)).value().validate());
}

TEST_CASE("ftrl: bad data and settings are errors that name the culprit") {
  const auto good = linear_clicks(10, 1);
  const auto says = [](labelled_matrix m) { return ftrl_trainer{}.fit<logistic>(training(std::move(m))).error(); };
  auto m = good;
  m.label[3] = nan;
  CHECK(says(m).message == "row 3: the label is not finite");
  m.label[3] = 2;
  CHECK(says(m).message.find("row 3") != std::string::npos);
  m = good;
  m.label.assign(10, 1.0f);
  CHECK(says(m).code == errc::one_class);
  m = good;
  m.weight.assign(10, 1.0f);
  m.weight[7] = -1;
  CHECK(says(m).message == "row 7: the weight is negative or not finite");
  CHECK(says({}).code == errc::empty);
  const auto with = [&](ftrl_trainer t) { return t.fit<logistic>(training(linear_clicks(100, 1))).has_value(); };
  CHECK(with({}));
  CHECK_FALSE(with({.alpha = 0}));
  CHECK_FALSE(with({.alpha = nan}));
  CHECK_FALSE(with({.beta = -1}));
  CHECK_FALSE(with({.l1 = -1}));
  CHECK_FALSE(with({.l2 = nan}));
  CHECK_FALSE(with({.passes = 0}));
  CHECK_FALSE(ftrl_learner<logistic>::make({.base = std::nan("")}, linear_layout(1)));
}

}  // namespace test_ftrl
