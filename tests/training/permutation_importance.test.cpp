#include "mlsd/training/permutation_importance.hpp"

#include "catch.hpp"
#include "mlsd/core/random.hpp"
#include "mlsd/metrics/auc.hpp"
#include "mlsd/training/gbdt.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace test_permutation_importance {

using namespace mlsd;

struct accuracy {
  static constexpr bool greater_is_better = true;
  double right = 0, all = 0;
  void update(double p, float label, float weight) {
    right += (p > 0.5) == (label == 1) ? static_cast<double>(weight) : 0.0;
    all += static_cast<double>(weight);
  }
  [[nodiscard]] double value() const { return right / all; }
};

/// The label follows number 0 strongly, code 0 weakly, and number 1 not at all.
labelled_matrix make(std::size_t n, std::uint64_t seed) {
  labelled_matrix m{feature_matrix({{"strong", 0}, {"nothing", 0}, {"weak", 4}}, n), std::vector<float>(n), {}, {}};
  random_stream draw(seed);
  for (std::size_t i = 0; i < n; ++i) {
    m.x.number(0)[i] = static_cast<float>(draw.normal());
    m.x.number(1)[i] = static_cast<float>(draw.normal());
    m.x.code(0)[i] = static_cast<std::uint32_t>(draw.uniform_int(4));
    m.label[i] = m.x.number(0)[i] + (m.x.code(0)[i] == 0 ? 0.5f : 0.0f) + static_cast<float>(draw.normal()) > 0;
  }
  return m;
}

TEST_CASE("permutation importance: what matters, in order, by a loss") {
  const auto model =
      gbdt_trainer{.trees = 30, .leaves = 8}.fit<logistic>(training_matrix::out_of_fold(make(4000, 1))).value();
  labelled_matrix rows = make(2000, 2);
  const std::vector<float> before(rows.x.number(0).begin(), rows.x.number(0).end());
  const auto of = permutation_importance{}.of<logistic>(model, rows).value();
  CHECK(std::equal(before.begin(), before.end(), rows.x.number(0).begin()));
  REQUIRE(of.mean.size() == 3);
  CHECK(of.mean[0] > 0.1);
  CHECK(of.mean[2] > 0.01);
  CHECK(of.mean[0] > 4 * of.mean[2]);
  CHECK(std::abs(of.mean[1]) < 0.01);
  for (const double e : of.standard_error) CHECK((e > 0 && e < 0.02));

  std::vector<double> margin(rows.rows());
  model.raw(rows.x.columns(), margin);
  double loss = 0;
  for (std::size_t i = 0; i < margin.size(); ++i) loss += logistic::value(margin[i], rows.label[i]);
  CHECK(of.metric == Approx(loss / 2000));
  const auto again = permutation_importance{}.of<logistic>(model, rows).value();
  CHECK(again.mean == of.mean);
  CHECK(permutation_importance{.seed = 2}.of<logistic>(model, rows).value().mean != of.mean);
}

TEST_CASE("permutation importance: a metric where greater is better") {
  const auto model =
      gbdt_trainer{.trees = 30, .leaves = 8}.fit<logistic>(training_matrix::out_of_fold(make(4000, 1))).value();
  labelled_matrix rows = make(2000, 2);
  const auto of = permutation_importance{.repeats = 1}.of<accuracy>(model, rows).value();
  CHECK(of.metric > 0.7);
  CHECK(of.mean[0] > 0.1);
  CHECK(of.standard_error[0] == 0);
}

TEST_CASE("permutation importance: what it refuses") {
  const auto model =
      gbdt_trainer{.trees = 2, .leaves = 4}.fit<logistic>(training_matrix::out_of_fold(make(400, 1))).value();
  labelled_matrix rows = make(10, 2);
  CHECK_FALSE(permutation_importance{.repeats = 0}.of<logistic>(model, rows));
  rows.label.pop_back();
  CHECK_FALSE(permutation_importance{}.of<logistic>(model, rows));
  labelled_matrix narrow{feature_matrix({{"a", 0}}, 3), {0, 1, 1}, {}, {}};
  const auto r = permutation_importance{}.of<logistic>(model, narrow);
  REQUIRE_FALSE(r);
  CHECK(r.error().message.find("the model reads 2 numbers and 1 codes") != std::string::npos);
}

}  // namespace test_permutation_importance
