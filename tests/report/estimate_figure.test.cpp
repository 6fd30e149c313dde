#include "mlsd/report/estimate_figure.hpp"

#include <cmath>

#include "catch.hpp"
#include "mlsd/metrics/delong.hpp"
#include "mlsd/stats/interval.hpp"

namespace test_report_estimate_figure {

using namespace mlsd::report;

TEST_CASE("An estimate is a figure with its interval below", "[report]") {
  const mlsd::estimate e{.value = 0.1311, .standard_error = 0.01, .ci = {0.105, 0.16, 0.9}};
  const key_figure f = estimate_figure("HR@10", e);
  CHECK(f.label == "HR@10");
  CHECK(f.value == "0.131");
  CHECK(f.note == "90%: 0.105 to 0.16");
  CHECK(f.mark == status::none);
  CHECK(estimate_figure("", e, 4).note == "90%: 0.1050 to 0.1600");
  CHECK(estimate_figure("", e, 1, true).value == "13.1%");
  CHECK(estimate_figure("", e, -1, true).note == "90%: 10.5% to 16%");
}

TEST_CASE("Without an interval there is none", "[report]") {
  CHECK(estimate_figure("a", mlsd::estimate{.value = 2}).note.empty());
  CHECK(estimate_figure("a", mlsd::estimate{}).value == "–");
  CHECK(estimate_figure("a", mlsd::auc_estimate{.value = 0.5, .ci = {0.4, 0.6}}, 2).note == "95%: 0.40 to 0.60");
}

}  // namespace test_report_estimate_figure
