#pragma once

#include "mlsd/core/hash.hpp"
#include "mlsd/core/math.hpp"
#include "mlsd/core/random.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/data/examples.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace mlsd {

/// Which share of each class was kept. Rows kept at these rates train a model whose odds are too high by
/// positives / negatives; `shift()` is what its margins lack (log of the inverse).
/// Source: He et al., Practical lessons from predicting clicks on ads at Facebook (2014), section 6.3.
struct keep_rates {
  double negatives = 1, positives = 1;

  template <class = void> [[nodiscard]] result<void> check() const {
    if (negatives > 0 && negatives <= 1 && positives > 0 && positives <= 1) return {};
    return error{errc::invalid_argument, "keep rates: both must be in (0, 1]"};
  }
  [[nodiscard]] double shift() const noexcept { return math::log(negatives / positives); }
  /// The probability in the whole population, from that among the kept rows.
  [[nodiscard]] double undo(double p) const noexcept { return p / (p + (1 - p) * positives / negatives); }
  friend bool operator==(const keep_rates&, const keep_rates&) = default;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("negatives", self.negatives);
    ar("positives", self.positives);
  }
};

/// Rows that were kept, in increasing order, and the rates to `recalibrate` with.
struct row_sample {
  std::vector<std::size_t> rows{};
  keep_rates rates{};
};

/// Thins classes out: keeps each row with the probability of its class. Whether a row is kept depends on the seed and
/// its key alone (its index, unless keys are given): not on other rows, their order, or threads. O(n).
/// Keys that identify events make the sample the same however the log is cut or sorted.
/// Errors: rates outside (0, 1], no rows, a label that is not 0 or 1. A class may come out empty; trainers say so.
struct downsample {
  keep_rates keep{};
  std::uint64_t seed = 0;

  [[nodiscard]] result<row_sample> operator()(std::span<const float> label,
                                              std::span<const std::uint64_t> key = {}) const {
    if (auto r = keep.check(); !r) return r.error();
    if (label.empty()) return error{errc::empty, "downsample: no rows"};
    if (!key.empty() && key.size() != label.size())
      return error{errc::invalid_argument, "downsample: " + std::to_string(label.size()) + " labels but " +
                                               std::to_string(key.size()) + " keys"};
    const random_stream random(seed, stream);
    row_sample sample{{}, keep};
    for (std::size_t i = 0; i < label.size(); ++i) {
      if (label[i] != 0 && label[i] != 1)
        return error{errc::invalid_argument, "downsample: row " + std::to_string(i) + ": the label is not 0 or 1"};
      const double rate = label[i] == 1 ? keep.positives : keep.negatives;
      if (rate >= 1 || random_stream::to_uniform(random.at(key.empty() ? i : key[i])) < rate) sample.rows.push_back(i);
    }
    return sample;
  }

 private:
  static constexpr std::uint64_t stream = xxh64("mlsd.downsample");  // unlike those of other uses of one seed
};

/// The named rows with label, weight and group, in the order given; a row may be named more than once.
/// Requires every index to be a row. Allocates the result.
template <class = void>
[[nodiscard]] labelled_matrix gather(const labelled_matrix& from, std::span<const std::size_t> rows) {
  const auto info = from.x.info();
  labelled_matrix to{feature_matrix({info.begin(), info.end()}, rows.size()), {}, {}, {}};
  const auto take = [&](const auto& source, auto&& target) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      assert(rows[i] < source.size());
      target[i] = source[rows[i]];
    }
  };
  for (std::size_t j = 0; j < from.x.number_columns(); ++j) take(from.x.number(j), to.x.number(j));
  for (std::size_t j = 0; j < from.x.code_columns(); ++j) take(from.x.code(j), to.x.code(j));
  const auto take_all = [&](const auto& source, auto& target) {
    if (source.empty()) return;
    target.resize(rows.size());
    take(source, target);
  };
  take_all(from.label, to.label);
  take_all(from.weight, to.weight);
  take_all(from.group, to.group);
  return to;
}

/// Rows of a training matrix are training rows: what was out of fold stays so.
template <class = void>
[[nodiscard]] training_matrix gather(const training_matrix& from, std::span<const std::size_t> rows) {
  return training_matrix::out_of_fold(gather(from.rows(), rows));
}

/// [n]: each row's weight (1 without `weight`) divided by the rate at which its class was kept. A model trained with
/// these needs no recalibration. Requires valid rates and labels.
template <class = void>
[[nodiscard]] std::vector<float> inverse_rate_weights(const keep_rates& rates, std::span<const float> label,
                                                      std::span<const float> weight = {}) {
  assert(weight.empty() || weight.size() == label.size());
  std::vector<float> out(label.size());
  for (std::size_t i = 0; i < label.size(); ++i) {
    const double w = weight.empty() ? 1.0 : static_cast<double>(weight[i]);
    out[i] = static_cast<float>(w / (label[i] == 1 ? rates.positives : rates.negatives));
  }
  return out;
}

/// [n]: each row's weight (1 without `weight`) times total / (2 * total of its class): both classes weigh the same, and
/// all together what they did. Errors: no rows, lengths, a label that is not 0 or 1, a bad weight, one class only.
template <class = void>
[[nodiscard]] result<std::vector<float>> balanced_weights(std::span<const float> label,
                                                          std::span<const float> weight = {}) {
  const auto row = [](std::size_t i) { return "balanced weights: row " + std::to_string(i) + ": "; };
  if (label.empty()) return error{errc::empty, "balanced weights: no rows"};
  if (!weight.empty() && weight.size() != label.size())
    return error{errc::invalid_argument, "balanced weights: " + std::to_string(label.size()) + " labels but " +
                                             std::to_string(weight.size()) + " weights"};
  const auto weight_of = [&](std::size_t i) { return weight.empty() ? 1.0 : static_cast<double>(weight[i]); };
  double total[2] = {0, 0};
  for (std::size_t i = 0; i < label.size(); ++i) {
    if (label[i] != 0 && label[i] != 1) return error{errc::invalid_argument, row(i) + "the label is not 0 or 1"};
    if (!(std::isfinite(weight_of(i)) && weight_of(i) >= 0))
      return error{errc::not_finite, row(i) + "the weight is negative or not finite"};
    total[label[i] == 1] += weight_of(i);
  }
  if (!(total[0] > 0 && total[1] > 0))
    return error{errc::one_class, "balanced weights: every row that weighs something has one label"};
  std::vector<float> out(label.size());
  for (std::size_t i = 0; i < label.size(); ++i)
    out[i] = static_cast<float>(weight_of(i) * (total[0] + total[1]) / (2 * total[label[i] == 1]));
  return out;
}

}  // namespace mlsd
