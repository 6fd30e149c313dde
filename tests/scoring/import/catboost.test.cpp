#include "mlsd/scoring/import/catboost.hpp"

#include "catch.hpp"
#include "mlsd/scoring/gbdt/contributions.hpp"
#include "scoring/import/golden_case.hpp"
#include "scoring/import/model_files.hpp"
#include "shared.hpp"

#include <algorithm>
#include <cstring>
#include <span>
#include <string>
#include <vector>

namespace test_catboost {

using namespace mlsd;
using golden_case::table;

bool same_bits(std::span<const double> a, const std::vector<double>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size_bytes()) == 0;
}

struct row {
  std::vector<double> numbers{};
  std::vector<float> floats{};
  std::vector<std::uint32_t> codes{};
};

std::vector<row> rows_of(const std::string& folder, const imported_gbdt& model) {
  std::vector<row> out;
  for (const auto& line : golden_case::fields(folder + "/input.csv")) {
    row& r = out.emplace_back();
    for (std::size_t j = 0; j < line.size(); ++j)
      if (!model.texts.empty() && model.texts[j] != 0)
        r.codes.push_back(model.code(line[j]));
      else
        r.numbers.push_back(golden_case::number(line[j]));
    r.floats.assign(r.numbers.begin(), r.numbers.end());
  }
  return out;
}

TEST_CASE("catboost: every reference case, to the last bit") {
  if (mlsd_test::shared_dir() == nullptr) {
    WARN("skipped: no reference data");
    return;
  }
  for (const std::string& folder : golden_case::cases(std::string(mlsd_test::shared_dir()) + "/golden/catboost")) {
    INFO(folder);
    const auto model = import_catboost(golden_case::read(folder + "/model.json"));
    const std::string about = golden_case::read(folder + "/case.json");
    if (golden_case::setting(about, "expect") == "refuse") {
      REQUIRE(!model);
      CHECK(model.error().message.find("(CTRs) are not supported") != std::string::npos);
      continue;
    }
    if (!model) FAIL(to_string(model.error()));
    const table raw = golden_case::numbers(folder + "/pred_raw.csv");
    const table leaves = golden_case::numbers(folder + "/leaf.csv");
    const table predicted = golden_case::numbers(folder + "/pred.csv");
    const auto classes = golden_case::fields(folder + "/pred_class.csv");
    const std::vector<row> rows = rows_of(folder, *model);
    REQUIRE((rows.size() == raw.size() && (predicted.empty() || predicted.size() == raw.size())));

    std::size_t wrong = 0, wrong_leaves = 0, wrong_classes = 0;
    double far = 0;
    std::vector<double> out(model->outputs()), wide(model->outputs()), buffer(model->room());
    std::vector<std::uint32_t> leaf(model->trees());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const mixed_row x{rows[i].floats, rows[i].codes};
      model->raw(x, out);
      model->raw(wide_row{rows[i].numbers, rows[i].codes}, wide);
      wrong += !same_bits(out, raw[i]) || !same_bits(wide, raw[i]);
      if (i < leaves.size()) {
        model->leaves(x, leaf);
        wrong_leaves += !std::equal(leaf.begin(), leaf.end(), leaves[i].begin(), leaves[i].end());
      }
      if (!classes.empty()) {
        const std::size_t k = model->class_of(out);
        wrong_classes += (model->classes.empty() ? std::to_string(k) : model->classes[k]) != classes[i][0];
      }
      if (predicted.empty()) continue;
      const auto p = model->predict(x, buffer);
      if (p.size() != predicted[i].size()) far = 1;
      for (std::size_t k = 0; k < p.size() && k < predicted[i].size(); ++k)
        far = (std::max)(far, std::abs(p[k] - predicted[i][k]) / (std::max)(std::abs(predicted[i][k]), 1e-290));
    }
    CHECK(wrong == 0);
    CHECK(wrong_leaves == 0);
    CHECK(wrong_classes == 0);
    // Where CatBoost has a vectorised exp, it is that which is not to the last bit.
    CHECK(far <= 1e-14);
  }
}

using model_files::changed;

std::string refusal(std::string_view file) {
  const auto model = import_catboost(file);
  return model ? "none" : to_string(model.error());
}

bool says(std::string_view file, std::string_view what) {
  const std::string why = refusal(file);
  if (why.find(what) != std::string::npos) return true;
  WARN(why);
  return false;
}

TEST_CASE("catboost: columns, categories and classes of a model") {
  const auto model = import_catboost(model_files::read("catboost/symmetric.json")).value();
  CHECK(model.columns == std::vector<std::string>{"age", "site", "bid"});
  CHECK(model.texts == std::vector<std::uint8_t>{0, 1, 0});
  CHECK(model.classes == std::vector<std::string>{"False", "True"});
  // Both texts that the trees ask for have a code of their own; others share one.
  CHECK(model.code("a") != model.code("\xc3\xa9"));
  CHECK((model.code("a") < 2 && model.code("\xc3\xa9") < 2));
  CHECK((model.code("unseen") == 2 && model.code("") == 2));

  // Classes 1, 2 and 3 of five are in the file; the others have no chance.
  const auto some = import_catboost(model_files::read("catboost/branching.json")).value();
  REQUIRE(some.outputs() == 5);
  std::vector<double> out(some.room());
  const float row[] = {0, 0, 0};
  some.raw(std::span<const float>(row), std::span(out).first(5));
  CHECK((std::isinf(out[0]) && std::isfinite(out[1]) && std::isfinite(out[3]) && std::isinf(out[4])));
  const auto p = some.predict(std::span<const float>(row), out);
  CHECK((p[0] == 0 && p[4] == 0 && std::abs(p[1] + p[2] + p[3] - 1) < 1e-15));
}

