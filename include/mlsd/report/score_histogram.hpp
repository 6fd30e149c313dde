#pragma once

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "mlsd/report/histogram_chart.hpp"

namespace mlsd::report {

/// Predicted probabilities by class, on a scale of powers of ten down to 1e-6: probabilities, labels (0 and 1) [n].
/// Every class is drawn as shares of itself. NaN is left out. O(n). Requires at least one bin and as many labels.
template <class = void>
[[nodiscard]] histogram_chart score_histogram(const std::string& model, std::span<const double> probabilities,
                                              std::span<const double> labels, std::size_t bins = 40) {
  assert(probabilities.size() == labels.size() && bins > 0);
  const auto place = [](double p) { return std::log10((std::clamp)(p, 1e-6, 1.0)); };
  double low = 0, high = -HUGE_VAL;
  for (const double p : probabilities) {
    if (std::isnan(p)) continue;
    low = (std::min)(low, place(p));
    high = (std::max)(high, place(p));
  }
  const double width = (std::max)(high - low, 1e-3) / static_cast<double>(bins);
  histogram_chart chart{.title = "Scores of " + model,
                        .x = {.label = "log10 of the predicted probability"},
                        .y = {.label = "share of the class"},
                        .series = {{"negative", std::vector<double>(bins)}, {"positive", std::vector<double>(bins)}}};
  for (std::size_t b = 0; b <= bins; ++b) chart.edges.push_back(low + width * static_cast<double>(b));
  for (std::size_t i = 0; i < probabilities.size(); ++i) {
    if (std::isnan(probabilities[i])) continue;
    const auto bin = static_cast<std::size_t>((place(probabilities[i]) - low) / width);
    ++chart.series[labels[i] > 0.5 ? 1 : 0].counts[(std::min)(bins - 1, bin)];
  }
  return chart;
}

}  // namespace mlsd::report
