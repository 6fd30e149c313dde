// A small judge of HTML: what it passes has balanced tags, quoted attributes and no text that could be markup.
#pragma once

#include <cctype>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace mlsd_test {

/// Empty if `html` is well-formed, else what is wrong and where.
inline std::string html_fault(std::string_view html) {
  const std::set<std::string, std::less<>> void_tags{"meta", "link", "br", "hr", "img"};
  const std::set<std::string, std::less<>> svg_tags{"line", "path", "circle", "rect"};
  const std::set<std::string, std::less<>> known{
      "html",    "head", "title", "style",  "body",   "main", "header", "h1",    "h2",         "p",
      "span",    "b",    "i",     "dl",     "div",    "dt",   "dd",     "table", "caption",    "thead",
      "tbody",   "tr",   "th",    "td",     "figure", "svg",  "desc",   "text",  "figcaption", "details",
      "summary", "line", "path",  "circle", "rect",   "meta", "link"};
  std::vector<std::string> open;
  const auto fault = [&](std::string_view what, std::size_t at) {
    return std::string(what) + " at byte " + std::to_string(at) + ": " +
           std::string(html.substr(at < 20 ? 0 : at - 20, 60));
  };
  const auto entity_ok = [&](std::size_t at) {
    for (const std::string_view entity : {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"})
      if (html.substr(at, entity.size()) == entity) return true;
    return false;
  };
  std::size_t i = 0;
  if (html.substr(0, 15) == "<!doctype html>") i = 15;
  while (i < html.size()) {
    const char c = html[i];
    if (c == '&' && !entity_ok(i)) return fault("bare ampersand", i);
    if (c == '>' || c == '\0') return fault("stray character", i);
    if (c != '<') {
      ++i;
      continue;
    }
    const std::size_t start = i++;
    const bool closing = i < html.size() && html[i] == '/';
    if (closing) ++i;
    std::string name;
    while (i < html.size() && (std::isalnum(static_cast<unsigned char>(html[i])) != 0)) name += html[i++];
    if (known.count(name) == 0) return fault("unknown element <" + name + ">", start);
    std::set<std::string> attributes;
    bool self_closing = false;
    while (i < html.size() && html[i] != '>') {
      if (html[i] == ' ' || html[i] == '\n') {
        ++i;
        continue;
      }
      if (html[i] == '/') {
        self_closing = true;
        ++i;
        continue;
      }
      std::string attribute;
      while (i < html.size() && (std::isalnum(static_cast<unsigned char>(html[i])) != 0 || html[i] == '-'))
        attribute += html[i++];
      if (attribute.empty() || html.substr(i, 2) != "=\"") return fault("malformed attribute", i);
      if (attribute.substr(0, 2) == "on") return fault("event handler", i);
      if (!attributes.insert(attribute).second) return fault("attribute given twice", i);
      for (i += 2; i < html.size() && html[i] != '"'; ++i) {
        if (html[i] == '<') return fault("markup in an attribute", i);
        if (html[i] == '&' && !entity_ok(i)) return fault("bare ampersand in an attribute", i);
      }
      ++i;
    }
    if (i >= html.size()) return fault("tag without end", start);
    ++i;
    if (closing) {
      if (open.empty() || open.back() != name) return fault("</" + name + "> closes nothing", start);
      open.pop_back();
    } else if (self_closing) {
      if (svg_tags.count(name) == 0) return fault("self-closing <" + name + ">", start);
    } else if (void_tags.count(name) == 0) {
      open.push_back(name);
      if (name == "style") i = html.find("</style>", i);
      if (i == std::string_view::npos) return fault("style without end", start);
    }
  }
  return open.empty() ? std::string() : "<" + open.back() + "> is never closed";
}

/// How often `what` occurs.
inline std::size_t occurrences(std::string_view text, std::string_view what) {
  std::size_t n = 0;
  for (std::size_t at = text.find(what); at != std::string_view::npos; at = text.find(what, at + what.size())) ++n;
  return n;
}

/// No number that a drawing cannot hold got into it.
inline bool draws_numbers_only(std::string_view html) {
  for (const std::string_view attribute : {" x=\"", " y=\"", " x1=\"", " x2=\"", " y1=\"", " y2=\"", " cx=\"", " cy=\"",
                                           " width=\"", " height=\"", " d=\"", " viewBox=\""}) {
    for (std::size_t at = html.find(attribute); at != std::string_view::npos; at = html.find(attribute, at + 1)) {
      const std::size_t from = at + attribute.size(), to = html.find('"', from);
      const std::string_view value = html.substr(from, to - from);
      if (value.empty() || value.find_first_not_of("0123456789.- MLHVZhvmz") != std::string_view::npos) return false;
    }
  }
  return true;
}

/// Names that try to break out.
inline const std::vector<std::string>& hostile_names() {
  static const std::vector<std::string> names{"<script>alert(1)</script>",
                                              "\"><img src=x onerror=alert(1)>",
                                              "</title></svg><b>",
                                              "a&b &lt; c",
                                              "' onload='x",
                                              std::string("nul\0byte", 8),
                                              "bad \xff\xfe utf8 \xc3",
                                              "\xE2\x80\xAE override",
                                              "",
                                              std::string(3000, 'x')};
  return names;
}

}  // namespace mlsd_test
