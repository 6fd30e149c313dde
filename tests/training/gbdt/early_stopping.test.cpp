#include "mlsd/training/gbdt/early_stopping.hpp"

#include "catch.hpp"
#include "mlsd/training/loss/lambda_rank.hpp"
#include "mlsd/training/loss/logistic.hpp"

#include <cmath>
#include <utility>
#include <vector>

namespace test_early_stopping {

using namespace mlsd;

struct hits {
  static constexpr bool greater_is_better = true;
  double right = 0, total = 0;
  void update(double p, float label, float weight) {
    right += (p > 0.5) == (label > 0.5f) ? static_cast<double>(weight) : 0;
    total += static_cast<double>(weight);
  }
  [[nodiscard]] double value() const { return right / total; }
};

static_assert(validation_metric<hits>);
static_assert(!validation_metric<logistic>);

TEST_CASE("early stopping: a loss sees margins, a metric sees predictions; both see weights") {
  labelled_matrix rows{feature_matrix({}, 3), {1, 0, 1}, {2, 1, 1}, {}};
  const std::vector<double> margin{3, 1, -1};
  CHECK(detail::evaluate(hits{}, rows, {}, margin, link_function::logistic) == 0.5);
  const double expected = (2 * logistic::value(3, 1) + logistic::value(1, 0) + logistic::value(-1, 1)) / 4;
  CHECK(detail::evaluate(logistic{}, rows, {}, margin, link_function::logistic) == Approx(expected));
  rows.weight = {0, 0, 0};
  CHECK(std::isnan(detail::evaluate(logistic{}, rows, {}, margin, link_function::logistic)));
}

struct first_labels {
  static constexpr bool greater_is_better = false;
  double sum = 0;
  void update(std::span<const double> p, std::span<const float> y) { sum += p[0] * static_cast<double>(y[0]); }
  [[nodiscard]] double value() const { return sum; }
};
static_assert(group_metric<first_labels> && !validation_metric<first_labels>);

TEST_CASE("early stopping: a metric of lists sees one group after the other, a loss of lists is their mean") {
  const labelled_matrix rows{feature_matrix({}, 4), {1, 0, 3, 1}, {}, {5, 5, 2, 2}};
  const auto groups = row_groups::of(rows.group).value();
  const std::vector<double> margin{2, 1, 10, 20};
  CHECK(detail::evaluate(first_labels{}, rows, groups, margin, link_function::identity) == 32);
  lambda_rank::scratch s;
  const double second = lambda_rank{}.value(std::vector<double>{10, 20}, std::vector<float>{3, 1}, s);
  CHECK(detail::evaluate(lambda_rank{}, rows, groups, margin, link_function::identity) == Approx(second / 2));
  CHECK(detail::reads_groups<lambda_rank>);
  CHECK(detail::reads_groups<first_labels>);
  CHECK_FALSE(detail::reads_groups<logistic>);
}

TEST_CASE("early stopping: better means less of a loss, and what a metric says") {
  CHECK(detail::better<logistic>(0.1, 0.2));
  CHECK_FALSE(detail::better<logistic>(0.2, 0.2));
  CHECK(detail::better<hits>(0.9, 0.8));
  CHECK_FALSE(detail::better<hits>(std::nan(""), 0.8));
}

TEST_CASE("early stopping: the first of equally good ones is the best; without validation the last is") {
  const labelled_matrix rows;
  const early_stopping stop{.validation = &rows, .rounds = 2}, never{.validation = &rows, .rounds = 0}, none;
  detail::best_so_far<hits> best(stop, 3);
  CHECK(best.trees() == 3);
  for (const auto& [trees, value] : {std::pair{4u, 0.5}, std::pair{5u, 0.7}, std::pair{6u, 0.7}}) {
    best.update(trees, value);
    CHECK_FALSE(best.is_long_ago(trees));
  }
  CHECK(best.trees() == 5);
  CHECK(best.is_long_ago(7));
  detail::best_so_far<hits> patient(never, 0), all(none, 0);
  patient.update(1, 0.5);
  CHECK_FALSE(patient.is_long_ago(100));
  all.update(8, std::nan(""));
  CHECK(all.trees() == 8);
  CHECK_FALSE(all.is_long_ago(100));
  detail::best_so_far<hits> unknown(stop, 0);
  unknown.update(1, std::nan(""));
  unknown.update(2, std::nan(""));
  CHECK(unknown.is_long_ago(2));
  CHECK(unknown.kept(2) == 2);
  CHECK(best.kept(9) == 5);
}

}  // namespace test_early_stopping
