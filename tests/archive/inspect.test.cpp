#include "mlsd/archive/inspect.hpp"

#include "archive/sample.hpp"
#include "catch.hpp"
#include "mlsd/archive/binary.hpp"
#include "mlsd/archive/reseal.hpp"

namespace test_inspect {
using namespace mlsd;

TEST_CASE("inspect: names, types and first values, without the type") {
  const auto text = inspect(to_bytes(test_archive::filled()), {.values = 3, .items = 2});
  REQUIRE(text);
  for (const char* line :
       {"\neverything version 1\n", "\n    u8: u8 = 255\n", "\n    f64: f64 = -0\n", "\n    brightness: enum u8 = 1\n",
        "\n    doubles: vector of 50 f64 = [0, 0.1, 0.2, ...]\n",
        "\n    words: vector of 3 string\n      0: string = \"\"\n", "\n      ... (1 more)\n",
        "\n    maybe: f64 = 6.5\n", "\n    somewhere: optional of point = none\n",
        "\n    pair_of_bits: array of 2 bool = [true, false]\n", "\n  table: offsets version 3  (44 bytes at 2944)\n",
        "\n    none: array of 0 f32 = []\n", "\n        children: vector of 1 record\n"})
    CHECK(test_archive::contains(*text, line));
}

TEST_CASE("inspect: the text is bounded") {
  const auto bytes = to_bytes(std::vector<test_archive::point>(10'000));
  const auto few = inspect(bytes);
  REQUIRE(few);
  CHECK(few->size() < 400);
  CHECK(test_archive::contains(*few, "... (9997 more)"));
  const auto cut = inspect(bytes, {.items = 10'000, .lines = 20});
  REQUIRE(cut);
  CHECK(test_archive::contains(*cut, "more lines)"));
  CHECK(cut->size() < 1000);
}

TEST_CASE("inspect: damage, foreign files and hostile names") {
  auto bytes = to_bytes(test_archive::filled());
  bytes.back() ^= std::byte{1};
  CHECK(test_archive::contains(inspect(bytes).error().message, "checksum"));
  const std::vector<std::byte> foreign(100, std::byte{'x'});
  CHECK(inspect(foreign).error().position == 0);

  auto escape = to_bytes(test_archive::point{});
  for (auto& b : escape)
    if (b == std::byte{'x'}) b = std::byte{0x1b};
  reseal(escape);
  const auto text = inspect(escape);
  REQUIRE(text);
  CHECK_FALSE(test_archive::contains(*text, "\x1b"));
}

TEST_CASE("inspect: a path that is not there") {
  CHECK(inspect_file("/nonexistent/x.mlsd").error().message ==
        "cannot open '/nonexistent/x.mlsd': No such file or directory");
}

}  // namespace test_inspect
