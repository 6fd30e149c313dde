#pragma once

#include "mlsd/core/executor.hpp"
#include "mlsd/retrieval/hnsw_search.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace mlsd::detail {

/// Of candidates that come nearest first, those that are not nearer to one kept before than to the centre: so links
/// lead into all directions, and not only into the nearest cluster. Those kept by an earlier choice carry a
/// mark and are not compared with each other again. Returns how many were kept, moved to the front; at most `most`.
/// Malkov and Yashunin (2018), algorithm 4.
template <class = void>
[[nodiscard]] std::size_t keep_diverse(const row_table& table, std::span<neighbour> candidates,
                                       std::size_t most) noexcept {
  constexpr std::size_t together = 4;
  std::uint32_t kept[2 * most_links], compared[together];
  float distance[together];
  std::size_t n = 0;
  for (const neighbour c : candidates) {
    if (n == most) break;
    bool is_diverse = true;
    for (std::size_t k = 0; k < n && is_diverse;) {
      std::size_t m = 0;
      for (; k < n && m < together; ++k)
        if (!(c.marked() && candidates[k].marked())) compared[m++] = kept[k];
      table.sums(table.row(c.slot()), table.rows, table.width, compared, m, distance);
      for (std::size_t i = 0; i < m; ++i) is_diverse = is_diverse && !(distance[i] < c.distance());
    }
    if (!is_diverse) continue;
    kept[n] = c.slot();
    candidates[n++] = c;
  }
  return n;
}

