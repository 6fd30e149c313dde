#pragma once

#include "mlsd/core/best_hits.hpp"
#include "mlsd/retrieval/ranked_hits.hpp"
#include "mlsd/retrieval/vector_store.hpp"

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>

namespace mlsd::detail {

/// How many rows are summed before their scores are looked at.
inline constexpr std::size_t scan_rows = 64;

/// Offers rows [first, first + n), n <= scan_rows; `query` is a loaded row.
template <class Id>
void scan_block(const vector_store<Id>& store, row_sums sums, const float* query, std::size_t first, std::size_t n,
                ranked_hits<Id>& best) noexcept {
  float distance[scan_rows];
  sums(query, store.row(first), store.width(), nullptr, n, distance);
  for (std::size_t i = 0; i < n; ++i)
    if (0.0f - distance[i] >= best.worst()) best.offer(store.ids()[first + i], 0.0f - distance[i]);
}

/// Offers every vector whose id passes `keep(id)`. O(n * width), and n calls of `keep`; allocates nothing.
template <class Id, class Keep>
void exact_scan(const vector_store<Id>& store, const float* query, const Keep& keep, ranked_hits<Id>& best) noexcept {
  const row_sums sums = store.sums();
  if constexpr (std::same_as<Keep, keep_all>) {
    constexpr std::size_t step = 16, ahead = 8;  // asked for ahead of the processor's own guess: a tenth less time
    for (std::size_t first = 0; first < store.size(); first += step) {
      const std::size_t asked = (std::min)(first + ahead, store.size()), until = (std::min)(asked + step, store.size());
      for (std::size_t i = asked; i < until; ++i) prefetch_row(store.row(i), store.width());
      scan_block(store, sums, query, first, (std::min)(step, store.size() - first), best);
    }
  } else {
    std::uint32_t slot[scan_rows];
    float distance[scan_rows];
    std::size_t n = 0;
    for (std::uint32_t next = 0; next < store.size();) {
      if (keep(store.ids()[next])) slot[n++] = next;
      if (++next < store.size() && n < scan_rows) continue;
      sums(query, store.rows(), store.width(), slot, n, distance);
      for (std::size_t i = 0; i < n; ++i) best.offer(store.ids()[slot[i]], 0.0f - distance[i]);
      n = 0;
    }
  }
}

}  // namespace mlsd::detail
