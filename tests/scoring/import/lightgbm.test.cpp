#include "mlsd/scoring/import/lightgbm.hpp"

#include "catch.hpp"
#include "mlsd/archive/binary.hpp"
#include "scoring/import/lightgbm_models.hpp"
#include "scoring/import/lightgbm_text.hpp"

#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace test_lightgbm {

using namespace mlsd;
using lightgbm_models::same_bits;
using lightgbm_models::sample;
using row = std::vector<double>;

row raw(const imported_gbdt& m, const row& x, iteration_range range = {}) {
  row out(m.outputs());
  m.raw(std::span<const double>(x), out, range);
  return out;
}
row predicted(const imported_gbdt& m, const row& x) {
  row buffer(m.room());
  const auto out = m.predict(std::span<const double>(x), std::span(buffer));
  return {out.begin(), out.end()};
}
std::string fault(const std::string& text) {
  const auto m = import_lightgbm(text);
  return m ? "none" : to_string(m.error());
}
using model_files::changed;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

TEST_CASE("lightgbm: small models, by hand") {
  const auto numbers = import_lightgbm(sample("numbers")).value();
  CHECK(numbers.columns == std::vector<std::string>{"age", "bid", "price"});
  CHECK(raw(numbers, {0, -1, 0}) == row{0.25 - 0.125});
  CHECK(raw(numbers, {0, 1e-36, 0}) == row{1.75 - 0.125});
  CHECK(raw(numbers, {0, nan, nan}) == row{1.75 - 0.125});
  CHECK(raw(numbers, {1, 0, 0}) == row{-0.5 - 0.125});
  CHECK(raw(numbers, {1, 0, 1e301}) == row{3 - 0.125});
  CHECK(predicted(numbers, {1, 0, 0}) == row{1 / (1 + std::exp(1.25))});
  CHECK(numbers.model.forest().has_covers());

  const auto categories = import_lightgbm(sample("categories")).value();
  CHECK(raw(categories, {2, 0}) == row{1});
  CHECK(raw(categories, {40.9, 1}) == row{3});
  CHECK(raw(categories, {-0.5, 0}) == row{1});
  CHECK(raw(categories, {1, 0}) == row{4});
  CHECK(raw(categories, {nan, 0}) == row{4});
  CHECK(predicted(categories, {1, 0}) == row{16});

  const auto lines = import_lightgbm(sample("lines")).value();
  CHECK(raw(lines, {-1, 2}) == row{0.5 - 2 - 6});
  CHECK(raw(lines, {-1, nan}) == row{1});
  CHECK(raw(lines, {1, 0}) == row{0.25});

  const auto classes = import_lightgbm(sample("classes")).value();
  CHECK(raw(classes, {1e-40}) == row{21, 0.5, -0.5});
  CHECK(predicted(classes, {5})[0] == 1 / (1 + std::exp(0.25 - 11) + std::exp(-0.25 - 11)));
  CHECK_FALSE(classes.model.forest().has_covers());
  CHECK(raw(classes, {5}, {.first = 1}) == row{20, 0, 0});

  CHECK(raw(import_lightgbm(sample("nothing")).value(), {1}) == row{0});
}

TEST_CASE("lightgbm: every golden case, bit for bit") {
  const auto cases = lightgbm_models::golden_cases();
  if (cases.empty()) WARN("skipped: no reference data");
  for (const auto& folder : cases) {
    INFO(folder);
    const auto loaded = load_lightgbm(folder + "/model.txt");
    REQUIRE((loaded ? std::string() : to_string(loaded.error())).empty());
    const imported_gbdt& m = *loaded;
    const auto x = golden_case::numbers(folder + "/input.csv"),
               margins = golden_case::numbers(folder + "/pred_raw.csv"),
               predictions = golden_case::numbers(folder + "/pred.csv"),
               leaves = golden_case::numbers(folder + "/leaf.csv"),
               five = golden_case::numbers(folder + "/pred_raw_iter5.csv"),
               some = golden_case::numbers(folder + "/pred_raw_start3_n4.csv");
    REQUIRE(x.size() == margins.size());
    REQUIRE(x.size() == predictions.size());
    std::size_t wrong_bits = 0, wrong_leaves = 0, wrong_ranges = 0, floats_differ = 0;
    double furthest = 0;
    std::vector<std::uint32_t> leaf(m.trees());
    for (std::size_t i = 0; i < x.size(); ++i) {
      const row r = raw(m, x[i]), p = predicted(m, x[i]);
      for (std::size_t k = 0; k < r.size(); ++k) wrong_bits += !same_bits(r[k], margins[i].at(k));
      for (std::size_t k = 0; k < p.size(); ++k)
        furthest = (std::max)(furthest, golden_case::ulps(p[k], predictions[i].at(k)));
      m.leaves(std::span<const double>(x[i]), leaf);
      if (i < leaves.size())
        for (std::size_t t = 0; t < leaf.size(); ++t) wrong_leaves += static_cast<double>(leaf[t]) != leaves[i].at(t);
      if (i < five.size()) wrong_ranges += !same_bits(raw(m, x[i], {.last = 5})[0], five[i][0]);
      if (i < some.size()) wrong_ranges += !same_bits(raw(m, x[i], {.first = 3, .last = 7})[0], some[i][0]);
      const std::vector<float> narrow(x[i].begin(), x[i].end());
      row of_floats(m.outputs());
      m.raw(std::span<const float>(narrow), of_floats);
      const row of_doubles = raw(m, {narrow.begin(), narrow.end()});
      for (std::size_t k = 0; k < r.size(); ++k) floats_differ += !same_bits(of_floats[k], of_doubles[k]);
    }
    CHECK(wrong_bits == 0);
    CHECK(wrong_leaves == 0);
    CHECK(wrong_ranges == 0);
    CHECK(floats_differ == 0);
    CHECK(furthest <= 2);
  }
}

