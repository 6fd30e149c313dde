#include "mlsd/scoring/import/catboost_features.hpp"

#include "catch.hpp"

#include <string>
#include <vector>

namespace test_catboost_features {

using namespace mlsd;
using namespace mlsd::detail;

struct feature {
  double place, flat;
  std::vector<double> splits;
  const char* treatment = "AsIs";
  bool has_nans = false;
};

void write(json_tape& t, const char* key, const std::vector<feature>& features, bool texts) {
  t.key(key);
  t.open(json_type::array, 0);
  for (const feature& f : features) {
    t.open(json_type::object, 0);
    t.key("feature_index");
    t.number(f.place, 0);
    t.key("flat_feature_index");
    t.number(f.flat, 0);
    t.key(texts ? "values" : "borders");
    t.open(json_type::array, 0);
    for (const double s : f.splits) t.number(s, 0);
    t.close();
    t.key("feature_id");
    t.text(f.flat == 2 ? "price" : "", 0);
    if (!texts) {
      t.key("nan_value_treatment");
      t.text(f.treatment, 0);
      t.key("has_nans");
      t.number(f.has_nans ? 1 : 0, 0, json_type::boolean);
    }
    t.close();
  }
  t.close();
}
json_tape info(const std::vector<feature>& numbers, const std::vector<feature>& texts) {
  json_tape t;
  t.open(json_type::object, 0);
  write(t, "float_features", numbers, false);
  write(t, "categorical_features", texts, true);
  t.close();
  return t;
}

TEST_CASE("catboost features: columns, names and the numbers of splits") {
  // Columns: text, number, number, text.
  const json_tape t = info({{0, 1, {0.5, 1.5}}, {1, 2, {7}, "AsTrue", true}}, {{1, 3, {-1}}, {0, 0, {5, 6}}});
  const auto f = catboost_features<>::read(t.root()).value();
  CHECK((f.number_columns() == 2 && f.code_columns() == 2));
  CHECK(f.is_text() == std::vector<std::uint8_t>{1, 0, 0, 1});
  CHECK(f.names() == std::vector<std::string>{"0", "1", "price", "3"});
  const std::vector<catboost_tree> trees{{.splits = {{.by_category = true, .value = 6},
                                                     {.by_category = true, .value = 0xFFFFFFFFu},
                                                     {.by_category = true, .value = 6}}}};
  const auto hashes = f.hashes(trees);
  CHECK(hashes == std::vector<std::uint32_t>{6, 0xFFFFFFFFu});

  std::vector<std::uint32_t> categories;
  const auto number = f.resolve({.feature = 0, .border = 1.5, .number = 1}, hashes, categories);
  REQUIRE(number);
  CHECK((number->feature == 0 && number->threshold == 1.5 && number->nan_left));
  const auto nan_right = f.resolve({.feature = 1, .border = 7, .number = 2}, hashes, categories);
  REQUIRE(nan_right);
  CHECK((nan_right->feature == 1 && !nan_right->nan_left && categories.empty()));
  const auto first = f.resolve({.by_category = true, .feature = 0, .value = 6, .number = 4}, hashes, categories);
  const auto last =
      f.resolve({.by_category = true, .feature = 1, .value = 0xFFFFFFFFu, .number = 5}, hashes, categories);
  REQUIRE((first && last));
  CHECK((first->feature == 2 && last->feature == 3 && last->test == gbdt_test::code && last->first_category == 1));
  CHECK(categories == std::vector<std::uint32_t>{0, 1});

  CHECK(!f.resolve({.feature = 0, .border = 1.5, .number = 0}, hashes, categories));  // the number says 0.5
  CHECK(!f.resolve({.feature = 1, .border = 1.5, .number = 1}, hashes, categories));
  CHECK(!f.resolve({.feature = 2, .border = 1.5, .number = 1}, hashes, categories));
  CHECK(!f.resolve({.by_category = true, .feature = 1, .value = 6, .number = 6}, hashes, categories));
}

TEST_CASE("catboost features: NaN is right of all borders only where it was seen and is said to be") {
  for (const bool seen : {false, true})
    for (const char* treatment : {"AsIs", "AsFalse", "AsTrue"}) {
      const json_tape t = info({{0, 0, {1}, treatment, seen}}, {});
      std::vector<std::uint32_t> categories;
      const auto f = catboost_features<>::read(t.root()).value();
      const auto split = f.resolve({.border = 1}, {}, categories);
      REQUIRE(split);
      CHECK(split->nan_left == !(seen && std::string(treatment) == "AsTrue"));
      CHECK(f.names().empty());
    }
}

TEST_CASE("catboost features: what contradicts itself") {
  const auto fault = [](const json_tape& t) {
    const auto f = catboost_features<>::read(t.root());
    return f ? std::string("none") : f.error().message;
  };
  CHECK(fault(info({}, {})) == "none");
  CHECK(fault(info({{0, 0, {}}, {0, 1, {}}}, {})).find("feature_index 0 is there twice") != std::string::npos);
  CHECK(fault(info({{0, 0, {}}, {2, 1, {}}}, {})).find("[1].feature_index: is no whole number") != std::string::npos);
  CHECK(fault(info({{0, 0, {}}}, {{0, 0, {}}})).find("flat_feature_index 0 is out of range or") != std::string::npos);
  CHECK(fault(info({{0, 5, {}}}, {})).find("flat_feature_index 5 is out of range or") != std::string::npos);
  CHECK(fault(info({{0, 0, {}, "AsOdd"}}, {})).find("'AsOdd' is unknown") != std::string::npos);
  CHECK(fault(info({}, {{0, 0, {0.5}}})).find("one is no hash") != std::string::npos);
}

}  // namespace test_catboost_features
