#include "mlsd/archive/container.hpp"

#include "catch.hpp"

namespace test_container {
using namespace mlsd::detail;

std::vector<std::byte> two_chunks() {
  std::vector<std::byte> out;
  const std::vector<std::byte> schema(10, std::byte{7});
  container_writer to(out, schema, entry_size(1) + entry_size(9));
  write_number(to.begin_chunk(), 1.5);
  to.end_chunk("a", 1);
  write_number(to.begin_chunk(), std::uint8_t{9});
  to.end_chunk("long name", 2);
  to.finish(mlsd::fp_mode::contracted);
  return out;
}
std::string why(const std::vector<std::byte>& file) {
  const auto c = container::open(file);
  return c ? "" : to_string(c.error());
}

TEST_CASE("container: the layout is that of the documentation") {
  const auto file = two_chunks();
  REQUIRE(file.size() == 321);
  CHECK(from_little_endian<std::uint32_t>(file.data() + 8) == 1);
  CHECK(from_little_endian<std::uint64_t>(file.data() + 16) == file.size());
  CHECK(from_little_endian<std::uint64_t>(file.data() + 32) == 10);
  const auto c = container::open(file);
  REQUIRE(c);
  CHECK(c->mode() == mlsd::fp_mode::contracted);
  CHECK(c->schema().size() == 10);
  REQUIRE(c->chunks().size() == 2);
  CHECK(c->chunks()[0].name == "a");
  CHECK(c->chunks()[0].at == 256);
  CHECK(c->chunks()[0].length == 8);
  CHECK(c->chunks()[1].name == "long name");
  CHECK(c->chunks()[1].version == 2);
  CHECK(c->chunks()[1].at == 320);
  for (const auto& chunk : c->chunks()) CHECK(c->verify(chunk));
}

TEST_CASE("container: a foreign file, a short one, a newer one, a longer one") {
  auto file = two_chunks();
  CHECK(why({}) == "byte 0: the file ends here, its header has 64 bytes");
  CHECK(why({std::byte{'P'}, std::byte{'K'}}) == "byte 0: not an mlsd file: it does not start with the mark");
  auto crlf = file;
  crlf.erase(crlf.begin() + 5);
  CHECK(why(crlf) == "byte 5: not an mlsd file: it does not start with the mark");
  auto newer = file;
  newer[8] = std::byte{2};
  CHECK(why(newer) == "byte 8: file format version 2, this program reads version 1");
  CHECK(container::open(newer).error().code == mlsd::errc::version);
  auto shorter = file;
  shorter.pop_back();
  CHECK(why(shorter) == "byte 320: the file ends here, its file has 321 bytes");
  CHECK(container::open(shorter).error().code == mlsd::errc::truncated);
  auto longer = file;
  longer.push_back({});
  CHECK(why(longer) == "byte 321: bytes after the end of the file");
}

TEST_CASE("container: a change of any byte is seen") {
  const auto file = two_chunks();
  for (std::size_t i = 0; i < file.size(); ++i) {
    auto damaged = file;
    damaged[i] ^= std::byte{0x10};
    const auto c = container::open(damaged);
    bool sound = c.has_value();
    if (sound)
      for (const auto& chunk : c->chunks()) sound = sound && c->verify(chunk).has_value();
    CHECK_FALSE(sound);
  }
}

}  // namespace test_container
