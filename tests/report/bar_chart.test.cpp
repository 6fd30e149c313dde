#include "mlsd/report/bar_chart.hpp"

#include <cmath>
#include <string>
#include <vector>

#include "catch.hpp"
#include "report/well_formed.hpp"

namespace test_report_bar_chart {

using namespace mlsd::report;
using mlsd_test::occurrences;

TEST_CASE("No input breaks a bar chart", "[report]") {
  const double nan = std::nan(""), inf = HUGE_VAL;
  const std::vector<std::vector<double>> columns{
      {}, {0}, {0, 0}, {nan}, {inf, -inf, 2}, {-3, 4}, {-1, -2}, {1e300, -1e300, 1.7e308}, {5e-324}};
  for (const auto& values : columns)
    for (const auto scale : {axis_scale::linear, axis_scale::log}) {
      bar_chart c{.title = "degenerate", .x = {.scale = scale}, .thresholds = {{nan, "x"}, {.1, "a"}, {.1, "b"}}};
      for (const double v : values) c.bars.push_back({"bar", v, status::warn, -v, v});
      const std::string html = to_html(c);
      REQUIRE(mlsd_test::html_fault(html) == "");
      REQUIRE(mlsd_test::draws_numbers_only(html));
      CHECK(html.find("width=\"-") == std::string::npos);
    }
}

TEST_CASE("Bars start at zero and are as long as their values", "[report]") {
  const std::string html = to_html(bar_chart{.bars = {{"a", 4}, {"b", 2}, {"c", -4}}});
  std::vector<double> x, width;
  for (std::size_t at = html.find("<rect x=\""); at != std::string::npos; at = html.find("<rect x=\"", at + 1)) {
    x.push_back(std::stod(html.substr(at + 9)));
    width.push_back(std::stod(html.substr(html.find("width=\"", at) + 7)));
  }
  REQUIRE(x.size() == 3);
  CHECK(width[0] == Approx(2 * width[1]).margin(0.2));
  CHECK(width[0] == Approx(width[2]).margin(0.2));
  CHECK(x[0] == Approx(x[1]));
  CHECK(x[2] + width[2] == Approx(x[0]).margin(0.2));
}

TEST_CASE("Hostile and long names stay inside their column", "[report]") {
  for (const std::string& name : mlsd_test::hostile_names()) {
    const std::string html = to_html(bar_chart{.title = name, .bars = {{name, 1}}, .thresholds = {{.5, name}}});
    REQUIRE(mlsd_test::html_fault(html) == "");
  }
  const std::string html = to_html(bar_chart{.bars = {{std::string(500, 'q'), 1}}});
  const std::string label = html.substr(html.find("text-anchor=\"end\""));
  CHECK(label.substr(0, label.find("</text>")).size() < 80);
}

TEST_CASE("Bars beyond the limit are counted, percentages are percentages", "[report]") {
  bar_chart c{.note = "n.", .x = {.as_percent = true}, .most = 3};
  for (int i = 0; i < 10; ++i) c.bars.push_back({"f", 0.125});
  const std::string html = to_html(c);
  CHECK(occurrences(html, "<rect") == 3);
  CHECK(html.find("n. The first 3 of 10.") != std::string::npos);
  CHECK(html.find(">12.5%</text>") != std::string::npos);
}

}  // namespace test_report_bar_chart
