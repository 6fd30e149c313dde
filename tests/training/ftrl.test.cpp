#include "mlsd/training/ftrl.hpp"

#include "catch.hpp"
#include "mlsd/core/concepts.hpp"
#include "round_trip.hpp"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace test_ftrl {
using namespace mlsd;

static_assert(learner<ftrl_learner<logistic>> && learner<ftrl_learner<squared>, sparse_row>);
static_assert(trainer<ftrl_trainer, logistic, training_matrix>);

constexpr float nan = std::numeric_limits<float>::quiet_NaN();

std::uint64_t bits(double x) { return std::bit_cast<std::uint64_t>(x); }

struct generator {
  std::uint64_t state;
  double operator()() {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return static_cast<double>(state >> 40) / 16777216.0;
  }
};

// Two numbers of three matter, and codes 0..4 do; labels are drawn from the logistic model that this states.
labelled_matrix clicks(std::size_t n, std::uint64_t seed) {
  generator g{seed};
  labelled_matrix m{feature_matrix({{"a", 0}, {"b", 0}, {"noise", 0}, {"code", 5}}, n), {}, {}, {}};
  for (std::size_t i = 0; i < n; ++i) {
    const double a = 2 * g() - 1, b = 4 * g() - 2, c = g();
    const auto code = static_cast<std::uint32_t>(g() * 5);
    m.x.number(0)[i] = static_cast<float>(a);
    m.x.number(1)[i] = static_cast<float>(b);
    m.x.number(2)[i] = static_cast<float>(c);
    m.x.code(0)[i] = code;
    const double margin = -0.5 + 1.5 * a - 0.8 * b + 0.4 * (static_cast<double>(code) - 2);
    m.label.push_back(g() < 1 / (1 + std::exp(-margin)) ? 1.0f : 0.0f);
  }
  return m;
}
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

bool same_model(const linear_model& a, const linear_model& b) {
  if (bits(a.bias()) != bits(b.bias()) || !(a.layout() == b.layout())) return false;
  for (std::size_t i = 0; i < a.weight().size(); ++i)
    if (std::bit_cast<std::uint32_t>(a.weight()[i]) != std::bit_cast<std::uint32_t>(b.weight()[i])) return false;
  return true;
}

