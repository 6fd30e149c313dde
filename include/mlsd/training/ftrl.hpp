#pragma once

#include "mlsd/core/hash.hpp"
#include "mlsd/core/matrix_view.hpp"
#include "mlsd/core/random.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/data/examples.hpp"
#include "mlsd/scoring/linear.hpp"
#include "mlsd/training/ftrl_learner.hpp"
#include "mlsd/training/loss.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

namespace mlsd {

/// Where `ftrl_trainer` has got to. `loss` is the weighted mean loss of the rows since the last report, each before it
/// was learnt; NaN if they weigh nothing.
struct ftrl_progress {
  std::uint32_t pass = 0, passes = 1;
  std::size_t rows = 0, of_rows = 0;  ///< rows learnt in this pass
  double loss = 0;
};

namespace detail {
struct never_stop {
  constexpr bool operator()(const ftrl_progress&) const noexcept { return true; }
};
}  // namespace detail

/// Trains a `linear_model` by passes of `ftrl_learner` over the rows in their order, or in a new random order each
/// pass. The margin starts at the best constant of the loss. O(passes * rows * features); deterministic,
/// single-threaded. `on_progress(ftrl_progress)` is called every 65,536 rows and after each pass; false ends training
/// with what is learnt. Errors: settings out of range, no rows, labels or weights that are not finite or outside the
/// loss's domain, one class.
struct ftrl_trainer {
  float alpha = 0.1f, beta = 1, l1 = 0, l2 = 0;  ///< as in `ftrl_config`
  std::uint32_t passes = 1;
  bool shuffle = false;  ///< for rows that are not a stream in time
  std::uint64_t seed = 0;

  template <loss_function Loss = logistic, std::predicate<const ftrl_progress&> OnProgress = detail::never_stop>
  [[nodiscard]] result<linear_model> fit(const training_matrix& data, OnProgress&& on_progress = {}) const {
    if (passes == 0) return error{errc::invalid_argument, "ftrl: passes must be at least 1"};
    if (auto r = check(data.rows()); !r) return r.error();
    if (auto r = Loss{}.check(data.label(), data.weight()); !r) return r.error();
    const double base = Loss{}.initial(data.label(), data.weight());
    auto learner = ftrl_learner<Loss>::make({alpha, beta, l1, l2, base}, layout_of(data.x()));
    if (!learner) return learner.error();

    std::vector<std::size_t> order(shuffle ? data.size() : 0);
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (std::uint32_t pass = 0; pass < passes; ++pass) {
      if (shuffle) random_stream(combine(seed, stream), pass).shuffle(order);
      if (!run_pass(*learner, data, order, pass, on_progress)) break;
    }
    return learner->model();
  }

  /// The columns of `x` as a linear model sees them.
  template <class = void> [[nodiscard]] static linear_layout layout_of(const feature_matrix& x) {
    std::vector<std::uint32_t> cardinality;
    for (const feature_info& f : x.info())
      if (f.is_code()) cardinality.push_back(f.cardinality);
    return linear_layout(x.number_columns(), cardinality);
  }

 private:
  static constexpr std::uint64_t stream = xxh64("mlsd.ftrl");  // unlike those of other uses of one seed
  static constexpr std::size_t report_every = 65536, ahead = 8;

  template <class Loss, class OnProgress>
  bool run_pass(ftrl_learner<Loss>& learner, const training_matrix& data, const std::vector<std::size_t>& order,
                std::uint32_t pass, OnProgress& on_progress) const {
    const mixed_columns x = data.x().columns();
    const std::size_t n = data.size();
    // A ring of rows gathered ahead of use, so that their weights are on the way from memory when they are learnt.
    std::vector<float> numbers(ahead * x.number_columns);
    std::vector<std::uint32_t> codes(ahead * x.code_columns);
    const auto at = [&](std::size_t i) {
      return mixed_row{{numbers.data() + i % ahead * x.number_columns, x.number_columns},
                       {codes.data() + i % ahead * x.code_columns, x.code_columns}};
    };
    const auto row_of = [&](std::size_t i) { return order.empty() ? i : order[i]; };
    const auto load = [&](std::size_t i) {
      if (i >= n) return;
      x.gather(row_of(i), numbers.data() + i % ahead * x.number_columns, codes.data() + i % ahead * x.code_columns);
      learner.prefetch(at(i));
    };
    for (std::size_t i = 0; i < ahead; ++i) load(i);
    double loss = 0, total = 0;
    for (std::size_t i = 0; i < n; ++i) {
      const std::size_t row = row_of(i);
      const float label = data.label()[row], weight = data.rows().weight_of(row);
      const double margin = learner.learn(at(i), label, weight);
      load(i + ahead);
      if constexpr (!std::same_as<OnProgress, detail::never_stop>) {
        loss += double{weight} * Loss{}.value(margin, label);
        total += double{weight};
        if ((i + 1) % report_every != 0 && i + 1 != n) continue;
        if (!on_progress(ftrl_progress{pass, passes, i + 1, n, loss / total})) return false;
        loss = total = 0;
      }
    }
    return true;
  }
};

}  // namespace mlsd
