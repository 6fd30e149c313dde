#include "mlsd/training/loss.hpp"

#include "catch.hpp"

#include <cmath>
#include <string>
#include <vector>

namespace test_loss {

using namespace mlsd;

static_assert(loss_function<logistic> && loss_function<squared> && loss_function<poisson>);

/// The slope is the derivative of the value: central differences, h^2 error.
template <class Loss> void check_slope(double scale_of_hessian) {
  for (const float label : {0.0f, 1.0f})
    for (double m = -3; m <= 3; m += 0.5) {
      const double h = 1e-4;
      const double up = Loss::value(m + h, label), down = Loss::value(m - h, label), here = Loss::value(m, label);
      const auto s = Loss::slope(m, label);
      CHECK(s.gradient == Approx((up - down) / (2 * h)).margin(1e-6));
      CHECK(s.hessian == Approx(scale_of_hessian * (up - 2 * here + down) / (h * h)).epsilon(1e-4).margin(1e-5));
    }
}

TEST_CASE("loss: gradient and hessian are the derivatives of the value") {
  check_slope<logistic>(1);
  check_slope<squared>(1);
  check_slope<poisson>(std::exp(0.7));
}

TEST_CASE("loss: the initial margin is where the mean gradient is zero") {
  const std::vector<float> labels{1, 0, 0, 1, 0}, weights{2, 1, 0, 0.5f, 3};
  const auto total = [&](auto loss, const std::vector<float>& w) {
    const double m = loss.initial(labels, w);
    double sum = 0;
    for (std::size_t i = 0; i < labels.size(); ++i)
      sum += (w.empty() ? 1.0 : static_cast<double>(w[i])) * loss.slope(m, labels[i]).gradient;
    return sum;
  };
  for (const auto& w : {weights, std::vector<float>{}}) {
    CHECK(total(logistic{}, w) == Approx(0).margin(1e-12));
    CHECK(total(squared{}, w) == Approx(0).margin(1e-12));
    CHECK(total(poisson{}, w) == Approx(0).margin(1e-12));
  }
  CHECK(logistic::initial(labels, {}) == Approx(std::log(2.0 / 3.0)));
}

TEST_CASE("loss: values by hand, and far out without overflow") {
  CHECK(logistic::value(0, 1) == Approx(std::log(2.0)));
  CHECK(logistic::value(1000, 0) == 1000);
  CHECK(logistic::value(1000, 1) == Approx(0).margin(1e-300));
  CHECK(squared::value(3, 1) == 2);
  CHECK(poisson::value(0, 2) == 1);
}

TEST_CASE("loss: labels outside the domain are named") {
  const auto says = [](const result<void>& r, errc code, const char* what) {
    REQUIRE_FALSE(r);
    CHECK(r.error().code == code);
    INFO(r.error().message);
    CHECK(r.error().message.find(what) != std::string::npos);
  };
  using v = std::vector<float>;
  CHECK(logistic::check(v{0, 1}, {}));
  says(logistic::check(v{0, 1, 0.5f}, {}), errc::invalid_argument, "row 2");
  says(logistic::check(v{1, 1}, {}), errc::one_class, "label 1");
  says(logistic::check(v{0, 0}, {}), errc::one_class, "label 0");
  says(logistic::check(v{0, 1}, v{1, 0}), errc::one_class, "label 0");
  says(logistic::check(v{0, 1}, v{0, 0}), errc::invalid_argument, "weights");
  says(squared::check(v{0, 1}, v{0, 0}), errc::invalid_argument, "weights");
  CHECK(squared::check(v{-3}, {}));
  CHECK(poisson::check(v{0, 2.5f}, {}));
  says(poisson::check(v{0, -1}, {}), errc::invalid_argument, "row 1");
  says(poisson::check(v{0, 0}, {}), errc::one_class, "0");
}

}  // namespace test_loss
