#include "recommend/print.hpp"

#include "mlsd/archive/json_writer.hpp"
#include "mlsd/report/bar_chart.hpp"
#include "mlsd/report/line_chart.hpp"
#include "mlsd/report/page.hpp"
#include "mlsd/report/table.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdio>

namespace {

void write_interval(mlsd::json_writer& json, std::string_view name, const mlsd::interval& ci) {
  json.key(name).begin_array(mlsd::json_layout::line).value(ci.lower).value(ci.upper).end_array();
}
void write_quality(mlsd::json_writer& json, const ranking_quality& q) {
  json.member("hr10", q.hr10.value).member("ndcg10", q.ndcg10.value);
  write_interval(json, "hr10_interval", q.hr10.ci);
}
/// The two strongest reasons.
[[nodiscard]] std::string reasons(const shown_film& f) {
  std::string all;
  for (std::size_t i = 0; i < f.because.size() && i < 2; ++i)
    all += (all.empty() ? "" : ", ") + std::string(f.because[i]);
  return all;
}
/// A ranking as people call it.
[[nodiscard]] std::string title_of(const ranking_quality& q) {
  return q.name == "als"           ? "ALS"
         : q.name == "ease"        ? "EASE"
         : q.name == "ease_recent" ? "EASE, weighted by recency"
         : q.name == "full"        ? "all together"
                                   : q.name;
}
[[nodiscard]] std::string with_interval(const mlsd::estimate& e) {
  return fmt::format("{:.3f} ({:.3f} - {:.3f})", e.value, e.ci.lower, e.ci.upper);
}

}  // namespace

std::string to_json(const outcome& o) {
  mlsd::json_writer json;
  json.begin_object();
  json.member("dataset", o.dataset).member("users", std::uint64_t{o.users}).member("films", std::uint64_t{o.films});
  json.member("ratings", std::uint64_t{o.ratings});
  json.key("page").begin_object().member("user", o.user).key("films").begin_array();
  for (const shown_film& f : o.page) {
    json.begin_object(mlsd::json_layout::line).member("title", f.title).member("score", f.score);
    json.key("because").begin_array(mlsd::json_layout::line);
    for (const std::string_view b : f.because) json.value(b);
    json.end_array().end_object();
  }
  json.end_array().end_object();

  json.key("leave_last_out").begin_object();
  write_quality(json, o.last_out.full);
  json.member("recall500", o.last_out.recall500).member("users", std::uint64_t{o.last_out.users});
  json.key("after_rules").begin_object();
  write_quality(json, o.last_out.after_rules);
  json.end_object();
  json.key("baselines").begin_object();
  for (const ranking_quality& b : o.last_out.baselines) {
    json.key(b.name).begin_object();
    write_quality(json, b);
    json.end_object();
  }
  json.end_object().end_object();

  const auto& r = o.replay;
  json.key("replay").begin_object();
  json.member("ratings", std::uint64_t{r.ratings}).member("requests", std::uint64_t{r.requests});
  json.member("users", std::uint64_t{r.users}).member("new_users", std::uint64_t{r.new_users});
  json.member("hr10", r.hr10.value).member("popularity_hr10", r.popularity_hr10.value);
  json.member("hr10_new_users", r.new_hr10.value).member("popularity_hr10_new_users", r.new_popularity_hr10.value);
  json.member("hr10_first_half", r.first_half_hr10).member("hr10_second_half", r.second_half_hr10);
  json.member("ctr", o.experiment.click_rate[1].value);
  json.member("empty_pages", std::uint64_t{r.empty_pages});
  json.member("pages_with_new_films", std::uint64_t{r.pages_with_new_films});
  json.key("latency_us").begin_object(mlsd::json_layout::line);
  json.member("p50", r.p50_us).member("p99", r.p99_us).end_object();
  json.key("stages_p50_us").begin_object(mlsd::json_layout::line);
  for (const stage_time& s : r.stages) json.member(s.name, s.p50_us);
  json.end_object();
  json.member("allocations_per_request",
              static_cast<double>(r.allocations) / static_cast<double>(std::max<std::size_t>(r.requests, 1)));
  json.member("reads_while_swapped", r.read_while_swapped).member("versions", r.versions_read);
  json.member("future_compared", r.future_compared).member("future_mismatches", r.future_mismatches);
  json.end_object();

  const auto& e = o.experiment;
  json.key("experiment").begin_object();
  for (const std::size_t arm : {std::size_t{0}, std::size_t{1}}) {
    json.key(arm == 0 ? "popularity" : "full").begin_object();
    json.member("users", e.users[arm]).member("pages", e.requests[arm]).member("ctr", e.click_rate[arm].value);
    write_interval(json, "ctr_interval", e.click_rate[arm].ci);
    json.end_object();
  }
  json.member("difference", e.difference.value);
  write_interval(json, "difference_interval", e.difference.ci);
  json.member("p_value", e.p_value);
  json.key("sample_ratio").begin_object(mlsd::json_layout::line);
  json.member("p_value", e.sample_ratio.p_value).member("mismatch", e.sample_ratio.mismatch).end_object();
  json.end_object();

  json.key("drift").begin_object();
  json.member("scores", o.drift.scores).member("psi", o.drift.psi).member("psi_drifted", o.drift.psi_drifted);
  json.member("psi_windows", o.drift.windows).member("psi_alarms", o.drift.psi_alarms);
  json.member("adwin_alarms", o.drift.adwin_alarms).end_object();
  json.member("seconds", o.seconds);
  json.end_object();
  return json.text() + "\n";
}

