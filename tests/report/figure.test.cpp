#include "mlsd/report/figure.hpp"

#include <string>

#include "catch.hpp"
#include "report/well_formed.hpp"

namespace test_report_figure {

using namespace mlsd::report;

TEST_CASE("A figure carries the numbers behind its drawing, unless they are too many", "[report]") {
  detail::figure f{"Title", "a note", "", detail::svg_document(10, "t", "d", ""), 0, {{"x", "y"}, {{"1", "<2>"}}}};
  const std::string html = detail::to_html(f);
  CHECK(mlsd_test::html_fault(html) == "");
  CHECK(html.find("<td class=\"n\">&lt;2&gt;</td>") != std::string::npos);
  CHECK(html.find("<caption") != std::string::npos);
  f.data.rows.assign(detail::most_number_rows + 1, {"1", "2"});
  CHECK(detail::to_html(f).find("<details>") == std::string::npos);
  f.data.rows.clear();
  CHECK(detail::to_html(f).find("<details>") == std::string::npos);
}

TEST_CASE("What is not shown is said", "[report]") {
  detail::figure f{"Title", "", "", "", 1, {}};
  CHECK(detail::to_html(f).find("1 value has no place") != std::string::npos);
  f.hidden = 1234;
  CHECK(detail::to_html(f).find("1,234 values have no place") != std::string::npos);
}

TEST_CASE("Names in the key are escaped", "[report]") {
  for (const std::string& name : mlsd_test::hostile_names())
    for (const bool marker : {false, true}) CHECK(mlsd_test::html_fault(detail::key_entry(name, 1, marker)) == "");
}

}  // namespace test_report_figure
