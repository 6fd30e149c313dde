#include "mlsd/report/alarm_timeline.hpp"

#include <cmath>
#include <string>

#include "catch.hpp"
#include "report/well_formed.hpp"

namespace test_report_alarm_timeline {

using namespace mlsd::report;
using mlsd_test::occurrences;

TEST_CASE("Alarms are marks in the lane of their name; a quiet name keeps its lane", "[report]") {
  alarm_timeline t{.title = "Drift", .rules = {{1'700'050'000'000, "release"}}};
  t.lane("quiet");
  t.add("error", mlsd::timestamp{1'700'000'000'000});
  t.add("error", mlsd::timestamp{1'700'100'000'000});
  t.add("amount", mlsd::timestamp{1'700'020'000'000});
  REQUIRE(t.lanes.size() == 3);
  CHECK(t.lanes[1].alarms.size() == 2);
  const std::string html = to_html(t);
  CHECK(mlsd_test::html_fault(html) == "");
  CHECK(mlsd_test::draws_numbers_only(html));
  CHECK(occurrences(html, "class=\"bar alarm\"") == 3);
  CHECK(html.find("error: 2023-11-14 22:13:20") != std::string::npos);
  CHECK(html.find(">quiet<") != std::string::npos);
  CHECK(html.find(">release<") != std::string::npos);
}

TEST_CASE("Alarms may be counted in events; those of one place are one mark", "[report]") {
  alarm_timeline t{.x = {.label = "event", .include = {0, 1'000'000}}};
  for (int i = 0; i < 1000; ++i) t.add("score", 500'000.0 + i * 0.001);
  const std::string html = to_html(t);
  CHECK(occurrences(html, "class=\"bar alarm\"") == 1);
  CHECK(html.find(">1,000<") != std::string::npos);
}

TEST_CASE("No input breaks a time line", "[report]") {
  CHECK(mlsd_test::html_fault(to_html(alarm_timeline{})) == "");
  alarm_timeline odd{.x = {.scale = axis_scale::linear}};
  for (const double at : {std::nan(""), HUGE_VAL, -HUGE_VAL, 1e308, 0.0, 5e-324}) odd.add("x", at);
  const std::string html = to_html(odd);
  CHECK(mlsd_test::draws_numbers_only(html));
  CHECK(html.find("4 values have no place") != std::string::npos);
  for (const std::string& name : mlsd_test::hostile_names()) {
    alarm_timeline t{.title = name, .note = name, .rules = {{1, name}}};
    t.add(name, 2.0);
    CHECK(mlsd_test::html_fault(to_html(t)) == "");
  }
}

}  // namespace test_report_alarm_timeline
