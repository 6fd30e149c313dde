#include "mlsd/archive/json_document.hpp"

#include "catch.hpp"

namespace test_json_document {
using namespace mlsd::detail;

std::string why(std::string_view text) {
  const auto d = json_document<>::parse(text);
  return d ? "" : to_string(d.error());
}

TEST_CASE("json_document: what RFC 8259 allows") {
  for (const char* text : {"null", " true ", "0", "-0", "-1.5e+10", "1E5", "\"\"", "[]", "{}", "[1, [2, {}], null]",
                           "{\"a\" : {\"a\": []}}", "\"\\u00e9\\ud83d\\ude00\\n\\/\"", "\"caf\xc3\xa9\""})
    CHECK(why(text).empty());
}

TEST_CASE("json_document: what it does not allow, with the place") {
  CHECK(why("") == "line 1, column 1: expected a value, found the end of the text");
  CHECK(why("[1,\n 2,]") == "line 2, column 4: expected a value, found \"]\"");
  CHECK(why("[1 2]") == "line 1, column 4: expected ']', found \"2\"");
  CHECK(why("{\"a\" 1}") == "line 1, column 6: expected ':', found \"1\"");
  CHECK(why("{a: 1}") == "line 1, column 2: expected a text in quotes, found \"a\"");
  CHECK(why("1 1") == "line 1, column 3: expected the end of the text");
  CHECK(why("\"a") == "line 1, column 3: a text without its closing quote");
  CHECK(why("\"\n\"") == "line 1, column 2: a control character in a text");
  CHECK(why("\"\xff\"") == "line 1, column 2: a text that is not UTF-8");
  for (const char* text : {"01",
                           "+1",
                           ".5",
                           "1.",
                           "1e",
                           "-",
                           "nan",
                           "tru",
                           "nul",
                           "'a'",
                           "[",
                           "{",
                           "{\"a\":",
                           "\"\\x\"",
                           "\"\\u12g4\"",
                           "\"\\ud800\"",
                           "\"\\ud800\\u0041\"",
                           "\"\\udc00\"",
                           "\"\\",
                           "\xef\xbb\xbf{}"})
    CHECK_FALSE(why(text).empty());
}

TEST_CASE("json_document: nesting is bounded") {
  CHECK(why(std::string(200, '[') + std::string(200, ']')).empty());
  CHECK(why(std::string(1'000'000, '[')) == "line 1, column 257: nested too deep");
}

TEST_CASE("json_document: texts without their escapes") {
  const auto d = json_document<>::parse(R"(["a\"\\\/\b\f\n\r\tz", "\u0041\u00e9\u20ac\ud83d\ude00"])");
  REQUIRE(d);
  CHECK(d->unescaped(1) == "a\"\\/\b\f\n\r\tz");
  CHECK(d->unescaped(2) == "A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
}

}  // namespace test_json_document
