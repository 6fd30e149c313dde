#include "mlsd/scoring/text_dictionary.hpp"

#include "mlsd/archive/binary.hpp"
#include "mlsd/archive/reseal.hpp"

#include "catch.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

namespace test_text_dictionary {

using namespace mlsd;

TEST_CASE("text dictionary: texts have the code of their place, and others the one beyond", "[scoring]") {
  const auto d = text_dictionary::of({"red", "", "dark blue", "green"}).value();
  CHECK(d.size() == 4);
  CHECK(d.code("red") == 0);
  CHECK(d.code("") == 1);
  CHECK(d.code("dark blue") == 2);
  CHECK(d.code("green") == 3);
  for (const char* unknown : {"Red", "re", "redd", "dark", "zebra", "a"}) CHECK(d.code(unknown) == 4);
  CHECK(d.texts()[2] == "dark blue");
  CHECK(text_dictionary{}.code("red") == 0);
}

TEST_CASE("text dictionary: against a list that is searched from the front", "[scoring]") {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < 300; ++i)
    texts.push_back(std::string(i % 7, 'x').append(std::to_string(i * 7919 % 1000)));
  const auto d = text_dictionary::of(texts).value();
  const auto loaded = from_bytes<text_dictionary>(to_bytes(d)).value();
  for (std::size_t i = 0; i < texts.size(); ++i) {
    CHECK(d.code(texts[i]) == i);
    CHECK(loaded.code(texts[i]) == i);
  }
}

TEST_CASE("text dictionary: a text that is there twice is refused, in a file too", "[scoring]") {
  const auto twice = text_dictionary::of({"a", "b", "a"});
  REQUIRE_FALSE(twice);
  CHECK(twice.error().message == "text dictionary: 'a' is there twice");

  std::vector<std::byte> file = to_bytes(text_dictionary::of({"first", "other"}).value());
  const std::string before = "other", after = "first";
  const auto as_byte = [](char c) { return static_cast<std::byte>(c); };
  std::vector<std::byte> text(5);
  std::transform(before.begin(), before.end(), text.begin(), as_byte);
  const auto at = std::search(file.begin(), file.end(), text.begin(), text.end());
  REQUIRE(at != file.end());
  std::transform(after.begin(), after.end(), at, as_byte);
  reseal(file);
  const auto loaded = from_bytes<text_dictionary>(file);
  REQUIRE_FALSE(loaded);
  CHECK(loaded.error().message.find("'first' is there twice") != std::string::npos);
}

}  // namespace test_text_dictionary
