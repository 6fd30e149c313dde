#include "mlsd/report/page.hpp"

#include <string>

#include "catch.hpp"
#include "mlsd/report/bar_chart.hpp"
#include "mlsd/report/calibration_curve.hpp"
#include "mlsd/report/histogram_chart.hpp"
#include "mlsd/report/line_chart.hpp"
#include "report/well_formed.hpp"

/// A block of somebody else's.
namespace test_report_elsewhere {
struct horizontal_rule {};
inline std::string to_html(const horizontal_rule&) { return "<p>* * *</p>"; }
}  // namespace test_report_elsewhere

namespace test_report_page {

using namespace mlsd::report;
using mlsd_test::html_fault;
using mlsd_test::occurrences;

page everything(const std::string& name) {
  page p{.title = name, .subtitle = name};
  p.add(heading{name}).add(paragraph{name});
  p.add(key_figures{{{name, name, name}, {name, "0.77", name, status::ok}, {name, "1", "", status::alarm}}});
  p.add(line_chart{.title = name, .lines = {{.name = name, .y = {1, 2}}}});
  p.add(histogram_chart{.title = name, .edges = {0, 1}, .series = {{name, {1}}}});
  p.add(bar_chart{.title = name, .bars = {{name, 1}}});
  p.add(table{.caption = name, .columns = {name}, .rows = {{name}}});
  return p;
}

TEST_CASE("A page is one well-formed document", "[report]") {
  CHECK(html_fault(to_html(page{})) == "");
  for (const std::string& name : mlsd_test::hostile_names()) REQUIRE(html_fault(to_html(everything(name))) == "");
}

TEST_CASE("The judge of these tests sees faults", "[report]") {
  for (const char* bad :
       {"<p>", "<p></b>", "</p>", "<p>a & b</p>", "<p class=x></p>", "<script></script>", "<p onclick=\"x\"></p>",
        "<p class=\"a\" class=\"b\"></p>", "<p>a > b</p>", "<div/>", "<p class=\"<\"></p>", "<p"})
    CHECK(html_fault(bad) != "");
}

TEST_CASE("A page asks for nothing from outside", "[report]") {
  const std::string html = to_html(everything("x"));
  for (const char* request : {"http:", "https:", "url(", "@import", "<script", "src=", "javascript"})
    CHECK(html.find(request) == std::string::npos);
  CHECK(html.find("default-src 'none'") != std::string::npos);
  CHECK(html.find("<meta charset=\"utf-8\">") != std::string::npos);
  CHECK(html.find("prefers-color-scheme:dark") != std::string::npos);
  CHECK(html.find("@media print") != std::string::npos);
}

TEST_CASE("Every drawing has a name, every table a caption", "[report]") {
  const std::string html = to_html(everything("x"));
  CHECK(occurrences(html, "role=\"img\"><title>") == occurrences(html, "role=\"img\""));
  CHECK(occurrences(html, "role=\"img\"") == occurrences(html, "<desc>"));
  CHECK(occurrences(html, "<svg") == occurrences(html, "role=\"img\"") + occurrences(html, "aria-hidden=\"true\">") -
                                         occurrences(html, "<i aria-hidden"));
  CHECK(occurrences(html, "<table>") == occurrences(html, "<caption"));
}

TEST_CASE("Blocks appear in the order of adding; users add their own", "[report]") {
  page p{.title = "t"};
  p.add(heading{"first"}).add(test_report_elsewhere::horizontal_rule{}).add(heading{"second"});
  const std::string html = to_html(p);
  CHECK(html.find("first") < html.find("* * *"));
  CHECK(html.find("* * *") < html.find("second"));
  CHECK_FALSE(block<int>);
  CHECK(block<line_chart>);
  CHECK(to_html(key_figures{}).empty());
  CHECK(to_html(p) == to_html(p));
}

}  // namespace test_report_page
