#include "mlsd/training/loss/gamma_loss.hpp"

#include "catch.hpp"
#include "training/loss/loss_laws.hpp"

namespace test_loss_gamma_loss {

using namespace mlsd;
using namespace loss_laws;

static_assert(loss_function<gamma_loss>);

TEST_CASE("gamma loss: slopes and the mean") {
  slope_is_derivative(gamma_loss{}, {0.5f, 1, 4}, 1);
  initial_is_best(gamma_loss{}, {1, 3, 0.5f, 7, 2});
}

TEST_CASE("gamma loss: trains as LightGBM does, with and without weights") {
  std::vector<float> y = residues(), w;
  for (std::size_t i = 0; i < rows; ++i) y[i] += 1, w.push_back(static_cast<float>(1 + i % 3));
  trains_as(gamma_loss{}, y,
            {1.43593071, 2.26693207, 2.26693207, 2.6145204, 2.6145204, 2.6145204, 2.23282735, 2.23282735, 1.61025891,
             2.73323914, 2.4601728, 1.70545986},
            1, {}, {}, 1);
  trains_as(gamma_loss{}, y,
            {1.45435726, 2.26461368, 2.26461368, 2.65159702, 2.65159702, 2.65159702, 2.16265545, 2.16265545, 1.02572262,
             2.44955194, 2.44955194, 1.66574122},
            1, w, {}, 1);
}

TEST_CASE("gamma loss: an amount of 0 is named") {
  says(gamma_loss::check(std::vector<float>{1, 0}, {}), errc::invalid_argument, "row 1: the label is 0");
}

}  // namespace test_loss_gamma_loss
