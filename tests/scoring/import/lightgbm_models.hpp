// Models of LightGBM for tests: the small ones of the fuzzer's corpus, and the golden cases where they are there.
#pragma once

#include "scoring/import/golden_case.hpp"
#include "scoring/import/model_files.hpp"
#include "shared.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace lightgbm_models {

/// A seed of tests/fuzz/corpus/lightgbm.
inline const std::string& sample(const std::string& name) {
  static std::map<std::string, std::string> read_so_far;
  std::string& text = read_so_far[name];
  if (text.empty()) text = model_files::read("lightgbm/" + name + ".txt");
  return text;
}
inline const std::vector<std::string>& sample_names() {
  static const std::vector<std::string> names{"numbers", "categories", "lines", "classes", "nothing"};
  return names;
}

/// What may surprise a reader of lines and numbers.
inline constexpr std::array<std::string_view, 16> odd_words{
    "nan",    "inf", "-1", "0",  "2147483648", "4294967295",           "1e999", "-2147483648", "1e-99",
    "1e-999", " ",   "=",  "\n", "Tree=1\n",   "99999999999999999999", "\r\n"};

/// The folders of the golden cases; none where there are no reference data.
inline std::vector<std::string> golden_cases() {
  const std::string folder = mlsd_test::shared_dir() == nullptr ? "" : mlsd_test::shared_dir();
  if (folder.empty() || !std::filesystem::is_directory(folder + "/golden/lightgbm")) return {};
  return golden_case::cases(folder + "/golden/lightgbm");
}

inline bool same_bits(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b) || (a != a && b != b);
}

}  // namespace lightgbm_models
