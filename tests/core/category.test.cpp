#include "mlsd/core/category.hpp"
#include "catch.hpp"

#include <limits>

namespace test_category {
using mlsd::category;
using mlsd::code;

TEST_CASE("a category is a text, an integer or missing, and these are never equal", "[core]") {
  static_assert(category("a").is_text() && category("a").text() == "a" && category("a").number() == 0);
  static_assert(category(7).number() == 7 && !category(7).is_text() && !category(7).is_missing());
  static_assert(category().is_missing() && category("").is_missing() && category() == category(""));
  static_assert(category("7") != category(7) && category(0) != category() && category("a") != category("b"));
  static_assert(category(true) == category(1) && category(std::uint32_t{5}) == category(5L));
  static_assert(category((std::numeric_limits<std::uint32_t>::max)()).number() == 4'294'967'295);
  const std::string_view whole = "ab";
  CHECK(category(whole.substr(0, 1)) == category("a"));
}

TEST_CASE("codes are ordered by value", "[core]") {
  static_assert(code{} == code{0} && code{1} < code{2} && code{3} > code{2});
  SUCCEED();
}

}  // namespace test_category
