#pragma once

#include <concepts>
#include <string>
#include <vector>

#include "mlsd/report/style.hpp"
#include "mlsd/report/svg.hpp"
#include "mlsd/report/table.hpp"
#include "mlsd/report/text.hpp"

namespace mlsd::report {

/// The name of what follows on the page.
struct heading {
  std::string text{};
};

/// A few sentences.
struct paragraph {
  std::string text{};
};

/// One number that a reader should remember, already written out; `note` is for its interval or what it is compared
/// with.
struct key_figure {
  std::string label{}, value{}, note{};
  status mark = status::none;
};

/// Key figures side by side.
struct key_figures {
  std::vector<key_figure> figures{};
};

[[nodiscard]] inline std::string to_html(const heading& h) { return "<h2>" + escape(h.text) + "</h2>\n"; }

template <class = void> [[nodiscard]] std::string to_html(const paragraph& p) {
  return "<p class=\"text\">" + escape(p.text) + "</p>\n";
}

template <class = void> [[nodiscard]] std::string to_html(const key_figures& k) {
  if (k.figures.empty()) return {};
  std::string out = "<dl>";
  for (const key_figure& f : k.figures) {
    out += "<div class=\"" + std::string(detail::css_class(f.mark)) + "\"><dt>" + escape(f.label) +
           "</dt><dd class=\"value\">" + escape(f.value) + "</dd>";
    if (f.mark != status::none)
      out += "<dd>" + detail::chip(f.note, f.mark) + "</dd>";
    else if (!f.note.empty())
      out += "<dd>" + escape(f.note) + "</dd>";
    out += "</div>";
  }
  return out + "</dl>\n";
}

/// Anything that a page can show: a value with `to_html(value)`, found beside its type, that gives well-formed HTML.
/// Those of this folder escape all their text; a block of your own escapes its own (`report::escape`).
template <class B>
concept block = requires(const B& b) {
  { to_html(b) } -> std::convertible_to<std::string>;
};

/// One HTML page that needs nothing else: no scripts, no network, readable on paper, on a telephone and in the dark.
/// Blocks appear in the order in which they are added; charts share a row where there is room.
///   page p{.title = "Ad clicks", .subtitle = "500,000 impressions"};
///   p.add(heading{"Calibration"}).add(line_chart{...});
struct page {
  std::string title{}, subtitle{};
  std::string language = "en";
  /// The HTML of the blocks added so far.
  std::string body{};

  template <block B> page& add(const B& b) {
    body += to_html(b);
    return *this;
  }
};

/// The whole document, UTF-8. Its content security policy refuses every script and every request, should a hostile
/// block get in.
template <class = void> [[nodiscard]] std::string to_html(const page& p) {
  std::string out = "<!doctype html>\n<html lang=\"" + escape(p.language) +
                    "\">\n<head>\n<meta charset=\"utf-8\">\n"
                    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
                    "'unsafe-inline'; img-src data:\">\n"
                    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                    "<link rel=\"icon\" href=\"data:,\">\n<title>" +
                    escape(p.title) + "</title>\n<style>";
  out += detail::style;
  out += "</style>\n</head>\n<body>\n<main>\n<header><h1>" + escape(p.title) + "</h1>";
  if (!p.subtitle.empty()) out += "<p>" + escape(p.subtitle) + "</p>";
  return out + "</header>\n" + p.body + "</main>\n</body>\n</html>\n";
}

}  // namespace mlsd::report
