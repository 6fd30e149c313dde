#include "mlsd/archive/encode.hpp"

#include "archive/sample.hpp"
#include "catch.hpp"

namespace test_encode {
using namespace mlsd::detail;

template <class T> std::vector<std::byte> payload(const T& value) {
  std::vector<std::byte> bytes;
  byte_writer to(bytes);
  encoder(to).value(value);
  return bytes;
}
template <class... N> std::vector<std::byte> bytes_of(N... n) { return {std::byte(n)...}; }

TEST_CASE("encode: payloads are those of the documentation") {
  CHECK(payload(true) == bytes_of(1));
  CHECK(payload(std::uint16_t{258}) == bytes_of(2, 1));
  CHECK(payload(std::string("hi")) == bytes_of(2, 0, 0, 0, 0, 0, 0, 0, 'h', 'i'));
  CHECK(payload(std::vector<std::uint8_t>{5, 6}) == bytes_of(2, 0, 0, 0, 0, 0, 0, 0, 5, 6));
  CHECK(payload(std::vector<bool>{true, false}) == bytes_of(2, 0, 0, 0, 0, 0, 0, 0, 1, 0));
  CHECK(payload(std::optional<std::uint8_t>{}) == bytes_of(0));
  CHECK(payload(std::optional<std::uint8_t>{7}) == bytes_of(1, 7));
  CHECK(payload(test_archive::point{1, 0}) == bytes_of(0, 0, 0x80, 0x3f, 0, 0, 0, 0));
}

TEST_CASE("encode: nothing takes no bytes") {
  CHECK(payload(test_archive::nothing{}).size() == 1);
  CHECK(payload(std::array<float, 0>{}).size() == 1);
  CHECK(payload(std::vector<test_archive::nothing>(3)).size() == 8 + 3);
}

TEST_CASE("encode: what is counted is what is written") {
  const auto value = test_archive::filled();
  byte_writer size(0);
  encoder(size).value(value);
  CHECK(size.size() == payload(value).size());
}

TEST_CASE("encode: a value deeper than any reader would accept is reported") {
  test_archive::tree root;
  test_archive::tree* leaf = &root;
  for (std::uint32_t i = 1; i < maximal_depth; ++i) leaf = &leaf->children.emplace_back();
  byte_writer size(0);
  encoder fits(size);
  fits.value(root);
  CHECK(fits.readable());
  leaf->children.emplace_back();
  encoder too_deep(size);
  too_deep.value(root);
  CHECK_FALSE(too_deep.readable());
}

}  // namespace test_encode
