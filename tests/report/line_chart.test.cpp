#include "mlsd/report/line_chart.hpp"

#include <cmath>
#include <string>
#include <vector>

#include "catch.hpp"
#include "report/well_formed.hpp"

namespace test_report_line_chart {

using namespace mlsd::report;
using mlsd_test::occurrences;

bool sound(const line_chart& c) {
  const std::string html = to_html(c);
  INFO(c.title);
  CHECK(mlsd_test::html_fault(html) == "");
  CHECK(mlsd_test::draws_numbers_only(html));
  return mlsd_test::html_fault(html).empty() && mlsd_test::draws_numbers_only(html);
}

TEST_CASE("No input breaks a line chart", "[report]") {
  const double nan = std::nan(""), inf = HUGE_VAL, huge = 1.7e308;
  const std::vector<std::vector<double>> columns{{},
                                                 {3},
                                                 {7, 7, 7},
                                                 {nan, nan},
                                                 {1, nan, 2},
                                                 {inf, -inf, 1},
                                                 {-1e300, 1e300},
                                                 {-huge, huge},
                                                 {0, 5e-324},
                                                 {-5, -3, -4},
                                                 {1e16, 1e16 + 2},
                                                 {0, 0, 0, 0},
                                                 {1e-320, 1e300}};
  for (const auto scale : {axis_scale::linear, axis_scale::log, axis_scale::time})
    for (const auto& x : columns)
      for (const auto& y : columns)
        for (const bool joined : {true, false})
          REQUIRE(sound({.title = "degenerate",
                         .x = {.scale = scale},
                         .y = {.scale = scale == axis_scale::time ? axis_scale::linear : scale},
                         .lines = {{.name = "a", .x = x, .y = y, .low = y, .high = x, .joined = joined}},
                         .diagonal = scale != axis_scale::time,
                         .x_rules = {{nan, "never"}, {1, "one"}},
                         .y_rules = {{inf, "never"}}}));
}

TEST_CASE("Hostile names stay text", "[report]") {
  for (const std::string& name : mlsd_test::hostile_names())
    REQUIRE(sound({.title = name,
                   .note = name,
                   .x = {.label = name},
                   .y = {.label = name},
                   .lines = {{.name = name, .x = {1, 2}, .y = {2, 3}, .joined = false}},
                   .x_rules = {{1.5, name}}}));
}

TEST_CASE("What is drawn is what is given", "[report]") {
  const std::string empty = to_html(line_chart{.title = "t"});
  CHECK(empty.find("no data") != std::string::npos);
  CHECK(empty.find("<path") == std::string::npos);

  const std::string points = to_html(
      line_chart{.lines = {{.x = {1, 2, 3}, .y = {1, 2, 3}, .low = {0, 1, 2}, .high = {2, 3, 4}, .joined = false}}});
  CHECK(occurrences(points, "<circle") == 3);
  CHECK(occurrences(points, "class=\"whisker") == 3);
  CHECK(points.find("2 at 2 (1 to 3)") != std::string::npos);

  const std::string broken = to_html(line_chart{.lines = {{.y = {1, 2, std::nan(""), 3, 4, HUGE_VAL, 5}}}});
  const std::size_t path = broken.find("class=\"line s0\"");
  REQUIRE(path != std::string::npos);
  CHECK(broken.find("2 values have no place") != std::string::npos);
  CHECK(occurrences(broken, "<circle") == 1);  // the 5 that stands alone
  const std::string commands = broken.substr(broken.rfind("d=\"", path), path - broken.rfind("d=\"", path));
  CHECK(occurrences(commands, "M") == 3);
  CHECK(occurrences(commands, "L") == 2);

  const std::string log = to_html(line_chart{.y = {.scale = axis_scale::log}, .lines = {{.y = {1, 0, -1, 10}}}});
  CHECK(log.find("2 values have no place") != std::string::npos);
}

TEST_CASE("The diagonal joins equal values on both axes", "[report]") {
  const line_chart c{.lines = {{.x = {0, 2}, .y = {5, 10}}}, .diagonal = true};
  const std::string html = to_html(c);
  CHECK(occurrences(html, "class=\"diagonal\"") == 1);
  CHECK(html.find("x from 0 to 10; y from 0 to 10") != std::string::npos);
}

TEST_CASE("A long line is drawn by its extremes, and stays small", "[report]") {
  line l{.name = "long"};
  for (int i = 0; i < 200'000; ++i) l.y.push_back(std::sin(i * 1e-3));
  l.y[77'777] = 40;
  l.y[123'456] = -30;
  l.y[150'000] = std::nan("");
  const auto keep = detail::visible_points(l);
  CHECK(keep.size() <= 1500);
  CHECK(std::is_sorted(keep.begin(), keep.end()));
  CHECK(std::adjacent_find(keep.begin(), keep.end()) == keep.end());
  for (const std::size_t i : {std::size_t{77'777}, std::size_t{123'456}, std::size_t{150'000}})
    CHECK(std::binary_search(keep.begin(), keep.end(), i));
  CHECK(to_html(line_chart{.lines = {l}}).size() < 40'000);
}

}  // namespace test_report_line_chart
