#pragma once

#include "mlsd/archive/text.hpp"
#include "mlsd/core/result.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace mlsd {

/// What a calibration map is fitted to: margin [n], label [n] in {0, 1}, weight [n] or empty (all 1). Not owned.
struct calibration_rows {
  std::span<const double> margin{};
  std::span<const float> label{};
  std::span<const float> weight{};

  [[nodiscard]] double weight_of(std::size_t i) const noexcept {
    return weight.empty() ? 1.0 : static_cast<double>(weight[i]);
  }

  /// The first thing wrong, named by its row, or success. Both labels must occur with a weight that is not 0.
  template <class = void> [[nodiscard]] result<void> check() const {
    const auto row = [](std::size_t i) { return "calibration: row " + std::to_string(i) + ": "; };
    if (margin.empty()) return error{errc::empty, "calibration: no rows"};
    if (label.size() != margin.size() || (!weight.empty() && weight.size() != margin.size()))
      return error{errc::invalid_argument, "calibration: " + std::to_string(margin.size()) + " margins, " +
                                               std::to_string(label.size()) + " labels, " +
                                               std::to_string(weight.size()) + " weights"};
    bool seen[2] = {false, false};
    for (std::size_t i = 0; i < margin.size(); ++i) {
      if (!(std::fabs(margin[i]) <= 1e300)) return error{errc::not_finite, row(i) + "the margin is not finite"};
      if (!std::isfinite(label[i])) return error{errc::not_finite, row(i) + "the label is not finite"};
      if (label[i] != 0 && label[i] != 1) {
        std::string text = row(i) + "the label is ";
        detail::append_number(text, label[i]);
        return error{errc::invalid_argument, text + ", not 0 or 1"};
      }
      const double w = weight_of(i);
      if (!(std::isfinite(w) && w >= 0))
        return error{errc::not_finite, row(i) + "the weight is negative or not finite"};
      if (w > 0) seen[label[i] == 1] = true;
    }
    if (!seen[0] && !seen[1]) return error{errc::invalid_argument, "calibration: the weights of all rows are zero"};
    if (!seen[0] || !seen[1])
      return error{errc::one_class, std::string("calibration: every row has label ") + (seen[1] ? "1" : "0")};
    return {};
  }

  /// Rows that weigh something, by increasing margin, ties by row. O(n log n).
  template <class = void> [[nodiscard]] std::vector<std::size_t> by_margin() const {
    std::vector<std::size_t> order;
    order.reserve(margin.size());
    for (std::size_t i = 0; i < margin.size(); ++i)
      if (weight_of(i) > 0) order.push_back(i);
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      if (margin[a] != margin[b]) return margin[a] < margin[b];
      return a < b;
    });
    return order;
  }
};

}  // namespace mlsd
