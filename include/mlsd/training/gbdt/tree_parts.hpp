#pragma once

#include "mlsd/scoring/gbdt/model.hpp"
#include "mlsd/scoring/gbdt/tree.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>

namespace mlsd::detail {

template <class = void> [[nodiscard]] gbdt_line line_of(const gbdt_forest& forest, std::size_t tree, std::size_t l) {
  gbdt_line line{forest.line_constant(tree, l), {}};
  const auto columns = forest.term_columns(tree, l);
  const auto coefficients = forest.coefficients(tree, l);
  for (std::size_t i = 0; i < columns.size(); ++i) line.terms.push_back({columns[i], coefficients[i]});
  return line;
}

/// A model taken apart again, so that training can go on with it: `build` of the parts is the model. O(size).
template <class = void> [[nodiscard]] gbdt_description parts_of(const gbdt_model& model) {
  const gbdt_forest& forest = model.forest();
  gbdt_description parts;
  parts.number_columns = static_cast<std::uint32_t>(model.number_columns());
  parts.code_columns = static_cast<std::uint32_t>(model.code_columns());
  parts.base.clear();
  bool has_bias = false;
  for (std::size_t k = 0; k < model.outputs(); ++k) {
    parts.base.push_back(model.base_sum(k));
    parts.bias.push_back(model.bias(k));
    has_bias = has_bias || model.bias(k) != 0;
  }
  if (!has_bias) parts.bias.clear();
  parts.scale = model.scale();
  parts.leaf_width = static_cast<std::uint32_t>(forest.leaf_width());
  parts.float_sums = forest.float_sums();
  parts.output = model.output();
  for (std::size_t t = 0; t < forest.trees(); ++t) {
    gbdt_tree tree;
    tree.leaves.clear();
    tree.output = static_cast<std::uint32_t>(forest.output(t));
    for (std::size_t s = forest.first_split(t); s < forest.first_split(t) + forest.splits_of(t); ++s) {
      gbdt_split split;
      split.feature = forest.feature(s);
      split.left = forest.left(s);
      split.right = forest.right(s);
      split.threshold = forest.threshold(s);
      split.nan_left = forest.nan_left(s);
      split.test = forest.test(s);
      split.cover = forest.cover(s);
      split.gain = forest.gain(s);
      const auto categories = forest.categories(s);
      split.first_category = static_cast<std::uint32_t>(tree.categories.size());
      split.category_count = static_cast<std::uint32_t>(categories.size());
      tree.categories.insert(tree.categories.end(), categories.begin(), categories.end());
      tree.splits.push_back(split);
    }
    for (std::size_t l = 0; l <= forest.splits_of(t); ++l) {
      for (std::size_t k = 0; k < forest.leaf_width(); ++k) tree.leaves.push_back(forest.leaf(t, l, k));
      if (forest.has_covers()) tree.leaf_covers.push_back(forest.leaf_cover(t, l));
      if (forest.has_lines()) tree.lines.push_back(line_of(forest, t, l));
    }
    parts.trees.push_back(std::move(tree));
  }
  return parts;
}

}  // namespace mlsd::detail
