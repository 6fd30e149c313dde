#include "mlsd/training/gbdt/linear_leaves.hpp"

#include "mlsd/core/random.hpp"
#include "mlsd/core/threads.hpp"
#include "mlsd/scoring/import/lightgbm.hpp"
#include "mlsd/scoring/import/lightgbm_export.hpp"
#include "mlsd/training/gbdt.hpp"
#include "training/gbdt/rows.hpp"

#include "catch.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

namespace test_linear_leaves {

using namespace mlsd;
using namespace gbdt_rows;
using detail::row_slope;

TEST_CASE("linear leaves: a path's numbers, each once, ascending; codes and unusable columns stay out") {
  gbdt_tree tree;
  tree.splits = {{.feature = 3, .left = 1, .right = 3},
                 {.feature = 1, .left = ~0, .right = 2},
                 {.feature = 3, .left = ~1, .right = ~2},
                 {.feature = 5, .left = 4, .right = ~3},
                 {.feature = 2, .left = ~4, .right = ~5}};
  const std::vector<std::uint8_t> usable{1, 1, 0, 1};  // columns 4 and 5 are codes
  const auto columns = detail::columns_of_paths(tree, usable);
  using list = std::vector<std::uint32_t>;
  CHECK(columns == std::vector<list>{{1, 3}, {1, 3}, {1, 3}, {3}, {3}, {3}});
  CHECK(detail::columns_of_paths(gbdt_tree{}, usable) == std::vector<list>{{}});
}

/// The unpenalised intercept and the weights that minimise sum h / 2 (w.x + b + g / h)^2 + ridge / 2 |w|^2, by Gaussian
/// elimination on the normal equations of the rows as they are: [w, b].
std::vector<long double> normal_equations(const feature_matrix& x, const std::vector<std::size_t>& rows,
                                          const std::vector<std::size_t>& columns, const std::vector<double>& g,
                                          const std::vector<double>& h, double ridge) {
  const std::size_t k = columns.size() + 1;
  std::vector<long double> a(k * (k + 1), 0);
  for (std::size_t j = 0; j + 1 < k; ++j) a[j * (k + 1) + j] = ridge;
  for (const std::size_t row : rows) {
    std::vector<long double> v;
    for (const std::size_t c : columns) v.push_back(x.number(c)[row]);
    v.push_back(1);
    for (std::size_t i = 0; i < k; ++i) {
      for (std::size_t j = 0; j < k; ++j) a[i * (k + 1) + j] += h[row] * v[i] * v[j];
      a[i * (k + 1) + k] -= g[row] * v[i];
    }
  }
  for (std::size_t p = 0; p < k; ++p)
    for (std::size_t i = 0; i < k; ++i) {
      if (i == p) continue;
      const long double factor = a[i * (k + 1) + p] / a[p * (k + 1) + p];
      for (std::size_t j = 0; j <= k; ++j) a[i * (k + 1) + j] -= factor * a[p * (k + 1) + j];
    }
  std::vector<long double> solution(k);
  for (std::size_t i = 0; i < k; ++i) solution[i] = a[i * (k + 1) + k] / a[i * (k + 1) + i];
  return solution;
}

TEST_CASE("linear leaves: a line is the ridge regression of the Newton steps of the rows that have all values") {
  constexpr std::size_t n = 700, k = 5;
  random_stream random(3);
  for (const double ridge : {0.0, 2.5}) {
    feature_matrix x(std::vector<feature_info>(k), n);
    std::vector<double> g(n), h(n);
    std::vector<row_slope> slopes;
    const detail::slope_scale scale(8, 2, n);
    std::vector<std::uint32_t> rows;
    std::vector<std::size_t> complete;
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < k; ++j)  // columns that depend on each other, far from 0
        x.number(j)[i] =
            static_cast<float>(random.normal() + (j > 0 ? x.number(0)[i] : 0) + 10 * static_cast<double>(j));
      slopes.push_back(
          scale(static_cast<float>(random.normal() + x.number(2)[i] / 10), static_cast<float>(random.uniform())));
      g[i] = scale.gradient(scale.widen(slopes[i]));
      h[i] = scale.hessian(scale.widen(slopes[i]));
      if (i % 3 == 0) continue;  // of another leaf
      rows.push_back(static_cast<std::uint32_t>(i));
      if (i % 11 == 0) x.number(i % 2 == 0 ? 1 : 4)[i] = missing;
      if (i % 11 != 0) complete.push_back(i);
    }
    const std::vector<std::uint32_t> columns{1, 2, 4};
    const detail::split_rules rules;
    detail::line_fit<> fit(x.columns(), slopes, scale);
    detail::line_sums sums(columns);
    fit.add(std::span(rows).first(10), sums);
    fit.add(std::span(rows).subspan(10), sums);
    const auto line = fit(sums, rules, ridge);
    const auto expected = normal_equations(x, complete, {1, 2, 4}, g, h, ridge);
    REQUIRE(line.terms.size() == 3);
    for (std::size_t j = 0; j < 3; ++j) {
      CHECK(line.terms[j].column == columns[j]);
      CHECK(line.terms[j].coefficient == Approx(static_cast<double>(expected[j])).epsilon(1e-9));
    }
    CHECK(line.constant == Approx(static_cast<double>(expected[3])).epsilon(1e-9));
  }
}

