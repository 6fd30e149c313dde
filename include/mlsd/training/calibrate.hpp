#pragma once

#include "mlsd/core/math.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/data/examples.hpp"
#include "mlsd/data/sample.hpp"
#include "mlsd/scoring/calibrated.hpp"
#include "mlsd/scoring/margin_shift.hpp"
#include "mlsd/training/isotonic.hpp"
#include "mlsd/training/platt.hpp"

#include <concepts>
#include <span>
#include <utility>
#include <vector>

namespace mlsd {

/// Fits a calibration map to margins and labels: `isotonic`, `platt`, `temperature`, or a user's own.
template <class M>
concept calibration_method = std::copyable<M> && requires(const M& method, const calibration_rows& rows) {
  typename M::map;
  { method.fit(rows) } -> std::same_as<result<typename M::map>>;
} && calibration_map<typename M::map>;

/// The model with a map fitted to its margins on `data`: `calibrate<isotonic>(model, rows, {.smoothing = 0})`.
/// `data` must not be the rows that the model was trained on. The model is any with `raw(mixed_columns, span<double>)`.
/// O(n log n) and the model's batch; allocates the margins.
/// Errors name the row: no rows, one label only, a label that is not 0 or 1, a bad weight, a margin that is not finite.
template <calibration_method Method, class Model>
[[nodiscard]] result<calibrated<Model, typename Method::map>> calibrate(Model model, const labelled_matrix& data,
                                                                        const Method& method = {}) {
  if (auto r = check(data); !r) return r.error();
  std::vector<double> margin(data.rows());
  std::as_const(model).raw(data.x.columns(), std::span<double>(margin));
  auto map = method.fit(calibration_rows{margin, data.label, data.weight});
  if (!map) return map.error();
  return calibrated<Model, typename Method::map>(std::move(model), *std::move(map));
}

/// A share of positives that differs between training and use: each in (0, 1).
struct prior_shift {
  double from = 0.5, to = 0.5;

  template <class = void> [[nodiscard]] result<void> check() const {
    if (from > 0 && from < 1 && to > 0 && to < 1) return {};
    return error{errc::invalid_argument, "prior shift: both shares must be in (0, 1)"};
  }
  [[nodiscard]] double shift() const noexcept { return math::logit(to) - math::logit(from); }
};

/// The model with its margins shifted from the training rows to the world: by the `keep_rates` of down-sampling, or a
/// `prior_shift`. Exact, no data needed.
template <class Model, class Correction>
  requires requires(const Correction& c) {
    { c.check() } -> std::same_as<result<void>>;
    { c.shift() } -> std::same_as<double>;
  }
[[nodiscard]] result<calibrated<Model, margin_shift>> recalibrate(Model model, const Correction& correction) {
  if (auto r = correction.check(); !r) return r.error();
  return calibrated<Model, margin_shift>(std::move(model), margin_shift(correction.shift()));
}

}  // namespace mlsd
