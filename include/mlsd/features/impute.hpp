#pragma once

#include "mlsd/core/fp.hpp"
#include "mlsd/core/result.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <string_view>
#include <vector>

namespace mlsd {

/// Replaces NaN: `impute{impute::median}`, `impute{.by = impute::constant, .value = -1}`.
/// The median is the weighted one: the midpoint of the interval where the cumulated weight reaches half. The most
/// frequent value is the one with the largest weight, the smallest of equals. Infinite values count as values for
/// median and most frequent, and are left out of the mean.
/// O(n log n) time, O(n) memory. A feature that is missing in every row is an error, except under `constant`.
struct impute {
  enum strategy : std::uint8_t { mean, median, most_frequent, constant };
  strategy by = median;
  float value = 0;  ///< used by `constant`

  struct fitted {
    static constexpr std::string_view type_name = "impute";
    float fill = 0;
    std::uint64_t rows = 0, missing = 0;  ///< of the training rows

    [[nodiscard]] constexpr float operator()(float x) const noexcept { return x == x ? x : fill; }
    template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
      ar("fill", self.fill);
      ar("rows", self.rows);
      ar("missing", self.missing);
    }
  };

  template <class = void>
  [[nodiscard]] result<fitted> fit(std::span<const float> values, std::span<const float> weights) const {
    std::vector<std::uint32_t> order;
    order.reserve(values.size());
    for (std::size_t i = 0; i < values.size(); ++i)
      if (!std::isnan(values[i]) && (weights.empty() || weights[i] > 0)) order.push_back(static_cast<std::uint32_t>(i));
    std::uint64_t missing = 0;
    for (const float x : values) missing += std::isnan(x);
    if (by == constant) return fitted{value, values.size(), missing};
    if (order.empty()) return error{errc::empty, "every value is missing; impute it by a constant, or leave it out"};
    const auto weight = [&](std::uint32_t i) { return weights.empty() ? 1.0 : static_cast<double>(weights[i]); };
    if (by != mean)
      std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
        return values[a] != values[b] ? values[a] < values[b] : a < b;
      });
    const float fill = by == mean     ? mean_of(values, order, weight)
                       : by == median ? median_of(values, order, weight)
                                      : mode_of(values, order, weight);
    return fitted{fill, values.size(), missing};
  }

 private:
  template <class Weight>
  MLSD_UNCONTRACTED [[nodiscard]] static float mean_of(std::span<const float> x, std::span<const std::uint32_t> order,
                                                       Weight weight) {
    MLSD_CONTRACT_OFF
    double sum = 0, total = 0;
    for (const std::uint32_t i : order)
      if (std::isfinite(x[i])) {
        sum += weight(i) * x[i];
        total += weight(i);
      }
    return total > 0 ? static_cast<float>(sum / total) : 0.0f;
  }
  template <class Weight>
  [[nodiscard]] static float median_of(std::span<const float> x, std::span<const std::uint32_t> order, Weight weight) {
    double total = 0, below = 0;
    for (const std::uint32_t i : order) total += weight(i);
    for (std::size_t k = 0; k < order.size(); ++k) {
      below += weight(order[k]);
      if (below * 2 < total) continue;
      const float lower = x[order[k]];
      const float upper = below * 2 == total && k + 1 < order.size() ? x[order[k + 1]] : lower;
      return lower == upper ? lower : static_cast<float>((static_cast<double>(lower) + upper) / 2);
    }
    return x[order.back()];
  }
  template <class Weight>
  [[nodiscard]] static float mode_of(std::span<const float> x, std::span<const std::uint32_t> order, Weight weight) {
    float best = x[order.front()];
    double best_weight = 0, run = 0;
    for (std::size_t k = 0; k < order.size(); ++k) {
      run = k > 0 && x[order[k]] == x[order[k - 1]] ? run + weight(order[k]) : weight(order[k]);
      if (run > best_weight) {
        best_weight = run;
        best = x[order[k]];
      }
    }
    return best;
  }
};

/// 1 where a number is missing, else 0. Use `.as(...)` to keep the number itself.
struct is_missing {
  static constexpr std::string_view type_name = "is_missing";
  [[nodiscard]] constexpr float operator()(float x) const noexcept { return x == x ? 0.0f : 1.0f; }
};

/// A number or a block of numbers as it is: the way for an untouched field to come out of a pipeline.
/// Integers beyond 2^24 lose digits.
struct as_number {
  static constexpr std::string_view type_name = "as_number";
  [[nodiscard]] constexpr float operator()(float x) const noexcept { return x; }
  template <std::size_t N>
  [[nodiscard]] constexpr std::array<float, N> operator()(const std::array<float, N>& x) const noexcept {
    return x;
  }
};

}  // namespace mlsd
