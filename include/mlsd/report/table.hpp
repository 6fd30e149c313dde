#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mlsd/report/svg.hpp"
#include "mlsd/report/text.hpp"

namespace mlsd::report {

/// Two small histograms over the same bins for a table cell: the reference filled, the present one outlined.
/// Each is drawn as shares of its own total.
struct profile {
  std::vector<double> reference{}, current{};
};

/// A value with its interval: `estimate`, `auc_estimate`, and what looks like them.
template <class E>
concept estimated = requires(const E& e) {
  { e.value } -> std::convertible_to<double>;
  { e.ci.lower } -> std::convertible_to<double>;
  { e.ci.upper } -> std::convertible_to<double>;
};

/// One cell: text, a number (its column decides how it is written), a number with its interval, a judgement, or a
/// profile.
struct cell {
  std::string text{};
  double number = 0;
  double low = std::nan(""), high = std::nan("");
  bool is_number = false;
  status mark = status::none;
  profile shape{};

  cell() = default;
  cell(const char* t, status s = status::none) : text(t), mark(s) {}
  cell(std::string_view t, status s = status::none) : text(t), mark(s) {}
  cell(std::string t, status s = status::none) : text(std::move(t)), mark(s) {}
  template <class T>
    requires((std::integral<T> || std::floating_point<T>) && !std::same_as<T, bool> && !std::same_as<T, char>)
  cell(T value) : number(static_cast<double>(value)), is_number(true) {}
  template <estimated E> cell(const E& e) : number(e.value), low(e.ci.lower), high(e.ci.upper), is_number(true) {}
  cell(profile p) : shape(std::move(p)) {}
};

/// A column: numbers are set right and with one number of decimals, so that they line up by the point. `decimals` below
/// zero picks it: none for whole numbers, else four digits of the largest.
struct column {
  std::string name{};
  int decimals = -1;
  bool as_percent = false;

