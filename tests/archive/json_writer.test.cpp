#include "mlsd/archive/json_writer.hpp"

#include "archive/sample.hpp"
#include "catch.hpp"

namespace test_json_writer {
using namespace mlsd;

TEST_CASE("json_writer: pieces become a document") {
  json_writer json;
  json.begin_object().member("rows", 3).key("auc").begin_array(json_layout::line).value(0.25).value(true).null();
  json.end_array().member("name", "x").key("none").begin_object().end_object().end_object();
  CHECK(json.text() == "{\n  \"rows\": 3,\n  \"auc\": [0.25, true, null],\n  \"name\": \"x\",\n  \"none\": {}\n}");

  json_writer line(json_layout::line);
  line.begin_object().member("a", 1).key("b").begin_array().value(1).value("two").end_array().end_object();
  CHECK(line.text() == R"({"a": 1, "b": [1, "two"]})");
}

TEST_CASE("json_writer: numbers read back as the same bits; what JSON has no number for is a text") {
  const float third = 1.0f / 3;
  CHECK(to_json(third) == "0.33333334");
  CHECK(to_json(1.0 / 3) == "0.3333333333333333");
  CHECK(to_json(5e-324) == "5e-324");
  CHECK(to_json(-0.0) == "-0");
  CHECK(to_json(std::numeric_limits<double>::quiet_NaN()) == "\"nan\"");
  CHECK(to_json(-std::numeric_limits<double>::quiet_NaN()) == "\"nan\"");
  CHECK(to_json(-std::numeric_limits<float>::infinity()) == "\"-inf\"");
  CHECK(to_json((std::numeric_limits<std::uint64_t>::max)()) == "18446744073709551615");
  CHECK(to_json('a') == "97");
  CHECK(to_json(test_archive::depth::deep) == "70000");
}

TEST_CASE("json_writer: classes keep the order of describe") {
  CHECK(to_json(test_archive::point{1, 2.5f}, json_layout::line) == R"({"x": 1, "y": 2.5})");
  CHECK(to_json(std::optional<test_archive::point>{}) == "null");
  CHECK(to_json(test_archive::nothing{}) == "{}");
  CHECK(to_json(std::vector<float>{}) == "[]");
  CHECK(to_json(std::vector<bool>{true, false}) == "[true, false]");
  CHECK(to_json(test_archive::tree{1, {{2, {}}}}, json_layout::line) ==
        R"({"value": 1, "children": [{"value": 2, "children": []}]})");
}

}  // namespace test_json_writer
