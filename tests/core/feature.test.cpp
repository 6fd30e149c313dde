#include "mlsd/core/feature.hpp"
#include "catch.hpp"

#include <type_traits>

namespace test_feature {
using namespace mlsd;

struct row {
  float age = 0;
  bool clicked = false;
};

TEST_CASE("a name bound to a member is a field with its role", "[core]") {
  static_assert(std::is_same_v<decltype("age"_f), feature<"age">>);
  static_assert(feature<"age">::view() == "age");
  constexpr auto age = "age"_f = &row::age;
  static_assert(age.role == role::value && std::is_same_v<decltype(age)::value_type, float>);
  static_assert(std::is_same_v<decltype(age)::class_type, row> && age.name == fixed_string("age"));
  constexpr auto clicked = "clicked"_f = label(&row::clicked);
  static_assert(clicked.role == role::label);
  static_assert(("w"_f = weight(&row::age)).role == role::weight && ("g"_f = group_key(&row::age)).role == role::group);
  static_assert(("c"_f = computed(&row::age)).role == role::computed);
  row r;
  r.*age.member = 7;
  CHECK(r.age == 7);
}

}  // namespace test_feature
