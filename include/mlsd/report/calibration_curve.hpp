#pragma once

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <utility>

#include "mlsd/report/line_chart.hpp"

namespace mlsd::report {

/// Examples of like score: their mean predicted probability, how many are positive, how many there are (or the
/// weights).
struct calibration_bin {
  double predicted = 0, positives = 0, count = 0;
};

/// An interval for a share.
struct share_interval {
  double low = 0, high = 1;
};

/// Wilson's score interval for `positives` of `count` at z standard deviations (1.96: 95%); stays in [0, 1] and is
/// right at 0 and 1 too, where the normal interval has no width. No examples: all of [0, 1]. O(1).
/// Wilson, Probable inference, the law of succession, and statistical inference, 1927.
template <class = void>
[[nodiscard]] share_interval wilson_interval(double positives, double count, double z = 1.959963984540054) {
  if (!(count > 0) || !(positives >= 0)) return {};
  const double share = positives / count, z2 = z * z, shrink = 1 + z2 / count;
  const double centre = (share + z2 / (2 * count)) / shrink;
  const double half = z / shrink * std::sqrt((std::max)(0.0, share * (1 - share) / count + z2 / (4 * count * count)));
  return {(std::max)(0.0, centre - half), (std::min)(1.0, centre + half)};
}

/// The observed share against the predicted one, a point a bin with its 95% interval: a line for a `line_chart` with
/// `.diagonal = true`. Bins without examples are left out.
template <class = void> [[nodiscard]] line calibration_points(std::string name, std::span<const calibration_bin> bins) {
  line out{.name = std::move(name), .joined = false};
  for (const calibration_bin& bin : bins) {
    if (!(bin.count > 0)) continue;
    const share_interval interval = wilson_interval(bin.positives, bin.count);
    out.x.push_back(bin.predicted);
    out.y.push_back(bin.positives / bin.count);
    out.low.push_back(interval.low);
    out.high.push_back(interval.high);
  }
  return out;
}

}  // namespace mlsd::report
