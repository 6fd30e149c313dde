#include "mlsd/training/loss/poisson.hpp"

#include "catch.hpp"
#include "training/loss/loss_laws.hpp"

namespace test_loss_poisson {

using namespace mlsd;
using namespace loss_laws;

static_assert(loss_function<poisson>);

TEST_CASE("poisson: slopes and the mean rate") {
  slope_is_derivative(poisson{}, {0, 1, 4}, std::exp(0.7));
  initial_is_best(poisson{}, {1, 0, 0, 7, 2});
  CHECK(poisson::value(0, 2) == 1);
}

TEST_CASE("poisson: trains as LightGBM does") {
  trains_as(poisson{}, residues(),
            {2.06227478, 2.06227478, 2.06227478, 2.63194086, 2.63194086, 2.63194086, 2.1493475, 2.1493475, 1.72171965,
             2.54823067, 2.54823067, 1.72171965});
}

TEST_CASE("poisson: labels outside the domain are named") {
  using v = std::vector<float>;
  CHECK(poisson::check(v{0, 2.5f}, {}));
  says(poisson::check(v{0, -1}, {}), errc::invalid_argument, "row 1");
  says(poisson::check(v{0, 0}, {}), errc::one_class, "0");
  says(poisson::check(v{0, 1}, v{1, 0}), errc::one_class, "0");
}

}  // namespace test_loss_poisson
