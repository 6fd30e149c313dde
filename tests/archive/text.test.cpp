#include "mlsd/archive/text.hpp"

#include "catch.hpp"

namespace test_text {
using namespace mlsd::detail;

std::string in_quotes(std::string_view s) {
  std::string out;
  append_quoted(out, s);
  return out;
}

TEST_CASE("text: UTF-8 as RFC 3629 has it") {
  CHECK(utf8_length("a") == 1);
  CHECK(utf8_length("\xc3\xa9") == 2);
  CHECK(utf8_length("\xe2\x82\xac") == 3);
  CHECK(utf8_length("\xf0\x9f\x98\x80") == 4);
  CHECK(utf8_length("") == 0);
  CHECK(utf8_length("\x80") == 0);              // a tail without a head
  CHECK(utf8_length("\xc3") == 0);              // cut off
  CHECK(utf8_length("\xc0\x80") == 0);          // overlong
  CHECK(utf8_length("\xe0\x9f\xbf") == 0);      // overlong
  CHECK(utf8_length("\xed\xa0\x80") == 0);      // a surrogate
  CHECK(utf8_length("\xf4\x90\x80\x80") == 0);  // above U+10FFFF
}

TEST_CASE("text: quotes escape what JSON or a terminal must not see") {
  CHECK(in_quotes("plain") == "\"plain\"");
  CHECK(in_quotes("a\"b\\c\n\t\r") == R"("a\"b\\c\n\t\r")");
  CHECK(in_quotes(std::string_view("\0\x1b[2J\x7f", 6)) == R"("\u0000\u001b[2J\u007f")");
  CHECK(in_quotes("\xc2\x9b") == R"("\u009b")");
  CHECK(in_quotes("caf\xc3\xa9") == "\"caf\xc3\xa9\"");
  CHECK(in_quotes("a\xff") == R"("a\ufffd")");
}

TEST_CASE("text: long text is cut between characters") {
  CHECK(quote("abcdef", 3) == "\"abc\"... (6 bytes)");
  CHECK(quote("ab\xc3\xa9", 3) == "\"ab\"... (4 bytes)");
  CHECK(quote("abc", 3) == "\"abc\"");
  CHECK(printable("age") == "age");
  CHECK(printable("a\x1b") == R"("a\u001b")");
}

TEST_CASE("text: hexadecimal") {
  CHECK(hexadecimal(0x1fu, 4) == "001f");
  CHECK(hexadecimal(~std::uint64_t{0}) == "ffffffffffffffff");
}

}  // namespace test_text
