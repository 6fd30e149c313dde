#pragma once

#include "mlsd/stats/radix_sort.hpp"

#include <cassert>
#include <cstddef>
#include <span>
#include <vector>

namespace mlsd::detail {

struct weighted_value {
  double value = 0, weight = 1;
};

/// The constant of least pinball loss: the first value, in order, up to which more than `level` of the weight lies;
/// where it is exactly `level`, halfway to the next one. Sorts `values`; `scratch` grows to as many. O(n). Requires one
/// value of positive weight, and no NaN.
template <class = void>
[[nodiscard]] double weighted_quantile(std::span<weighted_value> values, double level,
                                       std::vector<weighted_value>& scratch) {
  assert(!values.empty() && level > 0 && level < 1);
  if (scratch.size() < values.size()) scratch.resize(values.size());
  radix_sort(values, std::span(scratch).first(values.size()),
             [](const weighted_value& v) { return ordered_key(v.value); });
  double total = 0;
  for (const weighted_value& v : values) total += v.weight;
  const double wanted = level * total;
  double below = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    below += values[i].weight;
    if (below < wanted || !(below > 0)) continue;
    if (below > wanted) return values[i].value;
    for (std::size_t next = i + 1; next < values.size(); ++next)
      if (values[next].weight > 0) return 0.5 * values[i].value + 0.5 * values[next].value;
    return values[i].value;
  }
  return values.back().value;
}

/// The same of labels [n], row i weighing `weight(i)`. O(n), allocates 32 bytes a row.
template <class Weight>
[[nodiscard]] double label_quantile(std::span<const float> labels, double level, Weight weight) {
  std::vector<weighted_value> values, scratch;
  values.reserve(labels.size());
  for (std::size_t i = 0; i < labels.size(); ++i)
    if (const double w = weight(i); w > 0) values.push_back({static_cast<double>(labels[i]), w});
  return values.empty() ? 0.0 : weighted_quantile(values, level, scratch);
}

}  // namespace mlsd::detail
