#include "mlsd/archive/schema.hpp"

#include "archive/sample.hpp"
#include "catch.hpp"

namespace test_schema {
using namespace mlsd::detail;

mlsd::result<parsed_schema> parse(const std::vector<std::byte>& bytes) {
  return parsed_schema::parse(bytes, 0, bytes.size());
}
template <class... N> std::vector<std::byte> bytes_of(N... n) { return {std::byte(n)...}; }

TEST_CASE("schema: the bytes are those of the documentation") {
  CHECK(schema_of_value(std::vector<float>{}) == bytes_of(14, 10));
  CHECK(schema_of_value(test_archive::shade{}) == bytes_of(13, 2));
  CHECK(schema_of_value(std::array<bool, 3>{}) == bytes_of(15, 3, 0, 0, 0, 0, 0, 0, 0, 1));
  CHECK(schema_of_value(test_archive::point{}) ==
        bytes_of(17, 5, 0, 'p', 'o', 'i', 'n', 't', 1, 0, 0, 0, 2, 0, 0, 0, 1, 0, 'x', 10, 1, 0, 'y', 10));
}

TEST_CASE("schema: it depends on the type, not on the value") {
  CHECK(schema_of_value(test_archive::everything{}) == schema_of_value(test_archive::filled()));
}

TEST_CASE("schema: a class that contains itself refers to itself") {
  const auto bytes = schema_of_value(test_archive::tree{});
  const auto s = parse(bytes);
  REQUIRE(s);
  REQUIRE(s->size() == 4);
  CHECK((*s)[3].kind == wire::enclosing);
  CHECK(s->resolve(3) == 0);
  CHECK(s->field_name(2) == "children");
}

TEST_CASE("schema: nodes know their names, types and ends") {
  const auto bytes = schema_of_value(test_archive::everything{});
  const auto s = parse(bytes);
  REQUIRE(s);
  CHECK(s->type_name(0) == "everything");
  CHECK((*s)[0].next == s->size());
  std::string fields;
  for (std::size_t i = 1; i < s->size(); i = (*s)[i].next) fields += std::string(s->field_name(i)) + " ";
  CHECK(fields == "scalars many table root empty ");
  const auto many = (*s)[1].next;
  CHECK(s->spelled(many + 1) == "string");
  CHECK(s->spelled(many + 2) == "vector of f64");
  CHECK(s->spelled((*s)[many].next) == "offsets");
  CHECK((*s)[(*s)[many].next].version == 3);
}

TEST_CASE("schema: no prefix and no single changed byte of a schema crashes the parser") {
  const auto bytes = schema_of_value(test_archive::everything{});
  for (std::size_t n = 0; n < bytes.size(); ++n) CHECK_FALSE(parsed_schema::parse(std::span(bytes).first(n), 0, n));
  for (std::size_t i = 0; i < bytes.size(); ++i)
    for (int b = 0; b < 256; b += 5) {
      auto damaged = bytes;
      damaged[i] = std::byte(b);
      const auto s = parse(damaged);
      if (s) CHECK((*s)[0].next == s->size());
    }
}

TEST_CASE("schema: bad schemas are errors with a place") {
  CHECK(parse(bytes_of(99)).error().message == "unknown type tag 99");
  CHECK(parse(bytes_of(0)).error().position == 0);
  CHECK(parse(bytes_of(13, 10)).error().message == "an enum of something else than integers");
  CHECK(parse(bytes_of(18, 0, 0, 0, 0)).error().message == "a type refers to a record that it is not in");
  CHECK(parse(bytes_of(1, 1)).error().position == 1);
  CHECK(parse(std::vector<std::byte>(100'000, std::byte{14})).error().message == "types are nested too deep");
  // 2^32 - 1 fields in 4 bytes
  CHECK_FALSE(parse(bytes_of(17, 0, 0, 1, 0, 0, 0, 255, 255, 255, 255)));
}

}  // namespace test_schema
