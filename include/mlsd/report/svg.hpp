#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "mlsd/report/axis.hpp"
#include "mlsd/report/text.hpp"

namespace mlsd::report {

/// A judgement that a figure, a table cell, a bar or a threshold may carry. Shown by colour, by sign and by word.
enum class status : unsigned char { none, ok, warn, alarm };

/// A line across the chart at `at`, with a word on it: a threshold, the moment a change began.
struct rule {
  double at = 0;
  std::string label{};
  status mark = status::none;
};

namespace detail {

inline constexpr double svg_width = 480;

[[nodiscard]] inline const char* css_class(status s) noexcept {
  constexpr const char* name[] = {"none", "ok", "warn", "alarm"};
  return name[static_cast<std::size_t>(s) < 4 ? static_cast<std::size_t>(s) : 0];
}

/// Class of the i-th series: six colours told apart by any eye, each with a dash pattern and a marker of its own.
[[nodiscard]] inline std::string series_class(std::size_t i) { return "s" + std::to_string(i % 6); }

/// A position in the drawing, to a tenth of a pixel.
template <class = void> [[nodiscard]] std::string px(double at) {
  std::string digits = plain_digits(std::fabs(at), 1);
  trim_zeros(digits);
  return at < 0 && digits != "0" ? "-" + digits : digits;
}

/// Width of a label in 12 px type, estimated from above: system fonts differ, DejaVu is among the widest.
[[nodiscard]] inline double text_width(std::string_view text) noexcept {
  double width = 0;
  while (!text.empty()) {
    const auto [c, length] = first_code_point(text);
    const char letter = c < 0x80 ? static_cast<char>(c) : '\0';
    if (c >= 0x1100)
      width += c >= 0x2E80 ? 12.5 : 10;
    else if (std::string_view(" .,:;'|!iljtf()[]").find(letter) != std::string_view::npos)
      width += 4.8;
    else if (std::string_view("%@MWmw").find(letter) != std::string_view::npos)
      width += 11.8;
    else
      width += letter >= 'A' && letter <= 'Z' ? 8.6 : 7.6;
    text.remove_prefix((std::max)(std::size_t{1}, length));
  }
  return width;
}

/// As much of both ends of `text` as goes into `width` pixels.
template <class = void> [[nodiscard]] std::string shorten_to(std::string_view text, double width) {
  const double whole = text_width(text);
  if (whole <= width) return std::string(text);
  auto letters = static_cast<std::size_t>(static_cast<double>(text_length(text)) * width / whole);
  while (letters > 1 && text_width(shorten(text, letters)) > width) --letters;
  return shorten(text, letters);
}

enum class anchor : unsigned char { start, middle, end };

template <class = void>
[[nodiscard]] std::string svg_text(double x, double y, std::string_view text, anchor side = anchor::start,
                                   std::string_view css = {}) {
  constexpr std::string_view names[] = {"start", "middle", "end"};
  std::string out = "<text x=\"" + px(x) + "\" y=\"" + px(y) + "\"";
  if (side != anchor::start) ((out += " text-anchor=\"") += names[static_cast<std::size_t>(side)]) += '"';
  if (!css.empty()) ((out += " class=\"") += css) += '"';
  return ((out += ">") += escape(text)) + "</text>";
}

template <class = void>
[[nodiscard]] std::string svg_line(double x1, double y1, double x2, double y2, std::string_view css) {
  return "<line x1=\"" + px(x1) + "\" y1=\"" + px(y1) + "\" x2=\"" + px(x2) + "\" y2=\"" + px(y2) + "\" class=\"" +
         std::string(css) + "\"/>";
}

template <class = void> [[nodiscard]] std::string svg_path(std::string_view commands, std::string_view css) {
  return "<path d=\"" + std::string(commands) + "\" class=\"" + std::string(css) + "\"/>";
}

/// The marker of the i-th series, filled, `title` shown when the pointer rests on it.
template <class = void>
[[nodiscard]] std::string svg_marker(double x, double y, std::size_t i, std::string_view title) {
  constexpr std::string_view shape[] = {"",
                                        "m-3.2 -3.2h6.4v6.4h-6.4z",
                                        "m0 -4.4 4.4 7.4h-8.8z",
                                        "m0 -4.6 4.6 4.6 -4.6 4.6 -4.6 -4.6z",
                                        "m0 4.4 4.4 -7.4h-8.8z",
                                        "m-4 -1.6h8v3.2h-8z"};
  const std::string tail = title.empty() ? "/>" : "><title>" + escape(title) + "</title>";
  if (i % 6 == 0)
    return "<circle cx=\"" + px(x) + "\" cy=\"" + px(y) + "\" r=\"3.5\" class=\"dot s0\"" + tail +
           (title.empty() ? "" : "</circle>");
  return "<path d=\"M" + px(x) + " " + px(y) + std::string(shape[i % 6]) + "\" class=\"dot " + series_class(i) + "\"" +
         tail + (title.empty() ? "" : "</path>");
}

/// The plotting area: two axes and the rectangle between them. y grows upwards in data, downwards in pixels.
struct plot_area {
  fitted_axis x, y;
  double left = 0, right = svg_width - 12, top = 0, bottom = 0, height = 300;

