#pragma once

#include <string>
#include <utility>
#include <vector>

#include "mlsd/report/alarm_timeline.hpp"
#include "mlsd/report/drift_table.hpp"
#include "mlsd/report/experiment.hpp"
#include "mlsd/report/histogram_chart.hpp"
#include "mlsd/report/latency_table.hpp"
#include "mlsd/report/line_chart.hpp"
#include "mlsd/report/page.hpp"
#include "mlsd/report/table.hpp"

namespace mlsd::report {

/// One page for any system, from its metrics, drift and experiments, always in this order; what is empty is left out.
/// The members are values of the library or blocks made from them (`estimate_figure`, `calibration_chart`,
/// `score_histogram`, `time_series`, `drift_of`, `watch_table`).
struct system_report {
  std::string title{}, subtitle{};
  std::vector<key_figure> figures{};
  std::vector<table> quality{};           ///< metrics: cells take estimates with their intervals
  std::vector<line_chart> calibration{};  ///< reliability diagrams, precision-recall curves
  std::vector<histogram_chart> scores{};
  std::vector<line_chart> over_time{};
  std::vector<experiment> experiments{};
  std::string drift_caption = "Drift from the reference";
  std::vector<drift_row> drift{};
  alarm_timeline alarms{};
  std::vector<table> watched{};
  stage_latencies latency{};
  std::vector<table> more{};  ///< of the system's own: the last section
};

namespace detail {

template <block B> void add_section(page& p, const char* name, const std::vector<B>& blocks) {
  if (!blocks.empty()) p.add(heading{name});
  for (const B& b : blocks) p.add(b);
}

}  // namespace detail

/// The page, to which more can be added.
template <class = void> [[nodiscard]] page to_page(const system_report& r) {
  page p{.title = r.title, .subtitle = r.subtitle};
  p.add(key_figures{r.figures});
  detail::add_section(p, "Quality", r.quality);
  detail::add_section(p, "Calibration", r.calibration);
  detail::add_section(p, "Scores", r.scores);
  detail::add_section(p, "Over time", r.over_time);
  detail::add_section(p, "Experiments", r.experiments);
  if (!r.drift.empty()) p.add(heading{"Drift"}).add(drift_chart(r.drift)).add(drift_table(r.drift, r.drift_caption));
  if (!r.alarms.lanes.empty() || !r.watched.empty()) p.add(heading{"Alarms"});
  if (!r.alarms.lanes.empty()) p.add(r.alarms);
  for (const table& t : r.watched) p.add(t);
  if (!r.latency.stages.empty()) p.add(heading{"Latency"}).add(latency_chart(r.latency)).add(latency_table(r.latency));
  detail::add_section(p, "More", r.more);
  return p;
}

/// The whole document.
template <class = void> [[nodiscard]] std::string to_html(const system_report& r) { return to_html(to_page(r)); }

}  // namespace mlsd::report
