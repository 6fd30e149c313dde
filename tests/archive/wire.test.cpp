#include "mlsd/archive/wire.hpp"

#include "archive/sample.hpp"
#include "catch.hpp"

namespace test_wire {
using namespace mlsd::detail;

TEST_CASE("wire: a type has the same tag on every machine") {
  STATIC_REQUIRE(wire_of<bool>() == wire::boolean);
  STATIC_REQUIRE(wire_of<char>() == wire::u8);
  STATIC_REQUIRE(wire_of<signed char>() == wire::i8);
  STATIC_REQUIRE(wire_of<unsigned short>() == wire::u16);
  STATIC_REQUIRE(wire_of<std::uint32_t>() == wire::u32);
  STATIC_REQUIRE(wire_of<long>() == wire_of<long long>());
  STATIC_REQUIRE(wire_of<float>() == wire::f32);
  STATIC_REQUIRE(wire_of<double>() == wire::f64);
  STATIC_REQUIRE(wire_of<test_archive::depth>() == wire::i32);
  CHECK(size_of(wire::f64) == 8);
  CHECK(size_of(wire::text) == 0);
  CHECK(name_of(wire::i16) == "i16");
  CHECK(name_of(static_cast<wire>(200)) == "?");
}

TEST_CASE("wire: scalars as text") {
  const auto text = []<class N>(N number) {
    const auto bytes = to_little_endian(number);
    std::string out;
    append_scalar(out, wire_of<N>(), bytes.data());
    return out;
  };
  CHECK(text(true) == "true");
  CHECK(text(std::uint8_t{200}) == "200");
  CHECK(text(std::int8_t{-3}) == "-3");
  CHECK(text((std::numeric_limits<std::uint64_t>::max)()) == "18446744073709551615");
  CHECK(text((std::numeric_limits<std::int64_t>::min)()) == "-9223372036854775808");
  CHECK(text(0.1f) == "0.1");
  CHECK(text(0.1) == "0.1");
  CHECK(text(-0.0) == "-0");
  CHECK(text(test_archive::quiet_nan_with(1)) == "nan");
}

}  // namespace test_wire
