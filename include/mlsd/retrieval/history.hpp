#pragma once

#include "mlsd/core/fp.hpp"
#include "mlsd/core/math.hpp"
#include "mlsd/core/time.hpp"

#include <cassert>
#include <cstddef>
#include <span>

namespace mlsd {

/// Weights of a history, oldest first, that halve every `half_life` places back; the newest weighs 1. With the items
/// they make the `sparse_row` that retrievers by history are asked with. `half_life` > 0.
template <class = void> MLSD_UNCONTRACTED void weigh_by_rank(std::span<float> weight, double half_life) noexcept {
  MLSD_CONTRACT_OFF
  assert(half_life > 0);
  for (std::size_t k = 0; k < weight.size(); ++k) {
    const double halvings = static_cast<double>(weight.size() - 1 - k) / half_life;
    weight[k] = static_cast<float>(math::exp(-0.6931471805599453 * halvings));
  }
}

/// The same by age: what is one `half_life` older than `now` weighs half; what is not older, 1. Requires as many
/// weights as times; `half_life` > 0.
template <class = void>
MLSD_UNCONTRACTED void weigh_by_age(std::span<const timestamp> time, timestamp now, duration half_life,
                                    std::span<float> weight) noexcept {
  MLSD_CONTRACT_OFF
  assert(time.size() == weight.size() && half_life.ms > 0);
  for (std::size_t k = 0; k < time.size(); ++k) {
    const duration age = now - time[k];
    const double halvings = age.ms <= 0 ? 0.0 : static_cast<double>(age.ms) / static_cast<double>(half_life.ms);
    weight[k] = static_cast<float>(math::exp(-0.6931471805599453 * halvings));
  }
}

}  // namespace mlsd
