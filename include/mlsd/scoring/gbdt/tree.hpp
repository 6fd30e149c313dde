#pragma once

#include "mlsd/scoring/link.hpp"

#include <cstdint>
#include <vector>

namespace mlsd {

/// How a split reads its column. A value of a saved model: numbers never change.
/// `truncated` and `floored` splits find a category in a column of numbers, as LightGBM and XGBoost keep them: -0.5 is
/// category 0 for the one and none for the other. Other negative numbers and those from 2^31 on are no category.
enum class gbdt_test : std::uint8_t {
  number = 0,          ///< x <= threshold goes left; NaN is missing
  number_or_zero = 1,  ///< the same, and |x| <= 1e-35 is missing too
  truncated = 2,       ///< a category of a number column, rounded towards zero; NaN is missing
  floored = 3,         ///< a category of a number column, rounded down; NaN is missing
  code = 4             ///< a category of a code column; nothing is missing
};

/// One test of a tree. A child >= 0 is another split of the tree, with a greater index than this one; a negative child
/// c is leaf ~c. What is missing goes where `nan_left` says. A category goes left if it is listed in
/// `categories[first_category, + category_count)` of the tree, and right if not, so unseen ones go right.
/// Features number all columns: the number columns, then the code columns, which are tested by `code` alone.
struct gbdt_split {
  std::uint32_t feature = 0;
  std::int32_t left = -1, right = -2;
  double threshold = 0;  ///< may be infinite: x <= infinity sends every number left and leaves NaN to `nan_left`
  bool nan_left = false;
  gbdt_test test = gbdt_test::number;
  std::uint32_t first_category = 0, category_count = 0;
  float gain = 0;    ///< what the split took off the training loss; 0 if unknown
  double cover = 0;  ///< rows, or their hessians, that reached it in training; 0 if unknown
};

/// One leaf's line: value = constant + sum of coefficient x column over its terms, in order; where a column of a term
/// is NaN, the leaf's own value stands. Numbers within 1e-35 of 0 count as 0.
struct gbdt_line {
  struct term {
    std::uint32_t column = 0;  ///< of numbers
    double coefficient = 0;
  };
  double constant = 0;
  std::vector<term> terms{};
};

/// A tree as trainers and importers write it. n splits have n + 1 leaves; split 0 is the root; no splits, one leaf.
/// The categories of one split are strictly ascending.
struct gbdt_tree {
  std::vector<gbdt_split> splits{};
  std::vector<double> leaves{0.0};  ///< [n + 1, leaf_width]
  std::vector<std::uint32_t> categories{};
  std::uint32_t output = 0;           ///< that its leaves add to, where they are one value wide
  std::vector<double> leaf_covers{};  ///< [n + 1], or empty: unknown
  std::vector<gbdt_line> lines{};     ///< [n + 1], or empty: leaves are constants. One value wide only
};

/// All that makes a `gbdt_model`. The sum of an output is its base plus one leaf of every tree that adds to it, in this
/// order; its margin is scale x sum + bias, where a bias of zero is not added.
struct gbdt_description {
  std::uint32_t number_columns = 0, code_columns = 0;
  std::vector<double> base{0.0};  ///< [outputs]: says how many outputs there are
  link_function output = link_function::identity;
  std::vector<gbdt_tree> trees{};
  std::uint32_t leaf_width = 1;  ///< 1, or the number of outputs: every leaf then has a value for each
  bool float_sums = false;       ///< every sum is rounded to float after every tree, as XGBoost does
  double scale = 1;
  std::vector<double> bias{};  ///< [outputs], or empty: none
};

}  // namespace mlsd
