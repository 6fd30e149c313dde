/// Training of a deciding cascade, the same for every table.
#pragma once

#include "fraud/models.hpp"
#include "mlsd/training/calibrate.hpp"
#include "mlsd/training/ftrl.hpp"
#include "mlsd/training/gbdt.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace fraud {

/// Features and model by one specification: `fit` trains the model on what the specification made of the rows.
template <const auto& Schema, class Spec, class Fit>
[[nodiscard]] auto fit_scorer(const Spec& spec, const training_rows<Schema>& learn, Fit fit)
    -> mlsd::result<scorer_on<Spec, typename std::remove_cvref_t<decltype(*fit(
                                        std::declval<const mlsd::training_matrix&>()))>>> {
  auto fitted = spec.fit(learn.rows);
  if (!fitted) return fitted.error();
  auto model = fit(fitted->x);
  if (!model) return model.error();
  auto whole = mlsd::recalibrate(std::move(*model), learn.rates);
  if (!whole) return whole.error();
  return mlsd::compose(std::move(fitted->features), std::move(*whole));
}

/// Thresholds: what costs least, as far as people have time. The gate asks about `asked` of the recent rows, and about
/// whatever might need a person.
template <const auto& Schema, class GateSpec, class ForestSpec, class Row>
[[nodiscard]] auto train_cascade(const GateSpec& gate_spec, const ForestSpec& forest_spec,
                                 const training_rows<Schema>& learn, std::span<const Row> recent, std::size_t reviews,
                                 const training_settings& s) {
  auto gate = fit_scorer(gate_spec, learn, [&](const mlsd::training_matrix& x) {
    return mlsd::ftrl_trainer{.alpha = 0.05f, .l2 = 1, .passes = 3, .shuffle = true, .seed = s.seed}
        .fit<mlsd::logistic>(x);
  });
  auto forest = fit_scorer(forest_spec, learn, [&](const mlsd::training_matrix& x) {
    return mlsd::gbdt_trainer{
        .trees = s.trees, .leaves = 15, .min_rows_in_leaf = 20, .l2 = 5, .seed = s.seed}
        .fit<mlsd::logistic>(x);
  });
  using cascade_type = deciding<std::remove_cvref_t<decltype(*gate)>, std::remove_cvref_t<decltype(*forest)>>;
  using returned = mlsd::result<cascade_type>;
  if (!gate) return returned(gate.error());
  if (!forest) return returned(forest.error());

  std::vector<double> scores;
  for (const Row& r : recent) scores.push_back((*gate)(r));
  const auto asked = static_cast<std::size_t>(s.asked * static_cast<double>(scores.size()));
  double limit = 0;
  if (asked < scores.size()) {
    const auto at = scores.begin() + static_cast<std::ptrdiff_t>(asked);
    std::nth_element(scores.begin(), at, scores.end(), [](double a, double b) { return a > b; });
    limit = *at;
  }
  const mlsd::threshold best =
      mlsd::cheapest({.missed = learn.mean_fraud, .wrong_block = s.prices.wrong_block, .review = s.prices.review});
  const auto cascade = [&](double above) { return mlsd::cascade(*gate).above(above, *forest); };
  const auto wide = cascade((std::min)(limit, best.review));
  scores.clear();
  for (const Row& r : recent) scores.push_back(wide(r).score);
  return returned(wide.decide(mlsd::within_budget(best, scores, reviews)));
}

}  // namespace fraud
