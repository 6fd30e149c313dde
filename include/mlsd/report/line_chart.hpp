#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "mlsd/report/axis.hpp"
#include "mlsd/report/figure.hpp"
#include "mlsd/report/svg.hpp"
#include "mlsd/report/text.hpp"

namespace mlsd::report {

/// One series of points, in the order in which they are joined. `low` and `high` (empty, or as long as `y`) are an
/// interval about each: a band around a joined line, whiskers on unjoined points. NaN breaks the line.
/// If x and y differ in length the longer loses its tail; an empty x counts 0, 1, 2, ...
struct line {
  std::string name{};
  std::vector<double> x{}, y{}, low{}, high{};
  bool joined = true;
};

/// Curves, time series and calibration plots: lines over two axes. `diagonal` gives both axes one range and draws
/// the line of equal values. A line of more than 2,000 points is drawn by the extremes of its stretches.
struct line_chart {
  std::string title{}, note{};
  axis x{}, y{};
  std::vector<line> lines{};
  bool diagonal = false;
  std::vector<rule> x_rules{}, y_rules{};
};

namespace detail {

[[nodiscard]] inline std::size_t length(const line& l) noexcept {
  return l.x.empty() ? l.y.size() : (std::min)(l.x.size(), l.y.size());
}
[[nodiscard]] inline double x_of(const line& l, std::size_t i) noexcept {
  return l.x.empty() ? static_cast<double>(i) : l.x[i];
}

/// Points that show the shape of `l` at the resolution of the drawing: all of them, or the lowest and the highest of
/// each stretch and whatever breaks the line.
template <class = void> [[nodiscard]] std::vector<std::size_t> visible_points(const line& l) {
  const std::size_t n = length(l), stretch = n <= 2000 ? 1 : (n + 499) / 500;
  std::vector<std::size_t> keep;
  for (std::size_t first = 0; first < n; first += stretch) {
    const std::size_t last = (std::min)(n, first + stretch);
    std::size_t low = last, high = last, gap = last;
    for (std::size_t i = first; i < last; ++i) {
      if (!std::isfinite(l.y[i])) {
        gap = i;
        continue;
      }
      if (low == last || l.y[i] < l.y[low]) low = i;
      if (high == last || l.y[i] > l.y[high]) high = i;
    }
    std::array chosen{low, high, gap};
    std::sort(chosen.begin(), chosen.end());
    for (std::size_t k = 0; k < chosen.size(); ++k)
      if (chosen[k] < last && (k == 0 || chosen[k] != chosen[k - 1])) keep.push_back(chosen[k]);
  }
  return keep;
}

struct line_drawing {
  const plot_area& area;
  const line& l;
  std::size_t series;

  [[nodiscard]] bool shown(std::size_t i) const noexcept {
    return drawable(x_of(l, i), area.x.scale) && drawable(l.y[i], area.y.scale);
  }
  /// An end of the interval that lies beyond the axis is drawn as far as the axis goes.
  [[nodiscard]] bool has_interval(std::size_t i) const noexcept {
    return i < l.low.size() && i < l.high.size() && !std::isnan(l.low[i]) && !std::isnan(l.high[i]) &&
           drawable(x_of(l, i), area.x.scale);
  }
  template <class = void> [[nodiscard]] std::string point(std::size_t i, double y) const {
    return px(area.at_x(x_of(l, i))) + " " + px(area.at_y(y));
  }
  template <class = void> [[nodiscard]] std::string describe_point(std::size_t i) const {
    std::string out = (l.name.empty() ? "" : l.name + ": ") + value_text(l.y[i], area.y.scale) + " at " +
                      value_text(x_of(l, i), area.x.scale);
    if (has_interval(i)) out += " (" + compact(l.low[i]) + " to " + compact(l.high[i]) + ")";
    return out;
  }

