#include "mlsd/data/text_column.hpp"
#include "catch.hpp"

#include <string>

namespace test_text_column {
using mlsd::text_column;

TEST_CASE("texts lie end to end; empty ones and zeros are kept", "[data]") {
  text_column c;
  CHECK(c.empty());
  c.push_back("ab");
  c.push_back("");
  c.push_back(std::string_view("x\0y", 3));
  REQUIRE(c.size() == 3);
  CHECK(c[0] == "ab");
  CHECK(c[1].empty());
  CHECK(c[2] == std::string_view("x\0y", 3));
}

TEST_CASE("resize adds empty texts or drops the last", "[data]") {
  text_column c;
  c.resize(2);
  CHECK(c[1].empty());
  c.push_back("tail");
  c.resize(3);
  CHECK(c[2] == "tail");
  c.resize(1);
  c.push_back("new");
  CHECK(c[1] == "new");
  c.resize(0);
  CHECK(c == text_column{});
  c.push_back("z");
  c.clear();
  CHECK(c == text_column{});
}

TEST_CASE("a text of the column itself can be added, also where it grows", "[data]") {
  text_column c;
  c.push_back("some text that is long enough to make the buffer grow" + std::string(300, 'x'));
  for (std::size_t i = 0; i < 200; ++i) c.push_back(c[i].substr(i % 3));
  for (std::size_t i = 1; i < c.size(); ++i) CHECK(c[i] == c[i - 1].substr((i - 1) % 3));
}

}  // namespace test_text_column
