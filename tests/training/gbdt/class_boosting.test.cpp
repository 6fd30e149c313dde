#include "mlsd/training/gbdt/class_boosting.hpp"

#include "catch.hpp"
#include "data/sparse_rows.hpp"
#include "mlsd/archive/binary.hpp"
#include "mlsd/core/threads.hpp"
#include "training/gbdt/rows.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

namespace test_class_boosting {

using namespace mlsd;
using namespace gbdt_rows;

/// The rows of `table`, with four classes that follow some columns; the last is rare.
labelled_matrix kinds(std::size_t n, std::uint64_t seed) {
  labelled_matrix m = table(n, seed);
  generator g{seed + 7};
  for (std::size_t i = 0; i < n; ++i) {
    const double x = static_cast<double>(m.x.number(0)[i]) + g.uniform() * 4 - 2;
    m.label[i] = std::isnan(m.x.number(1)[i]) && g(3) == 0 ? 3.0f
                 : m.x.code(0)[i] % 3 == 0                 ? 2.0f
                 : x > 1                                   ? 1.0f
                                                           : 0.0f;
  }
  return m;
}
std::vector<double> predictions(const gbdt_model& m, const labelled_matrix& rows) {
  std::vector<double> out(rows.rows() * m.outputs());
  m(rows.x.columns(), out);
  return out;
}
double log_loss_of(const gbdt_model& m, const labelled_matrix& rows) {
  const auto p = predictions(m, rows);
  double sum = 0, total = 0;
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    const double w = static_cast<double>(rows.weight_of(i));
    if (w > 0) sum -= w * std::log(p[i * m.outputs() + static_cast<std::size_t>(rows.label[i])]);
    total += w;
  }
  return sum / total;
}

struct share_of_right {
  static constexpr bool greater_is_better = true;
  double right = 0, total = 0;
  void update(std::span<const double> p, float label, float weight) {
    const auto best = static_cast<std::size_t>(std::max_element(p.begin(), p.end()) - p.begin());
    right += best == static_cast<std::size_t>(label) ? static_cast<double>(weight) : 0;
    total += static_cast<double>(weight);
  }
  [[nodiscard]] double value() const { return right / total; }
};

constexpr gbdt_trainer small{.trees = 15, .leaves = 8, .learning_rate = 0.2f};

TEST_CASE("class boosting: learns; a tree a class and iteration, in turn; the losses seen are the model's own") {
  const auto rows = kinds(4000, 1), test = kinds(3000, 2);
  double training_loss = 0, validation = 0;
  std::uint32_t iterations = 0;
  const auto watch = [&](const gbdt_iteration& i) {
    training_loss = i.training_loss();
    validation = i.validation;
    iterations = i.trees;
    CHECK(i.of == 15);
    return true;
  };
  const auto m = small.fit(softmax{}, training(rows), {.validation = &test, .rounds = 0}, watch).value();
  CHECK(iterations == 15);
  CHECK(m.outputs() == 4);
  CHECK(m.trees() == 60);
  CHECK(m.forest().outputs_take_turns());
  CHECK(m.output() == link_function::softmax);
  CHECK(log_loss_of(m, rows) == Approx(training_loss).epsilon(1e-12));
  CHECK(log_loss_of(m, test) == Approx(validation).epsilon(1e-12));
  CHECK(log_loss_of(m, test) < 0.62);  // 1.17 from the shares of the classes alone
}