/// The contributions of a row, in the order of the source's columns; the expected margin is the last of each output.
std::vector<double> contributions(const imported_gbdt& model, const row& x) {
  const auto c = gbdt_contributions::build(model.model).value();
  auto scratch = c.make_scratch();
  std::vector<double> out(c.outputs() * (c.width() + 1)), ordered;
  c(mixed_row{x.floats, x.codes}, out, scratch);
  auto columns = model.model_columns();
  columns.push_back(static_cast<std::uint32_t>(c.width()));
  for (std::size_t k = 0; k < c.outputs(); ++k)
    for (const std::uint32_t column : columns) ordered.push_back(out[k * columns.size() + column]);
  return ordered;
}

double furthest(std::span<const double> a, std::span<const double> b) {
  double most = a.size() < b.size() ? HUGE_VAL : 0;
  for (std::size_t i = 0; i < b.size() && i < a.size(); ++i) most = (std::max)(most, std::abs(a[i] - b[i]));
  return most;
}

TEST_CASE("catboost: contributions, where leaf weights are covers") {
  // CatBoost 1.2.10: m.load_model(FILE, format='json'); m.get_feature_importance(Pool(rows, cat_features=[1] or none),
  // type='ShapValues'). Of models of uncertainty it gives the first output alone.
  const auto symmetric = import_catboost(model_files::read("catboost/symmetric.json")).value();
  const auto one = [&](float age, const char* site) {
    return contributions(symmetric, {{}, {age, 0}, {symmetric.code(site)}});
  };
  const double nan = std::nan("");
  CHECK(furthest(one(2, "a"), std::vector{0.6656741666666666, 0.8653958333333335, 0., -0.20606999999999998}) < 1e-14);
  CHECK(furthest(one(1, "\xc3\xa9"), std::vector{0.4569429166666668, -0.36287291666666666, 0., -0.20607}) < 1e-14);
  CHECK(furthest(one(static_cast<float>(nan), "b"),
                 std::vector{-0.23299041666666664, -0.6780395833333335, 0., -0.20607}) < 1e-14);

  const auto branching = import_catboost(model_files::read("catboost/branching.json")).value();
  CHECK(furthest(contributions(branching, {{}, {2, 1, 0.5f}, {}}),
                 std::vector{-0.8052188888888889, -0.00728194444444446, 0., 0.0994008333333333, -0.31268781481481484,
                             -0.00778101851851853, 0., 0.03530883333333333, 1.1180742037037037, 0.01506296296296298, 0.,
                             -0.13493716666666666}) < 1e-14);
  const auto uncertain = import_catboost(model_files::read("catboost/uncertain.json")).value();
  CHECK(furthest(contributions(uncertain, {{}, {-2, -1}, {}}),
                 std::vector{-0.041583423913043475, 0.00013525724637681159, 0.19733816666666668}) < 1e-14);
}

TEST_CASE("catboost: covers of all trees or of none") {
  const std::string sym = model_files::read("catboost/symmetric.json"),
                    branch = model_files::read("catboost/branching.json");
  const auto covers = [](const std::string& file) { return import_catboost(file).value().model.forest().has_covers(); };
  CHECK((covers(sym) && covers(branch)));
  CHECK(!covers(changed(sym, R"("leaf_weights":[38,40,42,0],)", "")));
  CHECK(!covers(changed(sym, R"("leaf_weights":[38)", R"("leaf_weights":[-38)")));
  CHECK(!covers(changed(branch, R"(,"weight":26})", "}")));
  CHECK(import_catboost(changed(sym, R"("leaf_weights":[38,)", R"("leaf_weights":[)"))
            .error()
            .message.find("leaf_weights: 3 values, 4 leaves") != std::string::npos);
}

