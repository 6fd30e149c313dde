#include "mlsd/report/histogram_chart.hpp"

#include <cmath>
#include <string>
#include <vector>

#include "catch.hpp"
#include "report/well_formed.hpp"

namespace test_report_histogram_chart {

using namespace mlsd::report;
using mlsd_test::occurrences;

TEST_CASE("No input breaks a histogram", "[report]") {
  const double nan = std::nan(""), inf = HUGE_VAL;
  const std::vector<std::vector<double>> columns{{},
                                                 {1},
                                                 {1, 2},
                                                 {2, 1},
                                                 {1, 1, 1},
                                                 {0, 0, 0},
                                                 {nan, 1, 2},
                                                 {-inf, 0, inf},
                                                 {-3, -2, -1},
                                                 {1e300, 1.7e308, inf},
                                                 {0, 1e-320, 1}};
  for (const auto scale : {axis_scale::linear, axis_scale::log})
    for (const auto& edges : columns)
      for (const auto& counts : columns)
        for (const bool share : {true, false}) {
          const std::string html =
              to_html(histogram_chart{.title = "degenerate",
                                      .x = {.scale = scale},
                                      .y = {.scale = scale},
                                      .edges = edges,
                                      .series = {{"a", counts}, {"b", {1, 2, 3, 4, 5, 6}}, {"c", {}}},
                                      .as_share = share});
          REQUIRE(mlsd_test::html_fault(html) == "");
          REQUIRE(mlsd_test::draws_numbers_only(html));
        }
}

TEST_CASE("Shares are of each series' own total", "[report]") {
  const std::string html =
      to_html(histogram_chart{.edges = {0, 1, 2}, .series = {{"many", {900, 100}}, {"few", {1, 3}}}});
  for (const char* share : {">90.0%<", ">10.0%<", ">25.0%<", ">75.0%<"}) CHECK(occurrences(html, share) == 1);
  CHECK(occurrences(html, "class=\"line step") == 2);
  const std::string counts =
      to_html(histogram_chart{.edges = {0, 1, 2}, .series = {{"n", {900, 100}}}, .as_share = false});
  CHECK(occurrences(counts, ">900<") == 1);
}

TEST_CASE("Impossible counts are left out and counted", "[report]") {
  const std::string html =
      to_html(histogram_chart{.edges = {0, 1, 2, 3}, .series = {{"n", {-5, std::nan(""), 7}}}, .as_share = false});
  CHECK(html.find("2 values have no place") != std::string::npos);
  CHECK(to_html(histogram_chart{}).find("no data") != std::string::npos);
}

TEST_CASE("Hostile names of series stay text", "[report]") {
  for (const std::string& name : mlsd_test::hostile_names())
    REQUIRE(
        mlsd_test::html_fault(to_html(histogram_chart{
            .title = name, .x = {.label = name}, .edges = {0, 1}, .series = {{name, {1}}}, .x_rules = {{0, name}}})) ==
        "");
}

}  // namespace test_report_histogram_chart
