#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "mlsd/report/svg.hpp"
#include "mlsd/report/text.hpp"

namespace mlsd::report::detail {

/// The numbers behind a drawing, for those who cannot or would not read it off. Cells are plain text.
struct numbers {
  std::vector<std::string> head{};
  std::vector<std::vector<std::string>> rows{};
};

inline constexpr std::size_t most_number_rows = 64;

/// What a chart hands over to be set on the page. `key` and `svg` are HTML already, the rest is plain text.
struct figure {
  std::string_view title, note;
  std::string key{}, svg{};
  std::size_t hidden = 0;
  numbers data{};
};

/// An entry of the key: the line and the marker of series i beside its name.
template <class = void> [[nodiscard]] std::string key_entry(std::string_view name, std::size_t i, bool marker) {
  return "<span><svg viewBox=\"0 0 28 12\" aria-hidden=\"true\">" +
         (marker ? svg_marker(14, 6, i, {}) : svg_path("M1 6H27", "line " + series_class(i))) + "</svg>" +
         escape(name) + "</span>";
}

template <class = void> [[nodiscard]] std::string number_table(const numbers& data, std::string_view title) {
  if (data.rows.empty() || data.rows.size() > most_number_rows) return {};
  std::string out = "<details><summary>Numbers</summary><div class=\"scroll\"><table><caption class=\"spoken\">" +
                    escape(title) + ", as numbers</caption><thead><tr>";
  for (const std::string& name : data.head) out += "<th scope=\"col\">" + escape(name) + "</th>";
  out += "</tr></thead><tbody>";
  for (const auto& row : data.rows) {
    out += "<tr>";
    for (std::size_t i = 0; i < row.size(); ++i)
      out += (i == 0 ? "<td>" : "<td class=\"n\">") + escape(row[i]) + "</td>";
    out += "</tr>";
  }
  return out + "</tbody></table></div></details>";
}

template <class = void> [[nodiscard]] std::string to_html(const figure& f) {
  std::string out = "<figure><figcaption><b>" + escape(f.title) + "</b>";
  if (!f.note.empty()) out += " <span>" + escape(f.note) + "</span>";
  if (f.hidden > 0)
    out += " <span>" + compact(static_cast<double>(f.hidden)) + (f.hidden == 1 ? " value has" : " values have") +
           " no place on these axes and are not shown.</span>";
  out += "</figcaption>";
  if (!f.key.empty()) out += "<p class=\"key\">" + f.key + "</p>";
  return out + f.svg + number_table(f.data, f.title) + "</figure>\n";
}

}  // namespace mlsd::report::detail
