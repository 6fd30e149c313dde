#include "mlsd/report/style.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <string_view>

#include "catch.hpp"

namespace test_report_style {

using mlsd::report::detail::style;

/// Relative luminance of `--name:#rrggbb`, the first or (`dark`) the second time it is set. WCAG 2.1.
double luminance(std::string_view name, bool dark) {
  const std::string key = "--" + std::string(name) + ":#";
  std::size_t at = style.find(key);
  if (dark) at = style.find(key, at + 1);
  REQUIRE(at != std::string_view::npos);
  const auto channel = [&](std::size_t i) {
    const double v = std::stoi(std::string(style.substr(at + key.size() + 2 * i, 2)), nullptr, 16) / 255.0;
    return v <= 0.03928 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * channel(0) + 0.7152 * channel(1) + 0.0722 * channel(2);
}

double contrast(std::string_view a, std::string_view b, bool dark) {
  const double x = luminance(a, dark), y = luminance(b, dark);
  return ((std::max)(x, y) + 0.05) / ((std::min)(x, y) + 0.05);
}

TEST_CASE("Text and lines stand out from the paper, by day and by night", "[report]") {
  for (const bool dark : {false, true}) {
    for (const char* text : {"ink", "soft", "ok", "warn", "alarm"}) {
      INFO(text);
      CHECK(contrast(text, "paper", dark) >= 4.5);
    }
    for (const char* line : {"c0", "c1", "c2", "c3", "c4", "c5"}) {
      INFO(line);
      CHECK(contrast(line, "paper", dark) >= 3);
    }
  }
}

TEST_CASE("Braces of the style sheet balance and it cannot end its element", "[report]") {
  CHECK(std::count(style.begin(), style.end(), '{') == std::count(style.begin(), style.end(), '}'));
  CHECK(style.find('<') == std::string_view::npos);
}

}  // namespace test_report_style
