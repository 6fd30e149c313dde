#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "mlsd/core/time.hpp"
#include "mlsd/drift/watched.hpp"
#include "mlsd/report/table.hpp"

namespace mlsd::report {

/// What a `watch` has seen: a row for each of its monitors. Counts values from 1, as the watch does.
template <class Watch> [[nodiscard]] table watch_table(const Watch& watch, std::string caption = "Under watch") {
  table out{.caption = std::move(caption),
            .columns = {"name", "values", "alarms", "first at value", "last at value", "time of the last", "verdict"}};
  const auto names = watch.names();
  const auto lines = watch.lines();
  for (std::size_t i = 0; i < names.size(); ++i) {
    const watch_line& line = lines[i];
    const bool quiet = line.alarms == 0;
    out.rows.push_back({names[i], line.updates, line.alarms, quiet ? cell("") : cell(line.first_alarm),
                        quiet ? cell("") : cell(line.last_alarm), quiet ? cell("") : cell(to_string(line.last_time)),
                        quiet ? cell("quiet", status::ok) : cell("gave alarm", status::alarm)});
  }
  return out;
}

}  // namespace mlsd::report
