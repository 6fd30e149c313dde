#include "mlsd/report/experiment.hpp"

#include <cmath>
#include <string>

#include "catch.hpp"
#include "mlsd/experiment/compare_proportions.hpp"
#include "report/well_formed.hpp"

namespace test_report_experiment {

using namespace mlsd::report;

mlsd::sample_ratio counted(std::uint64_t control, std::uint64_t treatment) {
  auto units = mlsd::sample_ratio::make(std::vector<double>{1, 1}).value();
  units.update(0, control);
  units.update(1, treatment);
  return units;
}

TEST_CASE("What the interval of the difference says", "[report]") {
  const auto verdict = [](double clicks, bool less_is_better = false, bool mismatch = false) {
    const experiment_metric m{"m", mlsd::compare_proportions({300, 10'000}, {clicks, 10'000}), less_is_better};
    return detail::experiment_verdict(m, mismatch).text;
  };
  CHECK(verdict(400) == "better");
  CHECK(verdict(200) == "worse");
  CHECK(verdict(310) == "no difference shown");
  CHECK(verdict(400, true) == "worse");
  CHECK(verdict(200, true) == "better");
  CHECK(verdict(400, false, true) == "arms unlike");
  CHECK(detail::experiment_verdict({}, false).text == "too little data");
}

TEST_CASE("An experiment shows its arms, its results and their intervals", "[report]") {
  experiment e{.name = "ranker 2", .arms = {"popularity", "full"}, .units = counted(10'000, 10'100)};
  e.metrics.push_back({"click-through", mlsd::compare_proportions({300, 10'000}, {400, 10'100})});
  e.metrics.push_back({"nothing", {}});
  const table arms = arms_table(e);
  REQUIRE(arms.rows.size() == 2);
  CHECK(arms.rows[1][0].text == "full");
  CHECK(arms.rows[1][2].number == Approx(10'100.0 / 20'100));
  CHECK(arms.rows[1][3].number == 0.5);
  CHECK(arms.rows[0][4].mark == status::ok);
  const table results = comparison_table(e);
  CHECK(results.columns[2].name == "full");
  CHECK(results.rows[0][4].number == e.metrics[0].found.lift.value);
  CHECK(results.rows[0][4].low == e.metrics[0].found.lift.ci.lower);
  const bar_chart lifts = lift_chart(e);
  CHECK(lifts.bars[0].low == e.metrics[0].found.lift.ci.lower);
  CHECK(lifts.bars[0].mark == status::ok);
  const std::string html = to_html(e);
  CHECK(mlsd_test::html_fault(html) == "");
  CHECK(mlsd_test::draws_numbers_only(html));
  CHECK(html.find("<span class=\"ci\">") != std::string::npos);
}

TEST_CASE("A sample-ratio mismatch takes the trust out of every result", "[report]") {
  experiment e{.name = "e", .units = counted(10'000, 11'500)};
  e.metrics.push_back({"m", mlsd::compare_proportions({300, 10'000}, {500, 11'500})});
  CHECK(arms_table(e).rows[0][4].mark == status::alarm);
  CHECK(arms_table(e).note.find("trust no comparison") != std::string::npos);
  CHECK(comparison_table(e).rows[0][6].text == "arms unlike");
  CHECK(lift_chart(e).bars[0].mark == status::alarm);
}

TEST_CASE("No input breaks an experiment", "[report]") {
  CHECK(to_html(experiment{}).empty());
  for (const std::string& name : mlsd_test::hostile_names()) {
    const experiment e{.name = name, .arms = {name}, .units = counted(0, 0), .metrics = {{name, {}}}};
    CHECK(mlsd_test::html_fault(to_html(e)) == "");
  }
}

}  // namespace test_report_experiment
