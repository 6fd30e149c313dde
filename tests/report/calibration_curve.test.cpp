#include "mlsd/report/calibration_curve.hpp"

#include <cmath>
#include <string>
#include <vector>

#include "catch.hpp"

namespace test_report_calibration {

using namespace mlsd::report;

TEST_CASE("Wilson's interval has the published ends", "[report]") {
  // Newcombe, Two-sided confidence intervals for the single proportion, Statistics in Medicine 1998, table I, method 3.
  const auto close = [](double positives, double count, double low, double high) {
    const auto [l, h] = wilson_interval(positives, count);
    return std::fabs(l - low) < 5e-5 && std::fabs(h - high) < 5e-5;
  };
  CHECK(close(81, 263, 0.2553, 0.3662));
  CHECK(close(15, 148, 0.0624, 0.1605));
  CHECK(close(0, 20, 0.0000, 0.1611));
  CHECK(close(1, 29, 0.0061, 0.1718));
}

TEST_CASE("Wilson's interval without examples is everything", "[report]") {
  for (const double count : {0.0, -1.0, std::nan("")}) {
    CHECK(wilson_interval(0, count).low == 0);
    CHECK(wilson_interval(0, count).high == 1);
  }
  CHECK(wilson_interval(std::nan(""), 5).high == 1);
  CHECK(wilson_interval(5, 5).high == 1);
  CHECK(wilson_interval(5, 5).low > 0.5);
}

TEST_CASE("A calibration line has a point a bin, empty bins apart", "[report]") {
  const std::vector<calibration_bin> bins{{0.1, 12, 100}, {0.2, 0, 0}, {0.3, 30, 100}};
  const line l = calibration_points("model", bins);
  CHECK(l.x == std::vector<double>{0.1, 0.3});
  CHECK(l.y == std::vector<double>{0.12, 0.3});
  CHECK_FALSE(l.joined);
  for (std::size_t i = 0; i < 2; ++i) CHECK((l.low[i] < l.y[i] && l.y[i] < l.high[i]));
  CHECK(calibration_points("none", {}).y.empty());
}

}  // namespace test_report_calibration
