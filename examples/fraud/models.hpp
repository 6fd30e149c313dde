/// The models of the gate, and how they are trained: a cheap logistic regression that lets nineteen of twenty charges
/// through, and boosted trees for the rest.
#pragma once

#include "fraud/velocity.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/data/frame.hpp"
#include "mlsd/data/sample.hpp"
#include "mlsd/features.hpp"
#include "mlsd/features/scoring_pipeline.hpp"
#include "mlsd/scoring/calibrated.hpp"
#include "mlsd/scoring/gbdt/model.hpp"
#include "mlsd/scoring/linear.hpp"
#include "mlsd/scoring/margin_shift.hpp"
#include "mlsd/serve/cascade.hpp"
#include "mlsd/serve/threshold.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace fraud {

[[nodiscard]] inline auto gate_features() {
  using namespace mlsd;
  return from<risks>()
       | on("amount"_f, "distance"_f, "over_card"_f, "over_merchant"_f, "spree"_f, "surge"_f)(log_plus_one{})
       | on("card_frauds"_f, "merchant_frauds"_f)(log_plus_one{})
       | on("is_online"_f, "is_round"_f)(as_number{})
       | on("card"_f, "merchant"_f)(log_plus_one{})
       | on("category"_f)(ordinal{});
}
[[nodiscard]] inline auto forest_features() {
  using namespace mlsd;
  return from<risks>()
       | on("amount"_f, "distance"_f, "over_card"_f, "over_merchant"_f, "spree"_f, "surge"_f)(as_number{})
       | on("card_frauds"_f, "merchant_frauds"_f)(as_number{})
       | on("is_online"_f, "is_round"_f)(as_number{})
       | on("card"_f, "merchant"_f, "pair"_f)(as_number{})
       | on("time"_f)(hour_of_day{}).as("hour"_f)
       | on("category"_f)(ordinal{});
}

/// Trained on down-sampled rows, shifted back to the whole population.
template <class Model>
using shifted = mlsd::calibrated<Model, mlsd::margin_shift>;
template <class Spec, class Model>
using scorer_on = mlsd::scoring_pipeline<typename Spec::pipeline_type, shifted<Model>>;

using gate_model = scorer_on<decltype(gate_features()), mlsd::linear_model>;
using forest_model = scorer_on<decltype(forest_features()), mlsd::gbdt_model>;

/// Gate and forest; and what follows from their score.
template <class Gate, class Forest>
using scoring = decltype(mlsd::cascade(std::declval<Gate>()).above(0.0, std::declval<Forest>()));
using fraud_scores = scoring<gate_model, forest_model>;
using fraud_cascade = decltype(std::declval<fraud_scores>().decide(mlsd::threshold{}));

/// What a wrong decision costs, in euros; a fraud that passes costs its amount.
struct price_list {
  double wrong_block = 30, review = 4;
};

struct training_settings {
  std::uint32_t trees = 100;
  double asked = 0.05;  ///< the share of charges that the gate asks the forest about
  price_list prices{};
  std::uint64_t seed = 1;
};

/// Rows to learn from: their frauds are known, and of the other rows the share that `rates` says was kept.
template <const auto& Schema>
struct training_rows {
  mlsd::frame<Schema> rows{};
  mlsd::keep_rates rates{};
  double mean_fraud = 100;  ///< what a missed fraud costs on the average
};
/// A trained cascade, and the thresholds that cost least if people had all the time in the world.
template <class Scores>
struct trained {
  Scores scores{};
  mlsd::threshold cheapest{};

  /// As far as people can look at `reviews` of what has these scores.
  [[nodiscard]] auto decide(std::span<const double> found, std::size_t reviews) const {
    return scores.decide(mlsd::within_budget(cheapest, found, reviews));
  }
};
using trained_cascade = trained<fraud_scores>;

/// `recent`: rows of the last days, whatever is known of them, on which the gate's limit is set.
[[nodiscard]] mlsd::result<trained_cascade> train(const training_rows<risks>& learn, std::span<const risk> recent,
                                                  const training_settings& settings);

}  // namespace fraud
