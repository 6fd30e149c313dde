#include "mlsd/archive/byte_stream.hpp"

#include "archive/sample.hpp"
#include "catch.hpp"

namespace test_byte_stream {
using namespace mlsd::detail;

TEST_CASE("byte_stream: numbers are little-endian and come back bit for bit") {
  std::vector<std::byte> bytes;
  byte_writer to(bytes);
  write_number(to, std::uint32_t{0x04030201});
  write_number(to, test_archive::quiet_nan_with(0x1234));
  CHECK(bytes.size() == 8);
  for (std::size_t i = 0; i < 4; ++i) CHECK(bytes[i] == std::byte(i + 1));
  byte_reader from(bytes, 0, bytes.size());
  CHECK(from.number<std::uint32_t>() == 0x04030201);
  CHECK(std::bit_cast<std::uint32_t>(from.number<float>()) == 0x7fc01234u);
  CHECK(from.left() == 0);
  CHECK_FALSE(from.failed());
}

TEST_CASE("byte_stream: the first failure sticks and names its place") {
  const std::vector<std::byte> bytes(10);
  byte_reader from(bytes, 4, 10);
  CHECK(from.take(4) == bytes.data() + 4);
  CHECK(from.number<std::uint64_t>() == 0);
  CHECK(from.failed());
  CHECK(from.failure().position == 8);
  CHECK(from.failure().message == "needs 8 bytes, 2 are left here");
  CHECK(from.take(1) == nullptr);
  from.fail(mlsd::errc::io, "later");
  CHECK(from.failure().position == 8);
}

TEST_CASE("byte_stream: a count is bounded by what is left") {
  std::vector<std::byte> bytes;
  byte_writer to(bytes);
  write_number(to, std::uint64_t{3});
  to.zeros(24);
  CHECK(byte_reader(bytes, 0, bytes.size()).count(8) == 3);
  byte_reader too_big(bytes, 0, bytes.size());
  CHECK(too_big.count(9) == 0);
  CHECK(too_big.failure().position == 0);
  overwrite(bytes, 0, ~std::uint64_t{0});
  byte_reader huge(bytes, 0, bytes.size());
  CHECK(huge.count(8) == 0);
  CHECK(huge.failed());
}

TEST_CASE("byte_stream: only large blocks are aligned, and what is between must be zero") {
  std::vector<std::byte> bytes;
  byte_writer to(bytes);
  to.zeros(1);
  const std::vector<float> small(63, 1.0f), large(64, 2.0f);
  write_block(to, small.data(), small.size());
  CHECK(bytes.size() == 1 + 63 * 4);
  write_block(to, large.data(), large.size());
  CHECK(bytes.size() == 256 + 64 * 4);
  byte_writer counted(1);
  write_block(counted, small.data(), small.size());
  write_block(counted, large.data(), large.size());
  CHECK(counted.size() == bytes.size());

  byte_reader from(bytes, 1, bytes.size());
  CHECK(from.block(63, 4) == bytes.data() + 1);
  CHECK(from.block(64, 4) == bytes.data() + 256);
  bytes[254] = std::byte{1};
  byte_reader dirty(bytes, 253, bytes.size());
  CHECK(dirty.block(64, 4) == nullptr);
  CHECK(dirty.failure().position == 254);
}

TEST_CASE("byte_stream: a flag is 0 or 1") {
  const std::vector<std::byte> bytes{std::byte{1}, std::byte{2}};
  byte_reader from(bytes, 0, 2);
  CHECK(from.flag("a bool"));
  (void)from.flag("a bool");
  CHECK(from.failure().message == "a bool is 2, not 0 or 1");
  CHECK(from.failure().position == 1);
}

}  // namespace test_byte_stream
