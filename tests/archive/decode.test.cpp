#include "mlsd/archive/decode.hpp"

#include "archive/sample.hpp"
#include "catch.hpp"
#include "mlsd/archive/encode.hpp"

namespace test_decode {
using namespace mlsd::detail;

template <class T> std::vector<std::byte> payload(const T& value) {
  std::vector<std::byte> bytes;
  byte_writer to(bytes);
  encoder(to).value(value);
  return bytes;
}
template <class T> mlsd::result<T> decoded(const std::vector<std::byte>& bytes) {
  T value{};
  decoder from(bytes, 0, bytes.size());
  from.value(value);
  if (from.failed()) return from.take_failure();
  return value;
}
template <class T> std::string why(const std::vector<std::byte>& bytes) {
  const auto r = decoded<T>(bytes);
  return r ? "" : to_string(r.error());
}

TEST_CASE("decode: what was encoded comes back, bit for bit") {
  const auto bytes = payload(test_archive::filled());
  const auto back = decoded<test_archive::everything>(bytes);
  REQUIRE(back);
  CHECK(payload(*back) == bytes);
  CHECK(back->many.words == std::vector<std::string>{"", "one", "two words"});
  CHECK(back->many.somewhere.has_value() == false);
  CHECK(std::bit_cast<std::uint32_t>(back->many.points[1].x) == 0x7fc00005u);
  CHECK(back->root.children[1].children[0].value == 4);
}

TEST_CASE("decode: the smallest size of a type bounds a count") {
  CHECK(smallest_size::of<test_archive::nothing>() == 1);
  CHECK(smallest_size::of<std::array<float, 0>>() == 1);
  CHECK(smallest_size::of<std::array<test_archive::point, 3>>() == 24);
  CHECK(smallest_size::of<test_archive::tree>() == 12);
  CHECK(smallest_size::of<std::optional<test_archive::point>>() == 1);
}

TEST_CASE("decode: hostile counts, flags and lengths are errors with path and place") {
  using pairs = std::vector<std::pair<std::uint32_t, std::string>>;
  auto bytes = payload(pairs{{1, "one"}, {2, "two"}});
  overwrite(bytes, 8 + 15 + 4, std::uint64_t{1} << 60);
  CHECK(why<pairs>(bytes) ==
        "byte 27: 1.second: a count of 1152921504606846976 needs at least 1 bytes each, 3 are left here");
  auto huge = payload(std::vector<double>{1, 2});
  overwrite(huge, 0, std::uint64_t{3});
  CHECK(why<std::vector<double>>(huge) == "byte 0: a count of 3 needs at least 8 bytes each, 16 are left here");
  auto bits = payload(std::vector<bool>{true, false, true});
  bits[9] = std::byte{3};
  CHECK(why<std::vector<bool>>(bits) == "byte 9: bool 1 is 3, not 0 or 1");
  CHECK(why<std::array<bool, 2>>({std::byte{1}, std::byte{9}}) == "byte 1: bool 1 is 9, not 0 or 1");
  CHECK(why<std::optional<bool>>({std::byte{2}}) == "byte 0: the mark of an optional value is 2, not 0 or 1");
  CHECK(why<test_archive::nothing>({std::byte{2}}) == "byte 0: a byte that must be zero is not");
  CHECK(why<std::array<double, 2>>({}) == "byte 0: a count of 2 needs at least 8 bytes each, 0 are left here");
}

TEST_CASE("decode: an object is asked for its own invariants, with its path and start") {
  std::pair<std::uint8_t, test_archive::offsets> value;
  value.second = {.starts = {0, 2, 1, 3}, .values = {1, 2, 3}};
  CHECK(why<std::pair<std::uint8_t, test_archive::offsets>>(payload(value)) == "byte 1: second: starts[2] goes back");
}

TEST_CASE("decode: nesting is bounded") {
  std::vector<std::byte> bytes;
  byte_writer to(bytes);
  for (std::uint32_t i = 0; i < 100'000; ++i) {
    write_number(to, std::int32_t{1});
    write_number(to, std::uint64_t{1});
  }
  const auto r = decoded<test_archive::tree>(bytes);
  REQUIRE_FALSE(r);
  CHECK(r.error().position == 12 * maximal_depth);
}

}  // namespace test_decode
