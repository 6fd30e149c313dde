#include "mlsd/training/gbdt.hpp"

#include "catch.hpp"
#include "mlsd/core/threads.hpp"
#include "scoring/gbdt/random_gbdt.hpp"
#include "training/gbdt/rows.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace test_gbdt {

using namespace mlsd;
using namespace gbdt_rows;

TEST_CASE("gbdt: a stump by hand") {
  // y = 0 0 10 10: base 5, gradients 5 5 -5 -5, cut at 2.5, gain 10^2/2 + 10^2/2 = 100, leaves -5 and 5.
  const auto data = training(column({1, 2, 3, 4}, {0, 0, 10, 10}));
  const auto m = stump.fit<squared>(data).value();
  REQUIRE(m.trees() == 1);
  CHECK(m.base() == 5);
  CHECK(m.forest().threshold(0) == 2.5f);
  CHECK(m.forest().gain(0) == 100);
  CHECK(m.raw(std::vector<float>{2.5f}) == 0);
  CHECK(m.raw(std::vector<float>{2.6f}) == 10);
  auto shy = stump;
  shy.l2 = 1;  // -10 / (2 + 1), half of it
  shy.learning_rate = 0.5f;
  CHECK(shy.fit<squared>(data).value().raw(std::vector<float>{1}) == Approx(5 - 10.0 / 6));
}

TEST_CASE("gbdt: NaN goes where training shows") {
  const auto high = stump.fit<squared>(training(column({1, 2, 3, 4, missing}, {0, 0, 9, 9, 9}))).value();
  CHECK(high.raw(std::vector<float>{missing}) == Approx(9));
  const auto low = stump.fit<squared>(training(column({1, 2, 3, 4, missing}, {0, 0, 9, 9, 0}))).value();
  CHECK(low.raw(std::vector<float>{missing}) == Approx(0).margin(1e-7));
  const auto alone = stump.fit<squared>(training(column({1, 1, 1, 1, missing, missing}, {0, 0, 0, 0, 9, 9}))).value();
  CHECK(alone.raw(std::vector<float>{missing}) == Approx(9));
  CHECK(alone.raw(std::vector<float>{INFINITY}) == Approx(0).margin(1e-7));
}

TEST_CASE("gbdt: zero as missing is what NaN in the place of zeros would be, in training and in scoring") {
  auto rows = table(4000, 31), valid = table(1000, 32);
  generator g{33};
  for (labelled_matrix* m : {&rows, &valid})
    for (std::size_t j = 0; j < 6; ++j)
      for (float& x : m->x.number(j))
        if (g(3) == 0) x = g(2) == 0 ? 0.0f : -1e-36f;
  auto without = rows, valid_without = valid;
  for (labelled_matrix* m : {&without, &valid_without})
    for (std::size_t j = 0; j < 6; ++j)
      for (float& x : m->x.number(j))
        if (std::fabs(x) <= 1e-35f) x = missing;
  for (const float fraction : {1.0f, 0.6f}) {
    const gbdt_trainer plain{.trees = 20, .leaves = 15, .row_fraction = fraction};
    auto zero = plain;
    zero.zero_as_missing = true;
    double loss = 0, on_valid = 0;
    const auto watch = [&](const gbdt_iteration& i) {
      loss = i.training_loss();
      on_valid = i.validation;
      return true;
    };
    const auto data = training(rows);
    const auto m = zero.fit<logistic>(data, {.validation = &valid, .rounds = 0}, watch).value();
    REQUIRE(m.trees() == 20);
    CHECK(mean_loss(m, rows) == loss);
    CHECK(mean_loss(m, valid) == on_valid);
    const auto other = plain.fit<logistic>(training(without)).value();
    CHECK(margins(m, rows) == margins(other, without));
    CHECK(margins(m, valid) == margins(other, valid_without));
    CHECK(margins(m, valid) == margins(m, valid_without));
    CHECK(margins(other, valid) != margins(other, valid_without));
    CHECK(saved_bytes(zero.fit<logistic>(data, threads(2)).value()) == saved_bytes(m));
  }
  auto bad = gbdt_trainer{.linear_leaves = true};
  bad.zero_as_missing = true;
  CHECK(bad.check().error().message.find("no zero_as_missing") != std::string::npos);
}

