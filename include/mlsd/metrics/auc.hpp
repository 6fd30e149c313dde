#pragma once

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "mlsd/core/result.hpp"
#include "mlsd/stats/radix_sort.hpp"

namespace mlsd {

namespace detail {

template <class Real> using key_of_t = decltype(ordered_key(Real{}));

/// Number of pairs (positive, negative) with negative < positive, or with negative <= positive where `OrEqual`.
/// Both ascending. One step of the merge a row, without a branch on the data.
template <bool OrEqual, class Key>
std::uint64_t pairs_below(std::span<const Key> positive, std::span<const Key> negative) noexcept {
  const Key *p = positive.data(), *p_end = p + positive.size();
  const Key *q = negative.data(), *q_end = q + negative.size();
  std::uint64_t pairs = 0, below = 0;
  while (p != p_end && q != q_end) {
    const bool step = OrEqual ? *q <= *p : *q < *p;
    pairs += step ? 0 : below;
    below += step;
    q += step;
    p += !step;
  }
  return pairs + below * static_cast<std::uint64_t>(p_end - p);
}

/// Twice the number of pairs (positive, negative) in order, ties counting half. Sorts both. O(n).
template <class Key>
std::uint64_t pairs_in_order(std::span<Key> positive, std::span<Key> negative, std::span<Key> scratch) {
  const auto same = [](Key k) { return k; };
  radix_sort(positive, scratch.first(positive.size()), same);
  radix_sort(negative, scratch.first(negative.size()), same);
  return pairs_below<false, Key>(positive, negative) + pairs_below<true, Key>(positive, negative);
}

template <class Key> struct weighted_row {
  Key key;
  bool positive;
  double weight;
};
/// sum w_i w_j ([s_i > s_j] + [s_i = s_j] / 2) / (W+ W-). Sorts the rows.
template <class Key> double weighted_auc(std::span<weighted_row<Key>> rows, std::span<weighted_row<Key>> scratch) {
  radix_sort(rows, scratch, [](const weighted_row<Key>& r) { return r.key; });
  double largest = 0;
  for (const weighted_row<Key>& r : rows) largest = (std::max)(largest, r.weight);
  const int exponent = largest > 0 ? -std::ilogb(largest) : 0;  // keeps products of tiny weights from vanishing
  double below = 0, positives = 0, sum = 0;
  for (std::size_t i = 0; i < rows.size();) {
    double here[2] = {0, 0};
    const Key key = rows[i].key;
    for (; i < rows.size() && rows[i].key == key; ++i) here[rows[i].positive] += std::scalbn(rows[i].weight, exponent);
    sum += here[1] * (below + 0.5 * here[0]);
    below += here[0];
    positives += here[1];
  }
  return positives > 0 && below > 0 ? sum / positives / below : std::numeric_limits<double>::quiet_NaN();
}

/// 1 or 0, or 2 for a row that cannot be used.
template <class Real> constexpr unsigned usable_label(Real score, double label, double weight) noexcept {
  const bool one = label == 1;
  const bool usable = (score == score) & (one | (label == 0)) & (weight >= 0) &
                      (weight <= (std::numeric_limits<double>::max)());  // & and |: labels are hard to predict
  return usable ? static_cast<unsigned>(one) : 2u;
}

template <class Real, class Weight>
double auc(std::span<const Real> scores, std::span<const Real> labels, std::span<const Weight> weights) {
  assert(labels.size() == scores.size() && (weights.empty() || weights.size() == scores.size()));
  using key = key_of_t<Real>;
  const std::size_t n = scores.size();
  if (!weights.empty()) {
    std::vector<weighted_row<key>> rows;
    rows.reserve(n);
    for (std::size_t i = 0; i < n; ++i) {
      const double w = static_cast<double>(weights[i]);
      const unsigned y = usable_label(scores[i], static_cast<double>(labels[i]), w);
      if (y != 2 && w > 0) rows.push_back({ordered_key(scores[i]), y == 1, w});
    }
    std::vector<weighted_row<key>> scratch(rows.size());
    return weighted_auc<key>(rows, scratch);
  }
  std::vector<key> keys(n), scratch(n);
  std::size_t front = 0, back = n;  // positives fill from the front, negatives from the back
  for (std::size_t i = 0; i < n; ++i) {
    const unsigned y = usable_label(scores[i], static_cast<double>(labels[i]), 1);
    if (y == 2) continue;
    const key k = ordered_key(scores[i]);
    keys[front] = k;
    keys[back - 1] = k;
    front += y;
    back -= 1 - y;
  }
  const std::size_t negatives = n - back;
  if (front == 0 || negatives == 0) return std::numeric_limits<double>::quiet_NaN();
  const std::span<key> all(keys);
  const auto twice = pairs_in_order(all.first(front), all.last(negatives), std::span<key>(scratch));
  return static_cast<double>(twice) / 2 / (static_cast<double>(front) * static_cast<double>(negatives));
}

}  // namespace detail

/// Area under the ROC curve, exact: the chance that a random positive scores above a random negative, ties half
/// (Mann-Whitney). scores, labels [n], weights [n] or none. With weights:
/// sum over pairs w_i w_j ([s_i > s_j] + [s_i = s_j] / 2) / (W+ W-).
/// O(n) (radix sort). Allocates 8 bytes a row for float scores, 16 for double; with weights 32 and 48.
/// -0.0 and +0.0 tie; infinite scores are scores. Rows with a NaN score, a label that is not 0 or 1, or a weight that
/// is NaN, infinite or negative are left out (`auc_metric` and `delong` count them). One class only, no row, or no
/// weight in a class: NaN. Without weights the pair count is an exact integer, so row order changes no bit.
/// Source: Hanley, McNeil (1982); weights as in Fawcett (2006).
template <class = void>
[[nodiscard]] double auc(std::span<const float> scores, std::span<const float> labels,
                         std::span<const float> weights = {}) {
  return detail::auc(scores, labels, weights);
}
template <class = void>
[[nodiscard]] double auc(std::span<const double> scores, std::span<const double> labels,
                         std::span<const double> weights = {}) {
  return detail::auc(scores, labels, weights);
}

/// The area under the ROC curve of a stream, exact: keeps every (score, label, weight), 5 bytes a row (13 once a
/// weight other than 1 was seen). `binned_auc` needs constant memory instead.
/// Update: amortised O(1). Merge: appends, O(rows of the other), associative bit for bit. `value`: as `auc`.
/// Ties, NaN, one class: as `auc`; rows left out are counted by `skipped()`.
class auc_metric {
 public:
  template <class = void> void update(float score, float label, double weight = 1) {
    const unsigned y = detail::usable_label(score, static_cast<double>(label), weight);
    if (y == 2) {
      ++skipped_;
      return;
    }
    if (weight != 1 && weights_.empty()) weights_.assign(scores_.size(), 1.0);
    if (weight != 1 || !weights_.empty()) weights_.push_back(weight);
    scores_.push_back(score);
    labels_.push_back(static_cast<std::uint8_t>(y));
  }
  template <class = void> void merge(const auc_metric& other) {
    if (!weights_.empty() || !other.weights_.empty()) {
      weights_.resize(scores_.size(), 1.0);
      weights_.insert(weights_.end(), other.weights_.begin(), other.weights_.end());
      weights_.resize(scores_.size() + other.scores_.size(), 1.0);
    }
    scores_.insert(scores_.end(), other.scores_.begin(), other.scores_.end());
    labels_.insert(labels_.end(), other.labels_.begin(), other.labels_.end());
    skipped_ += other.skipped_;
  }
  template <class = void> [[nodiscard]] double value() const {
    const std::vector<float> labels = this->labels();
    if (weights_.empty()) return auc(scores_, labels);
    return detail::auc<float, double>(scores_, labels, weights_);
  }

