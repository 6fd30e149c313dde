#include "mlsd/training/loss/weighted_logistic.hpp"

#include "catch.hpp"
#include "training/loss/loss_laws.hpp"

namespace test_loss_weighted_logistic {

using namespace mlsd;
using namespace loss_laws;

static_assert(loss_function<weighted_logistic>);

TEST_CASE("weighted logistic: positives count as so many rows") {
  const weighted_logistic loss{.positive_weight = 3};
  slope_is_derivative(loss, {0, 1}, 1);
  initial_is_best(loss, {1, 0, 1, 1, 0});
  std::vector<float> y = residues(), w;
  for (float& v : y) {
    v = v > 9 ? 1.0f : 0.0f;
    w.push_back(v == 1 ? 3.0f : 1.0f);
  }
  labelled_matrix m{feature_matrix({{"x", 0}}, rows), y, {}, {}};
  for (std::size_t i = 0; i < rows; ++i) m.x.number(0)[i] = static_cast<float>(i);
  const gbdt_trainer t{.trees = 5, .leaves = 4, .min_rows_in_leaf = 2};
  const auto by_loss = t.fit(loss, training_matrix::out_of_fold(m)).value();
  m.weight = w;
  const auto by_weight = t.fit<logistic>(training_matrix::out_of_fold(m)).value();
  for (std::size_t i = 0; i < rows; ++i) {
    const std::vector<float> x{static_cast<float>(i)};
    CHECK(by_loss.raw(x) == Approx(by_weight.raw(x)).margin(1e-6));
  }
}

TEST_CASE("weighted logistic: a bad setting is named") {
  using v = std::vector<float>;
  says(weighted_logistic{.positive_weight = 0}.check(v{0, 1}, {}), errc::invalid_argument, "positive_weight");
  says(weighted_logistic{}.check(v{0, 2}, {}), errc::invalid_argument, "row 1");
}

}  // namespace test_loss_weighted_logistic
