#pragma once

#include "mlsd/core/fp.hpp"
#include "mlsd/data/training_rows.hpp"
#include "mlsd/scoring/link.hpp"
#include "mlsd/training/loss/class_loss.hpp"

#include <concepts>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

namespace mlsd {

/// A metric of rows of several predictions, for early stopping: fed with those of a row (after the link), its label and
/// its weight.
template <class M>
concept class_metric = std::default_initializable<M> &&
                       requires(M m, const M& c, std::span<const double> predictions, float label, float weight) {
                         m.update(predictions, label, weight);
                         { c.value() } -> std::convertible_to<double>;
                         { M::greater_is_better } -> std::convertible_to<bool>;
                       };

namespace detail {

/// The mean loss or the metric of rows of margins; NaN without weight. `read(i, out)` writes the margins of row i
/// [outputs].
template <class Metric, class Read>
[[nodiscard]] MLSD_UNCONTRACTED double evaluate_classes(Metric metric, const labelled_rows& rows, std::size_t outputs,
                                                        link_function link, Read&& read) {
  MLSD_CONTRACT_OFF
  static_assert(class_loss<Metric> || class_metric<Metric>,
                "the metric of early stopping of several classes is a loss of classes, or has update(predictions of a "
                "row, label, weight), value() and a constant greater_is_better");
  std::vector<double> values(outputs);
  double sum = 0, total = 0;
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    const float weight = rows.weight_of(i);
    if (!(weight > 0)) continue;
    read(i, std::span<double>(values));
    if constexpr (class_loss<Metric>) {
      const auto w = static_cast<double>(weight);
      sum += w * metric.value(std::span<const double>(values), rows.label[i]);
      total += w;
    } else {
      apply_in_place(link, values);
      metric.update(std::span<const double>(values), rows.label[i], weight);
    }
  }
  if constexpr (class_loss<Metric>) {
    return total > 0 ? sum / total : (std::numeric_limits<double>::quiet_NaN)();
  } else {
    return metric.value();
  }
}

}  // namespace detail
}  // namespace mlsd
