/// What decides at a moment: the rule until a model is there, then a champion, with a challenger in its shadow.
#pragma once

#include "fraud/models.hpp"
#include "fraud/rule.hpp"
#include "mlsd/serve/shadow.hpp"

#include <cstdint>

namespace fraud {

/// An immutable value, published whole.
struct policy {
  using pair_of_models = mlsd::shadow<fraud_cascade, fraud_cascade>;
  static constexpr double shadowed = 0.5;  ///< the share of cards whose charges a challenger scores too

  std::uint64_t model = 0;  ///< the champion's fingerprint, 0: there is none, the rule decides
  bool has_challenger = false;
  pair_of_models models{fraud_cascade{}, fraud_cascade{}, {.share = 0}};

  [[nodiscard]] static policy of(const fraud_cascade& champion, std::uint64_t fingerprint) {
    return {fingerprint, false, pair_of_models(champion, champion, {.share = 0})};
  }
  [[nodiscard]] policy against(const fraud_cascade& challenger) const {
    return {model, true, pair_of_models(models.champion(), challenger, {.share = shadowed})};
  }

  /// `seen(champion's decision, challenger's decision)` where both looked.
  template <class Seen>
  [[nodiscard]] mlsd::decision operator()(std::uint64_t card, const risk& r, Seen&& seen) const noexcept {
    return model == 0 ? rule{}.decide(r) : models(card, r, seen);
  }
};

}  // namespace fraud
