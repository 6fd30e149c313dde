#include "mlsd/report/score_histogram.hpp"

#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "catch.hpp"
#include "report/well_formed.hpp"

namespace test_report_score_histogram {

using namespace mlsd::report;

TEST_CASE("Scores are counted by class on a scale of powers of ten", "[report]") {
  const std::vector<double> p{0.001, 0.01, 0.1, 1, 0, std::nan(""), 0.1}, y{0, 0, 1, 1, 0, 1, 0};
  const histogram_chart chart = score_histogram("m", p, y, 6);
  REQUIRE(chart.edges.size() == 7);
  CHECK(chart.edges.front() == -6);
  CHECK(chart.edges.back() == Approx(0).margin(1e-12));
  const auto total = [](const histogram_series& s) { return std::accumulate(s.counts.begin(), s.counts.end(), 0.0); };
  CHECK(total(chart.series[0]) == 4);
  CHECK(total(chart.series[1]) == 2);  // NaN is left out
  CHECK(chart.series[0].counts[0] == 1);
  CHECK(chart.series[1].counts[5] == 2);
  CHECK(mlsd_test::html_fault(to_html(chart)) == "");
}

TEST_CASE("Scores that are all alike, or absent, still make a chart", "[report]") {
  const std::vector<double> same(5, 0.5), labels(5, 1);
  CHECK(mlsd_test::draws_numbers_only(to_html(score_histogram("m", same, labels))));
  CHECK(mlsd_test::html_fault(to_html(score_histogram("<m>", {}, {}))) == "");
}

}  // namespace test_report_score_histogram
