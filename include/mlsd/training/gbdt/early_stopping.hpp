#pragma once

#include "mlsd/data/examples.hpp"
#include "mlsd/training/loss.hpp"

#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

namespace mlsd {

/// When to stop before the last tree. Without validation rows all trees are grown. The rows are not copied.
struct early_stopping {
  const labelled_matrix* validation = nullptr;
  std::uint32_t rounds = 50;  ///< trees without improvement that are waited for; 0: never stop, keep the best
};

/// What a callback sees after each tree. Losses are means by weight; `validation` is the metric, NaN without
/// validation.
struct gbdt_iteration {
  std::uint32_t trees = 0, of = 0;  ///< grown so far, asked for
  double training_loss = 0;
  double validation = (std::numeric_limits<double>::quiet_NaN)();
  std::uint32_t best_trees = 0;  ///< where `validation` was best; without validation, `trees`
};

/// The callback that is not there.
struct keep_going {
  constexpr bool operator()(const gbdt_iteration&) const noexcept { return true; }
};

/// A metric for early stopping that is not a loss: fed with predictions (after the link), labels and weights.
template <class M>
concept validation_metric =
    std::default_initializable<M> && requires(M m, const M& c, double prediction, float label, float weight) {
      m.update(prediction, label, weight);
      { c.value() } -> std::convertible_to<double>;
      { M::greater_is_better } -> std::convertible_to<bool>;
    };

namespace detail {

template <class Metric> [[nodiscard]] constexpr bool better(double a, double b) noexcept {
  if constexpr (loss_function<Metric>) {
    return a < b;
  } else {
    return Metric::greater_is_better ? a > b : a < b;
  }
}

/// The mean loss or the metric of margins [n].
template <class Metric>
[[nodiscard]] double evaluate(const labelled_matrix& rows, std::span<const double> margin, link_function output) {
  if constexpr (loss_function<Metric>) {
    double sum = 0, total = 0;
    for (std::size_t i = 0; i < margin.size(); ++i) {
      const double w = static_cast<double>(rows.weight_of(i));
      if (!(w > 0)) continue;
      sum += w * Metric{}.value(margin[i], rows.label[i]);
      total += w;
    }
    return total > 0 ? sum / total : (std::numeric_limits<double>::quiet_NaN)();
  } else {
    static_assert(validation_metric<Metric>,
                  "the metric of early stopping is a loss, or has update(prediction, label, weight), value() and "
                  "a constant greater_is_better");
    Metric m{};
    for (std::size_t i = 0; i < margin.size(); ++i)
      m.update(apply(output, margin[i]), rows.label[i], rows.weight_of(i));
    return m.value();
  }
}

}  // namespace detail
}  // namespace mlsd
