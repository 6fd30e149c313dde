#include "mlsd/training/gbdt/boosting.hpp"

#include "catch.hpp"
#include "mlsd/core/threads.hpp"
#include "training/gbdt/rows.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace test_boosting {

using namespace mlsd;
using namespace gbdt_rows;

training_matrix line(std::size_t n) {
  labelled_matrix m{feature_matrix(std::vector<feature_info>(2), n), std::vector<float>(n), {}, {}};
  for (std::size_t i = 0; i < n; ++i) {
    m.x.number(0)[i] = static_cast<float>(i);
    m.x.number(1)[i] = static_cast<float>(i * 37 % 101);
    m.label[i] = static_cast<float>(i) / 10;
  }
  return training_matrix::out_of_fold(std::move(m));
}

gbdt_model run(const training_matrix& data, const detail::boosting_rules& rules) {
  sequential ex;
  const detail::binned_matrix x(data.x(), data.weight(), {}, ex);
  keep_going go;
  const squared loss;
  const early_stopping stop;
  const row_groups none;
  detail::boosting<squared, squared> grow(rules, loss, data, none, stop, none);
  return grow(grow.nothing(), x, detail::iteration_callback(go), ex).value();
}

TEST_CASE("boosting: each tree is fitted to what the trees before it left") {
  // One leaf a row and a full step: one tree is exact.
  detail::boosting_rules rules{.trees = 1};
  rules.growth.learning_rate = 1;
  rules.growth.leaves = 100;
  const auto m = run(line(50), rules);
  for (int i = 0; i < 50; ++i)
    CHECK(m.raw(std::vector<float>{static_cast<float>(i), 0}) == Approx(static_cast<double>(i) / 10).margin(1e-6));
  // Half a step leaves half of the error: after k trees (1/2)^k of it.
  rules.growth.learning_rate = 0.5;
  rules.trees = 3;
  const auto half = run(line(50), rules);
  CHECK(half.raw(std::vector<float>{0, 0}) == Approx(2.45 / 8).epsilon(1e-5));
}

TEST_CASE("boosting: rows and columns are drawn by seed, tree and index alone") {
  detail::boosting_rules rules{.trees = 20, .sampling = {.row_fraction = 0.5, .column_fraction = 0.5, .seed = 3}};
  rules.growth.leaves = 2;
  const auto data = line(400);
  const auto m = run(data, rules), same = run(data, rules);
  std::size_t second = 0;
  for (std::size_t t = 0; t < m.trees(); ++t) {
    CHECK(m.forest().threshold(m.forest().first_split(t)) == same.forest().threshold(m.forest().first_split(t)));
    second += m.forest().feature(m.forest().first_split(t));
  }
  CHECK(second > 3);  // one of two columns a tree, although the first is far better
  CHECK(second < 17);
  rules.sampling.column_fraction = 1;
  CHECK(run(data, rules).gain_importance()[1] == 0);
}

TEST_CASE("boosting: sampling by gradients, dropout and forests learn, the same on any number of threads",
          "[threads]") {
  const auto rows = table(5000, 21), test = table(5000, 22);
  const auto data = training(rows);
  const gbdt_trainer plain{.trees = 25, .leaves = 15, .learning_rate = 0.2f};
  auto goss = plain, dart = plain, forest = plain;
  goss.top_fraction = 0.2f;
  dart.drop_fraction = 0.1f;
  forest.averaged = true;
  forest.row_fraction = 0.6f;
  forest.column_fraction = 0.6f;
  const auto whole = saved_bytes(plain.fit<logistic>(data).value());
  for (const auto& [trainer, most] : {std::pair{goss, 0.45}, std::pair{dart, 0.48}, std::pair{forest, 0.56}}) {
    const auto m = trainer.fit<logistic>(data).value();
    CHECK(mean_loss(m, test) < most);
    CHECK(saved_bytes(m) != whole);
    CHECK(saved_bytes(trainer.fit<logistic>(data, threads(3)).value()) == saved_bytes(m));
    auto other = trainer;
    other.seed = 77;
    CHECK(saved_bytes(other.fit<logistic>(data).value()) != saved_bytes(m));
  }
  goss.other_fraction = 0.8f;  // nobody is left out
  CHECK(saved_bytes(goss.fit<logistic>(data).value()) == whole);
}