TEST_CASE("gbdt: a subset of categories is learnt, unknown ones go with the rest") {
  labelled_matrix m{feature_matrix({{"site", 10}}, 2000), std::vector<float>(2000), {}, {}};
  for (std::size_t i = 0; i < 2000; ++i) {
    m.x.code(0)[i] = static_cast<std::uint32_t>(i % 9);
    m.label[i] = i % 9 == 1 || i % 9 == 4 || i % 9 == 7 ? 1.0f : 0.0f;
  }
  auto t = stump;
  t.category_l2 = 0;
  const auto model = t.fit<squared>(training(m)).value();
  const auto predict = [&](std::uint32_t c) { return model.raw(mixed_row{{}, std::span(&c, 1)}); };
  for (std::uint32_t c = 0; c < 9; ++c) CHECK(predict(c) == Approx(c % 3 == 1 ? 1 : 0).margin(1e-6));
  CHECK(model.forest().categories(0).size() == 3);
  CHECK(predict(9) == predict(0));
  CHECK(predict(4000000000u) == predict(0));
}

TEST_CASE("gbdt: learns, and the margins kept in training are the model's own, to the last bit") {
  const auto rows = table(8000, 1);
  std::vector<double> loss;
  for (const float fraction : {1.0f, 0.6f}) {
    loss.clear();
    const auto watch = [&](const gbdt_iteration& i) {
      loss.push_back(i.training_loss());
      return true;
    };
    const gbdt_trainer trainer{.trees = 30, .leaves = 15, .row_fraction = fraction};
    const auto m = trainer.fit<logistic>(training(rows), early_stopping{}, watch).value();
    REQUIRE(loss.size() == 30);
    CHECK(mean_loss(m, rows) == loss.back());
    if (fraction == 1.0f) CHECK(std::is_sorted(loss.rbegin(), loss.rend()));  // never grows
    CHECK(mean_loss(m, table(8000, 2)) < 0.45);                               // the constant has 0.69
    CHECK(m.gain_importance()[0] > m.gain_importance()[5]);
  }
}

TEST_CASE("gbdt: the same seed is the same model on any number of threads; another seed is another") {
  const auto data = training(table(40000, 3));
  const gbdt_trainer t{.trees = 6, .leaves = 31, .row_fraction = 0.7f, .column_fraction = 0.6f, .seed = 5};
  const auto one = saved_bytes(t.fit<logistic>(data).value());
  CHECK(saved_bytes(t.fit<logistic>(data, threads(2)).value()) == one);
  CHECK(saved_bytes(t.fit<logistic>(data, threads(3)).value()) == one);
  auto other = t;
  other.seed = 6;
  CHECK(saved_bytes(other.fit<logistic>(data).value()) != one);
}

TEST_CASE("gbdt: coarse gradients learn as well, and the same on any number of threads") {
  const auto rows = table(20000, 3), test = table(20000, 4);
  const auto data = training(rows);
  gbdt_trainer t{.trees = 30, .leaves = 15};
  const double full = mean_loss(t.fit<logistic>(data).value(), test);
  for (const std::uint32_t bits : {4u, 8u, 13u}) {
    t.gradient_bits = bits;
    const auto m = t.fit<logistic>(data).value();
    CHECK(mean_loss(m, test) < full + 0.002);
    CHECK(saved_bytes(m) == saved_bytes(t.fit<logistic>(data, threads(2)).value()));
  }
}

