#pragma once

#include <cassert>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mlsd/report/bar_chart.hpp"
#include "mlsd/report/table.hpp"
#include "mlsd/stats/latency.hpp"

namespace mlsd::report {

/// How long something took, by name.
struct named_latency {
  std::string name{};
  latency times{};
};

/// The stages of a system, in their order. Recorded in nanoseconds, shown in microseconds.
struct stage_latencies {
  std::vector<named_latency> stages{};

  template <class = void> void add(std::string name, const latency& times) {
    stages.push_back({std::move(name), times});
  }
  /// Adds the stages of a `workspace`. Those of further workspaces of the same system, one a thread, are merged in:
  /// they come before anything else is added.
  template <class Workspace> void add_stages(const Workspace& workspace) {
    std::size_t i = 0;
    workspace.for_each_stage([&](std::string_view name, const auto& stage) {
      if (i == stages.size()) add(std::string(name), latency{});
      assert(stages[i].name == name);
      stages[i++].times.merge(stage.times());
    });
  }
};

namespace detail {
inline constexpr double microsecond = 1000;
}

/// Percentiles by stage. O(stages x cells of a latency).
template <class = void> [[nodiscard]] table latency_table(const stage_latencies& l) {
  table out{.caption = "Latency by stage",
            .note = "microseconds",
            .columns = {"stage", "runs", "mean", "p50", "p90", "p99", "p99.9", "longest"}};
  for (const named_latency& stage : l.stages) {
    const latency_summary s = stage.times.summary();
    std::vector<cell> row{stage.name, s.count};
    for (const double v : {s.mean, s.p50, s.p90, s.p99, s.p999, s.max}) row.emplace_back(v / detail::microsecond);
    out.rows.push_back(std::move(row));
  }
  return out;
}

/// The median of each stage, a whisker up to the 99th percentile.
template <class = void> [[nodiscard]] bar_chart latency_chart(const stage_latencies& l) {
  bar_chart chart{
      .title = "Median latency", .note = "whiskers: to the 99th percentile", .x = {.label = "microseconds"}};
  for (const named_latency& stage : l.stages) {
    const double p50 = stage.times.quantile(0.5) / detail::microsecond;
    chart.bars.push_back(
        {.name = stage.name, .value = p50, .low = p50, .high = stage.times.quantile(0.99) / detail::microsecond});
  }
  return chart;
}

}  // namespace mlsd::report