/// Puts new slots into a graph, in batches: every slot of a batch searches the graph as it was before, and then links
/// back are made, target by target. What comes out depends on the rows and the batches, never on threads. A batch is
/// 1/64 of the graph, so few slots miss a neighbour that came with them. Parallel construction by growing batches:
/// Dobson et al., "Scaling graph-based ANNS algorithms to billion-size datasets" (2023).
template <class = void> class hnsw_builder {
 public:
  hnsw_builder(hnsw_graph& graph, const row_table& table, std::size_t width) noexcept
      : graph_(graph), table_(table), width_(width) {}

  /// Links the given slots, which are in the graph without links, in this order. One scratch a thread.
  template <executor E> void link(std::span<const std::uint32_t> slots, std::span<hnsw_scratch> scratch, E& ex) {
    std::size_t linked = graph_.size() - slots.size();
    while (!slots.empty()) {
      if (graph_.entry() == empty_slot) {
        graph_.set_entry(slots.front());
        slots = slots.subspan(1);
        ++linked;
        continue;
      }
      const std::size_t n = batch_size(slots, linked);
      link_batch(slots.first(n), scratch, ex);
      slots = slots.subspan(n);
      linked += n;
    }
  }

 private:
  static constexpr std::size_t largest_batch = 4096;

  /// A batch ends with a slot that reaches above all others, which becomes the entry.
  [[nodiscard]] std::size_t batch_size(std::span<const std::uint32_t> slots, std::size_t linked) const noexcept {
    const std::size_t most = std::clamp(linked / 64, std::size_t{1}, largest_batch);
    for (std::size_t i = 0; i < (std::min)(most, slots.size()); ++i)
      if (graph_.level(slots[i]) > graph_.level(graph_.entry())) return i + 1;
    return (std::min)(most, slots.size());
  }
  template <executor E> void link_batch(std::span<const std::uint32_t> slots, std::span<hnsw_scratch> scratch, E& ex) {
    std::atomic<std::size_t> next{0};
    ex.for_each_index((std::min)(scratch.size(), slots.size()), [&](std::size_t thread) {
      for (std::size_t i; (i = next.fetch_add(1, std::memory_order_relaxed)) < slots.size();)
        choose_links(slots[i], scratch[thread]);
    });
    for (std::size_t level = 0; level <= graph_.level(graph_.entry()); ++level) link_back(slots, level, ex);
    if (graph_.level(slots.back()) > graph_.level(graph_.entry())) graph_.set_entry(slots.back());
  }

  /// Writes the lists of one slot, which nobody reads yet.
  void choose_links(std::uint32_t slot, hnsw_scratch& s) const noexcept {
    const float* const query = table_.row(slot);
    const std::size_t top = (std::min)(graph_.level(slot), graph_.level(graph_.entry()));
    neighbour from = descend<>(graph_, table_, query, top, s);
    for (std::size_t level = top + 1; level-- > 0;) {
      search_level<>(graph_, table_, query, level, neighbour(from.distance(), from.slot()), width_, s);
      from = s.queue.nearest().front();
      for (neighbour& n : s.queue.nearest()) n = neighbour(n.distance(), n.slot());
      const std::size_t kept = keep_diverse<>(table_, s.queue.nearest(), graph_.links());
      for (std::size_t i = 0; i < kept; ++i) graph_.list(slot, level)[i] = s.queue.nearest()[i].slot();
      if (level == 0) graph_.diverse(slot) = static_cast<std::uint8_t>(kept);
    }
  }

  struct link_pair {
    std::uint32_t target, source;
    friend bool operator<(link_pair a, link_pair b) noexcept {
      return a.target != b.target ? a.target < b.target : a.source < b.source;
    }
  };
  /// For each link of the batch on a level, one in the other direction.
  template <executor E> void link_back(std::span<const std::uint32_t> slots, std::size_t level, E& ex) {
    pairs_.clear();
    for (const std::uint32_t source : slots) {
      if (graph_.level(source) < level) continue;
      for (const std::uint32_t target : graph_.list(source, level)) {
        if (target == empty_slot) break;
        pairs_.push_back({target, source});
      }
    }
    std::sort(pairs_.begin(), pairs_.end());
    first_.clear();
    for (std::size_t i = 0; i < pairs_.size(); ++i)
      if (i == 0 || pairs_[i].target != pairs_[i - 1].target) first_.push_back(i);
    first_.push_back(pairs_.size());
    for_each_chunk(ex, first_.size() - 1, 64, [&](std::size_t from, std::size_t to) {
      candidate_list candidates;
      for (std::size_t g = from; g < to; ++g)
        add_links(std::span(pairs_).subspan(first_[g], first_[g + 1] - first_[g]), level, candidates);
    });
  }

  struct candidate_list {
    std::vector<std::uint32_t> slot;
    std::vector<float> distance;
    std::vector<neighbour> nearest;
  };
  /// Appends to the list of one target, or chooses anew where it does not fit.
  void add_links(std::span<const link_pair> pairs, std::size_t level, candidate_list& c) {
    const std::uint32_t target = pairs.front().target;
    const auto all = graph_.list(target, level);
    const auto end = std::find(all.begin(), all.end(), empty_slot);
    if (static_cast<std::size_t>(all.end() - end) >= pairs.size()) {
      std::transform(pairs.begin(), pairs.end(), end, [](link_pair p) { return p.source; });
      return;
    }
    c.slot.assign(all.begin(), end);
    for (const link_pair p : pairs) c.slot.push_back(p.source);
    c.distance.resize(c.slot.size());
    c.nearest.resize(c.slot.size());
    table_.sums(table_.row(target), table_.rows, table_.width, c.slot.data(), c.slot.size(), c.distance.data());
    for (std::size_t i = 0; i < c.slot.size(); ++i) c.nearest[i] = neighbour(c.distance[i], c.slot[i]);
    if (level == 0) std::for_each_n(c.nearest.begin(), graph_.diverse(target), [](neighbour& n) { n.mark(); });
    std::sort(c.nearest.begin(), c.nearest.end());
    const std::size_t kept = keep_diverse<>(table_, c.nearest, all.size());
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = i < kept ? c.nearest[i].slot() : empty_slot;
    if (level == 0) graph_.diverse(target) = static_cast<std::uint8_t>(kept);
  }

  hnsw_graph& graph_;
  row_table table_;
  std::size_t width_;
  std::vector<link_pair> pairs_;
  std::vector<std::size_t> first_;
};

}  // namespace mlsd::detail
