#include "mlsd/training/loss/mape.hpp"

#include "catch.hpp"
#include "training/loss/loss_laws.hpp"

namespace test_loss_mape {

using namespace mlsd;
using namespace loss_laws;

static_assert(residual_loss<mape>);

TEST_CASE("mape: slopes, and a weighted median") {
  slope_is_derivative(mape{}, {-2, 0, 0.25f, 5}, 0);
  initial_is_best(mape{}, {1, 0, 0, 7, -3, 9, 100, 200});
  CHECK(mape::value(15, 10) == 0.5);
  CHECK(mape::value(0.5, 0.1f) == Approx(0.4));  // below 1 a label counts as 1
}

TEST_CASE("mape: a leaf is nearer to the small labels") {
  labelled_matrix m{feature_matrix({{"x", 0}}, 6), {2, 3, 100, 100, 5, 7}, {}, {}};
  for (std::size_t i = 0; i < 6; ++i) m.x.number(0)[i] = i < 4 ? 0.0f : 1.0f;
  const gbdt_trainer t{.trees = 1, .leaves = 2, .learning_rate = 1, .min_rows_in_leaf = 1, .min_hessian = 0};
  CHECK(t.fit<mape>(training_matrix::out_of_fold(m)).value().raw(std::vector<float>{0}) == 2);
}

}  // namespace test_loss_mape
