#include "mlsd/training/loss/squared.hpp"

#include "catch.hpp"
#include "training/loss/loss_laws.hpp"

namespace test_loss_squared {

using namespace mlsd;
using namespace loss_laws;

static_assert(loss_function<squared>);

TEST_CASE("squared: slopes and the mean") {
  slope_is_derivative(squared{}, {-2, 0, 5}, 1);
  initial_is_best(squared{}, {1, 0, 0, 7, -3});
  CHECK(squared::value(3, 1) == 2);
  CHECK(squared::check(std::vector<float>{-3}, {}));
  says(squared::check(std::vector<float>{0, 1}, std::vector<float>{0, 0}), errc::invalid_argument, "weights");
}

}  // namespace test_loss_squared
