// What the average over ties must be: the mean of the stable figure over every order in which the items can come in.
#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <vector>

#include "mlsd/metrics/ranked_query.hpp"

namespace mlsd_test {

template <class Figure>
double mean_over_every_order(Figure figure, const std::vector<float>& scores, const std::vector<float>& labels) {
  figure.ties = mlsd::tied::stable;
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::vector<float> s(scores.size()), y(scores.size());
  double sum = 0, count = 0;
  do {
    for (std::size_t i = 0; i < order.size(); ++i) s[i] = scores[order[i]], y[i] = labels[order[i]];
    sum += figure(mlsd::ranked_query::of(s, y));
    ++count;
  } while (std::next_permutation(order.begin(), order.end()));
  return sum / count;
}

/// Calls `check(scores, labels)` with queries of up to 6 items that tie a lot, some of them not retrieved.
template <class Check> void for_tied_queries(Check&& check) {
  const float missed = -(std::numeric_limits<float>::infinity)();
  const std::vector<std::vector<float>> scores{
      {1, 1, 1, 1, 1}, {2, 2, 1, 1, 1, 0}, {3, 2, 2, 2, 1, 1}, {1, 1}, {5}, {4, 3, 2, 1}, {2, 1, 1, missed, missed}};
  const std::vector<std::vector<float>> labels{
      {1, 0, 0, 1, 0, 2}, {0, 0, 1, 0, 0, 3}, {1, 1, 1, 1, 1, 1}, {0, 3, 0, 2, 1, 0}};
  for (const auto& s : scores)
    for (const auto& y : labels)
      if (std::vector<float> here(y.begin(), y.begin() + static_cast<std::ptrdiff_t>(s.size()));
          std::any_of(here.begin(), here.end(), [](float v) { return v > 0; }))
        check(s, here);
}

}  // namespace mlsd_test