TEST_CASE("gbdt: a monotone model never falls, for any row") {
  const auto rows = table(6000, 3);
  const std::int8_t rising[] = {1, 0, 0, 0, 0, 0};
  const auto falls = [&](const gbdt_trainer& t) {
    const auto m = t.fit<logistic>(training(rows)).value();
    std::size_t n = 0;
    for (std::size_t i = 0; i < 200; ++i) {
      double before = -INFINITY;
      for (float x0 = -5; x0 <= 5; x0 += 0.05f) {
        std::vector<float> x{x0};
        for (std::size_t j = 1; j < 6; ++j) x.push_back(rows.x.number(j)[i]);
        const std::uint32_t codes[] = {rows.x.code(0)[i], rows.x.code(1)[i]};
        const double margin = m.raw(mixed_row{x, codes});
        n += margin < before;
        before = margin;
      }
    }
    return n;
  };
  CHECK(falls({.trees = 20, .monotone = rising}) == 0);
  CHECK(falls({.trees = 20, .growth = tree_growth::depth_wise, .path_smoothing = 3, .monotone = rising}) == 0);
  CHECK(falls({.trees = 20}) > 0);
}

TEST_CASE("gbdt: weights are counts; weight zero is no row") {
  auto rows = table(1500, 4);
  labelled_matrix repeated{feature_matrix({rows.x.info().begin(), rows.x.info().end()}, 3000), {}, {}, {}};
  labelled_matrix kept{feature_matrix({rows.x.info().begin(), rows.x.info().end()}, 1000), {}, {}, {}};
  const auto copy = [&](std::size_t i, labelled_matrix& to) {
    const std::size_t k = to.label.size();
    for (std::size_t j = 0; j < 6; ++j) to.x.number(j)[k] = rows.x.number(j)[i];
    for (std::size_t j = 0; j < 2; ++j) to.x.code(j)[k] = rows.x.code(j)[i];
    to.label.push_back(rows.label[i]);
  };
  for (std::size_t j = 0; j < 6; ++j)
    for (float& v : rows.x.number(j)) v = std::isfinite(v) ? std::round(v * 4) / 4 : v;  // few values: exact bins
  std::vector<float> twice, present;
  for (std::size_t i = 0; i < 1500; ++i) {
    twice.push_back(i % 3 == 0 ? 4.0f : i % 3 == 1 ? 2.0f : 0.0f);
    for (int k = 0; k < static_cast<int>(twice.back()); ++k) copy(i, repeated);
    present.push_back(i % 3 == 2 ? 0.0f : 1.0f);
    if (i % 3 != 2) copy(i, kept);
  }
  gbdt_trainer t{.trees = 5, .leaves = 8, .min_rows_in_leaf = 1, .min_hessian = 10};
  t.category_smoothing = 0;
  t.min_rows_in_category = 1;
  rows.weight = twice;
  const auto weighted = margins(t.fit<logistic>(training(rows)).value(), kept);
  const auto by_copies = margins(t.fit<logistic>(training(repeated)).value(), kept);
  double worst = 0;
  for (std::size_t i = 0; i < kept.rows(); ++i) worst = (std::max)(worst, std::fabs(weighted[i] - by_copies[i]));
  CHECK(worst < 1e-5);
  rows.weight = present;
  CHECK(saved_bytes(t.fit<logistic>(training(rows)).value()) == saved_bytes(t.fit<logistic>(training(kept)).value()));
}

TEST_CASE("gbdt: early stopping keeps the best trees, and the callback sees every one") {
  const auto rows = table(600, 5), valid = table(2000, 6);
  std::vector<gbdt_iteration> seen;
  const gbdt_trainer t{.trees = 400, .leaves = 31, .learning_rate = 0.3f, .min_rows_in_leaf = 5};
  const auto m =
      t.fit<logistic>(training(rows), early_stopping{.validation = &valid, .rounds = 10}, [&](const gbdt_iteration& i) {
         seen.push_back(i);
         return true;
       }).value();
  REQUIRE(seen.size() < 400);
  std::size_t best = 0;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    CHECK(seen[i].trees == i + 1);
    CHECK(seen[i].of == 400);
    if (seen[i].validation < seen[best].validation) best = i;
    CHECK(seen[i].best_trees == best + 1);
  }
  CHECK(m.trees() == best + 1);
  CHECK(seen.size() == best + 1 + 10);
  CHECK(mean_loss(m, valid) == seen[best].validation);
  auto shorter = t;
  shorter.trees = static_cast<std::uint32_t>(best + 1);
  CHECK(saved_bytes(shorter.fit<logistic>(training(rows)).value()) == saved_bytes(m));
}