TEST_CASE("class boosting: the same seed is the same model on any number of threads", "[threads]") {
  const auto data = training(kinds(20'000, 3));
  auto goss = small, dart = small, forest = small, coarse = small;
  goss.top_fraction = 0.2f;
  dart.drop_fraction = 0.2f;
  forest.averaged = true;
  forest.row_fraction = forest.column_fraction = 0.6f;
  coarse.gradient_bits = 8;
  const auto test = kinds(3000, 4);
  const auto whole = saved_bytes(small.fit<softmax>(data).value());
  CHECK(saved_bytes(small.fit<softmax>(data, threads(3)).value()) == whole);
  for (const auto& [trainer, most] :
       {std::pair{goss, 0.6}, std::pair{dart, 0.8}, std::pair{forest, 0.8}, std::pair{coarse, 0.6}}) {
    const auto m = trainer.fit<softmax>(data).value();
    CHECK(log_loss_of(m, test) < most);
    CHECK(m.trees() == 60);
    CHECK(saved_bytes(m) != whole);
    CHECK(saved_bytes(trainer.fit<softmax>(data, threads(3)).value()) == saved_bytes(m));
    auto other = trainer;
    other.seed = 77;
    CHECK(saved_bytes(other.fit<softmax>(data).value()) != saved_bytes(m));
  }
  goss.other_fraction = 0.8f;  // nobody is left out
  CHECK(saved_bytes(goss.fit<softmax>(data).value()) == whole);
}

TEST_CASE("class boosting: row, batch and a loaded model give the same bits") {
  const auto rows = kinds(2000, 5);
  const auto m = small.fit<softmax>(training(rows)).value();
  const auto loaded = from_bytes<gbdt_model>(to_bytes(m)).value();
  const auto all = predictions(m, rows);
  CHECK(predictions(loaded, rows) == all);
  std::size_t different = 0;
  std::vector<double> one(4);
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    std::vector<float> numbers;
    for (std::size_t j = 0; j < 6; ++j) numbers.push_back(rows.x.number(j)[i]);
    const std::vector<std::uint32_t> codes{rows.x.code(0)[i], rows.x.code(1)[i]};
    loaded(mixed_row{numbers, codes}, one);
    different += !std::equal(one.begin(), one.end(), all.begin() + static_cast<std::ptrdiff_t>(4 * i));
  }
  CHECK(different == 0);
}

TEST_CASE("class boosting: two classes are learnt as by the logistic loss") {
  const auto rows = table(3000, 6);
  const auto data = training(rows);
  gbdt_trainer t{.trees = 10, .leaves = 8, .min_hessian = 0, .category_smoothing = 0, .category_l2 = 0};
  const auto one = t.fit<logistic>(data).value(), two = t.fit<softmax>(data).value();
  std::vector<double> margins(rows.rows()), both(2 * rows.rows());
  one.raw(rows.x.columns(), margins);
  two.raw(rows.x.columns(), both);
  for (std::size_t i = 0; i < 500; ++i) CHECK(both[2 * i + 1] - both[2 * i] == Approx(margins[i]).margin(1e-4));
}

TEST_CASE("class boosting: weights are counts; weight zero is no row; all weights 1 are none") {
  auto rows = kinds(1500, 8);
  for (std::size_t j = 0; j < 6; ++j)
    for (float& v : rows.x.number(j)) v = std::isfinite(v) ? std::round(v * 4) / 4 : v;  // few values: exact bins
  std::vector<std::size_t> counted, present;
  auto twice = rows, weightless = rows, ones = rows;
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    twice.weight.push_back(static_cast<float>(i % 3 * 2));
    counted.insert(counted.end(), i % 3 * 2, i);
    weightless.weight.push_back(i % 3 == 0 ? 0.0f : 1.0f);
    if (i % 3 == 0) weightless.label[i] = i % 2 == 0 ? 9.0f : 0.5f;  // whatever it is
    if (i % 3 != 0) present.push_back(i);
  }
  ones.weight.assign(rows.rows(), 1.0f);
  const auto take = [&](const std::vector<std::size_t>& which) {
    labelled_matrix m{feature_matrix({rows.x.info().begin(), rows.x.info().end()}, which.size()), {}, {}, {}};
    for (std::size_t i = 0; i < which.size(); ++i) {
      for (std::size_t j = 0; j < 6; ++j) m.x.number(j)[i] = rows.x.number(j)[which[i]];
      for (std::size_t j = 0; j < 2; ++j) m.x.code(j)[i] = rows.x.code(j)[which[i]];
      m.label.push_back(rows.label[which[i]]);
    }
    return m;
  };
  gbdt_trainer t{.trees = 5, .leaves = 8, .min_rows_in_leaf = 1, .min_hessian = 10};
  t.category_smoothing = 0;
  t.min_rows_in_category = 1;
  const auto of = [&](const labelled_matrix& m) { return t.fit<softmax>(training(m)).value(); };
  CHECK(saved_bytes(of(ones)) == saved_bytes(of(rows)));
  CHECK(saved_bytes(of(weightless)) == saved_bytes(of(take(present))));
  const auto weighted = predictions(of(twice), rows), copied = predictions(of(take(counted)), rows);
  double worst = 0;
  for (std::size_t i = 0; i < weighted.size(); ++i) worst = (std::max)(worst, std::fabs(weighted[i] - copied[i]));
  CHECK(worst < 1e-5);
}

