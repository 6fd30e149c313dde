#include "mlsd/scoring/import/xgboost.hpp"

#include "catch.hpp"
#include "mlsd/archive/binary.hpp"
#include "scoring/import/golden_case.hpp"
#include "scoring/import/model_files.hpp"
#include "shared.hpp"

#include <algorithm>
#include <span>
#include <string>
#include <vector>

namespace test_xgboost {

using namespace mlsd;
using golden_case::table;

table rows_of(const std::string& folder) {
  table rows = golden_case::numbers(folder + "/input.csv");
  const std::string missing = golden_case::setting(golden_case::read(folder + "/case.json"), "missing");
  for (auto& row : rows)
    for (double& x : row)
      if (x == golden_case::number(missing)) x = std::nan("");
  return rows;
}

/// How many rows' margins differ from the table's in a bit.
std::size_t differing(const imported_gbdt& model, const table& rows, const table& expected, iteration_range range = {},
                      const table& start = {}) {
  std::size_t wrong = rows.size() == expected.size() ? 0 : rows.size() + 1;
  std::vector<double> out(model.outputs()), wide(model.outputs());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::vector<float> x(rows[i].begin(), rows[i].end());
    model.raw(std::span(x), out, range);
    model.raw(std::span(rows[i]), wide, range);
    if (!start.empty()) {
      out = wide = start[i];
      model.add_to(out, std::span(x), range);
      wide = out;
    }
    bool same = out == wide && out.size() == expected[i].size();
    for (std::size_t k = 0; same && k < out.size(); ++k) same = out[k] == double(float(expected[i][k]));
    wrong += !same;
  }
  return wrong;
}

/// The greatest distance of a prediction, in floats.
double worst_prediction(const imported_gbdt& model, const table& rows, const table& expected) {
  double worst = 0;
  std::vector<double> buffer(model.room());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const std::vector<float> x(rows[i].begin(), rows[i].end());
    const auto p = model.predict(std::span(x), buffer);
    if (p.size() != expected[i].size()) return 1e9;
    for (std::size_t k = 0; k < p.size(); ++k)
      worst = (std::max)(worst, golden_case::ulps(static_cast<float>(p[k]), static_cast<float>(expected[i][k])));
  }
  return worst;
}

bool same_leaves(const imported_gbdt& model, const table& rows, const table& expected) {
  std::vector<std::uint32_t> leaves(model.trees());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    model.leaves(std::span(rows[i]), leaves);
    if (!std::equal(leaves.begin(), leaves.end(), expected[i].begin(), expected[i].end())) return false;
  }
  return true;
}

TEST_CASE("xgboost: every reference case, to the last bit") {
  if (mlsd_test::shared_dir() == nullptr) {
    WARN("skipped: no reference data");
    return;
  }
  for (const std::string& folder : golden_case::cases(std::string(mlsd_test::shared_dir()) + "/golden/xgboost")) {
    INFO(folder);
    const auto model = import_xgboost(golden_case::read(folder + "/model.json"));
    const auto binary = import_xgboost(golden_case::read(folder + "/model.ubj"));
    if (!model) FAIL(to_string(model.error()));
    if (!binary) FAIL(to_string(binary.error()));
    CHECK(to_bytes(*model) == to_bytes(*binary));

    const table rows = rows_of(folder);
    // The sums of DART there are fused, but for one file: predictions are near, and parts are not compared.
    const bool fused = std::filesystem::exists(folder + "/pred_raw_nofma.csv");
    const table raw = golden_case::numbers(folder + (fused ? "/pred_raw_nofma.csv" : "/pred_raw.csv"));
    const table start = golden_case::numbers(folder + "/base_margin.csv");
    CHECK(differing(*model, rows, raw, {}, start) == 0);
    const table predicted = start.empty() && !fused ? golden_case::numbers(folder + "/pred.csv") : table();
    // Expectiles are sums that cancel: there it is the terms that are within 2 ulp.
    CHECK(worst_prediction(*model, rows, predicted) <= (folder.ends_with("/expectile") ? 8 : 2));
    CHECK(same_leaves(*model, rows, golden_case::numbers(folder + "/leaf.csv")));
    for (const iteration_range range : {iteration_range{0, 5}, iteration_range{2, 6}}) {
      const std::string name = "it" + std::to_string(range.first) + "_" + std::to_string(range.last);
      const table part = golden_case::numbers(folder + "/pred_raw_" + name + ".csv");
      if (!part.empty() && !fused) CHECK(differing(*model, rows, part, range) == 0);
    }
  }
}

using model_files::changed;