TEST_CASE("ftrl: many passes reach the optimum that Newton's method finds, weighted and not") {
  for (const bool weighted : {false, true}) {
    auto data = clicks(1500, 3);
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
  const auto data = clicks(3000, 7);
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

TEST_CASE("ftrl: a step by hand") {
  // One feature, x = 2, label 1, margin 0: g = -0.5; the feature's gradient -1, sqrt(n) = 1, z = -1.
  auto learner =
      ftrl_learner<logistic>::make({.alpha = 0.5f, .beta = 1, .l1 = 0.25f, .l2 = 3}, linear_layout(1)).value();
  const float x = 2;
  CHECK(learner.learn(mixed_row{{&x, 1}, {}}, 1) == 0);
  const auto model = learner.model();
  CHECK(double{model.weight()[0]} == Approx((1 - 0.25) / ((1 + 1) / 0.5 + 3)).epsilon(1e-7));
  CHECK(model.bias() == Approx(0.5 / ((1 + 0.5) / 0.5)).epsilon(1e-7));  // no penalty
  CHECK(model.weight()[1] == 0);
}

TEST_CASE("ftrl: l1 makes weights exactly zero, more of them the larger it is") {
  auto data = clicks(2000, 5);
  const auto active = [&](float l1) { return ftrl_trainer{.l1 = l1}.fit<logistic>(training(data)).value().active(); };
  CHECK(active(0) == 8);
  CHECK(active(40) < 8);
  CHECK(active(40) > 0);
  CHECK(active(1e6f) == 0);
  CHECK(active(1e6f) <= active(40));
}

TEST_CASE("ftrl: a sparse row teaches what its mixed form teaches; an index that occurs twice adds up") {
  auto mixed = ftrl_learner<logistic>::make({}, linear_layout(0, std::vector<std::uint32_t>{50})).value();
  auto sparse = mixed;
  generator g{1};
  for (int i = 0; i < 500; ++i) {
    const auto code = static_cast<std::uint32_t>(g() * 50);
    const float label = g() < 0.3 ? 1.0f : 0.0f;
    sparse.prefetch(sparse_row{{&code, 1}, {}});
    mixed.prefetch(mixed_row{{}, {&code, 1}});
    REQUIRE(bits(mixed.raw(mixed_row{{}, {&code, 1}})) == bits(sparse.raw(sparse_row{{&code, 1}, {}})));
    mixed.learn(mixed_row{{}, {&code, 1}}, label);
    sparse.learn(sparse_row{{&code, 1}, {}}, label);
  }
  CHECK(same_model(mixed.model(), sparse.model()));

  const std::uint32_t twice[]{4, 4};
  const float one[]{1, 1};
  const double before = sparse.raw(sparse_row{twice, one});
  sparse.learn(sparse_row{twice, one}, 1, 5);
  CHECK(sparse.raw(sparse_row{twice, one}) > before);
  CHECK(bits(sparse.raw(sparse_row{twice, one})) == bits(sparse.model().raw(sparse_row{twice, one})));
}

TEST_CASE("ftrl: missing numbers teach their own weight; unknown codes and weight 0 teach nothing") {
  auto data = clicks(4000, 11);
  generator g{2};
  for (std::size_t i = 0; i < data.rows(); ++i) {  // missing exactly where clicks are: the strongest feature
    if (data.label[i] == 1 && g() < 0.9) data.x.number(2)[i] = nan;
    if (data.label[i] == 0 && g() < 0.1) data.x.number(2)[i] = std::numeric_limits<float>::infinity();
  }
  const auto model = ftrl_trainer{.alpha = 0.5f}.fit<logistic>(training(data)).value();
  CHECK(model.weight()[model.layout().missing(2)] > 1);
  CHECK(model.weight()[model.layout().missing(0)] == 0);

  auto learner = ftrl_learner<logistic>::make({}, linear_layout(1, std::vector<std::uint32_t>{3})).value();
  const float x = 1;
  const std::uint32_t code = 2, unknown = 3;
  learner.learn(mixed_row{{&x, 1}, {&code, 1}}, 1);
  const auto before = learner.model();
  learner.learn(mixed_row{{&x, 1}, {&code, 1}}, 0, 0);
  CHECK(same_model(learner.model(), before));
  learner.learn(mixed_row{{&x, 1}, {&unknown, 1}}, 1);
  for (const std::size_t c : {0u, 1u, 2u}) CHECK(learner.model().weight()[1 + c] == before.weight()[1 + c]);
  const std::uint32_t beyond = 4;
  const auto known = learner.model();
  learner.learn(sparse_row{{&beyond, 1}, {}}, 1);
  for (std::size_t i = 0; i < known.weight().size(); ++i) CHECK(learner.model().weight()[i] == known.weight()[i]);
}

TEST_CASE("ftrl: the same seed gives the same bits, another seed another order, and time order needs no seed") {
  const auto data = training(clicks(1000, 1));
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
  const auto rows = clicks(1000, 1);
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
  const auto good = clicks(10, 1);
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
  const auto with = [&](ftrl_trainer t) { return t.fit<logistic>(training(clicks(100, 1))).has_value(); };
  CHECK(with({}));
  CHECK_FALSE(with({.alpha = 0}));
  CHECK_FALSE(with({.alpha = nan}));
  CHECK_FALSE(with({.beta = -1}));
  CHECK_FALSE(with({.l1 = -1}));
  CHECK_FALSE(with({.l2 = nan}));
  CHECK_FALSE(with({.passes = 0}));
  CHECK_FALSE(ftrl_learner<logistic>::make({.base = std::nan("")}, linear_layout(1)));
}

TEST_CASE("ftrl_learner: a stream goes on from a file in bits, and a damaged file does no harm") {
  const auto data = clicks(400, 5);
  auto learner = ftrl_learner<logistic>::make({.l1 = 0.1f}, ftrl_trainer::layout_of(data.x)).value();
  const auto learn = [&](ftrl_learner<logistic>& l, std::size_t first, std::size_t last) {
    float numbers[3];
    std::uint32_t code[1];
    for (std::size_t i = first; i < last; ++i) {
      data.x.columns().gather(i, numbers, code);
      l.learn(mixed_row{numbers, code}, data.label[i]);
    }
  };
  learn(learner, 0, 200);
  CHECK(mlsd_test::round_trips(learner));
  auto resumed = from_bytes<ftrl_learner<logistic>>(to_bytes(learner)).value();
  learn(learner, 200, 400);
  learn(resumed, 200, 400);
  CHECK(same_model(resumed.model(), learner.model()));
  const int refused = mlsd_test::mutate(learner, 400, [](ftrl_learner<logistic>& loaded) {
    const std::vector<float> x(loaded.layout().numbers(), 1e30f);
    const std::vector<std::uint32_t> c(loaded.layout().codes(), 1);
    for (int i = 0; i < 20; ++i) loaded.learn(mixed_row{x, c}, i % 2 ? 1.0f : 0.0f, 1e30f);
    REQUIRE(loaded.model().validate());
  });
  CHECK(refused > 100);
}

}  // namespace test_ftrl
