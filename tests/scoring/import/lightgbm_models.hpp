// Models of LightGBM for tests: the small ones of the fuzzer's corpus, and the golden cases where they are there.
#pragma once

#include "draws.hpp"
#include "shared.hpp"

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

namespace lightgbm_models {

inline std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// A seed of tests/fuzz/corpus/lightgbm.
inline const std::string& sample(const std::string& name) {
  static std::map<std::string, std::string> read_so_far;
  const std::string here = __FILE__;
  std::string& text = read_so_far[name];
  if (text.empty()) text = read(here.substr(0, here.rfind("scoring")) + "fuzz/corpus/lightgbm/" + name + ".txt");
  return text;
}
inline const std::vector<std::string>& sample_names() {
  static const std::vector<std::string> names{"numbers", "categories", "lines", "classes", "nothing"};
  return names;
}

/// Lines of numbers between commas; no lines where there is no such file.
inline std::vector<std::vector<double>> table(const std::filesystem::path& path) {
  std::vector<std::vector<double>> rows;
  const std::string text = read(path);
  for (const char* at = text.c_str(); *at != '\0';) {
    auto& row = rows.emplace_back();
    do {
      char* end = nullptr;
      row.push_back(std::strtod(at, &end));
      at = end + 1;
    } while (at[-1] == ',');
  }
  return rows;
}

/// The folders of the golden cases; none where there are no reference data.
inline std::vector<std::filesystem::path> golden_cases() {
  std::vector<std::filesystem::path> cases;
  if (mlsd_test::shared_dir() == nullptr) return cases;
  std::error_code ignored;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::filesystem::path(mlsd_test::shared_dir()) / "golden/lightgbm", ignored))
    if (entry.is_directory()) cases.push_back(entry.path());
  return cases;
}

inline bool same_bits(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b) || (a != a && b != b);
}
/// How many doubles lie between two of one sign.
inline std::uint64_t ulps(double a, double b) {
  if (a == b || (a != a && b != b)) return 0;
  const auto x = std::bit_cast<std::uint64_t>(a), y = std::bit_cast<std::uint64_t>(b);
  return x > y ? x - y : y - x;
}

/// The text after one to four small damages: bytes, digits, lines and pieces changed, doubled, dropped or cut off.
inline std::string damaged(std::string text, mlsd_test::draws& random) {
  const auto place = [&] { return static_cast<std::size_t>(random.below(text.size() + 1)); };
  static const char* const words[] = {
      "nan",    "inf", "-1", "0",  "2147483648", "4294967295",           "1e999", "-2147483648",
      "1e-999", " ",   "=",  "\n", "Tree=1\n",   "99999999999999999999", "0.5",   "\r\n"};
  for (std::uint64_t n = random.below(4) + 1; n > 0 && !text.empty(); --n) {
    const std::size_t at = place(), length = static_cast<std::size_t>(random.below(random.below(4) == 0 ? 400 : 8));
    switch (random.below(7)) {
      case 0:
        if (at < text.size()) text[at] = static_cast<char>(random.below(256));
        break;
      case 1:
        if (at < text.size()) text[at] = static_cast<char>('0' + random.below(10));
        break;
      case 2:
        text.insert(at, words[random.below(std::size(words))]);
        break;
      case 3:
        text.erase(at, length);
        break;
      case 4:
        text.insert(place(), text.substr(at, length));
        break;
      case 5: {  // a number becomes another one
        const std::size_t first = text.find_first_of(" =", at);
        if (first == std::string::npos) break;
        const std::size_t last = text.find_first_of(" \n", first + 1);
        text.replace(first + 1, last == std::string::npos ? last : last - first - 1,
                     words[random.below(std::size(words))]);
        break;
      }
      default:
        if (random.below(8) == 0) text.resize(at);
    }
  }
  return text;
}

}  // namespace lightgbm_models
