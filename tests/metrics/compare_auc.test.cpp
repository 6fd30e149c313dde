#include "mlsd/metrics/compare_auc.hpp"

#include <cmath>
#include <vector>

#include "catch.hpp"
#include "draws.hpp"
#include "golden_json.hpp"

namespace test_compare_auc {

using mlsd::compare_auc;
using column = std::vector<double>;

TEST_CASE("compare_auc: pROC's paired test") {
  if (!mlsd_test::shared_dir()) {
    WARN("skipped: ../shared is absent");
    return;
  }
  int compared = 0;
  for (const auto& record : mlsd_test::golden("golden_r.jsonl")) {
    if (record["id"].text != "delong_paired") continue;
    const auto &in = record["in"], &out = record["out"];
    const auto c = compare_auc(in["s1"].reals(), in["s2"].reals(), in["y"].reals());
    CHECK(c.second == Approx(out["auc2"].real()).epsilon(1e-14));
    CHECK(c.z == Approx(out["z"].real()).epsilon(1e-12));
    CHECK(c.p_value == Approx(out["p"].real()).epsilon(1e-10));
    CHECK_FALSE(c.ci.contains(0));
    ++compared;
  }
  CHECK(compared == 1);
}

TEST_CASE("compare_auc: a score against itself, mirrored arguments, one class, NaN in either score") {
  const column a{0.1, 0.4, 0.35, 0.8, 0.6}, b{0.2, 0.3, 0.9, 0.7, 0.1}, y{0, 0, 1, 1, 0};
  const auto same = compare_auc(a, a, y);
  CHECK(same.difference == 0);
  CHECK(same.p_value == 1);
  const auto ab = compare_auc(a, b, y), ba = compare_auc(b, a, y);
  CHECK(ab.difference == -ba.difference);
  CHECK(ab.p_value == ba.p_value);
  CHECK(std::isnan(compare_auc(a, b, column(5, 1.0)).p_value));
  column with_nan = b;
  with_nan[1] = std::nan("");
  const auto c = compare_auc(a, with_nan, y);
  CHECK(c.skipped == 1);
  CHECK(c.first == mlsd::auc(column{0.1, 0.35, 0.8, 0.6}, column{0, 1, 1, 0}));
}

TEST_CASE("compare_auc: false alarms under the null") {
  mlsd_test::draws random{9};
  constexpr int repeats = 500;
  int alarms = 0;
  column a(120), b(120), y(120);
  for (int r = 0; r < repeats; ++r) {
    for (std::size_t i = 0; i < y.size(); ++i) {
      y[i] = i < 40;
      const double shared = random.normal() + y[i];
      a[i] = shared + random.normal();
      b[i] = shared + random.normal();
    }
    alarms += compare_auc(a, b, y).p_value < 0.05;
  }
  CHECK(alarms / double(repeats) == Approx(0.05).margin(0.03));
}

}  // namespace test_compare_auc