TEST_CASE("linear leaves: columns that do not vary or repeat others, and too few rows, get no term") {
  constexpr std::size_t n = 50;
  feature_matrix x(std::vector<feature_info>(4), n);
  std::vector<row_slope> slopes;
  const detail::slope_scale scale(64, 1, n);
  std::vector<std::uint32_t> rows;
  for (std::size_t i = 0; i < n; ++i) {
    x.number(0)[i] = 0.1f;
    x.number(1)[i] = static_cast<float>(i) + 1000;
    x.number(2)[i] = 2 * x.number(1)[i] - 3;
    x.number(3)[i] = i < 3 ? static_cast<float>(i * i) : missing;
    slopes.push_back(scale(-static_cast<float>(i) - 1, 1));
    rows.push_back(static_cast<std::uint32_t>(i));
  }
  const detail::split_rules rules;
  const auto fit = [&](std::span<const std::uint32_t> some, const std::vector<std::uint32_t>& columns) {
    detail::line_fit<> fit_of(x.columns(), slopes, scale);
    detail::line_sums sums(columns);
    fit_of.add(some, sums);
    return fit_of(sums, rules, 0);
  };
  const auto line = fit(rows, std::vector<std::uint32_t>{0, 1, 2});
  REQUIRE(line.terms.size() == 1);
  CHECK(line.terms[0].column == 1);
  CHECK(line.terms[0].coefficient == Approx(1));
  CHECK(line.constant + line.terms[0].coefficient * 1000 == Approx(1));
  CHECK(fit(rows, std::vector<std::uint32_t>{0}).terms.empty());
  CHECK(fit(rows, std::vector<std::uint32_t>{}).terms.empty());
  CHECK(fit(rows, std::vector<std::uint32_t>{3}).terms.size() == 1);  // three rows have it
  CHECK(fit(std::span(rows).subspan(1), std::vector<std::uint32_t>{3}).terms.size() == 1);
  CHECK(fit(std::span(rows).subspan(2), std::vector<std::uint32_t>{3}).terms.empty());
  CHECK(fit(std::span(rows).first(0), std::vector<std::uint32_t>{3}).terms.empty());
}

TEST_CASE("linear leaves: stretches hand out every row once, those of a leaf in order, near rows together") {
  const std::vector<std::vector<std::uint32_t>> leaves{{1, 3, 20000, 90000}, {}, {0, 2, 16383, 16384, 32768}, {89999}};
  std::vector<std::vector<std::uint32_t>> found(leaves.size());
  std::uint32_t stretch = 0;
  detail::for_each_stretch(
      1, 4, [&](std::size_t l) { return std::span<const std::uint32_t>(leaves[l]); },
      [&](std::size_t l, std::span<const std::uint32_t> rows) {
        REQUIRE_FALSE(rows.empty());
        CHECK(rows.front() / 16384 == rows.back() / 16384);
        CHECK(rows.front() / 16384 >= stretch);
        stretch = rows.front() / 16384;
        found[l].insert(found[l].end(), rows.begin(), rows.end());
      });
  CHECK(found[0].empty());
  for (std::size_t l = 1; l < 4; ++l) CHECK(found[l] == leaves[l]);
}

