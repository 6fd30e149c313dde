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

/// How much fell into each bin. Counts or weights.
struct histogram_series {
  std::string name{};
  std::vector<double> counts{};
};

/// One or more histograms over the same bins: scores by class, train against test. Bin i is [edges[i], edges[i + 1]].
/// `as_share` divides each series by its own total, so that classes of unlike size can be compared. Heights are what is
/// in a bin, whatever its width. On a log y axis an empty bin is a gap down to the axis.
struct histogram_chart {
  std::string title{}, note{};
  axis x{}, y{};
  std::vector<double> edges{};
  std::vector<histogram_series> series{};
  bool as_share = true;
  std::vector<rule> x_rules{};
};

/// The chart as an HTML figure. O(bins), allocates its text. Bins with an edge that is NaN, infinite or out of order,
/// and counts that are NaN, infinite or negative, are left out and counted in the caption.
template <class = void> [[nodiscard]] std::string to_html(const histogram_chart& c) {
  axis y = c.y;
  if (c.as_share) y.as_percent = true;
  if (y.scale != axis_scale::log) y.include.push_back(0);
  if (y.label.empty()) y.label = c.as_share ? "share" : "count";

  // heights[s][i]: NaN where there is nothing to draw.
  const std::size_t bins = c.edges.empty() ? 0 : c.edges.size() - 1;
  detail::extent in_x, in_y;
  std::size_t hidden = 0;
  std::vector<std::vector<double>> heights;
  for (const histogram_series& s : c.series) {
    double total = 0;
    std::vector<double> height(bins, std::nan(""));
    for (std::size_t i = 0; i < (std::min)(bins, s.counts.size()); ++i) {
      const double low = c.edges[i], high = c.edges[i + 1], count = s.counts[i];
      if (!detail::drawable(low, c.x.scale) || !detail::drawable(high, c.x.scale) || !(low < high) || !(count >= 0) ||
          !(count <= detail::far_away)) {
        ++hidden;
        continue;
      }
      height[i] = count;
      total += count;
      in_x.add(low, c.x.scale);
      in_x.add(high, c.x.scale);
    }
    for (double& h : height) {
      if (c.as_share && h > 0) h /= total;
      in_y.add(h, y.scale);
    }
    heights.push_back(std::move(height));
  }
  const bool empty = in_x.empty();
  for (const rule& r : c.x_rules) in_x.add(r.at, c.x.scale);
  const detail::plot_area area = detail::lay_out(detail::fit(c.x, in_x, 7), detail::fit(y, in_y, 6));

  std::string fills, outlines, key;
  for (std::size_t s = 0; s < heights.size(); ++s) {
    std::string fill, outline;
    bool open = false;
    for (std::size_t i = 0; i < bins; ++i) {
      const double h = heights[s][i];
      if (std::isnan(h)) {
        if (open) fill += "V" + detail::px(area.bottom) + "Z", outline += "V" + detail::px(area.bottom);
        open = false;
        continue;
      }
      const std::string top = detail::px(h > 0 ? area.at_y(h) : area.bottom);
      const std::string start = "M" + detail::px(area.at_x(c.edges[i])) + " " + detail::px(area.bottom);
      const std::string step = "V" + top + "H" + detail::px(area.at_x(c.edges[i + 1]));
      fill += open ? step : start + step;
      outline += open ? step : start + step;
      open = true;
    }
    if (open) fill += "V" + detail::px(area.bottom) + "Z", outline += "V" + detail::px(area.bottom);
    if (!fill.empty()) {
      fills += detail::svg_path(fill, "band " + detail::series_class(s));
      outlines += detail::svg_path(outline, "line step " + detail::series_class(s));
    }
    if (!c.series[s].name.empty()) key += detail::key_entry(c.series[s].name, s, false);
  }
  std::string body = detail::draw_axes(area, empty) + fills + outlines + detail::draw_rules(area, c.x_rules, {});

  detail::numbers data{{c.x.label.empty() ? "from" : c.x.label + ", from", "to"}};
  for (const histogram_series& s : c.series) data.head.push_back(s.name.empty() ? y.label : s.name);
  for (std::size_t i = 0; i < bins && i <= detail::most_number_rows; ++i) {
    data.rows.push_back({detail::value_text(c.edges[i], c.x.scale), detail::value_text(c.edges[i + 1], c.x.scale)});
    for (const auto& height : heights) {
      const double h = height[i];
      data.rows.back().push_back(y.as_percent ? (h < 0.001 && h > 0 ? compact(100 * h) + "%" : percent(h))
                                              : compact(h));
    }
  }
  const std::string description = "Histogram. x" + (c.x.label.empty() ? "" : " (" + c.x.label + ")") + " from " +
                                  detail::value_text(area.x.low, area.x.scale) + " to " +
                                  detail::value_text(area.x.high, area.x.scale) + "; bins: " + std::to_string(bins) +
                                  "; series: " + std::to_string(c.series.size()) + ".";
  return detail::to_html(detail::figure{
      c.title, c.note, key, detail::svg_document(area.height, c.title, description, body), hidden, std::move(data)});
}

}  // namespace mlsd::report
