#include "mlsd/core/result.hpp"

#include "catch.hpp"

#include <memory>
#include <string>
#include <type_traits>
#include <vector>

namespace test_result {

using namespace mlsd;

result<int> half(int x) {
  if (x % 2 != 0) return error{errc::invalid_argument, "x is odd"};
  return x / 2;
}
result<void> accept(bool yes) {
  if (!yes) return error{errc::io, "refused"};
  return {};
}

TEST_CASE("result: a value or an error, never both") {
  const auto good = half(4), bad = half(5);
  REQUIRE(good);
  CHECK(good.has_value());
  CHECK(*good == 2);
  CHECK(good.value() == 2);
  REQUIRE_FALSE(bad);
  CHECK(bad.error().code == errc::invalid_argument);
  CHECK(bad.error().message == "x is odd");
  CHECK(accept(true));
  CHECK_FALSE(accept(false));
  CHECK(accept(false).error().code == errc::io);
  accept(true).value();
}

TEST_CASE("result: value moves out of a temporary and is a reference into an lvalue") {
  const auto make = []() -> result<std::unique_ptr<int>> { return std::make_unique<int>(7); };
  const std::unique_ptr<int> p = make().value();
  CHECK(*p == 7);
  result<std::string> text{std::string("abc")};
  text.value() += "d";
  *text += "e";
  CHECK(text->size() == 5);
  const result<std::string>& view = text;
  CHECK(&view.value() == &*view);
  CHECK(&text.value() == &view.value());
}

TEST_CASE("result: an error that is an ordinary value") {
  // A result of a type that converts from everything still tells errors apart.
  result<std::vector<error>> errors{std::vector<error>{{errc::parse, "one"}}};
  CHECK(errors);
  CHECK(errors->size() == 1);
}

TEST_CASE("result: the text of an error says where") {
  CHECK(to_string(error{errc::parse, "no number", error::no_position, 7, 3}) == "line 7, column 3: no number");
  CHECK(to_string(error{errc::corrupt, "bad magic", 96}) == "byte 96: bad magic");
  CHECK(to_string(error{errc::corrupt, "bad magic", 0}) == "byte 0: bad magic");
  CHECK(to_string(error{errc::empty, "no rows"}) == "no rows");
}

TEST_CASE("result: traits") {
  STATIC_REQUIRE(is_result<result<int>>);
  STATIC_REQUIRE(is_result<result<void>>);
  STATIC_REQUIRE_FALSE(is_result<int>);
  STATIC_REQUIRE(std::is_same_v<result<int>::value_type, int>);
  STATIC_REQUIRE(std::is_same_v<result<void>::value_type, void>);
  STATIC_REQUIRE_FALSE(std::is_convertible_v<result<int>, bool>);
  STATIC_REQUIRE(std::is_nothrow_move_constructible_v<result<std::string>>);
}

}  // namespace test_result
