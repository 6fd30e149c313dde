#pragma once

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "mlsd/core/time.hpp"
#include "mlsd/report/line_chart.hpp"
#include "mlsd/stats/interval.hpp"
#include "mlsd/stats/moments.hpp"
#include "mlsd/stats/t_distribution.hpp"

namespace mlsd::report {

/// A figure over time: the mean of what falls into each stretch of `width`, with its 95% interval; a click-through rate
/// by the day, recall by the hour. Stretches begin at multiples of the width since 1970. Update: O(1) in the order of
/// time, else O(log stretches), and O(stretches) for a new one in between.
class time_series {
 public:
  time_series(std::string name, duration width) : name_(std::move(name)), width_(width) { assert(width.ms > 0); }

  template <class = void> void update(timestamp at, double value) {
    moments& values = stretch_of(floor_to(at, width_).ms);
    values.update(value);
    binary_ = binary_ && (value == 0 || value == 1 || std::isnan(value));
  }

  /// For a chart with an axis of time. A point stands in the middle of its stretch; a stretch without values is a gap.
  /// Intervals: Wilson's where all values are 0 and 1, else Student's; none for a single value.
  template <class = void> [[nodiscard]] line to_line() const {
    line out{.name = name_};
    const auto put = [&out](double x, double y, const interval& ci) {
      out.x.push_back(x);
      out.y.push_back(y);
      out.low.push_back(ci.lower);
      out.high.push_back(ci.upper);
    };
    const double half = static_cast<double>(width_.ms) / 2;
    for (std::size_t i = 0; i < stretches_.size(); ++i) {
      const auto& [start, values] = stretches_[i];
      if (i > 0 && start - stretches_[i - 1].start > width_.ms)
        put(static_cast<double>(stretches_[i - 1].start) + 3 * half, std::nan(""), {});
      put(static_cast<double>(start) + half, values.mean(), interval_of(values));
    }
    return out;
  }

 private:
  struct stretch {
    std::int64_t start = 0;
    moments values{};
  };

  template <class = void> [[nodiscard]] moments& stretch_of(std::int64_t start) {
    if (stretches_.empty() || stretches_.back().start < start) stretches_.push_back({start, {}});
    if (stretches_.back().start == start) return stretches_.back().values;
    auto at = std::lower_bound(stretches_.begin(), stretches_.end(), start,
                               [](const stretch& s, std::int64_t t) { return s.start < t; });
    if (at->start != start) at = stretches_.insert(at, {start, {}});
    return at->values;
  }
  template <class = void> [[nodiscard]] interval interval_of(const moments& values) const {
    const double n = values.weight();
    if (binary_) return wilson_interval({.successes = values.mean() * n, .trials = n});
    if (!(n >= 2)) return {};
    const double half = t_distribution{n - 1}.critical(0.025) * std::sqrt(values.variance() / n);
    return {values.mean() - half, values.mean() + half};
  }

  std::string name_;
  duration width_;
  std::vector<stretch> stretches_{};
  bool binary_ = true;
};

}  // namespace mlsd::report
