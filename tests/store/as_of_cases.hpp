// What every point-in-time look-up must answer: random events with ties and late arrivals, the definition in a few
// lines, and the golden cases.
#pragma once

#include "draws.hpp"
#include "golden_table.hpp"
#include "mlsd/store/event_order.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

namespace mlsd_test {

struct as_of_events {
  std::vector<std::uint64_t> key{};
  std::vector<mlsd::timestamp> event{}, known{};

  void add(std::uint64_t k, std::int64_t e, std::int64_t c) {
    key.push_back(k);
    event.push_back({e});
    known.push_back({c});
  }
};

/// Few distinct times, so that all kinds of ties occur; a third arrives late, some are readable before they are true.
inline as_of_events random_events(std::size_t n, std::uint64_t keys, std::int64_t span, std::uint64_t seed) {
  draws random{seed};
  as_of_events all;
  for (std::size_t i = 0; i < n; ++i) {
    const auto e = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(span)));
    const auto delay = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(span / 3 + 1)));
    const std::uint64_t kind = random.below(6);
    all.add(random.below(keys), e, kind < 3 ? e : kind < 5 ? e + delay : e - delay / 4);
  }
  return all;
}

/// What a look-up finds: the number of the event, or the reason.
struct as_of_answer {
  std::size_t row = 0;
  mlsd::absence reason = mlsd::absence::no_key;
  friend bool operator==(const as_of_answer&, const as_of_answer&) = default;
};

/// The definition: the greatest of the first n events that nothing speaks against, or else the first of the reasons.
inline as_of_answer by_definition(const as_of_events& all, std::size_t n, const mlsd::as_of_options& rules,
                                  std::uint64_t key, std::int64_t t) {
  using mlsd::absence;
  as_of_answer answer;
  mlsd::event_order best;
  bool not_created = false, too_new = false, expired = false;
  for (std::size_t i = 0; i < n; ++i) {
    if (all.key[i] != key) continue;
    const std::int64_t e = all.event[i].ms;
    const bool readable = rules.by == mlsd::lookup_time::event || all.known[i].ms <= t;
    if (rules.strictly_before ? e >= t : e > t) {
      too_new = true;
    } else if (rules.ttl && e < t - rules.ttl->ms) {
      expired = true;
    } else if (!readable) {
      not_created = true;
    } else if (const mlsd::event_order o{all.event[i], all.known[i], i}; answer.reason != absence::none || best < o) {
      best = o;
      answer = {i, absence::none};
    }
  }
  if (answer.reason == absence::none) return answer;
  return {0, not_created ? absence::not_yet_created
             : too_new   ? absence::too_new
             : expired   ? absence::expired
                         : absence::no_key};
}

inline std::vector<mlsd::as_of_options> all_rules() {
  std::vector<mlsd::as_of_options> all;
  for (const auto by : {mlsd::lookup_time::known, mlsd::lookup_time::event})
    for (const bool strict : {false, true}) {
      all.push_back({.by = by, .strictly_before = strict});
      for (const std::int64_t ttl : {0, 7, 40})
        all.push_back({.ttl = mlsd::duration{ttl}, .by = by, .strictly_before = strict});
    }
  return all;
}

/// golden/features/asof: 100,000 events, 20,000 queries. Columns of pandas.merge_asof and of a replay in the order of
/// arrival, with the rules that must give them.
struct golden_as_of {
  struct column {
    mlsd::as_of_options rules{};
    std::vector<double> event_id{};  // -1: none
  };
  as_of_events events{};
  std::vector<std::uint64_t> key{};
  std::vector<mlsd::timestamp> time{};
  std::vector<column> columns{};

  golden_as_of() {
    const golden_table e("features/asof/events.csv"), q("features/asof/queries.csv");
    const auto whole = [](const std::string& text) { return std::strtoll(text.c_str(), nullptr, 10); };
    const auto keys = e.texts("key"), event = e.texts("event_ts"), known = e.texts("created_ts");
    for (std::size_t i = 0; i < keys.size(); ++i)
      events.add(static_cast<std::uint64_t>(whole(keys[i])), whole(event[i]), whole(known[i]));
    for (const auto& k : q.texts("key")) key.push_back(static_cast<std::uint64_t>(whole(k)));
    for (const auto& t : q.texts("query_ts")) time.push_back({whole(t)});
    if (key.empty()) return;
    const auto hour = mlsd::hours(1);
    const auto by_event = mlsd::lookup_time::event;
    columns.push_back({{.by = by_event}, q.numbers("back_le")});
    columns.push_back({{.by = by_event, .strictly_before = true}, q.numbers("back_lt")});
    columns.push_back({{.ttl = hour, .by = by_event}, q.numbers("back_le_ttl1h")});
    columns.push_back({{.ttl = hour, .by = by_event, .strictly_before = true}, q.numbers("back_lt_ttl1h")});
    columns.push_back({{}, q.numbers("known_le")});
    columns.push_back({{.ttl = hour}, q.numbers("known_le_ttl1h")});
    columns.push_back({{}, q.numbers("online_replay")});
  }
};

}  // namespace mlsd_test
