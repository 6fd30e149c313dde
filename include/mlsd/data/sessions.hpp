#pragma once

#include "mlsd/core/result.hpp"
#include "mlsd/core/sparse_matrix_view.hpp"
#include "mlsd/core/time.hpp"
#include "mlsd/data/interactions.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace mlsd {

/// How histories are cut: wherever nothing happened for longer than `gap`, and what is longer than `length` entries
/// into windows of that length, each `step` entries after the one before; the last one may be shorter.
struct session_options {
  std::size_t length = 20;
  std::size_t step = 10;  ///< less than `length`: windows overlap, so that no cut parts all neighbours
  duration gap{(std::numeric_limits<std::int64_t>::max)()};
};

/// Sessions in place of users: what is close in time goes together, which says more about what comes next than whole
/// histories do. The result is [sessions, items], in order of user, then time; weights and times stay as they are.
/// O(entries x length / step).
/// Errors: length or step of 0, step beyond length, more than 2^32 - 2 sessions.
template <class = void>
[[nodiscard]] result<interactions> cut_into_sessions(const interactions& data, const session_options& how = {}) {
  if (how.length == 0 || how.step == 0 || how.step > how.length)
    return error{errc::invalid_argument, "sessions: step must be 1 to length"};
  std::vector<interaction> cut;
  std::uint64_t sessions = 0;
  for (std::size_t u = 0; u < data.users(); ++u) {
    const sparse_row row = data.by_user()[u];
    const std::span<const timestamp> time = data.times_of(u);
    for (std::size_t begin = 0; begin < row.size();) {
      std::size_t end = begin + 1;
      while (end < row.size() && time[end] - time[end - 1] <= how.gap) ++end;
      for (std::size_t first = begin;; first += how.step, ++sessions) {
        const std::size_t last = (std::min)(end, first + how.length);
        if (sessions >= (std::numeric_limits<std::uint32_t>::max)())
          return error{errc::capacity, "sessions: more than 2^32 - 2"};
        for (std::size_t k = first; k < last; ++k)
          cut.push_back({static_cast<std::uint32_t>(sessions), row.index[k], row.value_of(k), time[k]});
        if (last == end) break;
      }
      ++sessions;
      begin = end;
    }
  }
  return interactions::make(cut, static_cast<std::size_t>(sessions), data.items());
}

}  // namespace mlsd