TEST_CASE("gbdt: a callback ends training with a model") {
  const auto data = training(table(600, 5));
  const auto m =
      gbdt_trainer{}.fit<logistic>(data, early_stopping{}, [](const gbdt_iteration& i) { return i.trees < 3; }).value();
  CHECK(m.trees() == 3);
}

struct hits {
  static constexpr bool greater_is_better = true;
  double right = 0, total = 0;
  void update(double p, float label, float weight) {
    right += (p > 0.5) == (label > 0.5f) ? static_cast<double>(weight) : 0;
    total += static_cast<double>(weight);
  }
  [[nodiscard]] double value() const { return right / total; }
};

TEST_CASE("gbdt: any metric may stop it") {
  const auto rows = table(1000, 7), valid = table(1000, 8);
  const gbdt_trainer t{.trees = 60};
  double best = 0;
  const auto m = t.fit<logistic, hits>(training(rows), early_stopping{.validation = &valid, .rounds = 5},
                                       [&](const gbdt_iteration& i) {
                                         best = (std::max)(best, i.validation);
                                         return true;
                                       })
                     .value();
  hits h;
  for (std::size_t i = 0; i < valid.rows(); ++i)
    h.update(apply(link_function::logistic, margins(m, valid)[i]), valid.label[i], 1);
  CHECK(h.value() == best);
}

/// A user's own loss: smooth near 0, linear far out.
struct pseudo_huber {
  static constexpr link_function output = link_function::identity;
  static result<void> check(std::span<const float>, std::span<const float>) { return {}; }
  static double initial(std::span<const float>, std::span<const float>) { return 0; }
  static loss_slope slope(double m, float y) {
    const double d = m - static_cast<double>(y), r = std::sqrt(1 + d * d);
    return {d / r, 1 / r};  // the hessian of the parabola that touches the loss from above: steps never overshoot
  }
  static double value(double m, float y) { return std::hypot(1, m - static_cast<double>(y)) - 1; }
};

TEST_CASE("gbdt: regression, counts and a user's own loss") {
  labelled_matrix rows = table(3000, 9);
  for (std::size_t i = 0; i < rows.rows(); ++i) rows.label[i] = std::floor(std::exp(rows.x.number(0)[i] / 3));
  const gbdt_trainer t{.trees = 60, .leaves = 8, .learning_rate = 0.2f};
  const auto predict = [&](const gbdt_model& m, float x0) {
    std::vector<float> x{x0, 0, 0, 0, 0, 0};
    const std::vector<std::uint32_t> c{1, 1};
    return m(mixed_row{x, c});
  };
  const auto rate = t.fit<poisson>(training(rows)).value();
  CHECK(rate.output() == link_function::exponential);
  CHECK(predict(rate, 4.5f) == Approx(4).epsilon(0.15));
  CHECK(predict(t.fit<squared>(training(rows)).value(), 4.5f) == Approx(4).epsilon(0.15));
  CHECK(predict(t.fit<pseudo_huber>(training(rows)).value(), 4.5f) == Approx(4).epsilon(0.15));
}

