#pragma once

#include <span>
#include <string>
#include <utility>

#include "mlsd/metrics/reliability.hpp"
#include "mlsd/report/line_chart.hpp"

namespace mlsd::report {

/// The observed share against the predicted one, a point a bin with Wilson's 95% interval: a line for a `line_chart`
/// with `.diagonal = true`. Bins without rows are left out.
template <class = void> [[nodiscard]] line calibration_points(std::string name, std::span<const reliability_bin> bins) {
  line out{.name = std::move(name), .joined = false};
  for (const reliability_bin& bin : bins) {
    if (!(bin.weight > 0)) continue;
    const interval rate = bin.rate_interval();
    out.x.push_back(bin.mean_predicted());
    out.y.push_back(bin.rate());
    out.low.push_back(rate.lower);
    out.high.push_back(rate.upper);
  }
  return out;
}

/// The reliability diagram of one model. `scale`: `log` where most probabilities are small.
template <class = void>
[[nodiscard]] line_chart calibration_chart(std::string model, std::span<const reliability_bin> bins,
                                           axis_scale scale = axis_scale::linear) {
  line_chart chart{.title = "Calibration of " + model,
                   .note = std::to_string(bins.size()) + " bins, with 95% intervals",
                   .x = {.label = "predicted probability", .scale = scale},
                   .y = {.label = "share of positives", .scale = scale},
                   .diagonal = true};
  chart.lines.push_back(calibration_points(std::move(model), bins));
  return chart;
}

}  // namespace mlsd::report
