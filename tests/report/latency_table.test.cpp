#include "mlsd/report/latency_table.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "mlsd/serve/stage.hpp"
#include "report/well_formed.hpp"

namespace test_report_latency_table {

using namespace mlsd::report;
using mlsd_test::occurrences;

/// What a report asks of a workspace.
struct stub_workspace {
  std::vector<std::pair<std::string, mlsd::stage_times>> stages;
  template <class F> void for_each_stage(F&& f) const {
    for (const auto& [name, times] : stages) f(std::string_view(name), times);
  }
};

TEST_CASE("Stages of several workspaces are merged, two stages of one name are not", "[report]") {
  stub_workspace one{{{"retrieve", {}}, {"rerank", {}}, {"rerank", {}}}}, two = one;
  for (int i = 0; i < 99; ++i) one.stages[0].second.update(100'000);
  two.stages[0].second.update(9'000'000);
  two.stages[2].second.update(3'000);
  stage_latencies l;
  l.add_stages(one);
  l.add_stages(two);
  l.add("whole request", mlsd::latency{});
  REQUIRE(l.stages.size() == 4);
  CHECK(l.stages[0].times.count() == 100);
  CHECK(l.stages[1].times.count() == 0);
  CHECK(l.stages[2].times.count() == 1);

  const table t = latency_table(l);
  REQUIRE(t.rows.size() == 4);
  CHECK(t.rows[0][1].number == 100);
  CHECK(t.rows[0][3].number == Approx(100).epsilon(1.0 / 128));  // p50, in microseconds
  CHECK(t.rows[0][7].number == 9000);
  CHECK(t.rows[2][7].number == 3);
  const bar_chart chart = latency_chart(l);
  REQUIRE(chart.bars.size() == 4);
  CHECK(chart.bars[0].high == Approx(100).epsilon(1.0 / 128));
  for (const std::string& html : {to_html(t), to_html(chart)}) {
    CHECK(mlsd_test::html_fault(html) == "");
    CHECK(mlsd_test::draws_numbers_only(html));
    CHECK(occurrences(html, "whole request") >= 1);
  }
}

}  // namespace test_report_latency_table
