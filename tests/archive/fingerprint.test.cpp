#include "mlsd/archive/fingerprint.hpp"

#include "archive/sample.hpp"
#include "catch.hpp"

namespace test_fingerprint {
using namespace mlsd;

struct named_u {
  float u = 0;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) { ar("u", self.u); }
};
struct named_v {
  float v = 0;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) { ar("v", self.v); }
};
struct named_u_2 : named_u {
  static constexpr std::uint32_t version = 2;
};

TEST_CASE("fingerprint: numbers that never change") {
  CHECK(fingerprint(1.5) == 0x271cee689879b82b);
  CHECK(fingerprint(std::vector<float>{1, 2, 3}) == 0x7087340d5507371e);
  CHECK(fingerprint(std::string("mlsd")) == 0x1f073dc3cc6afc53);
  CHECK(fingerprint(test_archive::filled()) == 0x06d74df4e183ac65);
  CHECK(fingerprint(1.5, fp_mode::strict) == 0x4ce22a5675927321);
}

TEST_CASE("fingerprint: name, type, version, order and every bit matter") {
  CHECK(fingerprint(named_u{}) != fingerprint(named_v{}));
  CHECK(fingerprint(named_u{}) != fingerprint(named_u_2{}));
  CHECK(fingerprint(1.0f) != fingerprint(1.0));
  CHECK(fingerprint(std::uint32_t{1}) != fingerprint(std::int32_t{1}));
  CHECK(fingerprint(0.0) != fingerprint(-0.0));
  CHECK(fingerprint(test_archive::quiet_nan_with(1)) != fingerprint(test_archive::quiet_nan_with(2)));
  CHECK(fingerprint(test_archive::quiet_nan_with(1)) == fingerprint(test_archive::quiet_nan_with(1)));
  CHECK(fingerprint(std::vector<int>{1, 2}) != fingerprint(std::vector<int>{2, 1}));
  CHECK(fingerprint(std::vector<std::string>{"ab", "c"}) != fingerprint(std::vector<std::string>{"a", "bc"}));
  CHECK(fingerprint(std::vector<std::vector<int>>{{1}, {}}) != fingerprint(std::vector<std::vector<int>>{{}, {1}}));
  CHECK(fingerprint(std::optional<int>{}) != fingerprint(std::optional<int>{0}));
  CHECK(fingerprint(1.5, fp_mode::strict) != fingerprint(1.5, fp_mode::contracted));
  CHECK(fingerprint(std::vector<bool>{true, false}) != fingerprint(std::vector<bool>{false, true}));
}

TEST_CASE("fingerprint: a bit that flips in, flips half of the bits out") {
  double flipped = 0;
  for (int i = 0; i < 64; ++i)
    flipped += std::popcount(fingerprint(std::uint64_t{12345}) ^ fingerprint(std::uint64_t{12345} ^ (1ull << i)));
  CHECK(flipped / 64 == Approx(32).margin(2));
}

}  // namespace test_fingerprint
