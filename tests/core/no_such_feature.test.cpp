#include "mlsd/core/no_such_feature.hpp"

#include <string_view>

#include "catch.hpp"

namespace test_no_such_feature {
using namespace mlsd::detail;

TEST_CASE("the nearest name has the fewest edits; ties go to the first", "[core]") {
  static constexpr std::string_view names[] = {"genre", "series", "", "year"};
  static_assert(nearest_name("gener", names) == 0 && nearest_name("serie", names) == 1);
  static_assert(nearest_name("yaer", names) == 3 && nearest_name("", names) == 3);
  static constexpr std::string_view alike[] = {"ab", "ac"};
  static_assert(nearest_name("ad", alike) == 0);
  CHECK(edit_distance("", "abc") == 3);
}

}  // namespace test_no_such_feature
