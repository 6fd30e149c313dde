#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mlsd/core/time.hpp"
#include "mlsd/report/axis.hpp"
#include "mlsd/report/figure.hpp"
#include "mlsd/report/svg.hpp"
#include "mlsd/report/text.hpp"

namespace mlsd::report {

/// One name under watch and when it gave alarm: milliseconds since 1970 on an axis of time, else any number, such as
/// that of the event.
struct alarm_lane {
  std::string name{};
  std::vector<double> alarms{};
};

/// Alarms over time, a lane a name: detectors of drift, breaches of a limit. `rules` mark what happened meanwhile: a
/// release, the change that a simulation made. `x.include` holds the ends of the watch.
struct alarm_timeline {
  std::string title = "Alarms", note{};
  axis x{.scale = axis_scale::time};
  std::vector<alarm_lane> lanes{};
  std::vector<rule> rules{};

  template <class = void> void add(std::string_view name, double at) { lane(name).alarms.push_back(at); }
  template <class = void> void add(std::string_view name, timestamp at) { add(name, static_cast<double>(at.ms)); }
  /// The lane of this name, made where there is none: so that a name without an alarm is seen too.
  template <class = void> alarm_lane& lane(std::string_view name) {
    for (alarm_lane& l : lanes)
      if (l.name == name) return l;
    return lanes.emplace_back(alarm_lane{std::string(name), {}});
  }
};

namespace detail {

template <class = void>
[[nodiscard]] std::string draw_lane(const alarm_lane& l, const plot_area& area, double top, double row) {
  const double width = 3, gap = 4;
  std::string out = svg_line(area.left, top + row / 2, area.right, top + row / 2, "grid") +
                    svg_text(area.left - 8, top + row / 2 + 4, shorten_to(l.name, area.left - 8), anchor::end) +
                    svg_text(area.right + 6, top + row / 2 + 4, compact(static_cast<double>(l.alarms.size())));
  std::vector<double> alarms = l.alarms;
  std::erase_if(alarms, [&](double at) { return !drawable(at, area.x.scale); });
  std::sort(alarms.begin(), alarms.end());
  double used = -HUGE_VAL;
  for (const double at : alarms) {
    const double x = area.at_x(at);
    if (x < used + 1) continue;  // alarms closer than a pixel are one mark
    used = x;
    out += "<rect x=\"" + px(x - width / 2) + "\" y=\"" + px(top + gap) + "\" width=\"" + px(width) + "\" height=\"" +
           px(row - 2 * gap) + "\" class=\"bar alarm\"><title>" + escape(l.name + ": " + value_text(at, area.x.scale)) +
           "</title></rect>";
  }
  return out;
}

}  // namespace detail

/// The time line as an HTML figure. O(alarms log alarms), allocates its text. Alarms at no number are left out and
/// counted in the caption.
template <class = void> [[nodiscard]] std::string to_html(const alarm_timeline& c) {
  constexpr double row = 24;
  detail::extent in_x;
  double widest_name = 0, widest_count = 0;
  std::size_t hidden = 0, shown = 0;
  detail::numbers data{{"name", c.x.label.empty() ? "alarm at" : c.x.label}};
  for (const alarm_lane& l : c.lanes) {
    widest_name = (std::max)(widest_name, detail::text_width(l.name));
    widest_count = (std::max)(widest_count, detail::text_width(compact(static_cast<double>(l.alarms.size()))));
    for (const double at : l.alarms) {
      ++(detail::drawable(at, c.x.scale) ? shown : hidden);
      in_x.add(at, c.x.scale);
      if (data.rows.size() <= detail::most_number_rows)
        data.rows.push_back({l.name, detail::value_text(at, c.x.scale)});
    }
  }
  for (const rule& r : c.rules) in_x.add(r.at, c.x.scale);

  detail::plot_area area;
  area.x = detail::fit(c.x, in_x, 6);
  area.left = (std::min)(widest_name, detail::svg_width * 0.36) + 8;
  area.right = detail::svg_width - widest_count - 12;
  area.top = c.rules.empty() ? 4 : 18;
  area.bottom = area.top + row * static_cast<double>((std::max)(c.lanes.size(), std::size_t{2}));
  area.height = area.bottom + (area.x.label.empty() ? 24 : 42);

  std::string body = detail::draw_axes(area, c.lanes.empty()), lanes;
  for (std::size_t i = 0; i < c.lanes.size(); ++i)
    lanes += detail::draw_lane(c.lanes[i], area, area.top + row * static_cast<double>(i), row);
  detail::plot_area above = area;
  above.top -= 14;  // names of rules stand over the lanes
  body += detail::draw_rules(above, c.rules, {}) + lanes;
  const std::string description =
      "Time line of " + std::to_string(c.lanes.size()) + " names, " + std::to_string(shown) + " alarms, from " +
      detail::value_text(area.x.low, area.x.scale) + " to " + detail::value_text(area.x.high, area.x.scale) + ".";
  return detail::to_html(detail::figure{
      c.title, c.note, {}, detail::svg_document(area.height, c.title, description, body), hidden, std::move(data)});
}

}  // namespace mlsd::report