void print_table(const outcome& o) {
  fmt::print("{}: {} ratings of {} films by {} users\n\n", o.dataset, o.ratings, o.films, o.users);
  fmt::print("for user {}\n", o.user);
  for (std::size_t i = 0; i < o.page.size(); ++i)
    fmt::print("{:>3}  {:<44.44} {:<12} {}\n", i + 1, o.page[i].title, o.page[i].genre, reasons(o.page[i]));

  fmt::print("\n{:<26} {:>22} {:>22}\n", "last rating of each user", "HR@10", "NDCG@10");
  const auto line = [](const ranking_quality& q) {
    fmt::print("{:<26} {:>22} {:>22}\n", title_of(q), with_interval(q.hr10), with_interval(q.ndcg10));
  };
  for (const ranking_quality& b : o.last_out.baselines) line(b);
  line(o.last_out.full);
  line(o.last_out.after_rules);
  fmt::print("among 500 candidates: {:.3f} of {}\n", o.last_out.recall500, o.last_out.users);

  const auto& r = o.replay;
  fmt::print("\nreplay: {} ratings, {} pages to {} users, {} of them new\n", r.ratings, r.requests, r.users,
             r.new_users);
  fmt::print("{:<26} {:>22} {:>22}\n", "next film rated", "all together", "popular then");
  fmt::print("{:<26} {:>22} {:>22}\n", "HR@10", with_interval(r.hr10), with_interval(r.popularity_hr10));
  fmt::print("{:<26} {:>22} {:>22}\n", "HR@10, new users", with_interval(r.new_hr10),
             with_interval(r.new_popularity_hr10));
  fmt::print("a page: p50 {:.0f} us, p99 {:.0f} us, {} allocations (", r.p50_us, r.p99_us, r.allocations);
  for (std::size_t s = 0; s < r.stages.size(); ++s)
    fmt::print("{}{} {:.0f}", s == 0 ? "" : ", ", r.stages[s].name, r.stages[s].p50_us);
  fmt::print(")\n");
  fmt::print("the model was replaced while another thread read it {} times\n", r.read_while_swapped);
  fmt::print("a shuffled future changes {} of {} values\n", r.future_mismatches, r.future_compared);

  const auto& e = o.experiment;
  fmt::print("\n{:<12} {:>6} {:>6}   {}\n", "arm", "users", "pages", "pages with a click");
  fmt::print("{:<12} {:>6} {:>6}   {}\n", "popularity", e.users[0], e.requests[0], with_interval(e.click_rate[0]));
  fmt::print("{:<12} {:>6} {:>6}   {}\n", "full", e.users[1], e.requests[1], with_interval(e.click_rate[1]));
  fmt::print("difference {}, p = {:.2g}; sample ratio: p = {:.2f}{}\n", with_interval(e.difference), e.p_value,
             e.sample_ratio.p_value, e.sample_ratio.mismatch ? ", MISMATCH" : "");
  fmt::print("\ndrift of the best score: PSI {:.3f}{}, {} alarms in {} windows; ADWIN {} alarms\n", o.drift.psi,
             o.drift.psi_drifted ? " (drifted)" : "", o.drift.psi_alarms, o.drift.windows, o.drift.adwin_alarms);
  fmt::print("{:.1f} s\n", o.seconds);
}

