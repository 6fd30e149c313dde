#include "mlsd/report/drift_table.hpp"

#include <string>
#include <vector>

#include "catch.hpp"
#include "mlsd/core/random.hpp"
#include "mlsd/drift/ks.hpp"
#include "report/well_formed.hpp"

namespace test_report_drift_table {

using namespace mlsd::report;

/// A feature whose values moved up by `shift` standard deviations.
drift_row moved(const std::string& name, double shift) {
  mlsd::random_stream random(7, 1);
  std::vector<double> before(4000);
  for (double& x : before) x = random.normal();
  mlsd::psi psi(mlsd::psi_reference::from(before));
  for (int i = 0; i < 4000; ++i) psi.update(random.normal() + shift);
  return drift_of(name, psi);
}

TEST_CASE("The largest shift comes first; drift has a word and a sign", "[report]") {
  const std::vector<drift_row> rows{moved("still", 0), moved("far", 1.5), moved("some", 0.4), {.name = "unseen"}};
  CHECK(drift_status(rows[0]) == status::ok);
  CHECK(drift_status(rows[1]) == status::alarm);
  CHECK(drift_status(rows[2]) == status::warn);
  CHECK(drift_status(rows[3]) == status::none);
  CHECK(rows[0].shape.reference.size() == rows[0].shape.current.size());

  const table t = drift_table(rows);
  const std::vector<std::string> order{"far", "some", "still", "unseen"};
  const std::vector<std::string> words{"drifted", "drifted", "stable", "nothing seen"};
  REQUIRE(t.rows.size() == 4);
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(t.rows[i][0].text == order[i]);
    CHECK(t.rows[i][3].text == words[i]);
    CHECK_FALSE(t.rows[i][2].is_number);  // no ks was asked
  }
  CHECK(t.rows[0][1].number == rows[1].psi.statistic);
  const bar_chart chart = drift_chart(rows, 2);
  CHECK(chart.bars[0].name == "far");
  CHECK(chart.thresholds.size() == 2);
  const std::string html = to_html(t) + to_html(chart);
  CHECK(mlsd_test::html_fault(html) == "");
  CHECK(mlsd_test::draws_numbers_only(html));
  CHECK(html.find("The first 2 of 4") != std::string::npos);
}

TEST_CASE("Drift that only the ks sees is drift", "[report]") {
  drift_row row = moved("x", 0);
  row.ks = {.statistic = 0.3, .n = 100, .drifted = true};
  CHECK(drift_status(row) == status::warn);
  CHECK(drift_table({row}).rows[0][2].number == 0.3);
  for (const std::string& name : mlsd_test::hostile_names()) {
    row.name = name;
    CHECK(mlsd_test::html_fault(to_html(drift_table({row}, name)) + to_html(drift_chart({row}))) == "");
  }
}

}  // namespace test_report_drift_table