TEST_CASE("catboost: a sum of models tells its loss in a text; without trees there is the bias") {
  std::string file = changed(model_files::read("catboost/uncertain.json"),
                             R"("params":{"loss_function":{"params":{},"type":"RMSEWithUncertainty"}})",
                             R"("loss_function":"{\"type\":\"Poisson\"}")");
  CHECK(import_catboost(file).value().prediction.kind == prediction_kind::exponential);
  CHECK(says(changed(file, R"({\"type)", R"([\"type)"), "model_info.loss_function: "));
  const std::string empty = R"({"features_info":{},"oblivious_trees":null,"scale_and_bias":[3,[0.5,-2]]})";
  const auto none = import_catboost(empty).value();
  double out[2] = {};
  none.raw(std::span<const float>(), out);
  CHECK((out[0] == 0.5 && out[1] == -2 && none.trees() == 0));
}

TEST_CASE("catboost: what a file may not say") {
  const std::string sym = model_files::read("catboost/symmetric.json"),
                    branch = model_files::read("catboost/branching.json");
  CHECK(refusal(sym) == "none");
  CHECK(refusal(branch) == "none");
  CHECK(says("", "byte 0"));
  CHECK(says("{}", "has no 'features_info'"));
  CHECK(says(changed(sym, R"("oblivious_trees")", R"("elsewhere")"), "neither of"));
  CHECK(says(changed(sym, R"("scale_and_bias")", R"("trees":[],"scale_and_bias")"), "both of"));
  CHECK(says(changed(sym, R"("oblivious_trees":[)", R"("oblivious_trees":[1,)"), "an element that is not a tree"));
  CHECK(says(changed(sym, "FloatFeature", "OnlineCtr"), "(CTRs) are not supported"));
  CHECK(says(changed(sym, R"("features_info":{)", R"("ctr_data":{"a":1},"features_info":{)"), "ctr_data: target"));
  CHECK(says(changed(sym, R"("float_features")", R"("ctrs":[{}],"float_features")"), "features_info.ctrs: target"));
  CHECK(says(changed(sym, R"("float_features")", R"("text_features":[{}],"float_features")"), "features_info.text"));
  CHECK(says(changed(sym, "FloatFeature", "Strange"), "oblivious_trees[1].splits[0].split_type: 'Strange' is unknown"));
  CHECK(says(changed(sym, "AsFalse", "AsMuch"), "'AsMuch' is unknown"));
  CHECK(says(changed(sym, R"("leaf_values":[)", R"("leaf_values":[1,)"), "leaf_values: 5 values, 4 leaves"));
  CHECK(says(changed(sym, R"("leaf_values":[)", R"("leaf_values":[1,2,3,4,)"), "leaves of 1 values, 2 in the trees"));
  CHECK(says(changed(sym, R"([1,[0]])", R"([1,[0,0]])"), "scale_and_bias[1]: 2 biases"));
  CHECK(says(changed(sym, R"([1,[0]])", R"([1,0])"), "scale_and_bias: is not a scale"));
  CHECK(says(changed(sym, R"([1,[0]])", R"([1e999,[0]])"), "byte"));
  CHECK(says(changed(sym, R"("border":0.695)", R"("border":0.694)"), "split 0 is not among the borders"));
  CHECK(says(changed(sym, R"("split_index":3)", R"("split_index":4)"), "split 0 is not among the values"));
  CHECK(says(changed(sym, R"("split_index":3)", R"("split_index":-3)"), "split_index: is no whole number"));
  CHECK(says(changed(sym, R"("cat_feature_index":0)", R"("cat_feature_index":1)"), "is not among the values"));
  CHECK(says(changed(sym, R"("splits":[)", R"("splits":[7,)"), "an element that is not a split"));
  CHECK(says(changed(branch, R"("left":)", R"("lost":)"), "has no 'left'"));
  CHECK(says(changed(branch, R"("value":[)", R"("value":[1,)"), "values, "));
  CHECK(says(changed(branch, R"("value":[)", R"("value":["x",)"), "is neither a number nor"));
  CHECK(says(changed(branch, R"("class_to_label":[1)", R"("class_to_label":[9)"), "class_to_label: one is no class"));
  CHECK(says(std::string(1'000'000, '['), "nests too deeply"));
  std::string deep = R"({"features_info":{},"scale_and_bias":[1,[0]],"trees":[)";
  for (int i = 0; i < 1'000'000; ++i) deep += R"({"left":)";
  CHECK(says(deep, "nests too deeply"));
  for (std::size_t n = 0; n + 2 < sym.size(); n += 7) CHECK(!import_catboost(sym.substr(0, n)));
}

TEST_CASE("catboost: the fuzzer's corpus") {
  mlsd_test::draws random{1};
  for (const std::string& file : model_files::corpus("catboost")) {
    const auto model = import_catboost(file);
    if (model) CHECK_NOTHROW(model_files::score(*model, random));
    CHECK((model || !model.error().message.empty()));
  }
}

/// Set MLSD_MUTATIONS for more than 10,000.
TEST_CASE("catboost: a damaged file is refused or scores") {
  const std::vector<std::string> files = model_files::corpus("catboost");
  const int mutations = model_files::mutations();
  mlsd_test::draws random{13};
  int refused = 0, unexplained = 0;
  double sum = 0;
  for (int i = 0; i < mutations; ++i) {
    const auto model = import_catboost(model_files::damaged(files[random.below(files.size())], random));
    refused += !model;
    unexplained += !model && model.error().message.empty();
    if (model) sum += model_files::score(*model, random);
  }
  CHECK(refused > mutations / 4);
  CHECK(refused < mutations);
  CHECK(unexplained == 0);
  CHECK(sum == sum);
}

}  // namespace test_catboost
