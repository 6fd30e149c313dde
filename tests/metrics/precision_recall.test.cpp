#include "mlsd/metrics/precision_recall.hpp"

#include <cmath>
#include <vector>

#include "catch.hpp"
#include "golden_json.hpp"

namespace test_precision_recall {

using mlsd::precision_recall_curve;

TEST_CASE("precision_recall_curve: scikit-learn's values, which come the other way about with an end of their own") {
  if (!mlsd_test::shared_dir()) {
    WARN("skipped: ../shared is absent");
    return;
  }
  int compared = 0;
  for (const auto& record : mlsd_test::golden("golden_curves.jsonl")) {
    const auto &in = record["in"], &out = record["out"];
    if (!out.has("pr_prec")) continue;
    INFO(record["id"].text);
    const auto s = in["s"].reals(), y = in["y"].reals(), w = in["w"].reals();
    const auto curve = precision_recall_curve(s, y, w);
    const auto thresholds = out["pr_thr"].reals();
    REQUIRE(curve.size() == thresholds.size());
    for (std::size_t i = 0; i < curve.size(); ++i) {
      const std::size_t theirs = curve.size() - 1 - i;
      CHECK(curve[i].threshold == thresholds[theirs]);
      CHECK(curve[i].precision == Approx(out["pr_prec"][theirs].real()).epsilon(1e-15));
      CHECK(curve[i].recall == Approx(out["pr_rec"][theirs].real()).epsilon(1e-15));
    }
    ++compared;
  }
  CHECK(compared == 2);
}

TEST_CASE("precision_recall_curve: no positive, rows that cannot be used, weights of 0, tied zeros") {
  using column = std::vector<float>;
  CHECK(precision_recall_curve(column{1, 2}, column{0, 0}).empty());
  CHECK(precision_recall_curve(column{}, column{}).empty());
  const auto curve =
      precision_recall_curve(column{0.0f, -0.0f, std::nanf(""), 5, 4}, column{1, 0, 1, 2, 0}, column{1, 3, 1, 1, 0});
  REQUIRE(curve.size() == 1);
  CHECK(curve[0] == mlsd::precision_recall_point{0, 0.25, 1});
}

}  // namespace test_precision_recall