TEST_CASE("gbdt: a loss with settings is a value") {
  labelled_matrix rows = table(2000, 12);
  for (std::size_t i = 0; i < rows.rows(); ++i) rows.label[i] = rows.x.number(0)[i] + 3 * rows.x.number(3)[i];
  const labelled_matrix valid = rows;
  const auto data = training(rows);
  const gbdt_trainer t{.trees = 20, .leaves = 8, .learning_rate = 0.2f};
  const auto share_below = [&](const gbdt_model& m) {
    const auto p = margins(m, rows);
    double below = 0;
    for (std::size_t i = 0; i < p.size(); ++i) below += rows.label[i] < p[i] ? 1.0 / 2000 : 0.0;
    return below;
  };
  CHECK(share_below(t.fit(quantile{.level = 0.8}, data).value()) == Approx(0.8).margin(0.04));
  CHECK(share_below(t.fit(quantile{.level = 0.2}, data, threads(2)).value()) == Approx(0.2).margin(0.04));
  CHECK(saved_bytes(t.fit(quantile{.level = 0.5}, data).value()) !=
        saved_bytes(t.fit(quantile{.level = 0.8}, data).value()));
  // The loss that stops training is the very loss that is trained.
  double last = 0;
  const quantile loss{.level = 0.3};
  const auto m = t.fit(loss, data, {.validation = &valid}, [&](const gbdt_iteration& i) {
                    last = i.validation;
                    CHECK(i.validation == i.training_loss());
                    return true;
                  }).value();
  CHECK(last == detail::evaluate(loss, valid, {}, margins(m, valid), link_function::identity));
  CHECK(t.fit(quantile{.level = 0}, data).error().message.find("level") != std::string::npos);
}

TEST_CASE("gbdt: losses of lists learn an order, the same on any number of threads", "[threads]") {
  const auto rows = lists(3000, 13), valid = lists(3000, 14);
  const auto data = training(rows);
  const gbdt_trainer t{.trees = 20, .leaves = 8, .learning_rate = 0.2f, .row_fraction = 0.9f};
  const auto regret = [&](const gbdt_model& m) {
    return detail::evaluate(lambda_rank{}, valid, row_groups::of(valid.group).value(), margins(m, valid),
                            link_function::identity);
  };
  const auto lambda = t.fit<lambda_rank>(data).value(), entropy = t.fit<xe_ndcg>(data).value();
  const std::vector<double> equal(valid.rows(), 0.0);
  CHECK(detail::evaluate(lambda_rank{}, valid, row_groups::of(valid.group).value(), equal, link_function::identity) >
        0.2);
  CHECK(regret(lambda) < 0.1);
  CHECK(regret(entropy) < 0.1);
  CHECK(saved_bytes(t.fit<lambda_rank>(data, threads(3)).value()) == saved_bytes(lambda));
  CHECK(saved_bytes(t.fit<xe_ndcg>(data, threads(2)).value()) == saved_bytes(entropy));
  auto other = t;
  other.seed = 9;
  CHECK(saved_bytes(other.fit<xe_ndcg>(data).value()) != saved_bytes(entropy));
}

/// The share of lists whose best row stands first.
struct best_first {
  static constexpr bool greater_is_better = true;
  double right = 0, total = 0;
  void update(std::span<const double> p, std::span<const float> y) {
    const auto top = static_cast<std::size_t>(std::max_element(p.begin(), p.end()) - p.begin());
    right += y[top] == *std::max_element(y.begin(), y.end()) ? 1 : 0;
    total += 1;
  }
  [[nodiscard]] double value() const { return right / total; }
};

TEST_CASE("gbdt: a metric of lists may stop a loss of rows, and of lists") {
  const auto rows = lists(2000, 15), valid = lists(2000, 16);
  const auto data = training(rows);
  const gbdt_trainer t{.trees = 60, .leaves = 8, .learning_rate = 0.2f};
  double best = 0;
  std::uint32_t best_trees = 0;
  const auto watch = [&](const gbdt_iteration& i) {
    if (i.validation > best) best = i.validation, best_trees = i.trees;
    CHECK(i.best_trees == best_trees);
    return true;
  };
  const early_stopping stop{.validation = &valid, .rounds = 5};
  const auto m = t.fit<lambda_rank, best_first>(data, stop, watch).value();
  CHECK(m.trees() == best_trees);
  CHECK(best > 0.7);
  best = 0;
  CHECK((t.fit<squared, best_first>(data, stop, watch).value().trees() == best_trees));
}

