// Reads the folders of reference cases: a model, rows, and what the library that trained it made of them.
#pragma once

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace golden_case {

using table = std::vector<std::vector<double>>;

inline std::string read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline std::vector<std::vector<std::string>> fields(const std::string& path) {
  std::vector<std::vector<std::string>> out;
  std::ifstream in(path, std::ios::binary);
  for (std::string line; std::getline(in, line);) {
    auto& row = out.emplace_back();
    for (std::size_t at = 0; at <= line.size();) {
      const std::size_t end = (std::min)(line.find(',', at), line.size());
      row.push_back(line.substr(at, end - at));
      at = end + 1;
    }
  }
  return out;
}

inline double number(const std::string& text) {
  double value = std::nan("");
  const char* begin = text.data() + (text.starts_with('+') ? 1 : 0);
  std::from_chars(begin, text.data() + text.size(), value);
  return value;
}

/// No rows where there is no file; an empty line is a row without numbers.
inline table numbers(const std::string& path) {
  table out;
  for (const auto& line : fields(path)) {
    auto& row = out.emplace_back();
    if (line.size() > 1 || !line[0].empty())
      for (const std::string& field : line) row.push_back(number(field));
  }
  return out;
}

/// What follows `"key": ` in a case.json.
inline std::string setting(const std::string& json, const std::string& key) {
  const std::string mark = "\"" + key + "\":";
  std::size_t at = json.find(mark);
  if (at == std::string::npos) return {};
  at = json.find_first_not_of(" \"", at + mark.size());
  return json.substr(at, json.find_first_of("\",\n}", at) - at);
}

/// Folders with a case, in order.
inline std::vector<std::string> cases(const std::string& root) {
  std::vector<std::string> out;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root))
    if (entry.path().filename() == "case.json") out.push_back(entry.path().parent_path().string());
  std::sort(out.begin(), out.end());
  return out;
}

/// How many floats, or doubles, lie between two of them; 0 for equal ones and for two NaN.
template <class Number> double ulps(Number a, Number b) {
  if (a == b || (a != a && b != b)) return 0;
  if (!std::isfinite(a) || !std::isfinite(b)) return HUGE_VAL;
  using bits = std::conditional_t<sizeof(Number) == 4, std::int32_t, std::int64_t>;
  const auto ordered = [](Number x) {
    bits i;
    std::memcpy(&i, &x, sizeof x);
    return static_cast<double>(i < 0 ? std::numeric_limits<bits>::min() - i : i);
  };
  return std::abs(ordered(a) - ordered(b));
}

}  // namespace golden_case