  [[nodiscard]] double at_x(double value) const noexcept { return left + (right - left) * x(value); }
  [[nodiscard]] double at_y(double value) const noexcept { return bottom - (bottom - top) * y(value); }
};

template <class = void> [[nodiscard]] plot_area lay_out(fitted_axis x, fitted_axis y) {
  plot_area area{std::move(x), std::move(y)};
  double widest = 0;
  for (const std::string& label : area.y.labels) widest = (std::max)(widest, text_width(label));
  area.left = (std::min)(widest + 8, svg_width / 3);
  area.top = area.y.label.empty() ? 10 : 28;
  area.bottom = area.height - (area.x.label.empty() ? 24 : 42);
  return area;
}

/// Grid, ticks, labels and names of both axes; a base line and two words where there is nothing to measure.
template <class = void> [[nodiscard]] std::string draw_axes(const plot_area& a, bool empty) {
  std::string out;
  if (empty)
    return svg_line(a.left, a.bottom, a.right, a.bottom, "base") +
           svg_text((a.left + a.right) / 2, (a.top + a.bottom) / 2, "no data", anchor::middle, "name");
  for (std::size_t i = 0; i < a.y.ticks.size(); ++i) {
    const double y = a.at_y(a.y.ticks[i]);
    out += svg_line(a.left, y, a.right, y, a.y.scale == axis_scale::linear && a.y.ticks[i] == 0 ? "zero" : "grid");
    out += svg_text(a.left - 6, y + 4, a.y.labels[i], anchor::end);
  }
  out += svg_line(a.left, a.bottom, a.right, a.bottom, "base");
  double used = -HUGE_VAL;
  for (std::size_t i = 0; i < a.x.ticks.size(); ++i) {
    const double x = a.at_x(a.x.ticks[i]), half = text_width(a.x.labels[i]) / 2;
    out += svg_line(x, a.bottom, x, a.bottom + 4, "base");
    const double centre = (std::max)(half, (std::min)(svg_width - half, x));
    if (centre - half < used + 6) continue;
    used = centre + half;
    out += svg_text(centre, a.bottom + 17, a.x.labels[i], anchor::middle);
  }
  // Names of axes lie where they are read without turning the head: above the y axis, at the end of the x axis.
  if (!a.y.label.empty()) out += svg_text(0, 13, shorten_to(a.y.label, svg_width), anchor::start, "name");
  if (!a.x.label.empty()) out += svg_text(a.right, a.height - 6, shorten_to(a.x.label, a.right), anchor::end, "name");
  return out;
}

template <class = void>
[[nodiscard]] std::string draw_rules(const plot_area& a, const std::vector<rule>& at_x, const std::vector<rule>& at_y) {
  std::string out;
  for (const rule& r : at_y) {
    if (!drawable(r.at, a.y.scale)) continue;
    const double y = a.at_y(r.at);
    out += svg_line(a.left, y, a.right, y, std::string("rule ") + css_class(r.mark));
    out += svg_text(a.right, y - 4, shorten_to(r.label, 200), anchor::end, "halo name");
  }
  for (const rule& r : at_x) {
    if (!drawable(r.at, a.x.scale)) continue;
    const double x = a.at_x(r.at);
    const std::string label = shorten_to(r.label, 200);
    const bool flip = x + 5 + text_width(label) > a.right;
    out += svg_line(x, a.top, x, a.bottom, std::string("rule ") + css_class(r.mark));
    out += svg_text(flip ? x - 5 : x + 5, a.top + 10, label, flip ? anchor::end : anchor::start, "halo name");
  }
  return out;
}

/// `<svg>` with its name and description for those who do not see it.
template <class = void>
[[nodiscard]] std::string svg_document(double height, std::string_view title, std::string_view description,
                                       std::string_view body) {
  return "<svg viewBox=\"0 0 " + px(svg_width) + " " + px(height) + "\" role=\"img\"><title>" + escape(title) +
         "</title><desc>" + escape(description) + "</desc>" + std::string(body) + "</svg>";
}

}  // namespace detail

}  // namespace mlsd::report