  [[nodiscard]] std::span<const float> scores() const noexcept { return scores_; }
  [[nodiscard]] std::vector<float> labels() const { return {labels_.begin(), labels_.end()}; }
  /// Empty while all weights are 1.
  [[nodiscard]] std::span<const double> weights() const noexcept { return weights_; }
  [[nodiscard]] std::uint64_t rows() const noexcept { return scores_.size(); }
  [[nodiscard]] std::uint64_t skipped() const noexcept { return skipped_; }

  friend bool operator==(const auc_metric&, const auc_metric&) = default;

  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("scores", self.scores_);
    ar("labels", self.labels_);
    ar("weights", self.weights_);
    ar("skipped", self.skipped_);
  }
  template <class = void> [[nodiscard]] result<void> validate() const {
    if (labels_.size() != scores_.size() || (!weights_.empty() && weights_.size() != scores_.size()))
      return error{errc::corrupt, "scores, labels and weights differ in length"};
    for (std::size_t i = 0; i < scores_.size(); ++i)
      if (detail::usable_label(scores_[i], labels_[i], weights_.empty() ? 1.0 : weights_[i]) == 2)
        return error{errc::corrupt, "row " + std::to_string(i) + " is not a score with a label of 0 or 1"};
    return {};
  }

 private:
  std::vector<float> scores_;
  std::vector<std::uint8_t> labels_;
  std::vector<double> weights_;
  std::uint64_t skipped_ = 0;
};

}  // namespace mlsd
