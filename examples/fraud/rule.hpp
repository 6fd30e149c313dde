/// What a gate was before it learnt: points for what experience finds suspicious. It decides until there is a model,
/// and it is what the models are held against.
#pragma once

#include "fraud/velocity.hpp"
#include "mlsd/serve/cascade.hpp"
#include "mlsd/serve/threshold.hpp"

#include <cstdint>

namespace fraud {

/// Tenths of a point in [0, 1]; a NaN ratio gives none.
struct rule {
  static constexpr mlsd::threshold limits{.review = 0.4, .block = 0.7};

  [[nodiscard]] double operator()(const risk& r) const noexcept {
    const float ten_minutes = r.card[1], hour = r.card[2];
    const bool is_dear = r.category == detail::electronics || r.category == detail::gift_cards;
    int points = 0;
    points += r.over_card > 3 ? 1 : 0;
    points += r.over_card > 8 ? 1 : 0;
    points += r.spree > 10 ? 1 : 0;
    points += r.distance > 200 ? 1 : 0;
    points += is_dear ? 1 : 0;
    points += ten_minutes >= 1 ? 1 : 0;
    points += hour >= 2 ? 1 : 0;
    points += r.amount < 2 && r.is_online > 0 && r.merchant[0] >= 3 ? 5 : 0;
    return points / 10.0;
  }
  [[nodiscard]] mlsd::decision decide(const risk& r) const noexcept {
    const double score = (*this)(r);
    return {score, 0, limits(score)};
  }
};

}  // namespace fraud
