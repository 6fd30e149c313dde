#pragma once

#include "mlsd/retrieval/distance_kernels.hpp"
#include "mlsd/retrieval/hnsw_graph.hpp"
#include "mlsd/retrieval/neighbour_queue.hpp"
#include "mlsd/retrieval/row_memory.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace mlsd::detail {

/// Rows in memory and how they are compared.
struct row_table {
  const float* rows = nullptr;
  std::size_t width = 0;
  row_sums sums = nullptr;

  [[nodiscard]] const float* row(std::uint32_t slot) const noexcept { return rows + std::size_t{slot} * width; }
};

/// What one search writes: the query, the queue, and the slots it has seen. Slots carry the number of the search that
/// saw them, so that nothing is cleared between searches but once in 255.
class hnsw_scratch {
 public:
  template <class = void> void reserve(std::size_t slots, std::size_t width, std::size_t queue_capacity) {
    if (seen_.size() < slots) seen_.resize(slots, std::uint8_t{0});
    if (query.size() < width) query.resize(width);
    queue.reserve(queue_capacity);
  }
  template <class = void> void forget_seen() noexcept {
    if (++search_ != 0) return;
    std::fill(seen_.begin(), seen_.end(), std::uint8_t{0});
    search_ = 1;
  }
  /// True the first time in a search.
  [[nodiscard]] bool see(std::uint32_t slot) noexcept {
    const bool is_new = seen_[slot] != search_;
    seen_[slot] = search_;
    return is_new;
  }

  row_vector<float> query;
  neighbour_queue queue;
  std::array<std::uint32_t, 2 * most_links> listed{};  // slots of one list, and their distances
  std::array<float, 2 * most_links> distance{};

 private:
  std::vector<std::uint8_t> seen_;
  std::uint8_t search_ = 0;
};

/// Rows that are asked for before the first is compared; while it compares, the kernel asks for more.
inline constexpr std::size_t rows_ahead = 12;

/// Walks to the nearest slot on one level, one step at a time.
template <class = void>
[[nodiscard]] neighbour walk_level(const hnsw_graph& graph, const row_table& table, const float* query,
                                   std::size_t level, neighbour from, hnsw_scratch& s) noexcept {
  for (;;) {
    const auto all = graph.list(from.slot(), level);
    const auto n = static_cast<std::size_t>(std::find(all.begin(), all.end(), empty_slot) - all.begin());
    for (std::size_t i = 0; i < (std::min)(n, rows_ahead); ++i) prefetch_row(table.row(all[i]), table.width);
    table.sums(query, table.rows, table.width, all.data(), n, s.distance.data());
    neighbour nearest = from;
    for (std::size_t i = 0; i < n; ++i) nearest = (std::min)(nearest, neighbour(s.distance[i], all[i]));
    if (!(nearest < from)) return from;
    from = nearest;
  }
}

/// The nearest slot above level `bottom`, found by walking down from the entry. Requires a graph with an entry.
template <class = void>
[[nodiscard]] neighbour descend(const hnsw_graph& graph, const row_table& table, const float* query, std::size_t bottom,
                                hnsw_scratch& s) noexcept {
  const std::uint32_t entry = graph.entry();
  float distance = 0;
  table.sums(query, table.rows, table.width, &entry, 1, &distance);
  neighbour nearest(distance, entry);
  for (std::size_t level = graph.level(entry); level > bottom; --level)
    nearest = walk_level<>(graph, table, query, level, nearest, s);
  return nearest;
}

/// Fills the queue with up to `width` of the nearest on one level: the best that was not expanded is, until none is
/// left. Neighbours are collected first and their rows asked for, then compared.
template <class = void>
void search_level(const hnsw_graph& graph, const row_table& table, const float* query, std::size_t level,
                  neighbour from, std::size_t width, hnsw_scratch& s) noexcept {
  s.forget_seen();
  s.queue.reset(width);
  static_cast<void>(s.see(from.slot()));
  static_cast<void>(s.queue.insert(from));
  while (s.queue.has_next()) {
    std::size_t n = 0;
    const std::uint32_t expanded = s.queue.expand();
    if (level == 0 && s.queue.has_next()) graph.prefetch(s.queue.next());  // likely the one after this
    for (const std::uint32_t to : graph.list(expanded, level)) {
      if (to == empty_slot) break;
      if (!s.see(to)) continue;
      if (n < rows_ahead) prefetch_row(table.row(to), table.width);
      s.listed[n++] = to;
    }
    table.sums(query, table.rows, table.width, s.listed.data(), n, s.distance.data());
    for (std::size_t i = 0; i < n; ++i) {
      const std::size_t place = s.queue.insert(neighbour(s.distance[i], s.listed[i]));
      if (level == 0 && place <= s.queue.position()) graph.prefetch(s.listed[i]);
    }
  }
}

}  // namespace mlsd::detail
