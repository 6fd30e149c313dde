/// The models of the gate, and how they are trained: a cheap logistic regression that lets nineteen of twenty charges
/// through, and boosted trees for the rest.
#pragma once

#include "fraud/velocity.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/data/frame.hpp"
#include "mlsd/data/sample.hpp"
#include "mlsd/drift/psi_reference.hpp"
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
       | on("is_online"_f, "is_round"_f)(as_number{})
       | on("card"_f, "merchant"_f)(log_plus_one{})
       | on("category"_f)(ordinal{});
}
[[nodiscard]] inline auto forest_features() {
  using namespace mlsd;
  return from<risks>()
       | on("amount"_f, "distance"_f, "over_card"_f, "over_merchant"_f, "spree"_f, "surge"_f)(as_number{})
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

/// Gate, forest, and what follows from the score.
template <class Gate, class Forest>
using deciding =
    decltype(mlsd::cascade(std::declval<Gate>()).above(0.0, std::declval<Forest>()).decide(mlsd::threshold{}));
using fraud_cascade = deciding<gate_model, forest_model>;

/// What a wrong decision costs, in euros; a fraud that passes costs its amount.
struct price_list {
  double wrong_block = 30, review = 4;
};

struct training_settings {
  std::uint32_t trees = 60;
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
/// Rows of the recent past, whatever is known of them, and how many of them people can look at.
struct recent_rows {
  std::vector<risk> rows{};
  std::size_t reviews = 0;
};

[[nodiscard]] mlsd::result<fraud_cascade> train(const training_rows<risks>& learn, const recent_rows& recent,
                                                const training_settings& settings);

}  // namespace fraud