/// y is a line on either side of x0 = 0; some rows lack x0, one column is infinite in places.
labelled_matrix bent(std::size_t n, std::uint64_t seed) {
  labelled_matrix m{feature_matrix(std::vector<feature_info>(3), n), std::vector<float>(n), {}, {}};
  generator g{seed};
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < 3; ++j) m.x.number(j)[i] = static_cast<float>(g.uniform() * 2 - 1);
    const float x0 = m.x.number(0)[i] = std::round(m.x.number(0)[i] * 64) / 64;  // few values: exact bins
    m.label[i] = x0 <= 0 ? 1 - 3 * x0 : 10 + 2 * x0;
    if (g(40) == 0) m.x.number(0)[i] = missing, m.label[i] = 4;
    if (g(100) == 0) m.x.number(2)[i] = INFINITY;
  }
  return m;
}

TEST_CASE("linear leaves: what is made of two lines is learnt by two leaves; rows without the number get a constant") {
  auto lines = stump;
  lines.linear_leaves = true;
  const auto rows = bent(3000, 1);
  const auto m = lines.fit<squared>(training(rows)).value();
  REQUIRE(m.forest().has_lines());
  const auto raw = [&](float x0) { return m.raw(std::vector<float>{x0, 0.3f, 0.4f}); };
  // Rows without x0 share one of the leaves, but not its line.
  for (const float x0 : {-0.9f, -0.2f, 0.0f}) CHECK(raw(x0) == Approx(1 - 3 * x0).epsilon(1e-4));
  for (const float x0 : {0.01f, 0.5f, 0.99f}) CHECK(raw(x0) == Approx(10 + 2 * x0).epsilon(1e-4));
  CHECK(raw(2) == Approx(14).epsilon(1e-4));
  CHECK(std::fabs(raw(missing) - m.forest().leaf(0, 0) - m.base()) *
            std::fabs(raw(missing) - m.forest().leaf(0, 1) - m.base()) ==
        Approx(0).margin(1e-9));
  auto drawn = lines;
  drawn.linear_l2 = 1e12f;  // no slope is left
  const auto flat = drawn.fit<squared>(training(rows)).value();
  CHECK(flat.raw(std::vector<float>{-0.9f, 0, 0}) == Approx(flat.raw(std::vector<float>{-0.1f, 0, 0})).epsilon(1e-6));

  // A column with infinite values is split by, and never multiplied.
  const gbdt_trainer many{.trees = 20, .leaves = 31, .min_rows_in_leaf = 5, .linear_leaves = true};
  auto third = rows;
  for (std::size_t i = 0; i < third.rows(); ++i) third.label[i] += third.x.number(2)[i] > 0.5f ? 5.0f : 0.0f;
  const auto wild = many.fit<squared>(training(third)).value();
  CHECK(wild.gain_importance()[2] > 0);
  for (std::size_t t = 0; t < wild.trees(); ++t)
    for (std::size_t l = 0; l <= wild.forest().splits_of(t); ++l)
      for (const std::uint32_t column : wild.forest().term_columns(t, l)) CHECK(column != 2);
}

TEST_CASE("linear leaves: row, batch and the margins of training are one, on any number of threads", "[threads]") {
  const auto rows = table(3000, 41), valid = table(1500, 42);
  const auto data = training(rows);
  const gbdt_trainer plain{.trees = 15, .leaves = 15, .learning_rate = 0.2f, .linear_leaves = true, .linear_l2 = 0.1f};
  auto drawn = plain, goss = plain, dart = plain, forest = plain, coarse = plain;
  drawn.row_fraction = 0.7f;
  goss.top_fraction = 0.2f;
  dart.drop_fraction = 0.2f;
  forest.averaged = true;
  forest.row_fraction = 0.6f;
  coarse.gradient_bits = 8;
  for (const gbdt_trainer& t : {plain, drawn, goss, dart, forest, coarse}) {
    std::vector<double> loss, on_valid;  // by number of trees
    const auto watch = [&](const gbdt_iteration& i) {
      loss.push_back(i.training_loss());
      on_valid.push_back(i.validation);
      return true;
    };
    const early_stopping stop{.validation = t.drop_fraction > 0 ? nullptr : &valid, .rounds = 0};
    const auto m = t.fit<logistic>(data, stop, watch).value();
    REQUIRE(m.forest().has_lines());
    const bool exact = t.drop_fraction == 0 && !t.averaged;
    REQUIRE(loss.size() == 15);
    REQUIRE(m.trees() > 5);
    CHECK(mean_loss(m, rows) == Approx(loss[m.trees() - 1]).epsilon(exact ? 0 : 1e-12));
    if (stop.validation) CHECK(mean_loss(m, valid) == Approx(on_valid[m.trees() - 1]).epsilon(exact ? 0 : 1e-12));
    CHECK(mean_loss(m, valid) < 0.56);
    CHECK(saved_bytes(t.fit<logistic>(data, stop, keep_going{}, threads(3)).value()) == saved_bytes(m));
    const auto batch = margins(m, valid);
    for (std::size_t i = 0; i < 50; ++i) {
      std::vector<float> numbers(6);
      std::vector<std::uint32_t> codes(2);
      valid.x.columns().gather(i, numbers.data(), codes.data());
      CHECK(m.raw(mixed_row{numbers, codes}) == batch[i]);
    }
  }
}