TEST_CASE("gbdt: groups that are not there, or torn, are named") {
  const auto says = [](const result<gbdt_model>& r, errc code, const char* what) {
    REQUIRE_FALSE(r);
    INFO(r.error().message);
    CHECK(r.error().code == code);
    CHECK(r.error().message.find(what) != std::string::npos);
  };
  auto rows = lists(100, 17);
  const auto good = rows;
  const auto none = table(100, 17);
  auto grades = rows;
  grades.group.clear();
  says(gbdt_trainer{}.fit<lambda_rank>(training(grades)), errc::missing_column, "needs the group of every row");
  grades.group.assign(99, 0);
  says(gbdt_trainer{}.fit<lambda_rank>(training(grades)), errc::invalid_argument, "100 rows but 99 groups");
  rows.group[99] = rows.group[0];
  says(gbdt_trainer{}.fit<xe_ndcg>(training(rows)), errc::order, "row 99: group 999");
  says(gbdt_trainer{}.fit<xe_ndcg>(training(good), {.validation = &rows}), errc::order, "validation rows: row 99");
  auto odd = good;
  odd.label[3] = 70;
  says(gbdt_trainer{}.fit<xe_ndcg>(training(good), {.validation = &odd}), errc::invalid_argument,
       "validation rows: row 3");
  says(gbdt_trainer{}.fit<xe_ndcg>(training(good), {.validation = &none}), errc::missing_column,
       "validation rows: a loss");
}

struct watcher {
  int binned = 0, trees = 0;
  bool operator()(const gbdt_iteration&) {
    CHECK(binned == 1);
    return ++trees < 3;
  }
  void rows_binned() { ++binned; }
};

TEST_CASE("gbdt: a callback may hear when the rows are binned") {
  watcher w;
  CHECK(gbdt_trainer{}.fit<logistic>(training(table(600, 5)), early_stopping{}, w).value().trees() == 3);
  CHECK(w.trees == 3);
}

TEST_CASE("gbdt: nothing to split on is a constant model, not an error") {
  labelled_matrix none{feature_matrix({}, 4), {0, 1, 1, 1}, {}, {}};
  const auto a = gbdt_trainer{}.fit<logistic>(training(none)).value();
  CHECK(a.trees() == 0);
  CHECK(a(mixed_row{}) == Approx(0.75));
  const auto b = gbdt_trainer{}.fit<logistic>(training(column({3, 3, 3, 3}, {0, 1, 1, 1}))).value();
  CHECK(b(std::vector<float>{7}) == Approx(0.75));
}

