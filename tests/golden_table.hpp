// A CSV file of the reference data, with a header line, read by the library itself in its simplest way.
#pragma once

#include "shared.hpp"

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace mlsd_test {

class golden_table {
 public:
  /// golden/`name`; empty where the reference data is absent. Quoted fields may hold commas and quotes.
  explicit golden_table(const std::string& name) {
    if (shared_dir() == nullptr) return;
    std::ifstream file(std::string(shared_dir()) + "/golden/" + name, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    std::vector<std::string> row{""};
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const char c = text[i];
      if (c == '"' && quoted && i + 1 < text.size() && text[i + 1] == '"')
        row.back() += text[++i];
      else if (c == '"')
        quoted = !quoted;
      else if (c == ',' && !quoted)
        row.emplace_back();
      else if (c == '\n' && !quoted)
        rows_.push_back(std::move(row)), row.assign(1, "");
      else if (c != '\r' || quoted)
        row.back() += c;
    }
  }
  [[nodiscard]] bool empty() const { return rows_.empty(); }
  [[nodiscard]] std::size_t rows() const { return rows_.empty() ? 0 : rows_.size() - 1; }
  [[nodiscard]] std::vector<std::string> texts(const std::string& column) const {
    std::vector<std::string> all;
    for (std::size_t j = 0; !empty() && j < rows_[0].size(); ++j)
      if (rows_[0][j] == column)
        for (std::size_t i = 1; i < rows_.size(); ++i) all.push_back(rows_[i][j]);
    return all;
  }
  /// "nan" and the empty text are NaN.
  [[nodiscard]] std::vector<double> numbers(const std::string& column) const {
    std::vector<double> all;
    for (const std::string& s : texts(column))
      all.push_back(s.empty() ? std::nan("") : std::strtod(s.c_str(), nullptr));
    return all;
  }

 private:
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace mlsd_test
