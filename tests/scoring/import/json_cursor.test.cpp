#include "mlsd/scoring/import/json_cursor.hpp"

#include "catch.hpp"

#include <string>
#include <string_view>

namespace test_json_cursor {

using mlsd::detail::json_bytes;
using mlsd::detail::json_cursor;

std::string all(std::string_view text, bool knows_words) {
  json_cursor cursor(text, knows_words);
  std::string out;
  for (json_bytes at(cursor); at != json_bytes(); ++at) out += *at;
  CHECK(cursor.position() == text.size());
  return out;
}

TEST_CASE("json cursor: bytes are read as they are") {
  for (const std::string_view text : {"", "a", "[NaN,-Infinity]", "\"\\\"NaN"}) CHECK(all(text, false) == text);
}

TEST_CASE("json cursor: the blanks that a line begins with are left out, and bytes in bulk") {
  CHECK(all("[\n  1,\n\t \n 2 , 3\n]  ", false) == "[\n1,\n\n2 , 3\n]  ");
  json_cursor cursor("[1,2,NaN]", true);
  cursor.advance();
  CHECK(cursor.rest() == "1,2,NaN]");
  cursor.skip(4);
  CHECK((cursor.now() == ' ' && cursor.rest().empty()));  // within a word
  for (int i = 0; i < 5; ++i) cursor.advance();
  CHECK(cursor.rest() == "]");
  json_cursor quote(R"("NaN",NaN)", true);
  quote.skip(0);  // still before the quote, which is met once
  for (int i = 0; i < 6; ++i) quote.advance();
  CHECK((quote.now() == ' ' && quote.rest().empty()));
}

TEST_CASE("json cursor: words that are numbers become numbers outside of texts, and nowhere else") {
  CHECK(all("", true).empty());
  CHECK(all("NaN", true) == " null");
  CHECK(all("[NaN,Infinity,-Infinity,-1,NaN]", true) == "[ null, 1e99, -1e99,-1, null]");
  CHECK(all(R"({"NaN":NaN,"a":"-Infinity"})", true) == R"({"NaN": null,"a":"-Infinity"})");
  CHECK(all(R"(["\"NaN",NaN,"\\",NaN])", true) == R"(["\"NaN", null,"\\", null])");
  for (const std::string_view text : {"Na", "N", "Infinit", "-Inf", "--", "I", "nan"}) CHECK(all(text, true) == text);
}

TEST_CASE("json cursor: the position is that in the text") {
  json_cursor cursor("[NaN,1]", true);
  json_bytes at(cursor);
  CHECK(cursor.position() == 0);
  ++at;
  CHECK(cursor.position() == 4);  // the word is read
  for (int i = 0; i < 5; ++i) at++;
  CHECK(*at == ',');
  CHECK(cursor.position() == 4);
  ++at;
  CHECK((*at == '1' && cursor.position() == 5));
}

}  // namespace test_json_cursor
