#pragma once

#include <cassert>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "mlsd/metrics/auc.hpp"

namespace mlsd {

/// What calling every score from `threshold` up positive gives.
struct precision_recall_point {
  double threshold = 0, precision = 0, recall = 0;
  friend bool operator==(const precision_recall_point&, const precision_recall_point&) = default;
};

namespace detail {

/// Weight of positives and of all rows at or above each distinct score, from the highest down.
template <class Real> struct weight_above {
  Real score;
  double positive, all;
};

/// `visit(weight_above)` for each distinct score of usable rows. Sorts; returns the weight of all positives.
template <class Real, class Weight, class Visit>
double for_each_threshold(std::span<const Real> scores, std::span<const Real> labels, std::span<const Weight> weights,
                          Visit&& visit) {
  assert(labels.size() == scores.size() && (weights.empty() || weights.size() == scores.size()));
  struct row {
    key_of_t<Real> key;
    bool positive;
    Real score;
    double weight;
  };
  std::vector<row> rows;
  rows.reserve(scores.size());
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const double w = weights.empty() ? 1.0 : static_cast<double>(weights[i]);
    const unsigned y = usable_label(scores[i], static_cast<double>(labels[i]), w);
    if (y != 2 && w > 0) rows.push_back({static_cast<key_of_t<Real>>(~ordered_key(scores[i])), y == 1, scores[i], w});
  }
  std::vector<row> scratch(rows.size());
  radix_sort(std::span(rows), std::span(scratch), [](const row& r) { return r.key; });
  weight_above<Real> above{};
  for (std::size_t i = 0; i < rows.size();) {
    above.score = rows[i].score;
    for (const auto key = rows[i].key; i < rows.size() && rows[i].key == key; ++i) {
      above.all += rows[i].weight;
      if (rows[i].positive) above.positive += rows[i].weight;
    }
    visit(above);
  }
  return above.positive;
}

template <class Real, class Weight>
std::vector<precision_recall_point> precision_recall(std::span<const Real> scores, std::span<const Real> labels,
                                                     std::span<const Weight> weights) {
  std::vector<precision_recall_point> curve;
  const double positive = for_each_threshold(scores, labels, weights, [&](const weight_above<Real>& at) {
    curve.push_back({static_cast<double>(at.score), at.positive / at.all, at.positive});
  });
  if (!(positive > 0)) return {};
  for (precision_recall_point& p : curve) p.recall /= positive;
  return curve;
}

template <class Real, class Weight>
double average_precision(std::span<const Real> scores, std::span<const Real> labels, std::span<const Weight> weights) {
  double before = 0, sum = 0;
  const double positive = for_each_threshold(scores, labels, weights, [&](const weight_above<Real>& at) {
    sum += (at.positive - before) * (at.positive / at.all);
    before = at.positive;
  });
  return positive > 0 ? sum / positive : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace detail

/// Precision and recall at every distinct score, from the highest down; recall ends at 1. scores, labels [n], weights
/// [n] or none. O(n) (radix sort), allocates 48 bytes a row for float scores, 64 for double, and the curve.
/// No positive: an empty curve. Rows are left out, and tied, as by `auc`.
template <class = void>
[[nodiscard]] std::vector<precision_recall_point> precision_recall_curve(std::span<const float> scores,
                                                                         std::span<const float> labels,
                                                                         std::span<const float> weights = {}) {
  return detail::precision_recall(scores, labels, weights);
}
template <class = void>
[[nodiscard]] std::vector<precision_recall_point> precision_recall_curve(std::span<const double> scores,
                                                                         std::span<const double> labels,
                                                                         std::span<const double> weights = {}) {
  return detail::precision_recall(scores, labels, weights);
}

}  // namespace mlsd
