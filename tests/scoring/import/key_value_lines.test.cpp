#include "mlsd/scoring/import/key_value_lines.hpp"

#include "catch.hpp"

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

namespace test_key_value_lines {

using namespace mlsd;
using namespace mlsd::detail;

TEST_CASE("key value lines: keys, values and numbers of lines") {
  key_value_lines lines("tree\na=1=2\r\n\nb=\n=x\nend");
  std::vector<std::string> seen;
  while (lines.next())
    seen.push_back(std::to_string(lines.line().number) + std::string(lines.line().key) +
                   (lines.line().has_value ? ":" + std::string(lines.line().value) : ""));
  CHECK(seen == std::vector<std::string>{"1tree", "2a:1=2", "3", "4b:", "5:x", "6end"});
  CHECK_FALSE(key_value_lines("").next());
  key_value_lines one("\n");
  CHECK(one.next());
  CHECK_FALSE(one.next());
}

key_value_line line_of(const char* text) {
  key_value_lines lines(text);
  lines.next();
  return lines.line();
}

TEST_CASE("key value lines: lists of numbers, exactly read") {
  std::vector<double> reals{9};
  REQUIRE(parse_numbers(line_of("v=0.1 -inf  1e308 4.9406564584124654e-324 "), reals));
  CHECK(reals == std::vector<double>{0.1, -INFINITY, 1e308, 4.9406564584124654e-324});
  REQUIRE(parse_numbers(line_of("v="), reals));
  CHECK(reals.empty());
  std::vector<std::int32_t> whole;
  REQUIRE(parse_numbers(line_of("v=-3 2147483647"), whole));
  CHECK(whole == std::vector<std::int32_t>{-3, 2147483647});
  CHECK(parse_number<std::uint32_t>(line_of("n=7")).value() == 7);
}

TEST_CASE("key value lines: an error points to the number at fault") {
  std::vector<std::int32_t> whole;
  const auto fault = [&](const char* text) {
    const auto ok = parse_numbers(line_of(text), whole);
    return ok ? std::string("none") : to_string(ok.error());
  };
  CHECK(fault("leaves=1 2x 3") == "line 1, column 10: leaves: expected an integer");
  CHECK(fault("leaves=1 0.5") == "line 1, column 10: leaves: expected an integer");
  CHECK(fault("leaves=1\t2") == "line 1, column 8: leaves: expected an integer");
  CHECK(fault("leaves=3000000000") == "line 1, column 8: leaves: a number is too large, or too close to zero");
  CHECK(to_string(parse_number<double>(line_of("a=1 2")).error()) == "line 1, column 3: a: expected a number");
  CHECK(to_string(parse_number<std::uint32_t>(line_of("a=-1")).error()) == "line 1, column 3: a: expected an integer");
}

}  // namespace test_key_value_lines