std::string refusal(std::string_view file) {
  const auto model = import_xgboost(file);
  return model ? "none" : to_string(model.error());
}

bool says(std::string_view file, std::string_view what) {
  const std::string why = refusal(file);
  if (why.find(what) != std::string::npos) return true;
  WARN(why);
  return false;
}

double margin(std::string_view file, std::vector<float> x) {
  double out[2] = {};
  const auto model = import_xgboost(file).value();
  model.raw(std::span<const float>(x), std::span(out).first(model.outputs()));
  return out[0];
}

TEST_CASE("xgboost: what is left of a threshold, at its edges") {
  // One split at t: 1 on the left, 2 on the right; NaN goes left.
  const auto with = [](const char* t) {
    return std::string(R"({"version":[2,1,4],"learner":{"gradient_booster":{"name":"gbtree","model":{"trees":[{)") +
           R"("left_children":[1,-1,-1],"right_children":[2,-1,-1],"split_indices":[0,0,0],"default_left":[1,0,0],)" +
           R"("split_conditions":[)" + t + R"(,1,2],"tree_param":{"num_nodes":"3","size_leaf_vector":"0"}}],)" +
           R"("tree_info":[0],"gbtree_model_param":{"num_trees":"1"}}},"objective":{"name":"reg:squarederror"},)" +
           R"("learner_model_param":{"num_class":"0","num_feature":"1","base_score":"0E0"}}})";
  };
  const float infinity = std::numeric_limits<float>::infinity(), least = std::numeric_limits<float>::denorm_min(),
              greatest = std::numeric_limits<float>::max(), nan = std::nanf("");
  const struct {
    const char* t;
    float left, right;
  } edges[] = {{"0.5", std::nextafter(0.5f, 0.0f), 0.5f},
               {"0", -least, -0.0f},
               {"-0.0", -least, 0.0f},
               {"1e-45", 0.0f, least},
               {"-1E-45", -2 * least, -least},
               {"Infinity", greatest, infinity},
               {"3.4028235E38", -infinity, greatest},
               {"-3.4028235E38", -infinity, -greatest}};
  for (const auto& edge : edges) {
    INFO(edge.t);
    CHECK(margin(with(edge.t), {edge.left}) == 1);
    CHECK(margin(with(edge.t), {edge.right}) == 2);
    CHECK(margin(with(edge.t), {nan}) == 1);
  }
  CHECK(margin(with("-Infinity"), {-infinity}) == 2);
  CHECK(margin(with("-Infinity"), {infinity}) == 2);
  CHECK(margin(with("-Infinity"), {nan}) == 1);
  CHECK(says(with("NaN"), "trees[0].split_conditions: of node 0 is NaN"));
  CHECK(says(with("1,1"), "trees[0].split_conditions: 4 values, 3 nodes"));
}

