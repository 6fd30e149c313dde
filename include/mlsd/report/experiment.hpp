#pragma once

#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "mlsd/experiment/comparison.hpp"
#include "mlsd/experiment/sample_ratio.hpp"
#include "mlsd/report/bar_chart.hpp"
#include "mlsd/report/page.hpp"
#include "mlsd/report/table.hpp"

namespace mlsd::report {

/// One metric of two arms, as `compare_proportions` and `compare_means` find it.
struct experiment_metric {
  std::string name{};
  comparison found{};
  bool less_is_better = false;
};

/// An experiment: who was in which arm, and what came of it. `units` is empty where nobody counted.
struct experiment {
  std::string name{};
  std::vector<std::string> arms{"control", "treatment"};
  sample_ratio units{};
  std::vector<experiment_metric> metrics{};
};

namespace detail {

/// What the interval of the difference says. Two arms that are not what was asked for say nothing.
template <class = void> [[nodiscard]] cell experiment_verdict(const experiment_metric& m, bool mismatch) {
  const interval& ci = m.found.difference.ci;
  if (mismatch) return {"arms unlike", status::alarm};
  if (std::isnan(ci.lower) || std::isnan(ci.upper)) return {"too little data", status::warn};
  if (ci.lower <= 0 && ci.upper >= 0) return "no difference shown";
  return (ci.lower > 0) != m.less_is_better ? cell("better", status::ok) : cell("worse", status::alarm);
}

}  // namespace detail

/// Units by arm beside the shares that were asked for; the note has the test, which holds however often one looks.
template <class = void> [[nodiscard]] table arms_table(const experiment& e) {
  const sample_ratio_verdict v = e.units.value();
  table out{.caption = "Units of " + e.name,
            .note = (v.mismatch ? "The arms are not what was asked for: trust no comparison. p at any time "
                                : "The arms are as asked for. p at any time ") +
                    compact(v.p_any_time) + ".",
            .columns = {"arm", "units", {"share", 2, true}, {"asked for", 2, true}, ""}};
  double all = 0;
  for (const auto n : e.units.counts()) all += static_cast<double>(n);
  for (std::size_t a = 0; a < e.units.counts().size(); ++a) {
    const std::uint64_t n = e.units.counts()[a];
    out.rows.push_back({a < e.arms.size() ? e.arms[a] : "arm " + std::to_string(a), n, static_cast<double>(n) / all,
                        e.units.shares()[a],
                        v.mismatch ? cell("mismatch", status::alarm) : cell("as asked", status::ok)});
  }
  return out;
}

/// Both arms, difference and lift with their intervals, a row a metric.
template <class = void> [[nodiscard]] table comparison_table(const experiment& e) {
  const auto arm = [&](std::size_t a) { return a < e.arms.size() ? e.arms[a] : "arm " + std::to_string(a); };
  table out{.caption = "Results of " + e.name,
            .note = "two-sided p-values; intervals of difference and lift",
            .columns = {"metric", arm(0), arm(1), "difference", {"lift", 1, true}, {"p", 4}, "verdict"}};
  const bool mismatch = e.units.value().mismatch;
  for (const experiment_metric& m : e.metrics)
    out.rows.push_back({m.name, m.found.control, m.found.treatment, m.found.difference, m.found.lift, m.found.p_value,
                        detail::experiment_verdict(m, mismatch)});
  return out;
}

/// Lift of every metric with its interval.
template <class = void> [[nodiscard]] bar_chart lift_chart(const experiment& e) {
  bar_chart chart{.title = "Lift of " + e.name,
                  .note = e.arms.size() > 1 ? e.arms[1] + " against " + e.arms[0] : "",
                  .x = {.label = "lift", .as_percent = true}};
  const bool mismatch = e.units.value().mismatch;
  for (const experiment_metric& m : e.metrics)
    chart.bars.push_back({.name = m.name,
                          .value = m.found.lift.value,
                          .mark = detail::experiment_verdict(m, mismatch).mark,
                          .low = m.found.lift.ci.lower,
                          .high = m.found.lift.ci.upper});
  return chart;
}

/// All of it: first whether the arms can be trusted, then what they say.
template <class = void> [[nodiscard]] std::string to_html(const experiment& e) {
  std::string out;
  if (!e.units.counts().empty()) out += to_html(arms_table(e));
  if (!e.metrics.empty()) out += to_html(comparison_table(e)) + to_html(lift_chart(e));
  return out;
}

}  // namespace mlsd::report
