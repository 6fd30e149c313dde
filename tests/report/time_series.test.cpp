#include "mlsd/report/time_series.hpp"

#include <cmath>
#include <vector>

#include "catch.hpp"
#include "mlsd/core/random.hpp"
#include "report/well_formed.hpp"

namespace test_report_time_series {

using namespace mlsd::report;

TEST_CASE("Means by stretch of time, a gap where nothing was, whatever the order", "[report]") {
  const std::vector<std::pair<std::int64_t, double>> values{{50, 4}, {10, 1}, {15, 3}, {59, 6}, {-1, 7}, {19, 2}};
  time_series series("x", {10});
  for (const auto& [ms, value] : values) series.update({ms}, value);
  const line l = series.to_line();
  CHECK(l.x == std::vector<double>{-5, 5, 15, 25, 55});
  REQUIRE(l.y.size() == 5);
  CHECK(l.y[0] == 7);
  CHECK(std::isnan(l.y[1]));
  CHECK(l.y[2] == 2);
  CHECK(std::isnan(l.y[3]));
  CHECK(l.y[4] == 5);
  CHECK(std::isnan(l.low[0]));
  // Student's t with 2 degrees is 4.3027; s = 1, n = 3.
  CHECK(l.low[2] == Approx(2 - 4.3027 / std::sqrt(3)).epsilon(1e-3));
  CHECK(mlsd_test::html_fault(to_html(line_chart{.x = {.scale = axis_scale::time}, .lines = {l}})) == "");
  CHECK(time_series("none", {1}).to_line().y.empty());
}

TEST_CASE("Rates stay between 0 and 1; intervals cover the truth as often as they say", "[report]") {
  mlsd::random_stream random(3, 1);
  time_series rate("rate", mlsd::seconds(1)), value("value", mlsd::seconds(1));
  for (std::int64_t second = 0; second < 2000; ++second)
    for (int i = 0; i < 40; ++i) {
      rate.update({second * 1000}, random.uniform() < 0.1 ? 1 : 0);
      value.update({second * 1000}, random.normal());
    }
  const auto covered = [](const line& l, double truth) {
    double n = 0;
    for (std::size_t i = 0; i < l.y.size(); ++i) n += l.low[i] <= truth && truth <= l.high[i];
    return n / static_cast<double>(l.y.size());
  };
  const line rates = rate.to_line();
  for (std::size_t i = 0; i < rates.y.size(); ++i) CHECK((rates.low[i] >= 0 && rates.high[i] <= 1));
  CHECK(std::fabs(covered(rates, 0.1) - 0.95) < 0.03);
  CHECK(std::fabs(covered(value.to_line(), 0) - 0.95) < 0.02);
}

}  // namespace test_report_time_series
