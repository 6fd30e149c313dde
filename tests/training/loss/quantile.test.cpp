#include "mlsd/training/loss/quantile.hpp"

#include "catch.hpp"
#include "training/loss/loss_laws.hpp"

namespace test_loss_quantile {

using namespace mlsd;
using namespace loss_laws;

static_assert(residual_loss<quantile>);

TEST_CASE("quantile: slopes, and the quantile of the labels") {
  slope_is_derivative(quantile{.level = 0.3}, {-2, 0, 5}, 0);
  for (const double level : {0.1, 0.5, 0.9}) initial_is_best(quantile{.level = level}, {1, 0, 0, 7, -3, 9, 4, 4});
  says(quantile{.level = 1}.check(std::vector<float>{1}, {}), errc::invalid_argument, "level");
}

TEST_CASE("quantile: nine of ten labels lie below the prediction of each leaf") {
  const std::size_t n = 2000;
  labelled_matrix m{feature_matrix({{"x", 0}}, n), std::vector<float>(n), {}, {}};
  for (std::size_t i = 0; i < n; ++i) {
    m.x.number(0)[i] = static_cast<float>(i % 4);
    m.label[i] = static_cast<float>(i % 4) * 100 + static_cast<float>(i / 4);
  }
  const gbdt_trainer t{.trees = 20, .leaves = 4, .learning_rate = 0.5f};
  const auto model = t.fit(quantile{.level = 0.9}, training_matrix::out_of_fold(m)).value();
  for (int x = 0; x < 4; ++x)
    CHECK(model.raw(std::vector<float>{static_cast<float>(x)}) == Approx(x * 100 + 450).margin(1));
}

}  // namespace test_loss_quantile
