#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "mlsd/report/axis.hpp"
#include "mlsd/report/figure.hpp"
#include "mlsd/report/svg.hpp"
#include "mlsd/report/text.hpp"

namespace mlsd::report {

/// One value with its name. `low` and `high`, if both are set, are its interval.
struct bar {
  std::string name{};
  double value = 0;
  status mark = status::none;
  double low = std::nan(""), high = std::nan("");
};

/// Horizontal bars from zero, in the given order: drift per feature with thresholds, importance of features.
/// Of more than `most` the first `most` are drawn and the caption counts the others.
struct bar_chart {
  std::string title{}, note{};
  axis x{};
  std::vector<bar> bars{};
  std::vector<rule> thresholds{};
  std::size_t most = 30;
};

/// The chart as an HTML figure. O(bars), allocates its text. A value that is not finite gets no bar; its text says why.
/// The scale is linear whatever `x.scale` says: a bar has no honest length without a zero.
template <class = void> [[nodiscard]] std::string to_html(const bar_chart& c) {
  constexpr double row = 22, gap = 5;
  const auto text_of = [&](double v) {
    return c.x.as_percent && std::isfinite(v) ? compact(100 * v) + "%" : compact(v);
  };
  const std::size_t n = (std::min)(c.bars.size(), c.most);
  axis x = c.x;
  x.scale = axis_scale::linear;
  x.include.push_back(0);
  detail::extent in_x;
  double widest_name = 0, widest_value = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const bar& b = c.bars[i];
    for (const double v : {b.value, b.low, b.high}) in_x.add(v, x.scale);
    widest_name = (std::max)(widest_name, detail::text_width(b.name));
    widest_value = (std::max)(widest_value, detail::text_width(text_of(b.value)));
  }
  const bool empty = in_x.empty();
  for (const rule& r : c.thresholds) in_x.add(r.at, x.scale);

  detail::plot_area area;
  area.x = detail::fit(x, in_x, 6);
  area.left = (std::min)(widest_name, detail::svg_width * 0.36) + 8;
  area.right = detail::svg_width - widest_value - 10;
  const bool labelled =
      std::any_of(c.thresholds.begin(), c.thresholds.end(), [](const rule& r) { return !r.label.empty(); });
  area.top = labelled ? 20 : 4;
  area.bottom = area.top + row * static_cast<double>((std::max)(n, std::size_t{2}));
  area.height = area.bottom + (x.label.empty() ? 24 : 42);

  std::string body = detail::draw_axes(area, empty), bars;
  const double zero = area.at_x(0);
  for (std::size_t i = 0; i < n; ++i) {
    const bar& b = c.bars[i];
    const double top = area.top + row * static_cast<double>(i), middle = top + row / 2;
    bars += detail::svg_text(area.left - 8, middle + 4, detail::shorten_to(b.name, area.left - 8), detail::anchor::end);
    const bool finite = detail::drawable(b.value, x.scale);
    const double end = finite ? area.at_x(b.value) : zero, left = (std::min)(zero, end);
    if (finite)
      bars += "<rect x=\"" + detail::px(left) + "\" y=\"" + detail::px(top + gap) + "\" width=\"" +
              detail::px((std::max)(zero, end) - left) + "\" height=\"" + detail::px(row - 2 * gap) +
              "\" class=\"bar " + detail::css_class(b.mark) + "\"><title>" + escape(b.name + ": " + text_of(b.value)) +
              "</title></rect>";
    double text_at = (std::max)(zero, end);
    if (detail::drawable(b.low, x.scale) && detail::drawable(b.high, x.scale)) {
      bars += detail::svg_line(area.at_x(b.low), middle, area.at_x(b.high), middle, "whisker");
      text_at = (std::max)(text_at, area.at_x(b.high));
    }
    bars += detail::svg_text(text_at + 5, middle + 4, text_of(b.value), detail::anchor::start, "halo");
  }
  std::string rules;
  double used = -HUGE_VAL;
  for (const rule& r : c.thresholds) {
    if (!detail::drawable(r.at, x.scale)) continue;
    const double at = area.at_x(r.at);
    const std::string label = detail::shorten_to(r.label, 150);
    rules += detail::svg_line(at, area.top - 4, at, area.bottom, std::string("rule ") + detail::css_class(r.mark));
    const double half = detail::text_width(label) / 2, centre = (std::min)(at, detail::svg_width - half);
    if (centre - half < used + 4) continue;
    used = centre + half;
    rules += detail::svg_text(centre, area.top - 8, label, detail::anchor::middle, "name");
  }
  body += rules + detail::svg_line(zero, area.top, zero, area.bottom, "base") + bars;

  detail::numbers data{{"name", x.label.empty() ? "value" : x.label}};
  for (const bar& b : c.bars)
    if (data.rows.size() <= detail::most_number_rows) data.rows.push_back({b.name, text_of(b.value)});
  const std::string description = "Bar chart of " + std::to_string(n) + " values. " +
                                  (x.label.empty() ? std::string("x") : x.label) + " from " + compact(area.x.low) +
                                  " to " + compact(area.x.high) + ".";
  const std::string more = n == c.bars.size() ? c.note
                                              : c.note + (c.note.empty() ? "" : " ") + "The first " +
                                                    std::to_string(n) + " of " + std::to_string(c.bars.size()) + ".";
  return detail::to_html(detail::figure{
      c.title, more, {}, detail::svg_document(area.height, c.title, description, body), 0, std::move(data)});
}

}  // namespace mlsd::report
