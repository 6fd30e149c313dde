#pragma once

#include "mlsd/scoring/gbdt/forest.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mlsd::detail {

/// The first split of each level of a symmetric tree of numbers, which asks the same of all splits of a level, as
/// CatBoost's do; nothing for all other trees. O(splits).
template <class = void>
[[nodiscard]] std::vector<std::uint32_t> levels_of_symmetric(const gbdt_forest& forest, std::size_t tree) {
  const std::size_t n = forest.splits_of(tree), first = forest.first_split(tree);
  if (n == 0 || (n & (n + 1)) != 0) return {};
  std::vector<std::uint32_t> levels, level{0}, next;
  while (!level.empty()) {
    const std::size_t one = first + level[0];
    next.clear();
    for (const std::uint32_t i : level) {
      const std::size_t s = first + i;
      if (forest.by_category(s) || forest.test(s) != forest.test(one) || forest.feature(s) != forest.feature(one) ||
          forest.threshold(s) != forest.threshold(one) || forest.nan_left(s) != forest.nan_left(one))
        return {};
      for (const std::int32_t child : {forest.left(s), forest.right(s)})
        if (child >= 0) next.push_back(static_cast<std::uint32_t>(child));
    }
    if (!next.empty() && next.size() != 2 * level.size()) return {};
    levels.push_back(level[0]);
    level.swap(next);
  }
  return levels;
}

/// The leaf behind the answers of all levels: bit d is set where level d goes right.
template <class = void>
[[nodiscard]] std::size_t leaf_behind(const gbdt_forest& forest, std::size_t tree, std::size_t answers) noexcept {
  std::int32_t at = 0;
  for (std::size_t d = 0; at >= 0; ++d) {
    const std::size_t s = forest.first_split(tree) + static_cast<std::size_t>(at);
    at = (answers >> d & 1u) != 0 ? forest.right(s) : forest.left(s);
  }
  return static_cast<std::size_t>(~at);
}

}  // namespace mlsd::detail
