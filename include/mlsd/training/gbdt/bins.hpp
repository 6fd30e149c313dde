#pragma once

#include "mlsd/stats/radix_sort.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

namespace mlsd::detail {

// A feature is cut into ordinary bins plus one special bin, number `ordinary()`: NaN of a number, rare and unknown
// categories of a code.

/// What counts as missing in a column of numbers: NaN, and what is within `up_to` of 0; nothing is where that is < 0.
struct missing_numbers {
  float up_to = -1;
  [[nodiscard]] bool operator()(float x) const noexcept { return !(std::fabs(x) > up_to); }
};

/// Values 0 that a sparse column does not store; `weight` is the sum of theirs.
struct implied_zeros {
  bool any = false;
  double weight = 0;
};

/// At most 255 bins of a number. A number falls into the first bin whose upper bound is not below it, so that "bin <=
/// k" and "x <= upper[k]" are the same decision in training and in scoring, to the last bit.
class number_bins {
 public:
  number_bins() = default;

  /// Bounds from (value, weight) pairs of which none is missing, in any order. Few distinct values: one bin each. Many:
  /// a value that weighs more than an average bin has its own, the others share by weight; where there are bins to
  /// spare, values of unlike sign, and zero, do not share: zero often means something. Bounds lie halfway between
  /// neighbours. `zeros` stands for values 0 that are not among the others.
  template <class = void>
  number_bins(std::vector<std::pair<float, float>> values, std::size_t most, const implied_zeros& zeros = {},
              missing_numbers missing = {})
      : is_missing_(missing) {
    if (zeros.any) values.push_back({0.0f, 0.0f});
    if (cut_few_values(values, most)) return;
    std::vector<std::pair<float, float>> scratch(values.size());
    radix_sort(std::span(values), std::span(scratch), [](const auto& v) { return ordered_key(v.first); });
    std::vector<std::pair<float, double>> distinct;
    double total = 0;
    for (const auto& [x, w] : values) {
      if (distinct.empty() || distinct.back().first != x) distinct.push_back({x, 0.0});
      distinct.back().second += static_cast<double>(w);
    }
    for (auto& [x, w] : distinct) {
      if (x == 0 && zeros.any) w = zeros.weight;
      total += w;
    }
    if (distinct.size() <= most) {
      for (std::size_t i = 1; i < distinct.size(); ++i)
        upper_.push_back(between(distinct[i - 1].first, distinct[i].first));
      return;
    }
    // Heavy values first; what they leave is shared evenly, and the share is renewed whenever a bin is closed.
    double mean = total / static_cast<double>(most);
    std::size_t heavy = 0;
    double rest = total;
    const double heavy_from = mean;
    for (const auto& d : distinct)
      if (d.second >= heavy_from) ++heavy, rest -= d.second;
    std::size_t free_bins = most > heavy ? most - heavy : 0;
    mean = free_bins == 0 ? (std::numeric_limits<double>::infinity)() : rest / static_cast<double>(free_bins);
    double filled = 0;
    const auto signs_differ = [&](float a, float b) {
      return most >= many && ((a < 0) != (b < 0) || (a > 0) != (b > 0));
    };
    for (std::size_t i = 0; i + 1 < distinct.size() && upper_.size() + 1 < most; ++i) {
      const bool is_heavy = distinct[i].second >= heavy_from, next_heavy = distinct[i + 1].second >= heavy_from;
      filled += distinct[i].second;
      if (!is_heavy) rest -= distinct[i].second;
      const bool is_full = is_heavy || filled >= mean || (next_heavy && filled >= mean / 2);
      if (!is_full && !signs_differ(distinct[i].first, distinct[i + 1].first)) continue;
      upper_.push_back(between(distinct[i].first, distinct[i + 1].first));
      filled = 0;
      if (!is_heavy && free_bins > 1) mean = rest / static_cast<double>(--free_bins);
    }
  }

  /// The bins of a column, as `operator()` finds them one by one, many at a time.
  void fill(std::span<const float> column, std::uint8_t* bins) const noexcept {
    std::size_t i = 0;
    if (upper_.size() == 1) {
      for (; i + tile <= column.size(); i += tile) fill_two(column.data() + i, bins + i);
    } else if (upper_.size() > 1) {
      for (; i + tile <= column.size(); i += tile) fill_tile(column.data() + i, bins + i);
    }
    for (; i < column.size(); ++i) bins[i] = static_cast<std::uint8_t>((*this)(column[i]));
  }

  [[nodiscard]] std::size_t ordinary() const noexcept { return upper_.size() + 1; }
  /// The threshold "everything up to bin k goes left"; infinite for the last.
  [[nodiscard]] float upper(std::size_t k) const noexcept {
    return k < upper_.size() ? upper_[k] : (std::numeric_limits<float>::infinity)();
  }
  [[nodiscard]] std::uint32_t operator()(float x) const noexcept {
    if (is_missing_(x)) return static_cast<std::uint32_t>(ordinary());
    const float* first = upper_.data();
    std::size_t n = upper_.size();
    while (n > 1) {  // values are hard to predict: no branch on them
      const std::size_t half = n / 2;
      first += half & mask_of(first[half - 1] < x);
      n -= half;
    }
    const std::size_t below = n == 1 && *first < x ? 1 : 0;
    return static_cast<std::uint32_t>(static_cast<std::size_t>(first - upper_.data()) + below);
  }