TEST_CASE("boosting: the losses that callbacks see are those of the model, in a forest and with dropout too") {
  const auto rows = table(3000, 23), valid = table(2000, 24);
  const auto data = training(rows);
  gbdt_trainer t{.trees = 12, .leaves = 8, .row_fraction = 0.7f};
  double training_loss = 0, validation = 0;
  const auto watch = [&](const gbdt_iteration& i) {
    training_loss = i.training_loss();
    validation = i.validation;
    return true;
  };
  t.averaged = true;
  const auto forest = t.fit<logistic>(data, early_stopping{.validation = &valid, .rounds = 0}, watch).value();
  if (forest.trees() == 12) CHECK(mean_loss(forest, valid) == Approx(validation).epsilon(1e-12));
  CHECK(forest.trees() > 1);
  t.averaged = false;
  t.drop_fraction = 0.5f;
  t.skip_drop = 0;
  const auto dart = t.fit<logistic>(data, early_stopping{}, watch).value();
  CHECK(mean_loss(dart, rows) == Approx(training_loss).epsilon(1e-12));
}

TEST_CASE("boosting: a forest is the mean of trees that do not see each other") {
  auto t = stump;
  t.averaged = true;
  t.trees = 50;
  t.row_fraction = 0.9f;
  t.learning_rate = 0.001f;  // of no effect
  std::vector<float> x, y;
  for (int i = 0; i < 400; ++i) x.push_back(static_cast<float>(i % 2)), y.push_back(static_cast<float>(i % 2) * 10);
  const auto m = t.fit<squared>(training(column(x, y))).value();
  CHECK(m.trees() == 50);
  CHECK(m.raw(std::vector<float>{0}) == Approx(0).margin(0.02));
  CHECK(m.raw(std::vector<float>{1}) == Approx(10).margin(0.02));
}

TEST_CASE("boosting: ten trees and ten more are twenty, bit for bit") {
  const auto rows = table(3000, 25), valid = table(1000, 26);
  const auto data = training(rows);
  gbdt_trainer ten{.trees = 10, .leaves = 15, .row_fraction = 0.8f, .column_fraction = 0.8f}, twenty = ten;
  twenty.trees = 20;
  const auto half = ten.fit<logistic>(data).value();
  const auto whole = saved_bytes(twenty.fit<logistic>(data).value());
  CHECK(saved_bytes(ten.extend(half, logistic{}, data).value()) == whole);
  CHECK(saved_bytes(ten.extend(half, logistic{}, data, {}, keep_going{}, threads(2)).value()) == whole);
  std::uint32_t last = 0;
  const auto stopped = ten.extend(half, logistic{}, data, {.validation = &valid, .rounds = 0},
                                  [&](const gbdt_iteration& i) {
                                    CHECK(i.of == 20);
                                    last = i.trees;
                                    return true;
                                  })
                           .value();
  CHECK(last == 20);
  CHECK(stopped.trees() > 10);
  const auto grades = training(lists(800, 1));
  const auto rank = ten.fit<xe_ndcg>(grades).value();
  CHECK(saved_bytes(ten.extend(rank, xe_ndcg{}, grades).value()) == saved_bytes(twenty.fit<xe_ndcg>(grades).value()));
}

TEST_CASE("boosting: leaves are refitted to rows that moved") {
  auto rows = table(4000, 27);
  const auto data = training(rows);
  const gbdt_trainer t{.trees = 20, .leaves = 8, .learning_rate = 0.3f};
  const auto model = t.fit<logistic>(data).value();
  // On the same rows and with nothing kept, growing would give the same leaves (categorical ones apart: no extra l2).
  auto numbers = t;
  numbers.category_l2 = 0;
  const auto again = numbers.fit<logistic>(data).value();
  const auto same = numbers.refit(again, logistic{}, data, 0).value();
  const auto a = margins(same, rows), b = margins(again, rows);
  for (std::size_t i = 0; i < 100; ++i) CHECK(a[i] == Approx(b[i]).margin(1e-6));
  CHECK(saved_bytes(t.refit(model, logistic{}, data, 1).value()) == saved_bytes(model));

  for (float& y : rows.label) y = 1 - y;  // the world turned round
  const auto turned = training(rows);
  const double before = mean_loss(model, rows);
  const double half = mean_loss(t.refit(model, logistic{}, turned, 0.5f).value(), rows);
  const double all = mean_loss(t.refit(model, logistic{}, turned, 0, threads(2)).value(), rows);
  CHECK(half < before);
  CHECK(all < half);
  CHECK(all < 0.6);
  CHECK(saved_bytes(t.refit(model, logistic{}, turned, 0, threads(3)).value()) ==
        saved_bytes(t.refit(model, logistic{}, turned, 0).value()));
  const auto medians = t.fit<absolute>(data).value();
  CHECK(margins(t.refit(medians, absolute{}, data, 0).value(), rows) == margins(medians, rows));
}

