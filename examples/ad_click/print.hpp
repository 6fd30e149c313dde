/// The outcome for people (a table), for machines (JSON) and for the browser (one HTML page).
#pragma once

#include "ad_click/outcome.hpp"
#include "mlsd/archive/json_writer.hpp"
#include "mlsd/report/bar_chart.hpp"
#include "mlsd/report/calibration_curve.hpp"
#include "mlsd/report/histogram_chart.hpp"
#include "mlsd/report/page.hpp"
#include "mlsd/report/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

[[nodiscard]] inline std::string to_json(const outcome& o) {
  mlsd::json_writer json;
  const auto interval = [&](const char* name, const mlsd::interval& ci) {
    json.key(name).begin_array(mlsd::json_layout::line).value(ci.lower).value(ci.upper).end_array();
  };
  json.begin_object();
  json.member("dataset", o.dataset).member("rows", std::uint64_t{o.rows});
  json.key("models").begin_object();
  for (const model_outcome& m : o.models) {
    json.key(m.name).begin_object();
    json.member("auc", m.auc.value);
    interval("auc_interval", m.auc.ci);
    json.key("auc_seeds").begin_object(mlsd::json_layout::line);
    json.member("mean", m.auc_seeds.mean).member("min", m.auc_seeds.min).member("max", m.auc_seeds.max).end_object();
    json.member("log_loss", m.log_loss.value);
    interval("log_loss_interval", m.log_loss.ci);
    json.member("normalized_entropy", m.normalized_entropy.value);
    interval("normalized_entropy_interval", m.normalized_entropy.ci);
    json.member("ece", m.calibration.expected);
    interval("ece_interval", m.calibration.ci);
    json.end_object();
  }
  json.end_object();
  if (o.has_truth) {
    json.key("truth").begin_object();
    for (const model_outcome& m : o.models) {
      json.key(m.name).begin_object(mlsd::json_layout::line);
      json.member("mean_absolute_error", m.truth.value).member("bias", m.truth_bias).end_object();
    }
    json.member("oracle_auc", o.models.front().oracle_auc).end_object();
  }
  json.key("drift").begin_array();
  for (const drift_line& d : o.drift) {
    json.begin_object(mlsd::json_layout::line);
    json.member("feature", d.name).member("psi", d.psi.statistic).member("psi_drifted", d.psi.drifted);
    if (d.ks.n > 0) json.member("ks", d.ks.statistic).member("ks_drifted", d.ks.drifted);
    json.end_object();
  }
  json.end_array();
  json.key("same_bits").begin_object(mlsd::json_layout::line);
  json.member("equal", o.different == 0).member("values_compared", o.compared).end_object();
  json.key("online").begin_object(mlsd::json_layout::line);
  json.member("p50_us", o.online.p50_us).member("p99_us", o.online.p99_us);
  json.member("allocations", o.online.allocations).end_object();
  json.member("seconds", o.seconds);
  json.end_object();
  return json.text() + "\n";
}

inline void print_table(const outcome& o) {
  fmt::print("{}: {} rows (train {}, calibrate {}, test {}; {:.0f} positives in test)\n\n", o.dataset, o.rows,
             o.train_rows, o.calibration_rows, o.test_rows, o.models.front().auc.positives);
  fmt::print("{:<6} {:>6} {:>17} {:>21} {:>9} {:>9} {:>8}\n", "model", "AUC", "95% interval", "over seeds", "log loss",
             "NE", "ECE");
  for (const model_outcome& m : o.models)
    fmt::print("{:<6} {:>6.4f} {:>8.4f} - {:.4f} {:>7.4f} ({:.4f}-{:.4f}) {:>9.5f} {:>9.4f} {:>8.5f}\n", m.name,
               m.auc.value, m.auc.ci.lower, m.auc.ci.upper, m.auc_seeds.mean, m.auc_seeds.min, m.auc_seeds.max,
               m.log_loss.value, m.normalized_entropy.value, m.calibration.expected);
  if (o.has_truth) {
    fmt::print("\nagainst the true probabilities (their own AUC: {:.4f})\n", o.models.front().oracle_auc);
    for (const model_outcome& m : o.models)
      fmt::print("{:<6} mean |error| {:.5f}, bias {:+.5f}\n", m.name, m.truth.value, m.truth_bias);
  }
  fmt::print("\n{:<24} {:>8} {:>8}\n", "drift, train to test", "PSI", "KS");
  for (const drift_line& d : o.drift) {
    fmt::print("{:<24} {:>8.4f} ", d.name, d.psi.statistic);
    if (d.ks.n > 0)
      fmt::print("{:>8.4f}", d.ks.statistic);
    else
      fmt::print("{:>8}", "-");
    fmt::print("{}\n", d.psi.drifted || d.ks.drifted ? "  drifted" : "");
  }
  fmt::print("\nrow, batch and file: {} scores compared, {}\n", o.compared,
             o.different == 0 ? "all the same bits" : fmt::format("{} DIFFER", o.different));
  fmt::print("online: p50 {:.2f} us, p99 {:.2f} us, {} allocations\n", o.online.p50_us, o.online.p99_us,
             o.online.allocations);
  fmt::print("{:.1f} s\n", o.seconds);
}

