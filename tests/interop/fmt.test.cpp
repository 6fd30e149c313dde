#include "mlsd/interop/fmt.hpp"

#include <cstdint>
#include <limits>
#include <string_view>

#include "catch.hpp"

namespace test_interop_fmt {
using namespace mlsd;

TEST_CASE("an error reads as a sentence with its place", "[interop]") {
  CHECK(fmt::format("{}", error{errc::parse, "expected a number", error::no_position, 7, 3}) ==
        "line 7, column 3: expected a number");
  CHECK(fmt::format("{}", error{errc::corrupt, "bad checksum", 96}) == "byte 96: bad checksum");
  CHECK(fmt::format("{}", error{errc::empty, "no rows"}) == "no rows");
  CHECK(fmt::format("{:>9}|", error{errc::empty, "no rows"}) == "  no rows|");
}

TEST_CASE("every kind of error has a name of its own", "[interop]") {
  CHECK(fmt::format("{}", errc::one_class) == "one class");
  CHECK(fmt::format("{:12}|", errc::io) == "io          |");
  for (int a = 0; a <= static_cast<int>(errc::capacity); ++a) {
    CHECK(fmt::format("{}", static_cast<errc>(a)) != "unknown");
    for (int b = 0; b < a; ++b)
      CHECK(fmt::format("{}", static_cast<errc>(a)) != fmt::format("{}", static_cast<errc>(b)));
  }
  CHECK(fmt::format("{}", static_cast<errc>(200)) == "unknown");
}

TEST_CASE("times read as ISO 8601, lengths of time in the units that they have", "[interop]") {
  CHECK(fmt::format("{}", timestamp{1509984000000}) == "2017-11-06T16:00:00Z");
  CHECK(fmt::format("{}", days(2) + hours(3) + minutes(4) + milliseconds(5006)) == "2d 3h 4m 5.006s");
  CHECK(fmt::format("{}", milliseconds(250)) == "0.25s");
  CHECK(fmt::format("{}", hours(-36)) == "-1d 12h");
  CHECK(fmt::format("{}", minutes(1)) == "1m");
  CHECK(fmt::format("{}", duration{}) == "0s");
  CHECK(fmt::format("{}", duration{(std::numeric_limits<std::int64_t>::min)()}) == "-106751991167d 7h 12m 55.808s");
  CHECK(fmt::format("{:>5}", seconds(9)) == "   9s");
}

TEST_CASE("an estimate reads with its interval, each number by the same specification", "[interop]") {
  const estimate auc{.value = 0.93, .standard_error = 0.01, .ci = {0.9104, 0.9496, 0.95}};
  CHECK(fmt::format("{:.3f}", auc) == "0.930 [0.910, 0.950]");
  CHECK(fmt::format("{:.2f}", auc.ci) == "[0.91, 0.95]");
  CHECK(fmt::format("{}", interval{0.25, 0.5}) == "[0.25, 0.5]");
  CHECK(fmt::format("{}", interval{}) == "[nan, nan]");
  CHECK(fmt::format("{:8.3f}|", estimate{.value = 1, .ci = {0, 2}}) == "   1.000 [   0.000,    2.000]|");
}

TEST_CASE("a verdict says whether there is drift", "[interop]") {
  drift_verdict v{.statistic = 0.25, .critical = 0.125};
  CHECK(fmt::format("{}", v) == "0.25, by chance up to 0.125: within chance");
  v.significant = true;
  CHECK(fmt::format("{:.2f}", v) == "0.25, by chance up to 0.12: significant, but small");
  v.material = v.drifted = true;
  CHECK(fmt::format("{:.1f}", v) == "0.2, by chance up to 0.1: drifted");
}

TEST_CASE("features and categories read as what they are", "[interop]") {
  CHECK(fmt::format("{}", feature_info{"age", 0}) == "age");
  CHECK(fmt::format("{}", feature_info{"site", 40}) == "site (code below 40)");
  CHECK(fmt::format("{}", code{16777217}) == "16777217");
  CHECK(fmt::format("{:04x}", code{255}) == "00ff");
  CHECK(fmt::format("{}", category(std::string_view("paris"))) == "paris");
  CHECK(fmt::format("{}", category(-3)) == "-3");
  CHECK(fmt::format("{:>10}", category{}) == " (missing)");
}

TEST_CASE("a result reads as its value or as its error", "[interop]") {
  CHECK(fmt::format("{:.1f}", result<double>(0.25)) == "0.2");
  CHECK(fmt::format("{}", result<timestamp>(timestamp{})) == "1970-01-01T00:00:00Z");
  CHECK(fmt::format("{}", result<double>(error{errc::empty, "no rows"})) == "no rows");
}
}  // namespace test_interop_fmt
