#pragma once

#include "mlsd/core/fixed_string.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace mlsd {

/// Never defined: a mistake names one of them with the culprit in its arguments, so that the first line with "error:"
/// says what is wrong: `no_such_feature<"agee", did_you_mean<"age">>`.
template <fixed_string Name> struct did_you_mean;
template <fixed_string Name, class Nearest> struct no_such_feature;

namespace detail {

/// Edits (insert, drop, replace, each 1) from a to b.
[[nodiscard]] constexpr std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::size_t row[128]{};
  if (b.size() >= 128) return a.size() + b.size();
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      row[j] = (std::min)({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row[b.size()];
}

/// Which of the names is nearest to `wanted`; empty names only if there is no other. Ties: the first.
template <std::size_t N>
[[nodiscard]] constexpr std::size_t nearest_name(std::string_view wanted, const std::string_view (&names)[N]) {
  std::size_t best = 0;
  for (std::size_t k = 1; k < N; ++k)
    if (!names[k].empty() && edit_distance(wanted, names[k]) < edit_distance(wanted, names[best])) best = k;
  return best;
}

}  // namespace detail
}  // namespace mlsd