TEST_CASE("xgboost: what a file may not say") {
  const std::string numbers = model_files::read("xgboost/numbers.json"), dart = model_files::read("xgboost/dart.json");
  const std::string cats = model_files::read("xgboost/categories.json"),
                    vectors = model_files::read("xgboost/vectors.json");
  for (const std::string* file : {&numbers, &dart, &cats, &vectors}) CHECK(refusal(*file) == "none");
  CHECK(says("", "byte 0: the document: parse error"));
  CHECK(says("{}", "has no 'version'"));
  CHECK(says("[1]", "is not an object"));
  CHECK(says(changed(numbers, R"("version":[3,)", R"("version":[4,)"), "version: 1.7 to 3.x are read"));
  CHECK(says(changed(numbers, R"("version":[3,)", R"("version":[1,)"), "version: 1.7 to 3.x are read"));
  CHECK(says(changed(numbers, "binary:logistic", "binary:odd"), "learner.objective.name: 'binary:odd' is unknown"));
  CHECK(says(changed(numbers, R"("name":"gbtree")", R"("name":"gblinear")"), "'gblinear' has no trees"));
  CHECK(says(changed(numbers, R"("num_trees":"2")", R"("num_trees":"1000000000")"), "1000000000 announced"));
  CHECK(says(changed(numbers, R"("num_feature":"3","num_target")", R"("num_feature":"0","num_target")"),
             "but there are 0"));
  CHECK(says(changed(numbers, R"("left_children":[1)", R"("left_children":[0)"), "node 0 has two parents"));
  CHECK(says(changed(numbers, R"("left_children":[1)", R"("left_children":[99)"),
             "trees[0].left_children: of node 0 is no node"));
  CHECK(says(changed(numbers, R"("left_children":[1)", R"("left_children":[1.5)"), "of node 0 is no node"));
  CHECK(says(changed(numbers, R"("left_children":[1)", R"("left_children":["1")"), "an element that is not a number"));
  CHECK(says(changed(numbers, R"("left_children":[)", R"("left_children":[[)"), "trees[0].left_children: parse error"));
  CHECK(says(changed(numbers, R"("split_indices":[)", R"("split_indices":[9)"), "feature 9"));
  CHECK(says(changed(numbers, R"("tree_info":[0)", R"("tree_info":[1)"), "tree_info: tree 0 is of no output"));
  CHECK(says(changed(numbers, R"("default_left")", R"("default_right")"), "trees[0]: has no 'default_left'"));
  CHECK(says(changed(numbers, R"("default_left")", R"("left_children")"), "is there twice"));
  CHECK(says(changed(numbers, R"("num_nodes":")", R"("num_nodes":"9)"), "values, 9"));
  CHECK(says(changed(numbers, R"("feature_names":["age",)", R"("feature_names":[)"), "2 names, 3 features"));
  CHECK(says(changed(dart, R"("weight_drop":[)", R"("weight_drop":[1,)"), "weight_drop: 4 values, 3 trees"));
  CHECK(says(changed(cats, R"("categories_nodes":[1])", R"("categories_nodes":[7])"), "there is no such node"));
  CHECK(says(changed(cats, R"("categories_nodes":[1])", R"("categories_nodes":[2])"), "node 1 is missing"));
  CHECK(says(changed(cats, R"("categories_sizes":[3])", R"("categories_sizes":[4])"), "beyond the categories"));
  CHECK(says(changed(cats, R"("categories":[0,1,3])", R"("categories":[0,-1,3])"), "one is none"));
  CHECK(says(changed(cats, "NaN,", "NaN2,"), "byte"));
  CHECK(says(changed(numbers, R"("base_score":"[)", R"("base_score":"[2.0,)"), "values, 1 outputs"));
  CHECK(says(changed(numbers, R"("base_score":"[)", R"("base_score":"[x)"), "is no number"));
  for (std::size_t n = 0; n + 2 < numbers.size(); n += 7) CHECK(!import_xgboost(numbers.substr(0, n)));
  const std::string binary = model_files::read("xgboost/vectors.bin");
  for (std::size_t n = 0; n + 1 < binary.size(); n += 7) CHECK(!import_xgboost(binary.substr(0, n)));
}

TEST_CASE("xgboost: depths, lengths and sizes that a file only claims") {
  CHECK(says(std::string(1'000'000, '['), "nests too deeply"));
  CHECK(says("{" +
                 std::string("U\x01"
                             "a[") +
                 std::string(1'000'000, '['),
             "nests too deeply"));
  CHECK(says(std::string("{L\0\0\0\0\0\0\0\1a[$T#L\x7f\xff\xff\xff\xff\xff\xff\xff", 24), "more values than bytes"));
  CHECK(says(std::string("{L\0\0\0\0\0\0\0\1a[$d#L\x7f\xff\xff\xff\xff\xff\xff\xff", 24), "end of input"));
  CHECK(says(std::string("{L\x7f\xff\xff\xff\xff\xff\xff\xff", 10), "end of input"));
}

TEST_CASE("xgboost: the fuzzer's corpus") {
  mlsd_test::draws random{1};
  for (const std::string& file : model_files::corpus("xgboost")) {
    const auto model = import_xgboost(file);
    if (model) CHECK_NOTHROW(model_files::score(*model, random));
    CHECK((model || !model.error().message.empty()));
  }
}

/// Set MLSD_MUTATIONS for more than 10,000.
TEST_CASE("xgboost: a damaged file is refused or scores") {
  std::vector<std::string> text, binary;
  for (std::string& file : model_files::corpus("xgboost")) (file[1] == '"' ? text : binary).push_back(std::move(file));
  REQUIRE((!text.empty() && !binary.empty()));
  const int mutations = model_files::mutations();
  mlsd_test::draws random{11};
  int refused = 0, unexplained = 0;
  double sum = 0;
  for (int i = 0; i < 2 * mutations; ++i) {
    const std::string& file = (i % 2 == 0 ? text : binary)[random.below((i % 2 == 0 ? text : binary).size())];
    const auto model = import_xgboost(model_files::damaged(file, random));
    refused += !model;
    unexplained += !model && model.error().message.empty();
    if (model) sum += model_files::score(*model, random);
  }
  CHECK(refused > mutations / 4);
  CHECK(refused < 2 * mutations);
  CHECK(unexplained == 0);
  CHECK(sum == sum);
}

}  // namespace test_xgboost