std::string to_html_page(const outcome& o) {
  namespace rep = mlsd::report;
  rep::page page{.title = "Recommender: " + o.dataset,
                 .subtitle = fmt::format("{} ratings of {} films by {} users; the last {} replayed as traffic",
                                         o.ratings, o.films, o.users, o.replay.ratings)};
  const auto interval = [](const mlsd::estimate& e) {
    return fmt::format("95%: {:.3f} to {:.3f}", e.ci.lower, e.ci.upper);
  };
  rep::key_figures figures;
  figures.figures.push_back(
      {"HR@10, last rating out", fmt::format("{:.3f}", o.last_out.full.hr10.value), interval(o.last_out.full.hr10)});
  figures.figures.push_back({"HR@10 in the replay", fmt::format("{:.3f}", o.replay.hr10.value),
                             fmt::format("popularity {:.3f}", o.replay.popularity_hr10.value)});
  figures.figures.push_back({"a page, p50", fmt::format("{:.0f} us", o.replay.p50_us),
                             fmt::format("p99 {:.0f} us, {} allocations", o.replay.p99_us, o.replay.allocations)});
  figures.figures.push_back({"another future", o.replay.future_mismatches == 0 ? "same bits" : "differs",
                             fmt::format("{} values compared", o.replay.future_compared),
                             o.replay.future_mismatches == 0 ? rep::status::ok : rep::status::alarm});
  figures.figures.push_back({"sample ratio", fmt::format("p = {:.2f}", o.experiment.sample_ratio.p_value),
                             o.experiment.sample_ratio.mismatch ? "mismatch" : "as asked for",
                             o.experiment.sample_ratio.mismatch ? rep::status::alarm : rep::status::ok});
  figures.figures.push_back({"drift of the score", fmt::format("PSI {:.3f}", o.drift.psi),
                             o.drift.psi_drifted ? "drifted" : "stable",
                             o.drift.psi_drifted ? rep::status::alarm : rep::status::ok});
  page.add(figures);

  page.add(rep::heading{"The last rating of each user"});
  rep::bar_chart quality{.title = "Hit rate among the first ten", .x = {.label = "HR@10"}};
  rep::table numbers{.caption = "Full ranking of what a user has not seen",
                     .columns = {"ranking", {"HR@10", 4}, {"from", 4}, {"to", 4}, {"NDCG@10", 4}}};
  const auto add = [&](const ranking_quality& q) {
    quality.bars.push_back({title_of(q), q.hr10.value, rep::status::none, q.hr10.ci.lower, q.hr10.ci.upper});
    numbers.rows.push_back({title_of(q), q.hr10.value, q.hr10.ci.lower, q.hr10.ci.upper, q.ndcg10.value});
  };
  for (const ranking_quality& b : o.last_out.baselines) add(b);
  add(o.last_out.full);
  add(o.last_out.after_rules);
  page.add(quality).add(numbers);

  page.add(rep::heading{"Traffic"});
  rep::line_chart over_time{.title = "Hit rate over the replay",
                            .x = {.label = "share of the replay"},
                            .y = {.label = "HR@10", .include = {0}}};
  rep::line full{.name = "all together"}, popular{.name = "popular then"};
  for (std::size_t p = 0; p < o.replay.hr10_over_time.size(); ++p) {
    const double x = (static_cast<double>(p) + 0.5) / static_cast<double>(o.replay.hr10_over_time.size());
    full.x.push_back(x), full.y.push_back(o.replay.hr10_over_time[p]);
    popular.x.push_back(x), popular.y.push_back(o.replay.popularity_over_time[p]);
  }
  over_time.lines = {full, popular};
  over_time.x_rules.push_back({0.5, "new model"});
  rep::bar_chart stages{.title = "Where a page's time goes", .x = {.label = "median, us"}};
  for (const stage_time& s : o.replay.stages) stages.bars.push_back({s.name, s.p50_us});
  page.add(over_time).add(stages);

  page.add(rep::heading{"Experiment and drift"});
  rep::bar_chart arms{.title = "Pages with a click", .x = {.label = "share, with 95% interval over users"}};
  for (const std::size_t arm : {std::size_t{0}, std::size_t{1}}) {
    const mlsd::estimate& e = o.experiment.click_rate[arm];
    arms.bars.push_back({fmt::format("{} ({} users)", arm == 0 ? "popularity" : "full", o.experiment.users[arm]),
                         e.value, rep::status::none, e.ci.lower, e.ci.upper});
  }
  page.add(arms);
  page.add(
      rep::paragraph{fmt::format("Full less popularity: {:+.3f} ({:+.3f} to {:+.3f}), p = {:.2g}. Users are the units.",
                                 o.experiment.difference.value, o.experiment.difference.ci.lower,
                                 o.experiment.difference.ci.upper, o.experiment.p_value)});
  rep::table drift{.caption = "Best score of each page: first quarter of the replay against the rest",
                   .columns = {"value", {"PSI", 3}, "before and after", "PSI alarms", "ADWIN alarms"}};
  drift.rows.push_back(
      {"score", o.drift.psi, rep::profile{o.drift.before, o.drift.after}, o.drift.psi_alarms, o.drift.adwin_alarms});
  page.add(drift);

  rep::table shown{.caption = "For user " + o.user, .columns = {"title", "genre", "because"}};
  for (const shown_film& f : o.page) shown.rows.push_back({f.title, f.genre, reasons(f)});
  page.add(shown);
  return to_html(page);
}
