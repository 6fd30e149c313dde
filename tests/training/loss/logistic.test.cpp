#include "mlsd/training/loss/logistic.hpp"

#include "catch.hpp"
#include "training/loss/loss_laws.hpp"

namespace test_loss_logistic {

using namespace mlsd;
using namespace loss_laws;

static_assert(loss_function<logistic> && !residual_loss<logistic>);

TEST_CASE("logistic: slopes, the best constant, and far out without overflow") {
  slope_is_derivative(logistic{}, {0, 1}, 1);
  initial_is_best(logistic{}, {1, 0, 1, 1, 0});
  CHECK(logistic::initial(std::vector<float>{1, 0, 0, 1, 0}, {}) == Approx(std::log(2.0 / 3.0)));
  CHECK(logistic::value(0, 1) == Approx(std::log(2.0)));
  CHECK(logistic::value(1000, 0) == 1000);
  CHECK(logistic::value(1000, 1) == Approx(0).margin(1e-300));
}

TEST_CASE("logistic: trains as LightGBM does") {
  std::vector<float> y = residues();
  for (float& v : y) v = v > 9 ? 1.0f : 0.0f;
  trains_as(logistic{}, y,
            {0.262879822, 0.262879822, -1.15355381, 1.2438037, 1.2438037, 1.2438037, -1.15355381, 0.754074638,
             -0.775215441, -0.775215441, -0.775215441, -0.775215441});
}

TEST_CASE("logistic: labels outside the domain are named") {
  using v = std::vector<float>;
  CHECK(logistic::check(v{0, 1}, {}));
  says(logistic::check(v{0, 1, 0.5f}, {}), errc::invalid_argument, "row 2: the label is 0.5");
  says(logistic::check(v{1, 1}, {}), errc::one_class, "label 1");
  says(logistic::check(v{0, 0}, {}), errc::one_class, "label 0");
  says(logistic::check(v{0, 1}, v{1, 0}), errc::one_class, "label 0");
  says(logistic::check(v{0, 1}, v{0, 0}), errc::invalid_argument, "weights");
}

}  // namespace test_loss_logistic
