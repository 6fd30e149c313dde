/// The outcome for people (a table), for machines (JSON) and for the browser (one HTML page).
#pragma once

#include "fraud/outcome.hpp"
#include "mlsd/archive/json_writer.hpp"
#include "mlsd/report/line_chart.hpp"
#include "mlsd/report/page.hpp"
#include "mlsd/report/table.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

namespace fraud {

[[nodiscard]] inline std::string to_json(const outcome& o) {
  using mlsd::json_layout;
  mlsd::json_writer json;
  json.begin_object();
  json.member("dataset", o.dataset).member("events", o.events).member("frauds", o.frauds);
  json.member("recall", o.model.recall()).member("precision", o.model.precision());
  json.member("loss_ratio_to_rule", o.loss_ratio_to_rule()).member("loss_ratio_to_oracle", o.loss_ratio_to_oracle());
  json.member("alarm_delay_events", o.alarm_delay_events).member("false_alarms", o.false_alarms);
  json.member("decisions_per_second", o.decisions_per_second);
  json.key("latency_us").begin_object(json_layout::line);
  json.member("p50", o.p50_us).member("p99", o.p99_us).end_object();
  json.member("allocations_per_decision", o.allocations_per_decision);
  json.member("replay_mismatches", o.replay.mismatches).member("replayed", o.replay.decisions);
  json.member("busiest_merchant", o.busiest_window).member("reviews_a_day", o.reviews_a_day);
  json.key("gate").begin_object(json_layout::line);
  json.member("asked", o.asked_share).member("asked_frauds", o.asked_frauds).end_object();
  if (o.has_rule) {
    json.key("rule").begin_object(json_layout::line);
    json.member("recall", o.rule.recall()).member("precision", o.rule.precision()).end_object();
  } else {
    json.member("auc", o.auc).member("average_precision", o.average_precision);
  }
  json.key("periods").begin_array();
  for (const period& p : o.periods) {
    json.begin_object(json_layout::line).member("first_day", p.first_day).member("last_day", p.last_day);
    json.member("recall", p.model.recall()).member("precision", p.model.precision());
    json.member("loss", p.model.loss).member("rule_loss", p.rule.loss).member("oracle_loss", p.model.oracle_loss);
    json.end_object();
  }
  json.end_array().key("models").begin_array();
  for (const model_life& m : o.models)
    json.begin_object(json_layout::line).member("day", m.day).member("promoted", m.promoted).end_object();
  json.end_array().key("alarms").begin_array();
  for (const alarm& a : o.alarms)
    json.begin_object(json_layout::line).member("day", a.day).member("monitor", a.monitor).end_object();
  json.end_array().member("seconds", o.seconds);
  json.end_object();
  return json.text() + "\n";
}

namespace detail {

[[nodiscard]] inline std::string optional_text(const std::optional<double>& v) {
  return v ? fmt::format("{:.3f}", *v) : "-";
}
[[nodiscard]] inline std::string delay_text(const outcome& o) {
  return o.alarm_delay_events ? fmt::format("{} charges after the change", *o.alarm_delay_events) : "none";
}

}  // namespace detail

inline void print_table(const outcome& o) {
  fmt::print("{}: {} charges, {} frauds; models decided {}\n", o.dataset, o.events, o.frauds, o.decided_by_models);
  if (o.has_rule) {
    fmt::print("people look at {} charges a day; the pattern of fraud changes on day {:.1f}\n\n", o.reviews_a_day,
               o.change_day);
    fmt::print("{:>12} {:>7} | {:>7} {:>9} {:>6} {:>6} {:>9} | {:>7} {:>9} {:>9} | {:>8}\n", "days", "frauds", "recall",
               "precision", "looks", "blocks", "lost", "recall", "precision", "rule lost", "oracle");
    const auto line = [](const std::string& name, const tally& m, const tally& r) {
      fmt::print("{:>12} {:>7} | {:>7.3f} {:>9.3f} {:>6} {:>6} {:>9.0f} | {:>7.3f} {:>9.3f} {:>9.0f} | {:>8.0f}\n",
                 name, m.frauds, m.recall(), m.precision(), m.looks, m.blocks, m.loss, r.recall(), r.precision(),
                 r.loss, m.oracle_loss);
    };
    for (const period& p : o.periods) line(fmt::format("{:.1f}-{:.1f}", p.first_day, p.last_day), p.model, p.rule);
    line("all", o.model, o.rule);
  } else {
    fmt::print("recall {:.3f}, precision {:.3f} in the sample, AUC {:.4f}, average precision {:.4f}\n",
               o.model.recall(), o.model.precision(), o.auc, o.average_precision);
  }
  fmt::print("\nmoney lost, against the rule: {}; against an oracle: {}\n",
             detail::optional_text(o.loss_ratio_to_rule()), detail::optional_text(o.loss_ratio_to_oracle()));
  fmt::print("the gate asks about {:.1f}% of charges and {:.1f}% of frauds\n", 100 * o.asked_share,
             100 * o.asked_frauds);
  if (o.has_rule) {
    std::size_t promoted = 0;
    for (const model_life& m : o.models) promoted += m.promoted;
    fmt::print("models: {} trained, {} promoted\n", o.models.size(), promoted);
    for (const alarm& a : o.alarms)
      fmt::print("alarm on day {:.1f}: {}{}\n", a.day, a.monitor, a.is_false ? " (false)" : "");
    fmt::print("first true alarm: {}; false alarms: {}\n", detail::delay_text(o), o.false_alarms);
    fmt::print("charges of the busiest merchant in its window: {}\n", o.busiest_window);
  }
  fmt::print("one decision: p50 {:.2f} us, p99 {:.2f} us, {} allocations; {:.0f} decisions a second\n", o.p50_us,
             o.p99_us, o.allocations_per_decision, o.decisions_per_second);
  fmt::print("log and replay: {} decisions, {} values, {} differ\n", o.replay.decisions, o.replay.values,
             o.replay.mismatches);
  fmt::print("{:.1f} s\n", o.seconds);
}

namespace detail {

/// One value for each period, in the middle of its days.
template <class Value> [[nodiscard]] mlsd::report::line over_time(std::string name, const outcome& o, Value value) {
  mlsd::report::line l{.name = std::move(name)};
  for (const period& p : o.periods) {
    l.x.push_back((p.first_day + p.last_day) / 2);
    l.y.push_back(value(p));
  }
  return l;
}

}  // namespace detail

[[nodiscard]] inline std::string to_html_page(const outcome& o) {
  namespace rep = mlsd::report;
  rep::page page{.title = "Fraud gate: " + o.dataset,
                 .subtitle = fmt::format("{} charges, {} frauds, of which models decided {} charges", o.events,
                                         o.frauds, o.decided_by_models)};
  const bool is_sound = o.replay.mismatches == 0;
  rep::key_figures figures;
  figures.figures = {
      {"recall", fmt::format("{:.3f}", o.model.recall()), "of the frauds"},
      {"precision", fmt::format("{:.3f}", o.model.precision()), "of what was stopped"},
      {"money lost", fmt::format("{:.0f} EUR", o.model.loss),
       o.has_rule ? fmt::format("the rule loses {:.0f}, an oracle {:.0f}", o.rule.loss, o.model.oracle_loss)
                  : fmt::format("an oracle loses {:.0f}", o.model.oracle_loss)},
      {"one decision, p50", fmt::format("{:.2f} us", o.p50_us),
       fmt::format("p99 {:.2f} us, {} allocations", o.p99_us, o.allocations_per_decision)},
      {"decisions a second", fmt::format("{:.0f}", o.decisions_per_second), "on one core, log and watch included"},
      {"log and replay", is_sound ? "same bits" : "differ", fmt::format("{} decisions compared", o.replay.decisions),
       is_sound ? rep::status::ok : rep::status::alarm}};
  page.add(figures);
  if (!o.has_rule) return rep::to_html(page);

  std::vector<rep::rule> change{{o.change_day, "pattern changes"}};
  for (const alarm& a : o.alarms) change.push_back({a.day, "", rep::status::alarm});
  page.add(rep::heading{"Quality over time"});
  rep::line_chart quality{
      .title = "Recall and precision",
      .note = fmt::format("people look at {} charges a day; other uprights are alarms", o.reviews_a_day),
      .x = {.label = "day"},
      .y = {.label = "share", .include = {0, 1}},
      .x_rules = change};
  quality.lines = {detail::over_time("recall", o, [](const period& p) { return p.model.recall(); }),
                   detail::over_time("precision", o, [](const period& p) { return p.model.precision(); }),
                   detail::over_time("recall of the rule", o, [](const period& p) { return p.rule.recall(); })};
  rep::line_chart money{.title = "Money lost in each period",
                        .note = "frauds that passed, honest charges blocked, looks",
                        .x = {.label = "day"},
                        .y = {.label = "EUR", .include = {0}},
                        .x_rules = {{o.change_day, "pattern changes"}}};
  money.lines = {detail::over_time("models", o, [](const period& p) { return p.model.loss; }),
                 detail::over_time("rule", o, [](const period& p) { return p.rule.loss; }),
                 detail::over_time("oracle", o, [](const period& p) { return p.model.oracle_loss; })};
  page.add(quality).add(money);

  rep::table models{.caption = "Models",
                    .note = "average precision of both on what the newer one saw in the shadow and people knew by then",
                    .columns = {{"day", 1}, {"champion", 3}, {"challenger", 3}, "outcome"}};
  for (const model_life& m : o.models)
    models.rows.push_back(
        {m.day, m.champion, m.challenger, m.promoted ? rep::cell("promoted", rep::status::ok) : rep::cell("dropped")});
  rep::table alarms{.caption = "Alarms", .columns = {{"day", 1}, "monitor", "verdict"}};
  for (const alarm& a : o.alarms)
    alarms.rows.push_back({a.day, a.monitor,
                           a.is_false ? rep::cell("nothing had changed", rep::status::warn)
                                      : rep::cell("after the change", rep::status::alarm)});
  page.add(rep::heading{"Models and alarms"})
      .add(rep::paragraph{"First true alarm: " + detail::delay_text(o) + "."})
      .add(models)
      .add(alarms);
  return rep::to_html(page);
}

}  // namespace fraud