  column() = default;
  column(const char* n) : name(n) {}
  column(std::string n) : name(std::move(n)) {}
  column(std::string n, int d, bool p = false) : name(std::move(n)), decimals(d), as_percent(p) {}
};

/// Rows of cells under named columns. Rows may be shorter than the head; the rest stays blank.
struct table {
  std::string caption{}, note{};
  std::vector<column> columns{};
  std::vector<std::vector<cell>> rows{};
};

namespace detail {

template <class = void> [[nodiscard]] int decimals_of(const table& t, std::size_t j) {
  if (t.columns[j].decimals >= 0) return (std::min)(t.columns[j].decimals, 17);
  const double unit = t.columns[j].as_percent ? 100 : 1;
  double largest = 0;
  bool whole = true;
  for (const auto& row : t.rows) {
    if (j >= row.size() || !row[j].is_number || !std::isfinite(row[j].number)) continue;
    largest = (std::max)(largest, std::fabs(unit * row[j].number));
    whole = whole && row[j].number == std::floor(row[j].number);
  }
  if (largest == 0 || (whole && !t.columns[j].as_percent)) return 0;
  return (std::clamp)(3 - static_cast<int>(std::floor(std::log10(largest))), 0, 6);
}

/// A mark that does not depend on colour, then the word.
template <class = void> [[nodiscard]] std::string chip(std::string_view text, status mark) {
  constexpr std::string_view sign[] = {"", "\xE2\x97\x8F", "\xE2\x96\xB2", "\xE2\x96\xA0"};
  return "<span class=\"chip " + std::string(css_class(mark)) + "\"><i aria-hidden=\"true\">" +
         std::string(sign[static_cast<std::size_t>(mark) & 3]) + "</i> " +
         escape(text.empty() ? std::string_view(css_class(mark)) : text) + "</span>";
}

template <class = void> [[nodiscard]] std::string draw_profile(const profile& p) {
  constexpr double width = 110, height = 24;
  const std::size_t bins = (std::max)(p.reference.size(), p.current.size());
  const auto shares = [&](const std::vector<double>& counts) {
    std::vector<double> out(bins, 0.0);
    double total = 0;
    for (std::size_t i = 0; i < counts.size(); ++i)
      if (counts[i] > 0 && counts[i] <= far_away) total += out[i] = counts[i];
    for (double& share : out) share = total > 0 ? share / total : 0;
    return out;
  };
  const auto reference = shares(p.reference), current = shares(p.current);
  double top = 0;
  for (std::size_t i = 0; i < bins; ++i) top = (std::max)({top, reference[i], current[i]});
  const auto outline = [&](const std::vector<double>& share) {
    std::string path = "M0 " + px(height);
    for (std::size_t i = 0; i < bins; ++i)
      path += "V" + px(height - (top > 0 ? (height - 2) * share[i] / top : 0)) + "H" +
              px(width * static_cast<double>(i + 1) / static_cast<double>(bins));
    return path + "V" + px(height);
  };
  std::string body;
  if (top > 0) body = svg_path(outline(reference) + "Z", "ghost") + svg_path(outline(current), "line s0");
  return "<svg class=\"profile\" viewBox=\"0 0 110 24\" role=\"img\"><title>" + std::to_string(bins) +
         " bins: reference filled, present outlined</title>" + body + "</svg>";
}

template <class = void>
[[nodiscard]] std::string draw_cell(const cell& c, const column& in, int decimals, bool numeric) {
  if (!c.shape.reference.empty() || !c.shape.current.empty()) return "<td>" + draw_profile(c.shape) + "</td>";
  if (c.is_number) {
    const auto text_of = [&](double v) { return in.as_percent ? percent(v, decimals) : fixed(v, decimals); };
    const bool vanishes = c.number > 0 && text_of(c.number) == text_of(0);
    const double least = std::pow(10.0, -decimals - (in.as_percent ? 2 : 0));
    const bool bounded = !std::isnan(c.low) && !std::isnan(c.high);
    return "<td class=\"n\">" + (vanishes ? "&lt;" + text_of(least) : text_of(c.number)) +
           (bounded ? " <span class=\"ci\">" + text_of(c.low) + " to " + text_of(c.high) + "</span>" : "") + "</td>";
  }
  if (c.mark != status::none) return "<td>" + chip(c.text, c.mark) + "</td>";
  return (numeric ? "<td class=\"n\">" : "<td>") + escape(c.text) + "</td>";
}

}  // namespace detail

/// The table as HTML, its first column as row headings. O(cells), allocates its text. NaN is an en dash; what is above
/// zero and would be written as zero is "<0.001".
template <class = void> [[nodiscard]] std::string to_html(const table& t) {
  const std::string name = escape(t.caption);
  std::string out = "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"" + name +
                    "\"><table><caption><b>" + name + "</b>";
  if (!t.note.empty()) out += " <span>" + escape(t.note) + "</span>";
  out += "</caption><thead><tr>";
  std::vector<int> decimals;
  std::vector<bool> numeric;
  for (std::size_t j = 0; j < t.columns.size(); ++j) {
    numeric.push_back(
        std::any_of(t.rows.begin(), t.rows.end(), [&](const auto& row) { return j < row.size() && row[j].is_number; }));
    out +=
        std::string("<th scope=\"col\"") + (numeric[j] ? " class=\"n\">" : ">") + escape(t.columns[j].name) + "</th>";
    decimals.push_back(detail::decimals_of(t, j));
  }
  out += "</tr></thead><tbody>";
  for (const auto& row : t.rows) {
    out += "<tr>";
    for (std::size_t j = 0; j < t.columns.size(); ++j) {
      const bool heads = j == 0 && !row.empty() && !row[0].text.empty() && row[0].mark == status::none;
      if (heads)
        out += "<th scope=\"row\">" + escape(row[0].text) + "</th>";
      else
        out += detail::draw_cell(j < row.size() ? row[j] : cell{}, t.columns[j], decimals[j], numeric[j]);
    }
    out += "</tr>";
  }
  if (t.rows.empty())
    out += "<tr><td colspan=\"" + std::to_string((std::max)(std::size_t{1}, t.columns.size())) + "\">no rows</td></tr>";
  return out + "</tbody></table></div>\n";
}

}  // namespace mlsd::report
