#include "mlsd/report/table.hpp"

#include <cmath>
#include <string>

#include "catch.hpp"
#include "mlsd/stats/interval.hpp"
#include "report/well_formed.hpp"

namespace test_report_table {

using namespace mlsd::report;
using mlsd_test::occurrences;

TEST_CASE("Numbers of a column have one number of decimals", "[report]") {
  table t{.caption = "c", .columns = {"name", "share", "count", "p", "rate"}};
  t.columns[3] = {"p", 3};
  t.columns[4] = {"rate", 1, true};
  t.rows = {{"a", 0.25, 350000, 0.5, 0.031}, {"b", 0.0125, 7u, 1e-9, 0.2}, {"c", std::nan(""), 12L, 0.0, HUGE_VAL}};
  const std::string html = to_html(t);
  CHECK(mlsd_test::html_fault(html) == "");
  for (const char* cell :
       {">0.2500<", ">0.0125<", ">350,000<", ">7<", ">0.500<", ">&lt;0.001<", ">0.000<", ">3.1%<", ">20.0%<", ">∞<"})
    CHECK(occurrences(html, cell) == 1);
  CHECK(occurrences(html, "class=\"n\">–<") == 1);
  CHECK(occurrences(html, "<th scope=\"row\">") == 3);
  CHECK(occurrences(html, "<th scope=\"col\" class=\"n\">") == 4);
}

TEST_CASE("An estimate has its interval below, with as many decimals", "[report]") {
  const mlsd::estimate e{.value = 0.1311, .standard_error = 0.01, .ci = {0.105, 0.16}};
  const table t{.caption = "c",
                .columns = {"m", {"HR@10", 3}, {"rate", 1, true}},
                .rows = {{"a", e, e}, {"b", mlsd::estimate{.value = 0.2}, mlsd::estimate{}}}};
  const std::string html = to_html(t);
  CHECK(mlsd_test::html_fault(html) == "");
  CHECK(occurrences(html, ">0.131 <span class=\"ci\">0.105 to 0.160</span>") == 1);
  CHECK(occurrences(html, ">13.1% <span class=\"ci\">10.5% to 16.0%</span>") == 1);
  CHECK(occurrences(html, ">0.200<") == 1);
  CHECK(occurrences(html, "class=\"ci\"") == 2);
}

TEST_CASE("A judgement is a sign and a word besides its colour", "[report]") {
  const std::string html = to_html(
      table{.columns = {"f", ""},
            .rows = {{"a", {"drifted", status::alarm}}, {"b", {"", status::ok}}, {"c", {"so so", status::warn}}}});
  CHECK(html.find("chip alarm\"><i aria-hidden=\"true\">■</i> drifted") != std::string::npos);
  CHECK(html.find("chip ok\"><i aria-hidden=\"true\">●</i> ok") != std::string::npos);
  CHECK(html.find("chip warn\"><i aria-hidden=\"true\">▲</i> so so") != std::string::npos);
}

TEST_CASE("No input breaks a table", "[report]") {
  const double nan = std::nan("");
  CHECK(mlsd_test::html_fault(to_html(table{})) == "");
  CHECK(mlsd_test::html_fault(to_html(table{.columns = {"a"}, .rows = {{}, {1, 2, 3}, {cell{}}}})) == "");
  const table extremes{.columns = {"a"}, .rows = {{1e308}, {-1e308}, {5e-324}, {nan}, {-HUGE_VAL}}};
  CHECK(mlsd_test::html_fault(to_html(extremes)) == "");
  for (const profile& p : {profile{{1, 2}, {2}}, profile{{0, 0}, {}}, profile{{nan, HUGE_VAL, -1}, {1}},
                           profile{{1.7e308, 1.7e308}, {1}}}) {
    const std::string html = to_html(table{.columns = {"p"}, .rows = {{p}}});
    CHECK(mlsd_test::html_fault(html) == "");
    CHECK(mlsd_test::draws_numbers_only(html));
    CHECK(occurrences(html, "class=\"profile\"") == 1);
  }
  for (const std::string& name : mlsd_test::hostile_names()) {
    const table t{.caption = name, .note = name, .columns = {name, name}, .rows = {{name, {name, status::warn}}}};
    REQUIRE(mlsd_test::html_fault(to_html(t)) == "");
  }
}

}  // namespace test_report_table