TEST_CASE("lightgbm: an imported model is saved and loaded") {
  const auto m = import_lightgbm(sample("lines")).value();
  const auto bytes = to_bytes(m);
  const auto loaded = from_bytes<imported_gbdt>(bytes).value();
  CHECK(to_bytes(loaded) == bytes);
  CHECK(predicted(loaded, {1, 2}) == predicted(m, {1, 2}));
  CHECK(loaded.columns == m.columns);
}

TEST_CASE("lightgbm: what is wrong is said, with its line") {
  const std::string text = sample("numbers");
  CHECK(fault("") == "line 1, column 1: no model of LightGBM: its first line is 'tree'");
  CHECK(fault("{\"learner\": 1}").find("no model of LightGBM") != std::string::npos);
  CHECK(fault("tree\nversion=v4\n").find("ends in front of 'end of trees'") != std::string::npos);
  CHECK(fault(text.substr(0, text.find("end of trees"))).find("ends in front of 'end of trees'") != std::string::npos);
  CHECK(fault(text.substr(0, text.find("\nleaf_value"))).find("no line 'leaf_value'") != std::string::npos);
  CHECK(fault(changed(text, "max_feature_idx=2\n", "")).find("no line 'max_feature_idx'") != std::string::npos);
  CHECK(fault(changed(text, "max_feature_idx=2", "max_feature_idx=99999999")).find("2^24") != std::string::npos);
  CHECK(fault(changed(text, "version=v4", "version=v9")) == "line 2, column 9: version: v2, v3 or v4 expected");
  CHECK(fault(changed(text, "label_index=0", "num_class=1")).find("twice") != std::string::npos);
  CHECK(fault(changed(text, "tree_sizes=420 330", "tree_sizes=420")).find("2 trees follow, not 1") !=
        std::string::npos);
  CHECK(fault(changed(text, "Tree=1", "Tree=7")) == "line 31, column 6: Tree: expected tree 1");
  CHECK(fault(changed(text, "age bid", "age")).find("3 names expected, 2 found") != std::string::npos);
  CHECK(fault(changed(text, "objective=binary", "objective=cubic")).find("unknown: \"cubic\"") != std::string::npos);
  CHECK(fault(changed(text, "left_child=1 -1 -2", "left_child=1 -2 -2")).find("line 12, column 1: ") == 0);
  CHECK(fault(changed(sample("classes"), "num_tree_per_iteration=3", "num_tree_per_iteration=4"))
            .find("no multiple of 4 outputs") != std::string::npos);
  const auto missing = load_lightgbm("no such file");
  REQUIRE_FALSE(missing);
  CHECK(missing.error().message.find("no such file") != std::string::npos);
}

TEST_CASE("lightgbm: the fuzzer's corpus") {
  for (const std::string& name : lightgbm_models::sample_names()) {
    INFO(name);
    CHECK(lightgbm_models::outcome_of(sample(name)) == lightgbm_models::outcome::scored);
  }
}

/// Set MLSD_MUTATIONS for more than 10,000.
TEST_CASE("lightgbm: a damaged text is refused, with its place, or scores") {
  const int mutations = model_files::mutations();
  mlsd_test::draws random{7};
  std::map<lightgbm_models::outcome, int> seen;
  const auto& names = lightgbm_models::sample_names();
  for (int i = 0; i < mutations; ++i) {
    const std::string text = model_files::damaged(sample(names[static_cast<std::size_t>(i) % names.size()]), random,
                                                  lightgbm_models::odd_words);
    ++seen[lightgbm_models::outcome_of(text)];
  }
  using lightgbm_models::outcome;
  CHECK(seen[outcome::refused] > mutations / 4);
  CHECK(seen[outcome::scored] > mutations / 10);
  CHECK(seen[outcome::refused] + seen[outcome::scored] == mutations);
}

}  // namespace test_lightgbm