  template <class = void> [[nodiscard]] std::string band(const std::vector<std::size_t>& keep) const {
    std::string out, back;
    const auto close = [&] {
      if (!back.empty()) out += "L" + back + "Z";
      back.clear();
    };
    for (const std::size_t i : keep) {
      if (!has_interval(i)) {
        close();
        continue;
      }
      out += (back.empty() ? "M" : "L") + point(i, l.high[i]);
      back = point(i, l.low[i]) + (back.empty() ? "" : "L" + back);
    }
    close();
    return out.empty() ? out : svg_path(out, "band " + series_class(series));
  }
  template <class = void> [[nodiscard]] std::string curve(const std::vector<std::size_t>& keep) const {
    std::string path, alone;
    std::size_t run = 0;
    for (std::size_t k = 0; k < keep.size(); ++k) {
      const std::size_t i = keep[k];
      if (!shown(i)) {
        run = 0;
        continue;
      }
      path += (run++ == 0 ? "M" : "L") + point(i, l.y[i]);
      const bool ends = k + 1 == keep.size() || !shown(keep[k + 1]);
      if (run == 1 && ends) alone += svg_marker(area.at_x(x_of(l, i)), area.at_y(l.y[i]), series, describe_point(i));
    }
    return path.empty() ? path : svg_path(path, "line " + series_class(series)) + alone;
  }
  template <class = void> [[nodiscard]] std::string points(const std::vector<std::size_t>& keep) const {
    std::string out;
    for (const std::size_t i : keep) {
      if (!shown(i)) continue;
      const double x = area.at_x(x_of(l, i));
      if (has_interval(i))
        out += svg_line(x, area.at_y(l.low[i]), x, area.at_y(l.high[i]), "whisker " + series_class(series));
      out += svg_marker(x, area.at_y(l.y[i]), series, describe_point(i));
    }
    return out;
  }
};

template <class = void>
[[nodiscard]] std::string described(const axis& settings, const fitted_axis& a, const char* name) {
  return std::string(name) + (settings.label.empty() ? "" : " (" + settings.label + ")") + " from " +
         value_text(a.low, a.scale) + " to " + value_text(a.high, a.scale);
}

}  // namespace detail

/// The chart as an HTML figure. O(points), allocates its text. Values that no axis can hold (NaN, infinite, not
/// positive on a log axis) are left out and counted in the caption; with none left the frame says "no data".
template <class = void> [[nodiscard]] std::string to_html(const line_chart& c) {
  detail::extent in_x, in_y;
  std::size_t hidden = 0, shown = 0;
  for (const line& l : c.lines)
    for (std::size_t i = 0; i < detail::length(l); ++i) {
      const double x = detail::x_of(l, i);
      if (!detail::drawable(x, c.x.scale) || !detail::drawable(l.y[i], c.y.scale)) {
        ++hidden;
        continue;
      }
      ++shown;
      in_x.add(x, c.x.scale);
      in_y.add(l.y[i], c.y.scale);
      if (i < l.low.size()) in_y.add(l.low[i], c.y.scale);
      if (i < l.high.size()) in_y.add(l.high[i], c.y.scale);
    }
  for (const rule& r : c.x_rules) in_x.add(r.at, c.x.scale);
  for (const rule& r : c.y_rules) in_y.add(r.at, c.y.scale);
  if (c.diagonal) {
    in_x.add(in_y.low, c.x.scale), in_x.add(in_y.high, c.x.scale);
    in_y = in_x;
  }
  const detail::plot_area area = detail::lay_out(detail::fit(c.x, in_x, 7), detail::fit(c.y, in_y, 6));

  std::string body = detail::draw_axes(area, shown == 0), marks, key;
  if (c.diagonal && shown > 0) {
    const double low = (std::max)(area.x.low, area.y.low), high = (std::min)(area.x.high, area.y.high);
    body += detail::svg_line(area.at_x(low), area.at_y(low), area.at_x(high), area.at_y(high), "diagonal");
  }
  for (std::size_t s = 0; s < c.lines.size(); ++s) {
    const detail::line_drawing draw{area, c.lines[s], s};
    const auto keep = detail::visible_points(c.lines[s]);
    if (c.lines[s].joined) {
      body += draw.band(keep);
      marks += draw.curve(keep);
    } else {
      marks += draw.points(keep);
    }
    if (!c.lines[s].name.empty()) key += detail::key_entry(c.lines[s].name, s, !c.lines[s].joined);
  }
  body += detail::draw_rules(area, c.x_rules, c.y_rules) + marks;

  detail::numbers data{
      {"series", c.x.label.empty() ? "x" : c.x.label, c.y.label.empty() ? "y" : c.y.label, "low", "high"}};
  for (const line& l : c.lines)
    for (std::size_t i = 0; i < detail::length(l) && data.rows.size() <= detail::most_number_rows; ++i) {
      const double x = detail::x_of(l, i);
      const auto limit = [&](const std::vector<double>& v) { return i < v.size() ? compact(v[i]) : std::string(); };
      data.rows.push_back({l.name, detail::value_text(x, c.x.scale), detail::value_text(l.y[i], c.y.scale),
                           limit(l.low), limit(l.high)});
    }
  const std::string description = "Line chart. " + detail::described(c.x, area.x, "x") + "; " +
                                  detail::described(c.y, area.y, "y") + ". Series: " + std::to_string(c.lines.size()) +
                                  "; points: " + std::to_string(shown) + ".";
  return detail::to_html(detail::figure{
      c.title, c.note, key, detail::svg_document(area.height, c.title, description, body), hidden, std::move(data)});
}

}  // namespace mlsd::report
