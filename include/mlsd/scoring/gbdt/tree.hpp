#pragma once

#include "mlsd/scoring/link.hpp"

#include <cstdint>
#include <vector>

namespace mlsd {

/// One test of a tree. A child >= 0 is another split of the tree, with a greater index than this one; a negative child
/// c is leaf ~c. Feature f below the number columns is a number: x <= threshold goes left and NaN goes where `nan_left`
/// says. Otherwise it is a code: it goes left if it is listed in `categories[first_category, + category_count)` of the
/// tree, and right if not, so codes never seen in training go right.
struct gbdt_split {
  std::uint32_t feature = 0;
  std::int32_t left = -1, right = -2;
  float threshold = 0;  ///< may be infinite: x <= infinity sends every number left and leaves NaN to `nan_left`
  bool nan_left = false;
  std::uint32_t first_category = 0, category_count = 0;
  float gain = 0;  ///< what the split took off the training loss; 0 if unknown
};

/// A tree as trainers and importers write it. n splits have n + 1 leaves; split 0 is the root; no splits, one leaf.
/// The categories of one split are strictly ascending.
struct gbdt_tree {
  std::vector<gbdt_split> splits{};
  std::vector<double> leaves{0.0};
  std::vector<std::uint32_t> categories{};
};

/// All that makes a `gbdt_model`: margin = base + one leaf of every tree, summed in double in this order.
struct gbdt_description {
  std::uint32_t number_columns = 0, code_columns = 0;
  double base = 0;
  link_function output = link_function::identity;
  std::vector<gbdt_tree> trees{};
};

}  // namespace mlsd
