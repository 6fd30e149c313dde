/// The outcome for people (a table), for machines (JSON) and for the browser (one HTML page).
#pragma once

#include "ad_click/outcome.hpp"
#include "mlsd/archive/json_writer.hpp"
#include "mlsd/report/calibration_curve.hpp"
#include "mlsd/report/estimate_figure.hpp"
#include "mlsd/report/score_histogram.hpp"
#include "mlsd/report/system_report.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <utility>

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
  for (const mlsd::report::drift_row& d : o.drift) {
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
  for (const mlsd::report::drift_row& d : o.drift) {
    fmt::print("{:<24} {:>8.4f} ", d.name, d.psi.statistic);
    if (d.ks.n > 0)
      fmt::print("{:>8.4f}", d.ks.statistic);
    else
      fmt::print("{:>8}", "-");
    fmt::print("{}\n", mlsd::report::drifted(d) ? "  drifted" : "");
  }
  fmt::print("\nrow, batch and file: {} scores compared, {}\n", o.compared,
             o.different == 0 ? "all the same bits" : fmt::format("{} DIFFER", o.different));
  fmt::print("online: p50 {:.2f} us, p99 {:.2f} us, {} allocations\n", o.online.p50_us, o.online.p99_us,
             o.online.allocations);
  fmt::print("{:.1f} s\n", o.seconds);
}

[[nodiscard]] inline mlsd::report::system_report to_report(const outcome& o) {
  namespace rep = mlsd::report;
  rep::system_report r{.title = "Ad clicks: " + o.dataset,
                       .subtitle = fmt::format("{} rows; trained on {}, calibrated on {}, tested on the last {}", o.rows,
                                               o.train_rows, o.calibration_rows, o.test_rows),
                       .drift_caption = "Drift from the training rows to the test rows",
                       .drift = o.drift};
  rep::table quality{.caption = "Quality on the test rows",
                     .columns = {"model", {"AUC", 4}, {"mean of seeds", 4}, {"log loss", 5}, {"normalized entropy", 4},
                                 {"ECE", 5}, {"ECE by noise alone", 5}}};
  for (const model_outcome& m : o.models) {
    r.figures.push_back(rep::estimate_figure("AUC of " + m.name, m.auc, 4));
    r.calibration.push_back(rep::calibration_chart(m.name, m.bins, rep::axis_scale::log));
    r.scores.push_back(rep::score_histogram(m.name, m.scores, m.labels));
    const mlsd::estimate ece{.value = m.calibration.expected, .ci = m.calibration.ci};
    quality.rows.push_back(
        {m.name, m.auc, m.auc_seeds.mean, m.log_loss, m.normalized_entropy, ece, m.calibration.noise});
  }
  r.quality.push_back(std::move(quality));
  r.figures.push_back({"online, p50", fmt::format("{:.2f} us", o.online.p50_us),
                       fmt::format("p99 {:.2f} us, {} allocations", o.online.p99_us, o.online.allocations)});
  r.figures.push_back({"row = batch = file", o.different == 0 ? "same bits" : "differ",
                       fmt::format("{} scores compared", o.compared),
                       o.different == 0 ? rep::status::ok : rep::status::alarm});
  r.latency.add("one record", o.online.times);
  return r;
}