TEST_CASE("class boosting: early stopping keeps the best iteration, by the loss or by any metric of classes") {
  const auto rows = kinds(600, 9), valid = kinds(600, 10);
  const auto data = training(rows);
  const gbdt_trainer t{.trees = 200, .leaves = 31, .learning_rate = 0.3f, .min_rows_in_leaf = 5};
  std::uint32_t last = 0, best = 0;
  double least = 1e9;
  const auto watch = [&](const gbdt_iteration& i) {
    last = i.trees;
    best = i.best_trees;
    least = (std::min)(least, i.validation);
    return true;
  };
  const auto stopped = t.fit<softmax>(data, {.validation = &valid, .rounds = 5}, watch).value();
  CHECK(last < 200);
  CHECK(last == best + 5);
  CHECK(stopped.trees() == 4 * best);
  CHECK(log_loss_of(stopped, valid) == Approx(least).epsilon(1e-12));
  std::vector<double> right;  // by iteration
  const auto by_metric = t.fit<softmax, share_of_right>(data, early_stopping{.validation = &valid, .rounds = 10},
                                                        [&](const gbdt_iteration& i) {
                                                          right.push_back(i.validation);
                                                          best = i.best_trees;
                                                          return i.trees < 50;
                                                        })
                             .value();
  const auto most = std::max_element(right.begin(), right.end());  // the first of the greatest
  CHECK(*most > 0.6);
  CHECK(*most > right.front());
  CHECK(*most > right.back());
  CHECK(best == static_cast<std::uint32_t>(most - right.begin()) + 1);
  CHECK(by_metric.trees() == 4 * best);
  share_of_right kept;
  const auto shares = predictions(by_metric, valid);
  for (std::size_t i = 0; i < valid.rows(); ++i) kept.update(std::span(shares).subspan(4 * i, 4), valid.label[i], 1);
  CHECK(kept.value() == *most);
}

TEST_CASE("class boosting: ten iterations and ten more are twenty, bit for bit") {
  const auto data = training(kinds(2000, 11));
  gbdt_trainer ten{.trees = 10, .leaves = 8, .row_fraction = 0.8f, .column_fraction = 0.8f}, twenty = ten;
  twenty.trees = 20;
  const auto half = ten.fit<softmax>(data).value();
  const auto whole = twenty.fit<softmax>(data).value();
  CHECK(saved_bytes(ten.extend(half, softmax{}, data).value()) == saved_bytes(whole));
  CHECK(whole.trees() == 80);
}

TEST_CASE("class boosting: leaves are refitted to rows that moved") {
  auto rows = kinds(3000, 12);
  auto t = small;
  t.category_l2 = 0;
  const auto data = training(rows);
  const auto model = t.fit<softmax>(data).value();
  const auto same = predictions(t.refit(model, softmax{}, data, 0).value(), rows), own = predictions(model, rows);
  for (std::size_t i = 0; i < 400; ++i) CHECK(same[i] == Approx(own[i]).margin(1e-6));
  CHECK(saved_bytes(t.refit(model, softmax{}, data, 1).value()) == saved_bytes(model));
  for (float& y : rows.label) y = y == 0 ? 1.0f : y == 1 ? 0.0f : y;
  const auto turned = training(rows);
  const auto moved = t.refit(model, softmax{}, turned, 0).value();
  CHECK(log_loss_of(moved, rows) < 0.8);
  CHECK(log_loss_of(model, rows) > 1.2);
  CHECK(saved_bytes(t.refit(model, softmax{}, turned, 0, threads(2)).value()) == saved_bytes(moved));
}

