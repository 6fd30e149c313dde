#pragma once

#include "mlsd/data/feature_matrix.hpp"

#include <cassert>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace mlsd {

/// The columns of a matrix from elsewhere as features, all of them numbers. Where `names` is empty they are called
/// x0, x1, ...; otherwise it must have one name for each of the `columns`.
[[nodiscard]] inline std::vector<feature_info> named_columns(std::size_t columns, std::vector<std::string> names = {}) {
  assert(names.empty() || names.size() == columns);
  std::vector<feature_info> info(columns);
  for (std::size_t j = 0; j < columns; ++j)
    info[j].name = names.empty() ? "x" + std::to_string(j) : std::move(names[j]);
  return info;
}

}  // namespace mlsd
