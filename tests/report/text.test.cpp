#include "mlsd/report/text.hpp"

#include <cmath>
#include <limits>
#include <string>

#include "catch.hpp"
#include "report/well_formed.hpp"

namespace test_report_text {

using namespace mlsd::report;

TEST_CASE("escape leaves nothing that could be markup", "[report]") {
  CHECK(escape("a < b & c > \"d\" 'e'") == "a &lt; b &amp; c &gt; &quot;d&quot; &#39;e&#39;");
  CHECK(escape("plain, Zürich, 日本, \xF0\x9F\x93\x88") == "plain, Zürich, 日本, \xF0\x9F\x93\x88");
  for (const std::string& name : mlsd_test::hostile_names()) {
    CHECK(mlsd_test::html_fault("<p class=\"" + escape(name) + "\">" + escape(name) + "</p>") == "");
    CHECK(escape(name).find('\0') == std::string::npos);
  }
}

TEST_CASE("escape replaces what is not UTF-8 and what turns text around", "[report]") {
  const std::string mark = "\xEF\xBF\xBD";
  CHECK(escape("\xff") == mark);
  CHECK(escape("\xC0\xAF") == mark + mark);                // overlong '/'
  CHECK(escape("\xED\xA0\x80") == mark + mark + mark);     // a surrogate
  CHECK(escape("\xF4\x90\x80\x80").substr(0, 3) == mark);  // beyond U+10FFFF
  CHECK(escape("a\xE2\x82") == "a" + mark + mark);         // cut short
  CHECK(escape("\x01\x7f\xC2\x80") == mark + mark + mark);
  CHECK(escape("x\xE2\x80\xAEy") == "x" + mark + "y");  // right-to-left override
  CHECK(escape("tab\tand\nline") == "tab\tand\nline");
}

TEST_CASE("Every byte string gives well-formed UTF-8", "[report]") {
  std::string bytes;
  std::uint32_t state = 1;
  for (int i = 0; i < 20000; ++i) {
    state = state * 1664525u + 1013904223u;
    bytes += static_cast<char>(state >> 24);
  }
  const std::string safe = escape(bytes);
  CHECK(escape(safe).find("\xEF\xBF\xBD") != std::string::npos);
  CHECK(mlsd_test::html_fault("<p>" + safe + "</p>") == "");
  for (std::string_view rest = safe; !rest.empty();) {
    const auto point = detail::first_code_point(rest);
    REQUIRE(point.length > 0);
    rest.remove_prefix(point.length);
  }
}

TEST_CASE("shorten keeps both ends and whole characters", "[report]") {
  CHECK(shorten("short", 5) == "short");
  CHECK(shorten("abcdefghij", 5) == "ab…ij");
  CHECK(shorten("ääääöööö", 4) == "ää…ö");
  CHECK(shorten("abc", 1) == "…");
  CHECK(shorten("abc", 0) == "");
  CHECK(text_length("日本語") == 3);
  CHECK(text_length("\xff\xff") == 2);
}

TEST_CASE("compact writes three significant digits", "[report]") {
  CHECK(compact(0) == "0");
  CHECK(compact(-0.0) == "0");
  CHECK(compact(7) == "7");
  CHECK(compact(54321) == "54,321");
  CHECK(compact(1234.5) == "1,234");
  CHECK(compact(0.012345) == "0.0123");
  CHECK(compact(0.1) == "0.1");
  CHECK(compact(-3.25) == "−3.25");
  CHECK(compact(500000) == "500k");
  CHECK(compact(999999.5) == "1M");
  CHECK(compact(1.254e9) == "1.25G");
  CHECK(compact(99999.7) == "100k");
  CHECK(compact(9.9999e-5) == "0.0001");
  CHECK(compact(3.14e-5) == "3.14×10⁻⁵");
  CHECK(compact(1e300) == "10³⁰⁰");
  CHECK(compact(-2e-300) == "−2×10⁻³⁰⁰");
  CHECK(compact(5e-324) == "4.94×10⁻³²⁴");
  CHECK(compact((std::numeric_limits<double>::max)()) == "1.8×10³⁰⁸");
  CHECK(compact(std::nan("")) == "–");
  CHECK(compact(HUGE_VAL) == "∞");
  CHECK(compact(-HUGE_VAL) == "−∞");
}

TEST_CASE("fixed lines up by the point", "[report]") {
  CHECK(fixed(1234567.891, 2) == "1,234,567.89");
  CHECK(fixed(-0.5, 3) == "−0.500");
  CHECK(fixed(-0.0004, 2) == "0.00");
  CHECK(fixed(999, 0) == "999");
  CHECK(fixed(1000, 0) == "1,000");
  CHECK(fixed(1e18, 2) == "10¹⁸");
  CHECK(fixed(std::nan(""), 2) == "–");
  CHECK(percent(0.0312) == "3.1%");
  CHECK(percent(1, 0) == "100%");
  CHECK(percent(HUGE_VAL) == "∞");
}

}  // namespace test_report_text
