#include "mlsd/training/loss/absolute.hpp"

#include "catch.hpp"
#include "training/loss/loss_laws.hpp"

namespace test_loss_absolute {

using namespace mlsd;
using namespace loss_laws;

static_assert(residual_loss<absolute>);

TEST_CASE("absolute: slopes, and a median") {
  slope_is_derivative(absolute{}, {-2, 0, 5}, 0);
  initial_is_best(absolute{}, {1, 0, 0, 7, -3, 9});
  CHECK(absolute::slope(2, 2).gradient == 0);
}

TEST_CASE("absolute: a leaf is the median of its rows, whatever one of them says") {
  labelled_matrix m{feature_matrix({{"x", 0}}, 6), {1, 2, 3, 10, 11, 1000}, {}, {}};
  for (std::size_t i = 0; i < 6; ++i) m.x.number(0)[i] = static_cast<float>(i / 3);
  const gbdt_trainer t{.trees = 1, .leaves = 2, .learning_rate = 1, .min_rows_in_leaf = 1, .min_hessian = 0};
  const auto model = t.fit<absolute>(training_matrix::out_of_fold(m)).value();
  CHECK(model.raw(std::vector<float>{0}) == 2);
  CHECK(model.raw(std::vector<float>{1}) == 11);
}

}  // namespace test_loss_absolute
