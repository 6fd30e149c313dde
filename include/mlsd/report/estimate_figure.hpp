#pragma once

#include <cmath>
#include <string>
#include <utility>

#include "mlsd/report/page.hpp"
#include "mlsd/report/table.hpp"
#include "mlsd/report/text.hpp"

namespace mlsd::report {

/// A metric as a figure to remember, its interval below it: `estimate_figure("AUC", auc, 4)`. `decimals` below zero:
/// three significant digits. Ends that are NaN leave the interval out.
template <estimated E>
[[nodiscard]] key_figure estimate_figure(std::string label, const E& e, int decimals = -1, bool as_percent = false) {
  const auto text_of = [&](double v) {
    if (decimals < 0) return as_percent && std::isfinite(v) ? compact(100 * v) + "%" : compact(v);
    return as_percent ? percent(v, decimals) : fixed(v, decimals);
  };
  std::string note;
  if (!std::isnan(e.ci.lower) && !std::isnan(e.ci.upper))
    note = compact(100 * e.ci.level) + "%: " + text_of(e.ci.lower) + " to " + text_of(e.ci.upper);
  return {.label = std::move(label), .value = text_of(e.value), .note = std::move(note)};
}

}  // namespace mlsd::report
