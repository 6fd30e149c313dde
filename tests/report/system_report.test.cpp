#include "mlsd/report/system_report.hpp"

#include <string>

#include "catch.hpp"
#include "mlsd/experiment/compare_proportions.hpp"
#include "mlsd/report/estimate_figure.hpp"
#include "mlsd/stats/interval.hpp"
#include "report/well_formed.hpp"

namespace test_report_system_report {

using namespace mlsd::report;

system_report everything(const std::string& name) {
  const mlsd::estimate e{.value = 0.5, .standard_error = 0.1, .ci = {0.3, 0.7}};
  system_report r{.title = name, .subtitle = name};
  r.figures = {estimate_figure(name, e)};
  r.quality = {{.caption = name, .columns = {name, "HR@10"}, .rows = {{name, e}}}};
  r.calibration = {{.title = name, .lines = {{.name = name, .y = {1, 2}}}}};
  r.scores = {{.title = name, .edges = {0, 1}, .series = {{name, {1}}}}};
  r.over_time = {{.title = name, .lines = {{.name = name, .y = {1, 2}}}}};
  r.experiments = {{.name = name, .metrics = {{name, mlsd::compare_proportions({1, 10}, {5, 10})}}}};
  r.drift = {{.name = name}};
  r.alarms.add(name, 1.0);
  r.watched = {{.caption = name}};
  r.latency.add(name, mlsd::latency{});
  r.more = {{.caption = name}};
  return r;
}

TEST_CASE("Sections come in one order, empty ones not at all", "[report]") {
  const std::string html = to_html(everything("x"));
  std::size_t at = 0;
  for (const char* section :
       {"Quality", "Calibration", "Scores", "Over time", "Experiments", "Drift", "Alarms", "Latency", "More"}) {
    INFO(section);
    const std::size_t found = html.find("<h2>" + std::string(section) + "</h2>");
    REQUIRE(found != std::string::npos);
    CHECK(found > at);
    at = found;
  }
  CHECK(mlsd_test::occurrences(html, "<h2>") == 9);
  CHECK(to_html(system_report{}).find("<h2>") == std::string::npos);
  CHECK(mlsd_test::html_fault(to_html(system_report{})) == "");
}

TEST_CASE("A report is one well-formed document whatever the names", "[report]") {
  for (const std::string& name : mlsd_test::hostile_names())
    REQUIRE(mlsd_test::html_fault(to_html(everything(name))) == "");
  page p = to_page(everything("x"));
  p.add(paragraph{"one more"});
  CHECK(to_html(p).find("one more") != std::string::npos);
}

}  // namespace test_report_system_report