 private:
  static constexpr std::size_t tile = 64, many = 32;

  /// All ones if it is true. Hidden from Clang, which would make a branch of it: values are hard to predict.
  [[nodiscard]] static std::uint32_t mask_of(bool condition) noexcept {
    std::uint32_t mask = 0u - static_cast<std::uint32_t>(condition);
#if defined(__clang__)
    asm("" : "+r"(mask));
#endif
    return mask;
  }
  /// A tile, where there are two bins.
  void fill_two(const float* x, std::uint8_t* bins) const noexcept {
    const float upper = upper_[0];
    const missing_numbers is_missing = is_missing_;
    for (std::size_t k = 0; k < tile; ++k)
      bins[k] = static_cast<std::uint8_t>(is_missing(x[k]) ? 2 : x[k] > upper ? 1 : 0);
  }
  /// A tile, where there are more: all its values take a step of the search, then all the next one, so that none waits
  /// for its own.
  void fill_tile(const float* x, std::uint8_t* bins) const noexcept {
    const float* const upper = upper_.data();
    const missing_numbers is_missing = is_missing_;
    const auto special = static_cast<std::uint32_t>(ordinary());
    std::uint32_t first[tile] = {};
    std::size_t n = upper_.size();
    while (n > 1) {
      const auto half = static_cast<std::uint32_t>(n / 2);
      for (std::size_t k = 0; k < tile; ++k) first[k] += half & mask_of(upper[first[k] + half - 1] < x[k]);
      n -= half;
    }
    for (std::size_t k = 0; k < tile; ++k) {
      const std::uint32_t bin = first[k] + (1u & mask_of(upper[first[k]] < x[k]));
      bins[k] = static_cast<std::uint8_t>(is_missing(x[k]) ? special : bin);
    }
  }

  /// Flags and the like need no sorting: one bin for each of up to four values. False if there are more.
  template <class = void>
  [[nodiscard]] bool cut_few_values(const std::vector<std::pair<float, float>>& values, std::size_t most) {
    float distinct[4] = {};
    std::size_t n = 0;
    for (const auto& [x, w] : values) {
      std::size_t k = 0;
      while (k < n && distinct[k] != x) ++k;
      if (k < n) continue;
      if (n == (std::min)(most, std::size_t{4})) return false;
      for (k = n++; k > 0 && x < distinct[k - 1]; --k) distinct[k] = distinct[k - 1];
      distinct[k] = x;
    }
    for (std::size_t i = 1; i < n; ++i) upper_.push_back(between(distinct[i - 1], distinct[i]));
    return true;
  }

  /// A threshold t with a <= t < b, halfway where floats allow it; an infinite neighbour stays alone.
  static float between(float a, float b) noexcept {
    if (std::isinf(a)) return a;
    if (std::isinf(b)) return (std::numeric_limits<float>::max)();
    const auto t = static_cast<float>(0.5 * static_cast<double>(a) + 0.5 * static_cast<double>(b));
    return a <= t && t < b ? t : a;
  }

  std::vector<float> upper_;
  missing_numbers is_missing_;
};

/// Bins of a code, the heaviest category first, ties by code: always `few` of them, then more until 99% of the weight
/// have a bin, `most` (<= 65,535) at the utmost. All other categories share the special bin.
class code_bins {
 public:
  code_bins() = default;
  template <class = void> code_bins(std::span<const double> weight_of_code, std::size_t few, std::size_t most) {
    double total = 0, covered = 0;
    for (std::size_t c = 0; c < weight_of_code.size(); ++c) {
      if (!(weight_of_code[c] > 0)) continue;
      codes_.push_back(static_cast<std::uint32_t>(c));
      total += weight_of_code[c];
    }
    std::stable_sort(codes_.begin(), codes_.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return weight_of_code[a] > weight_of_code[b]; });
    occurring_ = codes_.size();
    std::size_t n = 0;
    for (; n < codes_.size() && (n < few || (n < most && covered < 0.99 * total)); ++n)
      covered += weight_of_code[codes_[n]];
    codes_.resize(n);
    bin_.assign(weight_of_code.size(), static_cast<std::uint16_t>(n));
    for (std::size_t b = 0; b < n; ++b) bin_[codes_[b]] = static_cast<std::uint16_t>(b);
  }

  [[nodiscard]] std::size_t ordinary() const noexcept { return codes_.size(); }
  [[nodiscard]] bool has_rare() const noexcept { return occurring_ > codes_.size(); }
  [[nodiscard]] std::uint32_t code(std::size_t bin) const noexcept { return codes_[bin]; }
  [[nodiscard]] std::uint32_t operator()(std::uint32_t code) const noexcept {
    return code < bin_.size() ? bin_[code] : static_cast<std::uint32_t>(codes_.size());
  }

 private:
  std::size_t occurring_ = 0;
  std::vector<std::uint32_t> codes_;
  std::vector<std::uint16_t> bin_;
};

}  // namespace mlsd::detail
