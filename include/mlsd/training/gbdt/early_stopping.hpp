#pragma once

#include "mlsd/core/fp.hpp"
#include "mlsd/data/groups.hpp"
#include "mlsd/data/training_rows.hpp"
#include "mlsd/training/loss/class_loss.hpp"
#include "mlsd/training/loss/group_loss.hpp"
#include "mlsd/training/loss/loss_function.hpp"

#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <type_traits>
#include <vector>

namespace mlsd {

/// When to stop before the last tree. Without validation rows all trees are grown. A metric that is NaN is no
/// improvement; where it never was a number, the trees that were grown until then stay. `validation` points to a
/// `labelled_matrix` or a `labelled_sparse`, whichever the training rows are; the rows are not copied.
struct early_stopping {
  labelled_rows validation{};
  /// Trees, or iterations of a tree a class, without improvement that are waited for; 0: never stop, keep the best.
  std::uint32_t rounds = 50;
};

/// What a callback sees after each tree, or with a loss of classes after each iteration of a tree a class, and then all
/// counts are of iterations; valid during the call. `validation` is the metric, NaN without validation.
struct gbdt_iteration {
  std::uint32_t trees = 0, of = 0;  ///< grown so far, asked for
  double validation = (std::numeric_limits<double>::quiet_NaN)();
  std::uint32_t best_trees = 0;  ///< where `validation` was best; without validation, `trees`
  const void* training = nullptr;
  double (*loss_of)(const void*) = nullptr;

  /// The mean loss of the training rows by weight, or of their groups. O(rows), paid only by those who ask.
  [[nodiscard]] double training_loss() const { return loss_of(training); }
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

/// A metric of lists, such as NDCG: fed with the predictions and labels of one group after the other.
template <class M>
concept group_metric = std::default_initializable<M> &&
                       requires(M m, const M& c, std::span<const double> predictions, std::span<const float> labels) {
                         m.update(predictions, labels);
                         { c.value() } -> std::convertible_to<double>;
                         { M::greater_is_better } -> std::convertible_to<bool>;
                       };

namespace detail {

/// Any callback as one type, so that boosting is compiled once for all of them. The callback is not copied.
class iteration_callback {
 public:
  template <class F>
    requires(!std::same_as<F, iteration_callback>)
  explicit iteration_callback(F& f) noexcept
      : f_(const_cast<void*>(static_cast<const void*>(&f))), call_([](void* g, const gbdt_iteration* i) -> bool {
          F& callback = *static_cast<F*>(g);
          if (i != nullptr) return callback(*i);
          if constexpr (requires { callback.rows_binned(); }) callback.rows_binned();
          return true;
        }) {}
  [[nodiscard]] bool operator()(const gbdt_iteration& i) const { return call_(f_, &i); }
  void rows_binned() const { call_(f_, nullptr); }

 private:
  void* f_;
  bool (*call_)(void*, const gbdt_iteration*);  // without an iteration: the rows are binned
};

template <class M> inline constexpr bool is_loss = loss_function<M> || group_loss<M> || class_loss<M>;
/// Whether a loss or metric reads the groups of rows.
template <class M> inline constexpr bool reads_groups = group_loss<M> || (!is_loss<M> && group_metric<M>);

/// The loss itself where it is the metric, with its settings.
template <class Metric, class Loss> [[nodiscard]] Metric metric_of(const Loss& loss) {
  if constexpr (std::is_same_v<Metric, Loss>) {
    return loss;
  } else {
    return Metric{};
  }
}

template <class Metric> [[nodiscard]] constexpr bool better(double a, double b) noexcept {
  if constexpr (is_loss<Metric>) {
    return a < b;
  } else {
    return Metric::greater_is_better ? a > b : a < b;
  }
}

/// After how many trees the metric was best, and whether it is time to stop.
template <class Metric> class best_so_far {
 public:
  /// Starts from `trees` trees, and from their metric where there are any.
  best_so_far(const early_stopping& stop, std::size_t trees) noexcept : stop_(stop), trees_(trees) {}

  /// Without validation rows the last is the best.
  void update(std::size_t trees, double value) noexcept {
    const bool is_first = std::isnan(value_) && !std::isnan(value);
    if (stop_.validation && !is_first && !better<Metric>(value, value_)) return;
    trees_ = trees;
    value_ = value;
  }
  [[nodiscard]] std::size_t trees() const noexcept { return trees_; }
  /// How many of all trees stay: all of them where the metric never was a number.
  [[nodiscard]] std::size_t kept(std::size_t all) const noexcept { return std::isnan(value_) ? all : trees_; }
  [[nodiscard]] bool is_long_ago(std::size_t trees) const noexcept {
    return stop_.validation && stop_.rounds != 0 && trees >= trees_ + stop_.rounds;
  }

 private:
  const early_stopping& stop_;
  std::size_t trees_;
  double value_ = (std::numeric_limits<double>::quiet_NaN)();
};

/// The mean loss or the metric of margins [n]; NaN without weight, 0 for no group. `groups` is read by those of lists.
template <class Metric>
[[nodiscard]] MLSD_UNCONTRACTED double evaluate(Metric metric, const labelled_rows& rows, const row_groups& groups,
                                                std::span<const double> margin, link_function output) {
  MLSD_CONTRACT_OFF
  const std::span<const float> label(rows.label);
  if constexpr (loss_function<Metric>) {
    double sum = 0, total = 0;
    for (std::size_t i = 0; i < margin.size(); ++i) {
      const double w = static_cast<double>(rows.weight_of(i));
      if (!(w > 0)) continue;
      sum += w * metric.value(margin[i], label[i]);
      total += w;
    }
    return total > 0 ? sum / total : (std::numeric_limits<double>::quiet_NaN)();
  } else if constexpr (group_loss<Metric>) {
    typename Metric::scratch scratch;
    double sum = 0;
    for (std::size_t g = 0; g < groups.size(); ++g) {
      const std::size_t first = groups.first(g), n = groups.last(g) - first;
      sum += metric.value(margin.subspan(first, n), label.subspan(first, n), scratch);
    }
    return groups.size() != 0 ? sum / static_cast<double>(groups.size()) : 0.0;
  } else if constexpr (group_metric<Metric>) {
    std::vector<double> prediction(margin.begin(), margin.end());
    for (double& p : prediction) p = apply(output, p);
    for (std::size_t g = 0; g < groups.size(); ++g) {
      const std::size_t first = groups.first(g), n = groups.last(g) - first;
      metric.update(std::span<const double>(prediction).subspan(first, n), label.subspan(first, n));
    }
    return metric.value();
  } else {
    static_assert(validation_metric<Metric>,
                  "the metric of early stopping is a loss, or has update(prediction, label, weight) or "
                  "update(predictions, labels) of a group, value() and a constant greater_is_better");
    for (std::size_t i = 0; i < margin.size(); ++i)
      metric.update(apply(output, margin[i]), label[i], rows.weight_of(i));
    return metric.value();
  }
}

}  // namespace detail
}  // namespace mlsd
