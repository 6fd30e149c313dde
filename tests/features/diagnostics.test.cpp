// What the diagnostics say is tested by tests/fail; here is how they find it.
#include "mlsd/features/diagnostics.hpp"
#include "catch.hpp"
#include "features/visits.hpp"

namespace test_diagnostics {
using namespace mlsd;
using namespace mlsd::detail;
using test_features::visits;

TEST_CASE("edit distance", "[features]") {
  static_assert(edit_distance("", "") == 0 && edit_distance("abc", "") == 3 && edit_distance("", "abc") == 3);
  static_assert(edit_distance("kitten", "sitting") == 3 && edit_distance("age", "age") == 0);
  static_assert(edit_distance("ab", "ba") == 2);
  SUCCEED();
}

TEST_CASE("the nearest name", "[features]") {
  using environment = input_environment<visits>;
  static_assert(slot_name<environment, nearest_slot<environment, "agee">()>::view() == "age");
  static_assert(slot_name<environment, nearest_slot<environment, "Children">()>::view() == "children");
  static_assert(slot_name<environment, nearest_slot<environment, "importanc">()>::view() == "importance");
  SUCCEED();
}

TEST_CASE("roles are those of the schema's fields", "[features]") {
  static_assert(role_of<visits, 8>() == role::label && role_of<visits, 7>() == role::weight);
  static_assert(role_of<visits, 5>() == role::computed && role_of<visits, 99>() == role::value);
  SUCCEED();
}

TEST_CASE("fields of another struct convert as records do", "[features]") {
  static_assert(converted<float, "x">(std::optional<float>{2}) == 2);
  static_assert(converted<std::int64_t, "x">(std::uint8_t{200}) == 200);
  static_assert(converted<float, "x">(1.5) == 1.5f);
  const float missing = converted<float, "x">(std::optional<int>{});
  CHECK(missing != missing);
}

}  // namespace test_diagnostics
