#include "mlsd/scoring/import/xgboost.hpp"

#include "catch.hpp"
#include "mlsd/archive/binary.hpp"
#include "scoring/import/golden_case.hpp"
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

}  // namespace test_xgboost
