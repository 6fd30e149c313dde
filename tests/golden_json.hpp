// Reads the reference values of other implementations: one JSON record a line, "nan", "inf" and "-inf" as strings.
// For trusted files of tests only.
#pragma once

#include <cctype>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "shared.hpp"

namespace mlsd_test {

struct json_value {
  enum class kind { null, number, text, array, object } is = kind::null;
  double number = 0;
  std::string text;
  std::vector<json_value> items;
  std::map<std::string, json_value> members;

  bool has(const std::string& name) const { return members.count(name) != 0; }
  const json_value& operator[](const std::string& name) const {
    static const json_value none;
    const auto at = members.find(name);
    return at == members.end() ? none : at->second;
  }
  const json_value& operator[](std::size_t i) const { return items.at(i); }
  std::size_t size() const { return items.size(); }

  /// "nan", "inf", "-inf" too; anything else ("error:ValueError") is NaN.
  double real() const {
    if (is == kind::number) return number;
    if (text == "inf") return std::numeric_limits<double>::infinity();
    if (text == "-inf") return -std::numeric_limits<double>::infinity();
    return std::nan("");
  }
  bool is_number() const { return is == kind::number; }
  template <class T = double> std::vector<T> reals() const {
    std::vector<T> all;
    for (const json_value& item : items) all.push_back(static_cast<T>(item.real()));
    return all;
  }
};

class json_reader {
 public:
  explicit json_reader(const std::string& text) : at_(text.c_str()) {}
  json_value read() {
    json_value v;
    skip();
    if (*at_ == '{') {
      v.is = json_value::kind::object;
      for (++at_, skip(); *at_ != '}'; skip()) {
        const std::string name = string();
        skip();
        ++at_;  // :
        v.members.emplace(name, read());
        skip();
        if (*at_ == ',') ++at_;
      }
      ++at_;
    } else if (*at_ == '[') {
      v.is = json_value::kind::array;
      for (++at_, skip(); *at_ != ']'; skip()) {
        v.items.push_back(read());
        skip();
        if (*at_ == ',') ++at_;
      }
      ++at_;
    } else if (*at_ == '"') {
      v.is = json_value::kind::text;
      v.text = string();
    } else if (std::isalpha(static_cast<unsigned char>(*at_)) != 0) {
      while (std::isalpha(static_cast<unsigned char>(*at_)) != 0) ++at_;  // null, true, false
    } else {
      v.is = json_value::kind::number;
      char* end = nullptr;
      v.number = std::strtod(at_, &end);
      at_ = end;
    }
    return v;
  }

 private:
  void skip() {
    while (std::isspace(static_cast<unsigned char>(*at_)) != 0) ++at_;
  }
  std::string string() {
    std::string s;
    skip();
    for (++at_; *at_ != '"'; ++at_) {
      if (*at_ == '\\') ++at_;
      s += *at_;
    }
    ++at_;
    return s;
  }
  const char* at_;
};

/// The records of golden/stats/`name` of the reference data; empty when it is absent.
inline std::vector<json_value> golden(const std::string& name) {
  std::vector<json_value> records;
  if (shared_dir() == nullptr) return records;
  std::ifstream file(std::string(shared_dir()) + "/golden/stats/" + name);
  for (std::string line; std::getline(file, line);)
    if (!line.empty()) records.push_back(json_reader(line).read());
  return records;
}

/// A column of golden/stats/`name`, a CSV file with a header line and numbers only, by its name.
inline std::vector<double> golden_column(const std::string& name, const std::string& column) {
  std::ifstream file(std::string(shared_dir()) + "/golden/stats/" + name);
  std::vector<double> values;
  std::string line;
  std::getline(file, line);
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.pop_back();
  std::size_t index = 0;
  for (std::size_t first = 0;; ++index) {
    const std::size_t last = line.find(',', first);
    if (line.substr(first, last - first) == column) break;
    if (last == std::string::npos) return values;
    first = last + 1;
  }
  while (std::getline(file, line)) {
    const char* at = line.c_str();
    for (std::size_t i = 0; i < index; ++i)
      while (*at != '\0' && *at++ != ',') {
      }
    values.push_back(std::strtod(at, nullptr));
  }
  return values;
}

}  // namespace mlsd_test
