#include "mlsd/training/loss/huber.hpp"

#include "catch.hpp"
#include "training/loss/loss_laws.hpp"

namespace test_loss_huber {

using namespace mlsd;
using namespace loss_laws;

static_assert(loss_function<huber>);

TEST_CASE("huber: the slope is the error, cut") {
  slope_is_derivative(huber{.delta = 1.5}, {-2, 0, 5}, 0);
  CHECK(huber{.delta = 1}.value(3, 0) == 2.5);  // 1 * (3 - 1/2)
  CHECK(huber{.delta = 5}.value(3, 0) == squared::value(3, 0));
  says(huber{.delta = 0}.check(std::vector<float>{1}, {}), errc::invalid_argument, "delta");
}

TEST_CASE("huber: trains as LightGBM does") {
  trains_as(huber{.delta = 2}, residues(),
            {9.32533482, 9.32533482, 8.25065104, 11.947338, 11.947338, 11.947338, 8.27524143, 9.24160427, 8.55732849,
             9.54285713, 9.54285713, 7.58333333});
}

}  // namespace test_loss_huber
