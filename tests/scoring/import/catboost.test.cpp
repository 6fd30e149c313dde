#include "mlsd/scoring/import/catboost.hpp"

#include "catch.hpp"
#include "mlsd/archive/binary.hpp"
#include "scoring/import/golden_case.hpp"
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

}  // namespace test_catboost