TEST_CASE("class boosting: a class that does not occur stays improbable; nothing to split on is a constant model") {
  auto rows = kinds(1000, 13);
  for (float& y : rows.label) y = y == 3 ? 4.0f : y;  // nobody is of class 3
  const auto m = small.fit<softmax>(training(rows)).value();
  CHECK(m.outputs() == 5);
  const auto p = predictions(m, rows);
  for (std::size_t i = 0; i < 100; ++i) CHECK(p[5 * i + 3] < 1e-13);
  const auto six = small.fit(softmax{.classes = 6}, training(rows)).value();
  CHECK(six.outputs() == 6);
  const auto flat = small.fit<softmax>(training(column({1, 1, 1, 1}, {0, 1, 2, 2}))).value();
  CHECK(flat.trees() == 0);
  std::vector<double> share(3);
  const std::vector<float> x{1};
  flat({x, {}}, share);
  CHECK(share[0] == Approx(0.25));
  CHECK(share[2] == Approx(0.5));
}

TEST_CASE("class boosting: lines in leaves, symmetric trees and zeros that mean missing", "[threads]") {
  auto rows = kinds(3000, 15);
  for (float& x : rows.x.number(3))
    if (x > 0) x = 0;
  for (std::size_t i = 0; i < rows.rows(); ++i) rows.weight.push_back(i % 5 == 0 ? 2.0f : 1.0f);
  const auto data = training(rows);
  auto lines = small, symmetric = small, zeros = small;
  lines.linear_leaves = true;
  lines.linear_l2 = 1;
  symmetric.growth = tree_growth::symmetric;
  symmetric.max_depth = 3;
  zeros.zero_as_missing = true;
  const auto plain = small.fit<softmax>(data).value();
  for (const gbdt_trainer& trainer : {lines, symmetric, zeros}) {
    double seen = 0;
    const auto m = trainer.fit<softmax>(data, early_stopping{}, [&](const gbdt_iteration& i) {
      seen = i.training_loss();
      return true;
    });
    REQUIRE(m);
    CHECK(log_loss_of(*m, rows) == Approx(seen).epsilon(1e-12));
    CHECK(log_loss_of(*m, rows) < 0.6);
    CHECK(saved_bytes(*m) != saved_bytes(plain));
    CHECK(saved_bytes(trainer.fit<softmax>(data, threads(3)).value()) == saved_bytes(*m));
  }
}

TEST_CASE("class boosting: sparse rows give the model of the dense table", "[threads]") {
  auto rows = sparse_rows::table(1500, 3), valid = sparse_rows::table(500, 4);
  for (labelled_matrix* m : {&rows, &valid})
    for (std::size_t i = 0; i < m->rows(); ++i) m->label[i] += m->x.number(0)[i] > 0 ? 1.0f : 0.0f;
  const auto sparse = sparse_training_matrix::out_of_fold(sparse_rows::sparse_of(rows));
  const auto sparse_valid = sparse_rows::sparse_of(valid);
  const auto wanted = small.fit<softmax>(training(rows), early_stopping{&valid, 5}).value();
  CHECK(wanted.outputs() == 3);
  CHECK(saved_bytes(small.fit<softmax>(sparse, early_stopping{&sparse_valid, 5}, threads(2)).value()) ==
        saved_bytes(wanted));
}

/// Three margins pulled to one-hot targets: a user's own loss.
struct squares_of_classes {
  static constexpr link_function output = link_function::identity;
  std::size_t classes = 3;
  [[nodiscard]] std::size_t outputs(std::span<const float>, std::span<const float>) const { return classes; }
  static result<void> check(std::span<const float>, std::span<const float>, std::size_t) { return {}; }
  static std::vector<double> initial(std::span<const float>, std::span<const float>, std::size_t outputs) {
    return std::vector<double>(outputs, 0.0);
  }
  static void slopes(std::span<const double> m, float label, std::span<loss_slope> out) {
    for (std::size_t k = 0; k < out.size(); ++k) out[k] = {m[k] - (k == static_cast<std::size_t>(label) ? 1 : 0), 1};
  }
  static double value(std::span<const double> m, float label) {
    double sum = 0;
    for (std::size_t k = 0; k < m.size(); ++k) {
      const double d = m[k] - (k == static_cast<std::size_t>(label) ? 1 : 0);
      sum += d * d / 2;
    }
    return sum;
  }
};

