#include "mlsd/training/loss/focal.hpp"

#include "catch.hpp"
#include "training/loss/loss_laws.hpp"

namespace test_loss_focal {

using namespace mlsd;
using namespace loss_laws;

static_assert(loss_function<focal>);

TEST_CASE("focal: slopes, and the best constant where the classes pull equally") {
  slope_is_derivative(focal{}, {0, 1}, 0);
  const std::vector<float> y{1, 0, 0, 1, 0, 0, 0};
  const focal loss{.focus = 1.5, .positive_share = 0.6};
  double pull = 0;
  for (const float label : y) pull += loss.slope(loss.initial(y, {}), label).gradient;
  CHECK(pull == Approx(0).margin(1e-14));
}

TEST_CASE("focal: the hessian is exact where the loss is convex, and never too small elsewhere") {
  for (const float label : {0.0f, 1.0f})
    for (double m = -12; m <= 12; m += 0.25) {
      const double h = 1e-3;
      const focal loss{};
      const double bend = (loss.value(m + h, label) - 2 * loss.value(m, label) + loss.value(m - h, label)) / (h * h);
      const double wrong = label == 1 ? -m : m;
      if (wrong < 1)
        CHECK(loss.slope(m, label).hessian == Approx(bend).epsilon(1e-4).margin(1e-8));
      else
        CHECK(loss.slope(m, label).hessian >= bend - 1e-7);
    }
}

TEST_CASE("focal: focus 0 and equal shares is half of log loss") {
  const focal loss{.focus = 0, .positive_share = 0.5};
  slope_is_derivative(loss, {0, 1}, 1);
  CHECK(loss.value(0.3, 1) == Approx(0.5 * std::log1p(std::exp(-0.3))));
  CHECK(loss.initial(std::vector<float>{1, 0, 0, 1, 0}, {}) == Approx(std::log(2.0 / 3.0)));
}

TEST_CASE("focal: bad settings are named") {
  const std::vector<float> y{0, 1};
  says(focal{.focus = -1}.check(y, {}), errc::invalid_argument, "focus");
  says(focal{.positive_share = 1}.check(y, {}), errc::invalid_argument, "positive_share");
  says(focal{}.check(std::vector<float>{0, 0}, {}), errc::one_class, "label 0");
}

}  // namespace test_loss_focal
