#include "mlsd/report/calibration_curve.hpp"

#include <cmath>
#include <string>
#include <vector>

#include "catch.hpp"
#include "report/well_formed.hpp"

namespace test_report_calibration {

using namespace mlsd::report;

TEST_CASE("A calibration line has a point a bin with Wilson's interval, empty bins apart", "[report]") {
  auto diagram = mlsd::reliability::equal_width(3);
  for (int i = 0; i < 263; ++i) diagram.update(0.25, i < 81 ? 1 : 0);
  for (int i = 0; i < 29; ++i) diagram.update(0.875, i < 1 ? 1 : 0);
  const line l = calibration_points("model", diagram.value());
  CHECK(l.x == std::vector<double>{0.25, 0.875});
  CHECK(l.y == std::vector<double>{81.0 / 263, 1.0 / 29});
  CHECK_FALSE(l.joined);
  // Newcombe, Two-sided confidence intervals for the single proportion, Statistics in Medicine 1998, table I, method 3.
  CHECK(l.low[0] == Approx(0.2553).margin(5e-5));
  CHECK(l.high[0] == Approx(0.3662).margin(5e-5));
  CHECK(l.low[1] == Approx(0.0061).margin(5e-5));
  CHECK(l.high[1] == Approx(0.1718).margin(5e-5));
  CHECK(calibration_points("none", {}).y.empty());
}

TEST_CASE("A calibration chart has one scale for both axes", "[report]") {
  auto diagram = mlsd::reliability::equal_width(3);
  diagram.update(0.2, 1);
  for (const auto scale : {axis_scale::linear, axis_scale::log}) {
    const line_chart chart = calibration_chart("<gbdt>", diagram.value(), scale);
    CHECK(chart.diagonal);
    CHECK(chart.x.scale == scale);
    CHECK(chart.y.scale == scale);
    const std::string html = to_html(chart);
    CHECK(mlsd_test::html_fault(html) == "");
    CHECK(html.find("Calibration of &lt;gbdt&gt;") != std::string::npos);
  }
  CHECK(to_html(calibration_chart("m", {})).find("no data") != std::string::npos);
}

}  // namespace test_report_calibration
