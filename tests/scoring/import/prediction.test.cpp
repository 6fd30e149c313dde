#include "mlsd/scoring/import/prediction.hpp"

#include "catch.hpp"
#include "mlsd/archive/binary.hpp"
#include "mlsd/core/random.hpp"
#include "round_trip.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace test_prediction {

using namespace mlsd;
using kind = prediction_kind;

std::vector<double> of(const prediction_rule& rule, std::vector<double> margins, std::size_t iterations = 1) {
  const std::size_t n = margins.size();
  margins.resize(rule.room(n));
  const auto out = rule(margins, n, iterations);
  return {out.begin(), out.end()};
}

constexpr double infinity = std::numeric_limits<double>::infinity();

TEST_CASE("prediction: every kind is its formula") {
  CHECK(of({.kind = kind::identity}, {3, -1}) == std::vector<double>{3, -1});
  CHECK(of({.kind = kind::logistic}, {0, infinity, -infinity}) == std::vector<double>{0.5, 1, 0});
  CHECK(of({.kind = kind::exponential}, {0, -infinity}) == std::vector<double>{1, 0});
  CHECK(of({.kind = kind::signed_square}, {3, -3, 0}) == std::vector<double>{9, -9, 0});
  CHECK(of({.kind = kind::hinge}, {1e-300, 0, -1}) == std::vector<double>{1, 0, 0});
  CHECK(of({.kind = kind::class_number}, {1, 5, 5}) == std::vector<double>{1});
  CHECK(of({.kind = kind::class_number}, {NAN, 0, 5}) == std::vector<double>{2});
  CHECK(of({.kind = kind::both_classes}, {0}) == std::vector<double>{0.5, 0.5});
  CHECK(of({.kind = kind::mean_and_variance}, {7, 0}) == std::vector<double>{7, 1});
  CHECK(of({.kind = kind::softmax}, {1, 1, 1, 1}) == std::vector<double>(4, 0.25));
  CHECK(of({.kind = kind::softmax}, {1e300, -infinity}) == std::vector<double>{1, 0});
  CHECK(of({.kind = kind::own_logistic}, {0.3}) == std::vector<double>{math::sigmoid(0.3)});
  CHECK(of({.kind = kind::own_exponential}, {0.3}) == std::vector<double>{math::exp(0.3)});
  const auto rising = of({.kind = kind::increasing}, {1, 0, -800, 800});
  CHECK(rising[0] == 1);
  CHECK(rising[1] == Approx(1 + std::log(2) + 1e-6).epsilon(1e-14));
  CHECK(rising[2] == Approx(rising[1] + 1e-6).epsilon(1e-14));
  CHECK(rising[3] == Approx(rising[2] + 800 + 1e-6).epsilon(1e-14));
  CHECK(of({.averaged = true}, {10, 5}, 5) == std::vector<double>{2, 1});
  CHECK(of({.averaged = true}, {10, 5}, 0) == std::vector<double>{10, 5});
  for (const double x : {-700.0, -30.0, -1.5, 0.0, 0.3, 12.0, 40.0}) {
    const auto near = [](double a, double b) { return std::abs(a - b) <= 4.5e-16 * std::abs(b); };
    CHECK(near(of({.kind = kind::logistic, .slope = 0.5}, {x})[0], 1 / (1 + std::exp(-0.5 * x))));
    CHECK(near(of({.kind = kind::exponential}, {x})[0], std::exp(x)));
    CHECK(near(of({.kind = kind::log_one_plus_exp}, {x})[0], std::log1p(std::exp(x))));
    CHECK(near(of({.kind = kind::mean_and_variance}, {0, x})[1], std::exp(2 * x)));
    CHECK(near(of({.kind = kind::softmax}, {x, 1})[0],
               std::exp(x - std::fmax(x, 1)) / (std::exp(x - std::fmax(x, 1)) + std::exp(1 - std::fmax(x, 1)))));
  }
}

TEST_CASE("prediction: e^x within 0.56 ulp, overflow and subnormals included") {
  random_stream random(3);
  double worst = 0;
  for (int i = 0; i < 200'000; ++i) {
    const double x = (i % 2 == 0 ? 1 : 700) * (2 * random.uniform() - 1);
    const double y = detail::exp_of_margin(x), ulp = std::nextafter(y, infinity) - y;
    const long double error = static_cast<long double>(y) - std::exp(static_cast<long double>(x));
    worst = (std::max)(worst, std::abs(static_cast<double>(error)) / ulp);
  }
  CHECK(worst < 0.56);
  for (const double x : {-745.13, -744.0, -720.5, -708.3})
    CHECK(std::abs(detail::exp_of_margin(x) - std::exp(x)) <= std::numeric_limits<double>::denorm_min());
  CHECK((detail::exp_of_margin(709.0) < infinity && detail::exp_of_margin(710.0) == infinity));
  CHECK((detail::exp_of_margin(-746.0) == 0 && std::isnan(detail::exp_of_margin(NAN))));
}

TEST_CASE("prediction: in floats the formula is XGBoost's") {
  const prediction_rule logistic{.kind = kind::logistic, .in_floats = true};
  for (const float x : {-80.0f, -3.25f, 0.0f, 0.7f, 20.0f}) {
    const float p = 1.0f / (1.0f + std::exp(-x));
    CHECK(std::abs(static_cast<float>(of(logistic, {static_cast<double>(x)})[0]) - p) <= 2.4e-7f * p);
  }
  const double least = of(logistic, {-1e30})[0];
  CHECK((least > 0 && least < 1e-38));
  CHECK(of({.kind = kind::softmax, .in_floats = true}, {2, 2}) == std::vector<double>{0.5, 0.5});
}

TEST_CASE("prediction: width, room and what does not fit") {
  CHECK(prediction_rule{.kind = kind::class_number}.width(5) == 1);
  CHECK(prediction_rule{.kind = kind::class_number}.room(5) == 5);
  CHECK(prediction_rule{.kind = kind::both_classes}.room(1) == 2);
  CHECK(prediction_rule{.kind = kind::softmax}.width(3) == 3);
  CHECK_FALSE(prediction_rule{.kind = kind::both_classes}.fits(2));
  CHECK_FALSE(prediction_rule{.kind = kind::mean_and_variance}.fits(1));
  CHECK_FALSE(prediction_rule{.kind = static_cast<kind>(13)}.validate());
  CHECK_FALSE(prediction_rule{.slope = NAN}.validate());
}

TEST_CASE("prediction: a rule is saved, and a damaged one is refused or computes") {
  const prediction_rule rule{.kind = kind::softmax, .slope = 2, .averaged = true, .in_floats = true};
  CHECK(mlsd_test::round_trips(rule));
  std::size_t used = 0;
  CHECK(mlsd_test::mutate(rule, 500, [&](const prediction_rule& r) {
          used += r.room(1) > 0 ? of(r, {1, 2}).size() : 0;
        }) > 0);
  CHECK(used > 0);
}

}  // namespace test_prediction
