#include "mlsd/scoring/import/json_reader.hpp"

#include "catch.hpp"
#include "draws.hpp"

#include <cmath>
#include <string>
#include <string_view>
#include <vector>

namespace test_json_reader {

using namespace mlsd::detail;
using mlsd::result;

const auto no_parts = [](json_value) { return result<void>(); };

std::string fault(std::string_view text, const json_reading& how = {}) {
  const auto read = read_json(text, how, no_parts);
  return read ? "none" : to_string(read.error());
}

constexpr json_reading ubj{.encoding = json_encoding::ubj};
constexpr json_reading floats{.floats = true};

TEST_CASE("json reader: text and UBJ give the same values") {
  // {"a": [1, -2, 0.5], "b": "x", "c": {"d": true, "e": null}}
  const std::string_view text = R"( {"a": [1, -2, 0.5], "b": "x", "c": {"d": true, "e": null}} )";
  static constexpr char bytes[] =
      "{i\1a[i\1i\xfe"
      "d\x3f\0\0\0]i\1bSi\1xi\1c{i\1dTi\1eZ}}";
  const std::string_view binary(bytes, sizeof bytes - 1);
  for (const bool is_text : {true, false}) {
    const auto read = read_json(is_text ? text : binary, is_text ? json_reading{} : ubj, no_parts);
    if (!read) FAIL(to_string(read.error()));
    const json_value root = read->root();
    const auto a = root.find("a").numbers();
    CHECK(std::vector<double>(a.begin(), a.end()) == std::vector<double>{1, -2, 0.5});
    CHECK(root.find("b").text() == "x");
    CHECK(root.find("c").find("d").number() == 1);
    CHECK(root.find("c").find("e").is(json_type::null));
  }
}

TEST_CASE("json reader: fractions may be floats, rounded once") {
  // Between two floats, and so near to the middle that to round to double first gives the other one.
  const std::string_view text = "[1.00000017881393432617187499, 1e-46, 16777217, NaN, -Infinity, -0.0]";
  const auto read = read_json(text, floats, no_parts).value();
  const auto v = read.root().numbers();
  REQUIRE(v.size() == 6);
  CHECK(v[0] == 1.00000011920928955078125);
  CHECK(v[1] == 0);
  CHECK(v[2] == 16777217);  // no fraction: an index
  CHECK(std::isnan(v[3]));
  CHECK(static_cast<float>(v[4]) == -HUGE_VALF);
  CHECK((v[5] == 0 && std::signbit(v[5])));
  CHECK(read_json("[1.00000017881393432617187499]", {}, no_parts).value().root().numbers()[0] == 0x1.000003p0);
  CHECK(fault("[NaN]").find("parse error") != std::string::npos);
}

TEST_CASE("json reader: the number at the front of a text") {
  const auto front = [](std::string_view text) { return std::string(number_at_front(text).text); };
  for (const std::string_view text :
       {"0", "-0", "10", "-1.5", "0.25e-3", "1E+5", "2e7", "123456789012345678901234567890"})
    CHECK(front(std::string(text) + ",") == text);
  for (const std::string_view text : {"", "-", "+1", ".5", "1.", "1.e5", "1e", "1e+", "01", "-01", "inf", "nan", "x"})
    CHECK(front(text).empty());
  CHECK((number_at_front("12]").whole && !number_at_front("1e2").whole && !number_at_front("1.0").whole));
  CHECK(front("0x10") == "0");
}

TEST_CASE("json reader: arrays are read as nlohmann/json reads them") {
  static constexpr std::string_view words[] = {"0",
                                               "-0",
                                               "1",
                                               "-7",
                                               "0.1",
                                               "2.5e-3",
                                               "1E5",
                                               "-0.0",
                                               "9223372036854775807",
                                               "18446744073709551616",
                                               "1e400",
                                               "01",
                                               "1.",
                                               "-",
                                               "+1",
                                               ".5",
                                               "inf",
                                               "nan",
                                               "1e-400",
                                               "123456789.123456789",
                                               "[]",
                                               "{}",
                                               "\"\"",
                                               "[1]",
                                               "true",
                                               "null",
                                               "]",
                                               "[2,3.5]",
                                               "4e-320",
                                               "0.1000000000000000055511151231257827"};
  static constexpr std::string_view between[] = {",", ",", ",", ",", ", ", " ,\n  ", ",,", " ", "]", ",]"};
  mlsd_test::draws random{5};
  const auto one = [&](const auto& of) { return of[random.below(std::size(of))]; };
  int accepted = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string text = "[";
    const auto count = random.below(5);
    // Mostly plain numbers, or nothing would be accepted.
    for (std::uint64_t k = 0; k <= count; ++k) {
      const bool plain = random.uniform() < 0.8;
      text += plain ? words[random.below(8)] : one(words);
      if (k != count) text += random.uniform() < 0.9 ? std::string_view(",") : one(between);
    }
    text += random.uniform() < 0.95 ? "]" : one(between);
    const auto reference = nlohmann::json::parse(text, nullptr, false);
    const auto read = read_json(text, {}, no_parts);
    INFO(text);
    REQUIRE(static_cast<bool>(read) == !reference.is_discarded());
    if (!read) continue;
    ++accepted;
    const json_value root = read->root();
    REQUIRE(root.size() == reference.size());
    const auto packed = root.numbers();
    for (std::size_t k = 0; k < packed.size(); ++k) {
      REQUIRE((reference[k].is_number() || reference[k].is_boolean()));
      const double wanted = reference[k].is_boolean() ? double(reference[k].get<bool>()) : reference[k].get<double>();
      REQUIRE((packed[k] == wanted && std::signbit(packed[k]) == std::signbit(wanted)));
    }
  }
  CHECK(accepted > 5'000);
}

TEST_CASE("json reader: the elements of an array of parts come one by one") {
  static constexpr std::string_view wanted[] = {"m.parts"};
  json_reading how;
  how.parts = wanted;
  std::vector<std::string> seen;
  const auto take = [&](json_value part) -> result<void> {
    seen.push_back(part.path() + "=" + std::to_string(part.find("v").number()).substr(0, 1));
    if (part.find("bad")) return part.find("bad").fault("is bad");
    return {};
  };
  const auto read =
      read_json(R"({"parts":[{"v":7}],"m":{"parts":[{"v":1,"parts":[{"v":9}]},5,{"v":2}],"n":3}})", how, take).value();
  CHECK(seen == std::vector<std::string>{"m.parts[0]=1", "m.parts[2]=2"});
  CHECK(read.root().find("parts").child().find("v").number() == 7);
  CHECK(read.root().find("m").find("parts").size() == 3);
  CHECK(read.root().find("m").find("n").number() == 3);
  const auto refused = read_json(R"({"m":{"parts":[{"v":1},{"bad":1}]}})", how, take);
  REQUIRE(!refused);
  CHECK(to_string(refused.error()) == "byte 32: m.parts[1].bad: is bad");
}

TEST_CASE("json reader: what is no document, and what is too much of one") {
  CHECK(fault("[1, 2]") == "none");
  CHECK(fault("[1, 2").find("unexpected end of input") != std::string::npos);
  CHECK(fault("[1, 2] 3").find("parse error") != std::string::npos);
  CHECK(fault(R"({"a":{"b":[1,x]}})").find("a.b: parse error") != std::string::npos);
  CHECK(fault("[1e400]").find("byte") == 0);
  CHECK(fault("\"\xff\"").find("byte") == 0);
  const std::string deep = std::string(1000, '[') + std::string(1000, ']');
  CHECK(fault(deep).find("nests too deeply") != std::string::npos);
  json_reading how;
  how.most_depth = 1000;
  CHECK(fault(deep, how) == "none");
  how.longest_text = 3;
  CHECK(fault("[\"abc\"]", how) == "none");
  CHECK(fault("[\"abcd\"]", how).find("[0]") == std::string::npos);
  CHECK(fault("[\"abcd\"]", how).find("a text is too long") != std::string::npos);
  CHECK(fault("{\"abcd\":1}", how).find("a text is too long") != std::string::npos);
  how.most_bytes = 5;
  CHECK(fault("[1,2,3]", how) == "the document has 7 bytes");
}

TEST_CASE("json reader: what UBJ announces is not believed") {
  const auto binary = [](std::string_view front) { return std::string(front) + "\x7f\xff\xff\xff\xff\xff\xff\xff"; };
  CHECK(fault(binary("[$T#L"), ubj).find("more values than bytes") != std::string::npos);
  CHECK(fault(binary("[$Z#L"), ubj).find("more values than bytes") != std::string::npos);
  CHECK(fault(binary("[$d#L"), ubj).find("end of input") != std::string::npos);
  CHECK(fault(binary("[$[#L"), ubj).find("end of input") != std::string::npos);
  CHECK(fault(binary("[#L"), ubj).find("end of input") != std::string::npos);
  CHECK(fault(binary("{#L"), ubj).find("end of input") != std::string::npos);
  CHECK(fault(binary("SL"), ubj).find("end of input") != std::string::npos);
  CHECK(fault(binary("HL"), ubj).find("no type of value") != std::string::npos);
  CHECK(fault("[$[#U\xff" + std::string(100'000, '['), ubj).find("nests too deeply") != std::string::npos);
  CHECK(fault(std::string(100'000, '['), ubj).find("nests too deeply") != std::string::npos);
}

}  // namespace test_json_reader
