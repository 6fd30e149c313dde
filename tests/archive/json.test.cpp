#include "mlsd/archive/json.hpp"

#include "archive/sample.hpp"
#include "catch.hpp"

namespace test_json {
using namespace mlsd;

template <class T> std::string why(std::string_view text) {
  const auto r = from_json<T>(text);
  return r ? "" : to_string(r.error());
}

TEST_CASE("json: what was written is read back; NaN keep no payload") {
  auto value = test_archive::filled();
  const auto text = to_json(value);
  const auto back = from_json<test_archive::everything>(text);
  REQUIRE(back);
  CHECK(to_json(*back) == text);
  CHECK(back->many.doubles[3] != back->many.doubles[3]);
  CHECK(back->many.doubles[7] == value.many.doubles[7]);
  CHECK(back->scalars.i64 == value.scalars.i64);
  CHECK(back->scalars.u64 == value.scalars.u64);
  CHECK(std::bit_cast<std::uint64_t>(back->scalars.f64) == std::bit_cast<std::uint64_t>(-0.0));
  CHECK(back->many.words == value.many.words);
}

TEST_CASE("json: keys come in any order") {
  const auto p = from_json<test_archive::point>(R"({"y": 2, "x": 1})");
  REQUIRE(p);
  CHECK((p->x == 1 && p->y == 2));
  const auto escaped = from_json<test_archive::point>(R"({"y": 2, "\u0078": 1})");
  CHECK(escaped);
}

TEST_CASE("json: missing, unknown and repeated keys are named") {
  using point = test_archive::point;
  CHECK(why<point>(R"({"x": 1})") == "line 1, column 1: there is no key \"y\"");
  CHECK(why<point>("{\"x\": 1, \"y\": 2,\n \"z\": 3}") == "line 2, column 2: unknown key \"z\"");
  CHECK(why<point>(R"({"x": 1, "y": 2, "x": 3})") == "line 1, column 18: the key \"x\" appears twice");
  CHECK(why<std::vector<point>>(R"([{"x": 1, "y": 2}, {"x": 1}])") == "line 1, column 20: 1: there is no key \"y\"");
}

TEST_CASE("json: wrong types name their path") {
  CHECK(why<test_archive::tree>(R"({"value": 1, "children": [{"value": 1.5, "children": []}]})") ==
        "line 1, column 37: children.0.value: expected an integer, found 1.5");
  CHECK(why<float>("\"x\"") == "line 1, column 1: expected a number, found \"x\"");
  CHECK(why<float>("1e99") == "line 1, column 1: 1e99 does not fit into f32");
  CHECK(why<std::uint8_t>("256") == "line 1, column 1: 256 does not fit into u8");
  CHECK(why<std::uint8_t>("-1") == "line 1, column 1: expected an integer from 0, found -1");
  CHECK(why<std::int64_t>("99999999999999999999") == "line 1, column 1: 99999999999999999999 does not fit into i64");
  CHECK(why<bool>("1") == "line 1, column 1: expected true or false, found 1");
  CHECK(why<bool>("null") == "line 1, column 1: expected true or false, found null");
  CHECK(why<std::string>("[]") == "line 1, column 1: expected a text, found an array");
  CHECK(why<std::vector<int>>("{}") == "line 1, column 1: expected an array, found an object");
  CHECK(why<std::array<int, 2>>("[1]") == "line 1, column 1: expected 2 items, found 1");
  CHECK(why<test_archive::point>("3") == "line 1, column 1: expected an object, found 3");
}

TEST_CASE("json: objects are asked for their invariants") {
  CHECK(why<test_archive::offsets>(R"({"starts": [0, 9], "values": []})") ==
        "line 1, column 1: starts do not span the values");
}

TEST_CASE("json: every prefix of a document is an error") {
  const auto text = to_json(test_archive::filled(), json_layout::line);
  for (std::size_t n = 0; n < text.size(); n += 3)
    CHECK_FALSE(from_json<test_archive::everything>(std::string_view(text).substr(0, n)));
}

}  // namespace test_json
