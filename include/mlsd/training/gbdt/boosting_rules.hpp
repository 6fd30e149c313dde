#pragma once

#include "mlsd/training/gbdt/sampling.hpp"
#include "mlsd/training/gbdt/tree_grower.hpp"

#include <cstdint>

namespace mlsd::detail {

/// What boosting needs to know beside the shape of one tree.
struct boosting_rules {
  std::uint32_t trees = 100;  // of every output
  bool averaged = false;      // a forest: every tree follows the base, and the model is their mean
  int gradient_bits = 0;      // 0: full precision
  bool linear_leaves = false;
  double linear_l2 = 0;
  sampling_rules sampling{};
  growth_rules growth{};
};

}  // namespace mlsd::detail
