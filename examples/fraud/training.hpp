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
[[nodiscard]] auto fit_scorer(const Spec& spec, const training_rows<Schema>& learn, Fit fit) -> mlsd::result<
    scorer_on<Spec, typename std::remove_cvref_t<decltype(*fit(std::declval<const mlsd::training_matrix&>()))>>> {
  auto fitted = spec.fit(learn.rows);
  if (!fitted) return fitted.error();
  auto model = fit(fitted->x);
  if (!model) return model.error();
  auto whole = mlsd::recalibrate(std::move(*model), learn.rates);
  if (!whole) return whole.error();
  return mlsd::compose(std::move(fitted->features), std::move(*whole));
}

/// The score that a share of these rows exceeds.
template <class Row, class Model>
[[nodiscard]] double exceeded_by(double share, std::span<const Row> rows, const Model& model) {
  std::vector<double> scores;
  for (const Row& r : rows) scores.push_back(model(r));
  const auto above = static_cast<std::ptrdiff_t>(share * static_cast<double>(scores.size()));
  if (scores.empty()) return 0;
  std::nth_element(scores.begin(), scores.begin() + above, scores.end(), [](double a, double b) { return a > b; });
  return scores[static_cast<std::size_t>(above)];
}

/// The gate asks about `asked` of the recent rows, and about whatever might need a person.
template <const auto& Schema, class GateSpec, class ForestSpec, class Row>
[[nodiscard]] auto train_cascade(const GateSpec& gate_spec, const ForestSpec& forest_spec,
                                 const training_rows<Schema>& learn, std::span<const Row> recent,
                                 const training_settings& s) {
  auto gate = fit_scorer(gate_spec, learn, [&](const mlsd::training_matrix& x) {
    return mlsd::ftrl_trainer{.alpha = 0.05f, .l2 = 1, .passes = 3, .shuffle = true, .seed = s.seed}
        .fit<mlsd::logistic>(x);
  });
  auto forest = fit_scorer(forest_spec, learn, [&](const mlsd::training_matrix& x) {
    return mlsd::gbdt_trainer{.trees = s.trees, .leaves = 15, .min_rows_in_leaf = 20, .l2 = 5, .seed = s.seed}
        .fit<mlsd::logistic>(x);
  });
  using scores_type = scoring<std::remove_cvref_t<decltype(*gate)>, std::remove_cvref_t<decltype(*forest)>>;
  using returned = mlsd::result<trained<scores_type>>;
  if (!gate) return returned(gate.error());
  if (!forest) return returned(forest.error());
  const mlsd::threshold best =
      mlsd::cheapest({.missed = learn.mean_fraud, .wrong_block = s.prices.wrong_block, .review = s.prices.review});
  const double limit = (std::min)(best.review, exceeded_by(s.asked, recent, *gate));
  return returned({mlsd::cascade(std::move(*gate)).above(limit, std::move(*forest)), best});
}

}  // namespace fraud
