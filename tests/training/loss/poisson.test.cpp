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
            {1.56166097, 2.1942653, 2.1942653, 2.57085895, 2.57085895, 2.57085895, 2.2070234, 2.2070234, 1.99706597,
             2.51277032, 2.23724016, 1.72171965},
            1, {}, {}, 0);
}

TEST_CASE("poisson: labels outside the domain are named") {
  using v = std::vector<float>;
  CHECK(poisson::check(v{0, 2.5f}, {}));
  says(poisson::check(v{0, -1}, {}), errc::invalid_argument, "row 1");
  says(poisson::check(v{0, 0}, {}), errc::one_class, "0");
  says(poisson::check(v{0, 1}, v{1, 0}), errc::one_class, "0");
}

}  // namespace test_loss_poisson
