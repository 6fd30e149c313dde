#pragma once

#include "mlsd/core/executor.hpp"
#include "mlsd/training/gbdt/binned_matrix.hpp"
#include "mlsd/training/gbdt/histogram.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace mlsd::detail {

/// The rows of a node with their slopes side by side, and the sum of these.
struct node_rows {
  std::span<const std::uint32_t> rows{};
  const row_slope* slopes = nullptr;  // `slopes[i]` belongs to `rows[i]`
  slope_sum total{};
};

/// Histograms of all features for the nodes of a tree, by number. Work is divided by block of features, and where
/// there are fewer blocks than threads could share evenly, by rows too: the sums are exact, so the pieces of a block
/// add up to the same whatever they are. Buffers are kept for the next tree.
template <class = void> class node_histograms {
 public:
  explicit node_histograms(const binned_matrix& x) : x_(x), unfinished_(x.blocks().size()) {
    for (const binned_matrix::lane& l : x.lanes()) most_states_ = (std::max)(most_states_, std::size_t{l.states});
  }

  /// The histogram of number h: [total_bins].
  [[nodiscard]] slope_sum* operator[](std::size_t h) noexcept { return sums_[h].data(); }
  [[nodiscard]] std::size_t take() {
    if (free_.empty()) {
      sums_.emplace_back(x_.total_bins());
      return sums_.size() - 1;
    }
    const std::size_t h = free_.back();
    free_.pop_back();
    return h;
  }
  void give_back(std::size_t h) { free_.push_back(h); }
  /// Forgets all nodes. The slopes of those to come have this scale, which is not copied.
  void start_tree(const slope_scale& scale) {
    scale_ = &scale;
    free_.clear();
    for (std::size_t h = 0; h < sums_.size(); ++h) free_.push_back(h);
  }

  /// Fills number h with the sums of a node and calls `then(block)` for each block that is done.
  template <executor Ex, class Then> void fill(std::size_t h, const node_rows& node, Ex& ex, Then&& then) {
    const std::size_t blocks = x_.blocks().size(), pieces = pieces_of(node.rows.size(), ex.concurrency());
    while (extra_.size() < pieces) extra_.emplace_back(x_.total_states());
    if (pieces == 1) {
      return for_each_block(node.rows.size(), ex, [&](std::size_t b) {
        fill_piece(h, b, node, 0, 1);
        finish(h, b, node, 1);
        then(b);
      });
    }
    std::fill(unfinished_.begin(), unfinished_.end(), static_cast<std::uint32_t>(pieces));
    ex.for_each_index(blocks * pieces, [&](std::size_t i) {
      const std::size_t b = i / pieces;
      fill_piece(h, b, node, i % pieces, pieces);
      // Whoever comes last sees what the others summed. (Including <atomic> costs .1 s.)
      if (__atomic_sub_fetch(&unfinished_[b], 1u, __ATOMIC_ACQ_REL) != 0) return;
      finish(h, b, node, pieces);
      then(b);
    });
  }
  /// Calls `f(block)`; on several threads, if a node of so many rows is worth waking them.
  template <class F, executor Ex> void for_each_block(std::size_t rows, Ex& ex, F&& f) const {
    if (!is_worth_waking(rows)) return sequential::for_each_index(x_.blocks().size(), f);
    ex.for_each_index(x_.blocks().size(), f);
  }
  template <class F> void for_each_feature(std::size_t block, F&& f) const {
    const binned_matrix::block& b = x_.blocks()[block];
    for (std::size_t i = b.first_feature; i < b.first_feature + b.features; ++i) f(i);
  }
  /// Takes number `what` off number `from`.
  void subtract(std::size_t block, std::size_t from, std::size_t what) noexcept {
    slope_sum* const a = sums_[from].data();
    const slope_sum* const b = sums_[what].data();
    for_each_feature(block, [&](std::size_t i) {
      const auto& f = x_.features()[i];
      for (std::size_t k = f.first_bin; k < f.first_bin + f.bins(); ++k) a[k] = a[k] - b[k];
    });
  }

 private:
  /// Whether a node of so many rows has sums enough, of rows and of bins, to wake threads for.
  [[nodiscard]] bool is_worth_waking(std::size_t rows) const noexcept {
    constexpr std::size_t least_sums = 1 << 15;
    return rows * x_.lanes().size() + 2 * x_.total_bins() >= least_sums;
  }
  /// Into how many pieces the rows of a block are cut: eight tasks a thread, of rows enough to pay for a histogram.
  [[nodiscard]] std::size_t pieces_of(std::size_t rows, std::size_t threads) const noexcept {
    constexpr std::size_t tasks = 8, least_rows = 4096, rows_a_state = 16;
    if (threads <= 1 || x_.blocks().empty() || !is_worth_waking(rows)) return 1;
    return std::clamp(rows / (std::max)(least_rows, rows_a_state * most_states_), std::size_t{1},
                      chunk_count(tasks * threads, x_.blocks().size()));
  }
  [[nodiscard]] std::span<const binned_matrix::lane> lanes_of(const binned_matrix::block& b) const noexcept {
    return {x_.lanes().data() + b.first_lane, b.width};
  }
  /// Where a piece adds up a lane: piece 0 of a lane of one feature in the histogram itself, all others in `extra_`.
  [[nodiscard]] slope_sum* sums_of(std::size_t h, const binned_matrix::lane& l, std::size_t piece) noexcept {
    if (piece == 0 && l.features == 1) return sums_[h].data() + x_.features()[l.first_feature].first_bin;
    return extra_[piece].data() + l.first_state;
  }
  void fill_piece(std::size_t h, std::size_t block, const node_rows& node, std::size_t piece,
                  std::size_t pieces) noexcept {
    const binned_matrix::block& b = x_.blocks()[block];
    block_histograms to;
    to.bin_bytes = b.bin_bytes;
    for (const binned_matrix::lane& l : lanes_of(b)) {
      to.sums[to.width] = sums_of(h, l, piece);
      to.bins[to.width] = l.states;
      std::fill_n(to.sums[to.width++], l.states, slope_sum{});
    }
    const std::size_t n = node.rows.size(), first = piece * n / pieces, last = (piece + 1) * n / pieces;
    accumulate_block(x_.bytes(block), node.rows.subspan(first, last - first), node.slopes + first, *scale_, to);
  }
  /// Adds up the pieces, and takes lanes of several features apart.
  void finish(std::size_t h, std::size_t block, const node_rows& node, std::size_t pieces) noexcept {
    for (const binned_matrix::lane& l : lanes_of(x_.blocks()[block])) {
      slope_sum* const to = sums_of(h, l, 0);
      for (std::size_t p = 1; p < pieces; ++p) {
        const slope_sum* const more = sums_of(h, l, p);
        for (std::size_t k = 0; k < l.states; ++k) to[k] = to[k] + more[k];
      }
      if (l.features > 1) take_apart(l, to, node.total, sums_[h].data());
    }
  }
  /// What a shared lane's histogram says of each of its features: the usual bin has what is left of the node's total.
  void take_apart(const binned_matrix::lane& l, const slope_sum* shared, slope_sum total,
                  slope_sum* sums) const noexcept {
    for (std::size_t i = l.first_feature; i < l.first_feature + l.features; ++i) {
      const binned_matrix::feature& f = x_.features()[i];
      const binned_matrix::lane_table& t = *x_.table(f);
      slope_sum* const to = sums + f.first_bin;
      std::fill_n(to, f.bins(), slope_sum{});
      slope_sum others;
      for (const std::uint8_t s : t.other_states) {
        others = others + shared[s];
        to[t.bin_of_state[s]] = to[t.bin_of_state[s]] + shared[s];
      }
      to[t.usual] = total - others;
    }
  }

  const binned_matrix& x_;
  std::size_t most_states_ = 0;  // of a lane
  const slope_scale* scale_ = nullptr;
  std::vector<std::vector<slope_sum>> sums_;   // [total_bins] each
  std::vector<std::vector<slope_sum>> extra_;  // by piece, [total_states] each
  std::vector<std::size_t> free_;
  std::vector<std::uint32_t> unfinished_;  // pieces, by block
};

}  // namespace mlsd::detail