TEST_CASE("linear leaves: ten trees and ten more are twenty; a row of weight 0 is no row") {
  auto rows = table(2000, 43);
  gbdt_trainer ten{.trees = 10, .leaves = 8, .row_fraction = 0.8f, .linear_leaves = true}, twenty = ten;
  twenty.trees = 20;
  const auto data = training(rows);
  const auto half = ten.fit<logistic>(data).value();
  CHECK(saved_bytes(ten.extend(half, logistic{}, data).value()) == saved_bytes(twenty.fit<logistic>(data).value()));

  labelled_matrix kept{feature_matrix({rows.x.info().begin(), rows.x.info().end()}, 1000), {}, {}, {}};
  for (std::size_t i = 0; i < 2000; ++i) {
    rows.weight.push_back(i % 2 == 0 ? 1.0f : 0.0f);
    if (i % 2 != 0) continue;
    for (std::size_t j = 0; j < 6; ++j) kept.x.number(j)[i / 2] = rows.x.number(j)[i];
    for (std::size_t j = 0; j < 2; ++j) kept.x.code(j)[i / 2] = rows.x.code(j)[i];
    kept.label.push_back(rows.label[i]);
  }
  ten.row_fraction = 1;
  const auto all = training(rows), present = training(kept);
  CHECK(saved_bytes(ten.fit<logistic>(all).value()) == saved_bytes(ten.fit<logistic>(present).value()));
}

TEST_CASE("linear leaves: LightGBM's text keeps them") {
  const auto rows = table(1000, 44);
  const auto m = gbdt_trainer{.trees = 5, .leaves = 8, .linear_leaves = true}.fit<logistic>(training(rows)).value();
  const auto back = import_lightgbm(to_lightgbm(m).value()).value();
  REQUIRE(back.model.forest().has_lines());
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    std::vector<double> x;
    for (std::size_t j = 0; j < 6; ++j) x.push_back(static_cast<double>(rows.x.number(j)[i]));
    for (std::size_t j = 0; j < 2; ++j) x.push_back(static_cast<double>(rows.x.code(j)[i]));
    double margin = 0;
    back.raw(std::span<const double>(x), std::span(&margin, 1));
    CHECK(margin == margins(m, rows)[i]);
  }
}

TEST_CASE("linear leaves: what cannot be is named") {
  const auto says = [](const result<gbdt_model>& r, const char* what) {
    REQUIRE_FALSE(r);
    INFO(r.error().message);
    CHECK(r.error().message.find(what) != std::string::npos);
  };
  const auto data = training(table(300, 45));
  const gbdt_trainer t{.trees = 3, .linear_leaves = true};
  const std::int8_t rising[] = {1};
  auto bad = t;
  says(t.fit<absolute>(data), "quantiles of what is left cannot be linear_leaves");
  bad.monotone = rising;
  says(bad.fit<logistic>(data), "linear_leaves cannot be kept monotone");
  bad = t;
  bad.path_smoothing = 1;
  says(bad.fit<logistic>(data), "linear_leaves cannot be smoothed");
  bad = t;
  bad.linear_l2 = missing;
  says(bad.fit<logistic>(data), "linear_l2 must be finite");
  const auto m = t.fit<logistic>(data).value();
  says(t.refit(m, logistic{}, data), "refitted leaves cannot be lines");
  says(gbdt_trainer{}.refit(m, logistic{}, data), "refitted leaves cannot be lines");
}

}  // namespace test_linear_leaves
