#include "mlsd/training/loss/tweedie.hpp"

#include "catch.hpp"
#include "training/loss/loss_laws.hpp"

namespace test_loss_tweedie {

using namespace mlsd;
using namespace loss_laws;

static_assert(loss_function<tweedie>);

TEST_CASE("tweedie: slopes and the mean") {
  for (const double power : {1.2, 1.5, 1.9}) slope_is_derivative(tweedie{.power = power}, {0, 1, 4}, 1);
  initial_is_best(tweedie{}, {1, 0, 0, 7, 2});
}

TEST_CASE("tweedie: trains as LightGBM does") {
  trains_as(tweedie{.power = 1.3}, residues(),
            {0.766263516, 2.23761924, 2.23761924, 2.62922214, 2.62922214, 2.62922214, 2.13543609, 2.13543609,
             1.39885147, 2.74133873, 2.32703261, 1.51759968},
            1, {}, {}, 1);
}

TEST_CASE("tweedie: bad settings and labels are named") {
  using v = std::vector<float>;
  says(tweedie{.power = 2}.check(v{1}, {}), errc::invalid_argument, "power");
  says(tweedie{}.check(v{1, -1}, {}), errc::invalid_argument, "row 1");
  says(tweedie{}.check(v{0, 0}, {}), errc::one_class, "0");
}

}  // namespace test_loss_tweedie
