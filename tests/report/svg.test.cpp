#include "mlsd/report/svg.hpp"

#include <cmath>
#include <string>

#include "catch.hpp"
#include "report/well_formed.hpp"

namespace test_report_svg {

using namespace mlsd::report;

TEST_CASE("Positions are short decimals whatever the value", "[report]") {
  CHECK(detail::px(12) == "12");
  CHECK(detail::px(12.34) == "12.3");
  CHECK(detail::px(-0.04) == "0");
  CHECK(detail::px(-7.25) == "-7.2");
}

TEST_CASE("A shortened label fits its place and keeps both ends", "[report]") {
  for (const std::string& name : mlsd_test::hostile_names())
    for (const double width : {20.0, 60.0, 200.0}) CHECK(detail::text_width(detail::shorten_to(name, width)) <= width);
  CHECK(detail::shorten_to("clicks of this user before", 100).substr(0, 4) == "clic");
  CHECK(detail::shorten_to("age", 100) == "age");
}

TEST_CASE("A drawing has a name and a description, escaped", "[report]") {
  const std::string svg = detail::svg_document(100, "<title>", "a & b", detail::svg_text(1, 2, "</svg>"));
  CHECK(mlsd_test::html_fault(svg) == "");
  CHECK(svg.find("<title>&lt;title&gt;</title><desc>a &amp; b</desc>") != std::string::npos);
  CHECK(svg.find("role=\"img\"") != std::string::npos);
}

TEST_CASE("Six series have six markers, then they repeat", "[report]") {
  std::set<std::string> shapes;
  for (std::size_t i = 0; i < 12; ++i) shapes.insert(detail::svg_marker(5, 5, i, "x"));
  CHECK(shapes.size() == 6);
  for (const std::string& shape : shapes) {
    CHECK(mlsd_test::html_fault(shape) == "");
    CHECK(mlsd_test::draws_numbers_only(shape));
  }
}

TEST_CASE("Labels of ticks do not overlap", "[report]") {
  detail::fitted_axis x{
      axis_scale::linear, 0, 10, {0, 1, 2, 3, 4, 5}, std::vector<std::string>(6, std::string(20, 'w'))};
  const auto area = detail::lay_out(x, detail::fit({}, {0, 1}, 6));
  const std::string axes = detail::draw_axes(area, false);
  CHECK(mlsd_test::occurrences(axes, std::string(20, 'w')) < 6);
  CHECK(mlsd_test::occurrences(axes, std::string(20, 'w')) >= 1);
  CHECK(detail::draw_axes(area, true).find("no data") != std::string::npos);
}

TEST_CASE("Rules that no axis can hold are not drawn", "[report]") {
  const auto area = detail::lay_out(detail::fit({}, {0, 1}, 6), detail::fit({.scale = axis_scale::log}, {1, 10}, 6));
  CHECK(detail::draw_rules(area, {{std::nan(""), "x"}}, {{-1, "y"}, {0, "z"}}) == "");
  const std::string drawn = detail::draw_rules(area, {{1, "<b>", status::alarm}}, {{5, "five"}});
  CHECK(mlsd_test::html_fault(drawn) == "");
  CHECK(mlsd_test::occurrences(drawn, "<line") == 2);
  CHECK(drawn.find("rule alarm") != std::string::npos);
}

}  // namespace test_report_svg
