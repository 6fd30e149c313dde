/// How `train` and `score` read a text: what separates its fields, and which of them are missing numbers.
#pragma once

#include "gzip_source.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/data/parse.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

[[nodiscard]] inline mlsd::parse_words table_words() {
  return {.missing = {"", "?", "NA", "N/A", "nan", "NaN", "NAN", "null", "NULL", "None"}};
}

struct table_dialect {
  bool sparse = false;
  char separator = ',';
};

[[nodiscard]] inline bool is_sparse_pair(std::string_view token) {
  const std::size_t colon = token.find(':');
  const std::string_view key = token.substr(0, colon);
  return colon != std::string_view::npos && !key.empty() &&
         (key == "qid" || key.find_first_not_of("0123456789") == std::string_view::npos);
}

/// How often a separator stands outside of quotes.
[[nodiscard]] inline std::size_t count_outside_quotes(std::string_view line, char separator) {
  std::size_t n = 0;
  bool quoted = false;
  for (const char c : line) {
    quoted ^= c == '"';
    n += !quoted && c == separator ? 1 : 0;
  }
  return n;
}

/// The first line with more than one word, or else the first that is not empty, tells: `label INDEX:VALUE ...`, or
/// whichever separator is the most frequent.
[[nodiscard]] inline mlsd::result<table_dialect> dialect_of(const std::string& path) {
  std::vector<char> buffer(1 << 16);
  auto read = gzip_source(path)(buffer);
  if (!read) return read.error();
  std::string_view text(buffer.data(), *read);
  std::string_view line;
  while (!text.empty() && line.find_first_of(" \t,;|") == std::string_view::npos) {
    text.remove_prefix((std::min)(text.find_first_not_of("\r\n"), text.size()));
    if (!text.empty()) line = text.substr(0, text.find_first_of("\r\n"));
    text.remove_prefix((std::min)(line.size(), text.size()));
  }
  if (line.empty()) return mlsd::error{mlsd::errc::empty, "the file is empty"};
  const std::size_t blank = line.find_first_of(" \t"), second = line.find_first_not_of(" \t", blank);
  if (blank != std::string_view::npos && second != std::string_view::npos &&
      is_sparse_pair(line.substr(second, line.find_first_of(" \t", second) - second)))
    return table_dialect{true, line[blank]};
  table_dialect d{false, ','};
  std::size_t most = 0;
  for (const char c : {',', '\t', ';', '|', ' '}) {
    const std::size_t n = count_outside_quotes(line, c);
    if (n > most && (c != ' ' || most == 0)) most = n, d.separator = c;
  }
  return d;
}