/// NaN until it has been asked for so many times; then better and better.
template <int FirstNumber> struct undefined_at_first {
  static constexpr bool greater_is_better = true;
  double sum = 0;
  void update(double prediction, float, float) { sum += prediction; }
  [[nodiscard]] double value() const {
    return ++asked < FirstNumber ? (std::numeric_limits<double>::quiet_NaN)() : static_cast<double>(asked);
  }
  static inline int asked = 0;
};

TEST_CASE("boosting: a validation metric that is NaN is no improvement") {
  const auto rows = table(500, 28);
  const auto data = training(rows);
  const gbdt_trainer t{.trees = 30, .leaves = 4};
  const early_stopping stop{.validation = &rows, .rounds = 5};
  CHECK(t.fit<logistic, undefined_at_first<1000>>(data, stop).value().trees() == 5);
  CHECK(t.fit<logistic, undefined_at_first<1000>>(data, {.validation = &rows, .rounds = 0}).value().trees() == 30);
  CHECK(t.fit<logistic, undefined_at_first<4>>(data, stop).value().trees() == 30);
}

TEST_CASE("boosting: penalties choose splits of a loss with a kink, but do not bend its leaves") {
  auto t = stump;
  const auto data = training(column({1, 1, 1, 2, 2, 2}, {1, 2, 3, 10, 11, 1000}));
  for (const float l2 : {0.0f, 3.0f}) {
    t.l2 = t.path_smoothing = l2;
    const auto m = t.fit<absolute>(data).value();
    CHECK(m.raw(std::vector<float>{1}) == 2);
    CHECK(m.raw(std::vector<float>{2}) == 11);
  }
}

TEST_CASE("boosting: what cannot go on is named") {
  const auto says = [](const result<gbdt_model>& r, errc code, const char* what) {
    REQUIRE_FALSE(r);
    INFO(r.error().message);
    CHECK(r.error().code == code);
    CHECK(r.error().message.find(what) != std::string::npos);
  };
  const auto rows = table(200, 1);
  const auto data = training(rows), narrow = training(column({1, 2, 3}, {0, 1, 1}));
  const gbdt_trainer t{.trees = 3};
  const auto m = t.fit<logistic>(data).value();
  says(t.extend(m, squared{}, data), errc::mismatch, "another link");
  says(t.extend(m, logistic{}, narrow), errc::mismatch, "the model reads 6 numbers and 2 codes");
  says(t.refit(m, logistic{}, narrow), errc::mismatch, "the model reads 6 numbers");
  says(t.refit(m, logistic{}, data, 2), errc::invalid_argument, "decay");
  auto bad = t;
  const std::vector<std::int8_t> rising{1};
  bad.monotone = rising;
  says(bad.fit<absolute>(data), errc::invalid_argument, "cannot be monotone");
  says(bad.refit(m, logistic{}, data), errc::invalid_argument, "refitted leaves cannot be kept monotone");
  bad.monotone = {};
  bad.averaged = true;
  says(bad.fit<logistic>(data), errc::invalid_argument, "a forest needs row_fraction");
  bad.row_fraction = 0.5f;
  says(bad.extend(m, logistic{}, data), errc::invalid_argument, "no model can go on as a forest");
  bad.drop_fraction = 0.1f;
  says(bad.fit<logistic>(data), errc::invalid_argument, "a forest drops no trees");
  bad.averaged = false;
  says(bad.fit<logistic>(data, {.validation = &rows}), errc::invalid_argument, "no early stopping");
  bad.drop_fraction = 1;
  says(bad.fit<logistic>(data), errc::invalid_argument, "drop_fraction");
  says(gbdt_trainer{.top_fraction = 1}.fit<logistic>(data), errc::invalid_argument, "top_fraction");
  says(gbdt_trainer{.top_fraction = 0.5f, .other_fraction = 0.6f}.fit<logistic>(data), errc::invalid_argument,
       "at most 1");
  says(gbdt_trainer{.top_fraction = 0.2f}.fit<absolute>(data), errc::invalid_argument, "top_fraction");
  says(gbdt_trainer{.path_smoothing = 1}.refit(m, logistic{}, data), errc::invalid_argument, "smoothed");
  says(gbdt_trainer{.other_fraction = 0}.fit<logistic>(data), errc::invalid_argument, "other_fraction");
  says(gbdt_trainer{.skip_drop = missing}.fit<logistic>(data), errc::invalid_argument, "skip_drop");
}

}  // namespace test_boosting
