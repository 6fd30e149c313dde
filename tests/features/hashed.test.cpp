#include "mlsd/features/hashed.hpp"
#include "catch.hpp"

#include <array>
#include <vector>

namespace test_hashed {
using namespace mlsd;

TEST_CASE("missing is code 0, all else is spread over the other codes", "[features]") {
  constexpr hashed<4> h;
  CHECK(h(category{}).value == 0);
  std::array<int, 16> seen{};
  for (int i = 0; i < 15'000; ++i) ++seen[h(category(i)).value];
  CHECK(seen[0] == 0);
  double chi = 0;  // 14 degrees of freedom: above 36 once in a thousand
  for (std::size_t k = 1; k < 16; ++k) chi += (seen[k] - 1000.0) * (seen[k] - 1000.0) / 1000;
  CHECK(chi < 36);
  static_assert(hashed<4>::cardinality() == 16 && hashed<31>::cardinality() == 1u << 31);
  static_assert(hashed<31>::bucket(~std::uint64_t{0}).value == (1u << 31) - 1);
  static_assert(hashed<31>::bucket(0).value == 1);
  static_assert(hashed<1>::bucket(~std::uint64_t{0}).value == 1);
}

TEST_CASE("a cross depends on every part and on their order", "[features]") {
  constexpr crossed<20> x;
  CHECK(x(category("a"), category("b")) != x(category("b"), category("a")));
  CHECK(x(category("a"), category{}) != x(category("a"), category("b")));
  CHECK(x(category("ab"), category("c")) != x(category("a"), category("bc")));
  CHECK(x(category{}, category{}).value != 0);
  CHECK(x(category(1), category("b")) == x(category(1), category("b")));
}

TEST_CASE("the number of bits is part of the name in files", "[features]") {
  static_assert(hashed<4>::type_name == "hashed<4>" && hashed<18>::type_name == "hashed<18>");
  static_assert(crossed<20>::type_name == "crossed<20>");
  SUCCEED();
}

}  // namespace test_hashed