TEST_CASE("class boosting: a user's own loss of classes") {
  auto t = stump;
  t.leaves = 3;
  std::vector<float> x, y;
  for (int i = 0; i < 60; ++i) x.push_back(static_cast<float>(i % 3)), y.push_back(static_cast<float>(i % 3));
  const auto m = t.fit(squares_of_classes{}, training(column(x, y))).value();
  const auto none = t.fit(squares_of_classes{.classes = 0}, training(column(x, y)));
  REQUIRE_FALSE(none);
  CHECK(none.error().code == errc::invalid_argument);
  for (const float at : {0.0f, 1.0f, 2.0f}) {
    std::vector<double> out(3);
    const std::vector<float> row{at};
    m({row, {}}, out);
    for (std::size_t k = 0; k < 3; ++k) CHECK(out[k] == Approx(k == static_cast<std::size_t>(at) ? 1 : 0).margin(1e-6));
  }
}

TEST_CASE("class boosting: what is wrong is named") {
  const auto says = [](const result<gbdt_model>& r, errc code, const char* what) {
    REQUIRE_FALSE(r);
    INFO(r.error().message);
    CHECK(r.error().code == code);
    CHECK(r.error().message.find(what) != std::string::npos);
  };
  auto rows = kinds(300, 14);
  const auto data = training(rows), pair = training(table(300, 14));
  const auto m = small.fit<softmax>(data).value(), two = small.fit<softmax>(pair).value();
  says(small.extend(two, softmax{}, data), errc::mismatch, "the model has 2 outputs, the loss 4");
  says(small.extend(m, logistic{}, pair), errc::mismatch, "another link");
  says(small.refit(two, softmax{}, data), errc::mismatch, "the model has 2 outputs");
  says(small.fit(softmax{.classes = 3}, data), errc::invalid_argument, "softmax needs a whole number from 0 to 2");
  auto later = rows;
  later.label[7] = 4;
  says(small.fit<softmax>(data, {.validation = &later}), errc::invalid_argument,
       "validation rows: row 7: the label is 4");
  says(small.fit<softmax, share_of_right>(data, {.validation = &later}), errc::invalid_argument, "row 7");
  std::fill(later.label.begin(), later.label.end(), 1.0f);
  CHECK(small.fit<softmax>(data, {.validation = &later}));
  says(small.fit<softmax>(training(later)), errc::one_class, "every row has label 1");
  auto rising = small;
  const std::int8_t first[] = {1};
  rising.monotone = first;
  says(rising.fit<softmax>(data), errc::invalid_argument, "a loss of classes cannot be monotone");
  rising.monotone = std::span(first).first(0);
  CHECK(rising.fit<softmax>(data));
  auto marked = rows;
  std::vector<feature_info> info(marked.x.info().begin(), marked.x.info().end());
  info[1].monotone = -1;  // as a pipeline with `falling` does
  feature_matrix x(info, rows.rows());
  for (std::size_t j = 0; j < 6; ++j) std::copy_n(rows.x.number(j).begin(), rows.rows(), x.number(j).begin());
  for (std::size_t k = 0; k < 2; ++k) std::copy_n(rows.x.code(k).begin(), rows.rows(), x.code(k).begin());
  marked.x = std::move(x);
  says(small.fit<softmax>(training(marked)), errc::invalid_argument, "a loss of classes cannot be monotone");
  rows.label[2] = 1.5f;
  says(small.fit<softmax>(training(rows)), errc::invalid_argument, "row 2: the label is 1.5");
}

}  // namespace test_class_boosting
