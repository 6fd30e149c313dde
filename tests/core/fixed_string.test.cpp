#include "mlsd/core/fixed_string.hpp"
#include "catch.hpp"

#include <type_traits>

namespace test_fixed_string {
using mlsd::fixed_string;

template <fixed_string Name> struct named {};

TEST_CASE("a text is a template argument: equal texts make one type", "[core]") {
  static_assert(std::is_same_v<named<"age">, named<"age">>);
  static_assert(!std::is_same_v<named<"age">, named<"agf">> && !std::is_same_v<named<"age">, named<"ages">>);
  static_assert(fixed_string("age").view() == "age" && fixed_string("").view().empty());
  static_assert(fixed_string("a\0b").view().size() == 3);
  SUCCEED();
}

}  // namespace test_fixed_string
