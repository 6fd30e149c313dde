#include "mlsd/data/parse.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "catch.hpp"

namespace test_parse {
using namespace mlsd;

enum class grade { low, high };
bool parse_field(std::string_view text, grade& g) {
  g = text == "high" ? grade::high : grade::low;
  return text == "low" || text == "high";
}
static_assert(parses_itself<grade>);
static_assert(!parses_itself<int>);

/// The value, or nothing where the text was refused.
template <class T> std::optional<T> read(std::string_view text, const parse_words& words = {}) {
  T value{};
  if (!parse_value(text, words, value)) return std::nullopt;
  return value;
}

TEST_CASE("parse: numbers are read whole, strictly and correctly rounded") {
  CHECK(read<double>("0.1") == 0.1);
  CHECK(read<double>("-1.5e-3") == -0.0015);
  CHECK(read<double>("+7") == 7.0);
  CHECK(read<double>(".5") == 0.5);
  CHECK(read<double>("5.") == 5.0);
  CHECK(read<double>("1E5") == 1e5);
  CHECK(read<double>("9007199254740993") == 9007199254740992.0);  // ties to even
  CHECK(read<double>("2.2250738585072011e-308") == 2.2250738585072011e-308);
  CHECK(read<float>("16777217") == 16777216.0f);
  CHECK(read<float>("0.1") == 0.1f);
  CHECK(read<float>("3.4028235e38") == (std::numeric_limits<float>::max)());
  for (const std::string_view text :
       {"",  " ",  " 1", "1 ",    "1,5", "1.2.3", "abc",      "0x10", "--1", "+-1",    "++1",  "+",   "-",
        ".", "e5", "1e", "1_000", "inf", "-inf",  "infinity", "nan",  "NaN", "nan(1)", "+nan", "1\n", "٣"}) {
    INFO(text);
    CHECK(!read<double>(text));
    CHECK(!read<float>(text));
  }
  CHECK(!read<double>(std::string_view("1\0", 2)));
}

TEST_CASE("parse: too large is refused, too small is zero") {
  for (const std::string_view text : {"1e999", "-1e999", "1e309", "1e99999999999999999999", "12345e305"}) {
    INFO(text);
    CHECK(!read<double>(text));
    CHECK(!read<float>(text));
  }
  CHECK(!read<double>(std::string(400, '9')));
  CHECK(!read<float>("1e39"));
  CHECK(!read<float>("3.5e38"));
  for (const std::string_view text :
       {"1e-999", "0e999", "0.0e-999", "1e-99999999999999999999", "123456e-400", "0.00012e-330"}) {
    INFO(text);
    CHECK(read<double>(text) == 0.0);
    CHECK(read<float>(text) == 0.0f);
  }
  CHECK(read<double>("0." + std::string(400, '0') + "1") == 0.0);
  CHECK(read<float>("1e-50") == 0.0f);
  CHECK(read<double>(std::string("0.") + std::string(400, '0') + "1e401") == 1.0);
  CHECK(std::signbit(read<double>("-1e-999").value()));
}

TEST_CASE("parse: integers have the range of their type") {
  CHECK(read<std::uint8_t>("255") == 255);
  CHECK(!read<std::uint8_t>("256"));
  CHECK(!read<std::uint8_t>("-1"));
  CHECK(read<std::int8_t>("-128") == -128);
  CHECK(!read<std::int8_t>("128"));
  CHECK(read<std::uint64_t>("18446744073709551615") == 18446744073709551615u);
  CHECK(!read<std::uint64_t>("18446744073709551616"));
  CHECK(read<std::int64_t>("-9223372036854775808") == (std::numeric_limits<std::int64_t>::min)());
  CHECK(read<int>("+12") == 12);
  CHECK(read<int>("007") == 7);
  for (const std::string_view text : {"", "1.0", "1e3", " 1", "1 ", "+-1", "0x1", "a", "-"}) CHECK(!read<int>(text));
  CHECK(expected_of<std::uint8_t>({}) == "an integer from 0 to 255");
  CHECK(expected_of<std::int8_t>({}) == "an integer from -128 to 127");
}

TEST_CASE("parse: words") {
  CHECK(read<bool>("1") == true);
  CHECK(read<bool>("true") == true);
  CHECK(read<bool>("TRUE") == true);
  CHECK(read<bool>("0") == false);
  CHECK(read<bool>("False") == false);
  for (const std::string_view text : {"", "yes", "2", "tRuE", " 1"}) CHECK(!read<bool>(text));
  const parse_words adult{.missing = {"", "?"}, .yes = {">50K"}, .no = {"<=50K"}};
  CHECK(read<bool>(">50K", adult) == true);
  CHECK(read<bool>("<=50K", adult) == false);
  CHECK(!read<bool>("1", adult));
  CHECK(expected_of<bool>(adult) == "one of '>50K' (true) or '<=50K' (false)");

  CHECK(read<std::string_view>("?", adult) == "");
  CHECK(read<std::string_view>("? ", adult) == "? ");
  CHECK(read<std::string>("a\nb") == "a\nb");
  CHECK(read<std::optional<int>>("?", adult).value() == std::nullopt);
  CHECK(read<std::optional<int>>("", adult).value() == std::nullopt);
  CHECK(read<std::optional<int>>("5", adult).value() == 5);
  CHECK(!read<std::optional<int>>("??", adult));
  CHECK(!read<int>("?", adult));
  CHECK(!read<int>("-999", {.missing = {"-999"}}));  // a number, yet it says that there is none
  CHECK(read<std::optional<float>>("-999", {.missing = {"-999"}}).value() == std::nullopt);
}

TEST_CASE("parse: times and the user's own types") {
  CHECK(read<timestamp>("2017-11-06 16:00:00").has_value());
  CHECK(read<timestamp>("2017-11-06 16:00:00") < read<timestamp>("2017-11-06 16:00:01"));
  CHECK(!read<timestamp>("yesterday"));
  CHECK(!read<timestamp>(""));
  CHECK(read<std::optional<timestamp>>("").value() == std::nullopt);
  CHECK(expected_of<timestamp>({}) == "a time such as 2017-11-06 16:00:00");
  CHECK(read<grade>("high") == grade::high);
  CHECK(!read<grade>("higher"));
  CHECK(read<std::optional<grade>>("low").value() == grade::low);
}

TEST_CASE("parse: what is expected, in words") {
  CHECK(expected_of<float>({}) == "a number");
  CHECK(expected_of<std::optional<double>>({}) == "a number or nothing");
  CHECK(expected_of<std::string_view>({}) == "a text");
  CHECK(expected_of<grade>({}) == "a value that its type can read");
  CHECK(expected_of<bool>({.yes = {"y", "Y"}, .no = {"n"}}) == "one of 'y', 'Y' (true) or 'n' (false)");
}
}  // namespace test_parse
