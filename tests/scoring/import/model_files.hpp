// Small models of the fuzzers' corpus, whole and damaged.
#pragma once

#include "draws.hpp"
#include "mlsd/scoring/import/imported_gbdt.hpp"
#include "scoring/import/golden_case.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace model_files {

/// Such as "xgboost/numbers.json".
inline std::string read(const std::string& name) {
  const std::string here = __FILE__;
  return golden_case::read(here.substr(0, here.rfind("scoring")) + "fuzz/corpus/" + name);
}

/// The files of a fuzzer's corpus, in order.
inline std::vector<std::string> corpus(const std::string& name) {
  const std::string here = __FILE__, folder = here.substr(0, here.rfind("scoring")) + "fuzz/corpus/" + name;
  std::vector<std::string> paths, out;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) paths.push_back(entry.path().string());
  std::sort(paths.begin(), paths.end());
  for (const std::string& path : paths) out.push_back(golden_case::read(path));
  return out;
}

/// `text` with the first `from` in it as `to`; the tests fail where there is none.
inline std::string changed(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  return at == std::string::npos ? "no " + std::string(from) : text.replace(at, from.size(), to);
}

/// Words that the numbers and brackets of JSON do not expect.
inline constexpr std::array<std::string_view, 16> odd_words{
    "null",       "-1",    "1e9", "[", "]",    "{}",        "\"\"", "NaN",
    "4294967296", "1e400", ",",   "}", "true", "-Infinity", "0.5",  "[$T#L\x7f\xff\xff\xff\xff\xff\xff\xff"};

/// Up to three of: a byte, a digit, a cut, a copy, one of `words`.
inline std::string damaged(std::string file, mlsd_test::draws& random,
                           std::span<const std::string_view> words = odd_words) {
  for (std::uint64_t k = 0; k <= random.below(3) && !file.empty(); ++k) {
    const std::size_t at = random.below(file.size()), length = 1 + random.below(random.below(4) == 0 ? 200 : 4);
    switch (random.below(6)) {
      case 0:
        file[at] = static_cast<char>(random.bits());
        break;
      case 1:
        file.erase(at, length);
        break;
      case 2:
        file.insert(random.below(file.size()), file.substr(at, length));
        break;
      case 3:
        file.insert(at, words[random.below(words.size())]);
        break;
      default:  // a number: most of a model is numbers
        if (const std::size_t digit = file.find_first_of("0123456789", at); digit != std::string::npos) {
          file[digit] = static_cast<char>('0' + random.below(10));
          if (random.below(4) == 0) file.replace(digit, 1, words[random.below(words.size())]);
        }
    }
  }
  return file;
}

/// How many damaged files a test reads: set MLSD_MUTATIONS for more than 10,000.
inline int mutations() {
  const char* wanted = std::getenv("MLSD_MUTATIONS");
  return wanted != nullptr ? std::atoi(wanted) : 10'000;
}

/// Scores a few rows by every way there is; the value keeps it from being left out.
inline double score(const mlsd::imported_gbdt& model, mlsd_test::draws& random) {
  if (model.width() > 10'000 || model.outputs() > 10'000) return 0;
  double sum = 0;
  std::vector<double> numbers(model.model.number_columns()), out(model.outputs()), buffer(model.room());
  std::vector<float> floats(numbers.size());
  std::vector<std::uint32_t> codes(model.model.code_columns()), leaves(model.trees());
  for (int row = 0; row < 3; ++row) {
    for (double& x : numbers)
      x = random.below(4) == 0 ? std::nan("") : random.below(4) == 0 ? HUGE_VAL : 10 * random.uniform() - 5;
    floats.assign(numbers.begin(), numbers.end());
    for (auto& c : codes) c = static_cast<std::uint32_t>(random.below(4));
    model.raw(mlsd::mixed_row{floats, codes}, out);
    model.leaves(mlsd::wide_row{numbers, codes}, leaves);
    sum += out[0] + model.predict(mlsd::wide_row{numbers, codes}, buffer)[0] + static_cast<double>(leaves.size());
  }
  return sum;
}

}  // namespace model_files