namespace detail {

[[nodiscard]] inline mlsd::report::histogram_chart score_chart(const model_outcome& m) {
  constexpr std::size_t bins = 40;
  mlsd::report::histogram_chart chart{.title = "Scores of " + m.name,
                                      .x = {.label = "log10 of the predicted probability"},
                                      .y = {.label = "share of the class"}};
  std::vector<double> log_p;
  for (const double p : m.scores) log_p.push_back(std::log10((std::max)(p, 1e-6)));
  const auto [low, high] = std::minmax_element(log_p.begin(), log_p.end());
  const double first = *low, width = (std::max)(*high - *low, 1e-3) / bins;
  for (std::size_t b = 0; b <= bins; ++b) chart.edges.push_back(first + width * static_cast<double>(b));
  for (const int label : {0, 1}) {
    mlsd::report::histogram_series s{.name = label == 1 ? "positive" : "negative"};
    s.counts.resize(bins);
    for (std::size_t i = 0; i < log_p.size(); ++i)
      if ((m.labels[i] > 0.5) == (label == 1))
        s.counts[(std::min)(bins - 1, static_cast<std::size_t>((log_p[i] - first) / width))] += 1;
    chart.series.push_back(std::move(s));
  }
  return chart;
}

}  // namespace detail

[[nodiscard]] inline std::string to_html_page(const outcome& o) {
  namespace rep = mlsd::report;
  rep::page page{.title = "Ad clicks: " + o.dataset,
                 .subtitle = fmt::format("{} rows; trained on {}, calibrated on {}, tested on the last {}", o.rows,
                                         o.train_rows, o.calibration_rows, o.test_rows)};
  rep::key_figures figures;
  for (const model_outcome& m : o.models)
    figures.figures.push_back({"AUC of " + m.name, fmt::format("{:.4f}", m.auc.value),
                               fmt::format("95%: {:.4f} to {:.4f}", m.auc.ci.lower, m.auc.ci.upper)});
  figures.figures.push_back({"online, p50", fmt::format("{:.2f} us", o.online.p50_us),
                             fmt::format("p99 {:.2f} us, {} allocations", o.online.p99_us, o.online.allocations)});
  figures.figures.push_back({"row = batch = file", o.different == 0 ? "same bits" : "differ",
                             fmt::format("{} scores compared", o.compared),
                             o.different == 0 ? rep::status::ok : rep::status::alarm});
  page.add(figures);

  rep::table quality{.caption = "Quality on the test rows",
                     .columns = {"model", {"AUC", 4}, {"mean of seeds", 4}, {"log loss", 5}, {"normalized entropy", 4},
                                 {"ECE", 5}, {"ECE by noise alone", 5}}};
  for (const model_outcome& m : o.models)
    quality.rows.push_back({m.name, m.auc.value, m.auc_seeds.mean, m.log_loss.value, m.normalized_entropy.value,
                            m.calibration.expected, m.calibration.noise});
  page.add(rep::heading{"Quality"}).add(quality);

  page.add(rep::heading{"Calibration"});
  for (const model_outcome& m : o.models) {
    rep::line_chart chart{.title = "Calibration of " + m.name,
                          .note = "ten bins of equal size, with 95% intervals",
                          .x = {.label = "predicted probability", .scale = rep::axis_scale::log},
                          .y = {.label = "share of positives", .scale = rep::axis_scale::log},
                          .diagonal = true};
    std::vector<rep::calibration_bin> bins;
    for (const mlsd::reliability_bin& b : m.bins)
      if (b.weight > 0) bins.push_back({b.mean_predicted(), b.observed, b.weight});
    chart.lines.push_back(rep::calibration_points(m.name, bins));
    page.add(chart);
  }
  page.add(rep::heading{"Scores"});
  for (const model_outcome& m : o.models) page.add(detail::score_chart(m));

  rep::table drift{.caption = "Drift from the training rows to the test rows",
                   .note = "PSI above .1 is a shift by custom, above .25 a large one",
                   .columns = {"feature", {"PSI", 4}, {"KS", 4}, "verdict", "training (grey) and test"}};
  rep::bar_chart bars{.title = "PSI of each feature", .x = {.label = "PSI"}, .thresholds = {{.1}, {.25}}, .most = 12};
  auto by_size = o.drift;
  std::stable_sort(by_size.begin(), by_size.end(),
                   [](const drift_line& a, const drift_line& b) { return a.psi.statistic > b.psi.statistic; });
  for (const drift_line& d : by_size) {
    const bool drifted = d.psi.drifted || d.ks.drifted;
    const rep::status mark = !drifted ? rep::status::ok : d.psi.statistic > .25 ? rep::status::alarm : rep::status::warn;
    rep::cell ks = d.ks.n > 0 ? rep::cell(d.ks.statistic) : rep::cell("");
    drift.rows.push_back({d.name, d.psi.statistic, ks, rep::cell(drifted ? "drifted" : "stable", mark),
                          rep::profile{d.before, d.after}});
    bars.bars.push_back({.name = d.name, .value = d.psi.statistic, .mark = mark});
  }
  page.add(rep::heading{"Drift"}).add(bars).add(drift);
  return rep::to_html(page);
}
