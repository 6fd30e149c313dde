#include "mlsd/data/schema.hpp"
#include "catch.hpp"

#include <optional>
#include <string>

namespace test_schema {
using namespace mlsd;

struct person {
  std::string name{};
  std::optional<float> height{};
  std::uint32_t city = 0;
  bool bought = false;
  float importance = 1;
};
constexpr schema people{"name"_f = &person::name, "height"_f = &person::height, "city"_f = group_key(&person::city),
                        "bought"_f = label(&person::bought), "importance"_f = weight(&person::importance)};
using people_type = schema_of<people>;

TEST_CASE("a schema knows its fields by name, number and role", "[data]") {
  static_assert(people_type::size == 5 && std::is_same_v<people_type::record_type, person>);
  static_assert(people_type::find<"city">::index == 2 && people_type::find<"city">::role == role::group);
  static_assert(std::is_same_v<people_type::find<"town">, no_slot>);
  static_assert(people_type::name<1> == "height");
  static_assert(people_type::index_of(role::label) == 3 && people_type::index_of(role::weight) == 4);
  static_assert(people_type::index_of(role::computed) == people_type::size);
  static_assert(std::is_same_v<people_type::value_type<0>, std::string_view>);  // texts are seen as views
  static_assert(std::is_same_v<people_type::value_type<1>, std::optional<float>>);
  SUCCEED();
}

TEST_CASE("fields of a record are read and set by number", "[data]") {
  person p{.name = "Ada", .height = 1.7f, .city = 4};
  CHECK(field_value<people, 0>(p) == "Ada");
  CHECK(field_value<people, 1>(p) == 1.7f);
  set_field<people, 0>(p, std::string_view("Eve"));
  set_field<people, 2>(p, 9u);
  CHECK(p.name == "Eve");
  CHECK(p.city == 9);
}

}  // namespace test_schema