TEST_CASE("gbdt: bad settings and bad data are named") {
  const auto says = [](const result<gbdt_model>& r, errc code, const char* what) {
    REQUIRE_FALSE(r);
    INFO(r.error().message);
    CHECK(r.error().code == code);
    CHECK(r.error().message.find(what) != std::string::npos);
  };
  const auto data = training(table(100, 1));
  says(gbdt_trainer{.trees = 0}.fit<logistic>(data), errc::invalid_argument, "trees");
  says(gbdt_trainer{.leaves = 1}.fit<logistic>(data), errc::invalid_argument, "leaves");
  says(gbdt_trainer{.bins = 256}.fit<logistic>(data), errc::invalid_argument, "bins");
  says(gbdt_trainer{.category_bins = 70000}.fit<logistic>(data), errc::invalid_argument, "category_bins");
  const std::int8_t two[] = {2};
  says(gbdt_trainer{.monotone = two}.fit<logistic>(data), errc::invalid_argument, "monotone");
  const std::vector<std::span<const std::uint32_t>> many(65);
  says(gbdt_trainer{.interactions = many}.fit<logistic>(data), errc::invalid_argument, "interactions");
  const std::int8_t longer[7] = {};
  says(gbdt_trainer{.monotone = longer}.fit<logistic>(data), errc::mismatch, "7 entries, the rows have 6 numbers");
  const std::uint32_t columns[] = {0, 8};
  const std::span<const std::uint32_t> group[] = {columns};
  says(gbdt_trainer{.interactions = group}.fit<logistic>(data), errc::mismatch, "column 8");
  says(gbdt_trainer{.path_smoothing = -1}.fit<logistic>(data), errc::invalid_argument, "path_smoothing");
  for (const std::uint32_t bits : {1u, 3u, 14u})
    says(gbdt_trainer{.gradient_bits = bits}.fit<logistic>(data), errc::invalid_argument, "gradient_bits");
  says(gbdt_trainer{.learning_rate = missing}.fit<logistic>(data), errc::invalid_argument, "learning_rate");
  says(gbdt_trainer{.row_fraction = 0}.fit<logistic>(data), errc::invalid_argument, "row_fraction");
  says(gbdt_trainer{.column_fraction = 2}.fit<logistic>(data), errc::invalid_argument, "column_fraction");
  says(gbdt_trainer{.l2 = -1}.fit<logistic>(data), errc::invalid_argument, "l2");

  labelled_matrix bad = table(100, 1);
  bad.x.code(1)[40] = 700;
  says(gbdt_trainer{}.fit<logistic>(training(bad)), errc::invalid_argument, "row 40: feature \"ad\" has code 700");
  bad = table(100, 1);
  bad.label[7] = missing;
  says(gbdt_trainer{}.fit<logistic>(training(bad)), errc::not_finite, "row 7");
  bad.label[7] = 2;
  says(gbdt_trainer{}.fit<logistic>(training(bad)), errc::invalid_argument, "row 7");
  bad.label.assign(100, 1.0f);
  says(gbdt_trainer{}.fit<logistic>(training(bad)), errc::one_class, "label 1");
  says(gbdt_trainer{}.fit<squared>(training(column({1, 2, 3}, {5, 5, 5}))), errc::one_class, "label 5");
  auto half = column({1, 2, 3}, {5, 5, 6});
  half.weight = {1, 1, 0};  // a row that counts for nothing tells nothing
  says(gbdt_trainer{}.fit<squared>(training(half)), errc::one_class, "label 5");
  half.x.number(0)[2] = 3;
  half.x.number(0)[0] = half.x.number(0)[1] = missing;
  half.label = {5, 6, 7};
  says(gbdt_trainer{}.fit<squared>(training(half)), errc::empty, "feature \"x\" (column 0) is NaN in every row");
  half.weight = {1, -1, 1};
  says(gbdt_trainer{}.fit<squared>(training(half)), errc::not_finite, "row 1: the weight is negative");
  half.weight = {1, 1, missing};
  says(gbdt_trainer{}.fit<squared>(training(half)), errc::not_finite, "row 2: the weight is negative or not finite");
  labelled_matrix vast{feature_matrix({{"ad", (1u << 24) + 1}}, 2), {0, 1}, {}, {}};
  says(gbdt_trainer{}.fit<logistic>(training(vast)), errc::capacity, "feature \"ad\" has 16777217 categories");
  bad = table(100, 1);
  bad.weight.assign(100, 0.0f);
  says(gbdt_trainer{}.fit<logistic>(training(bad)), errc::invalid_argument, "weights");
  says(gbdt_trainer{}.fit<logistic>(training(labelled_matrix{})), errc::empty, "no rows");

  const labelled_matrix narrow = column({1, 2}, {0, 1}), empty{};
  says(gbdt_trainer{}.fit<logistic>(data, early_stopping{.validation = &narrow}), errc::mismatch, "validation");
  says(gbdt_trainer{}.fit<logistic>(data, early_stopping{.validation = &empty}), errc::empty, "validation");
  const auto far = training(column({1, 2, 3, 4}, {0, 0, 1, 3e38f}));
  says(gbdt_trainer{.trees = 50, .leaves = 2, .learning_rate = 1e30f, .min_rows_in_leaf = 1}.fit<squared>(far),
       errc::not_finite, "learning_rate");
}

}  // namespace test_gbdt
