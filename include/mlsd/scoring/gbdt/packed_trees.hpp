#pragma once

#include "mlsd/scoring/gbdt/forest.hpp"
#include "mlsd/scoring/gbdt/tree_cells.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <type_traits>
#include <vector>

namespace mlsd::detail {

/// 8-byte nodes for models of numbers: step = node.step + (cell > threshold). A leaf has step 0 and is never exceeded.
struct number_nodes {
  struct node {
    std::uint32_t threshold = largest_key;
    std::uint16_t cell = 0, step = 0;
  };
  using cell = std::uint32_t;
  static constexpr std::size_t largest_index = (std::numeric_limits<std::uint16_t>::max)();
  static cell number_cell(std::uint32_t key) noexcept { return key; }
  static cell category_cell(std::uint32_t) noexcept { return 0; }
  static std::uint32_t advance(const node& n, cell x, const std::uint32_t*) noexcept {
    return static_cast<std::uint32_t>(n.step) + static_cast<std::uint32_t>(x > n.threshold);
  }
};

/// 16-byte nodes for everything else: a category goes right where its class has a bit in the node's words. Nodes of
/// numbers, and leaves, which read any cell, look up zeros instead.
struct mixed_nodes {
  struct node {
    std::uint32_t threshold = largest_key, cell = 0, step = 0, words = 0;
  };
  struct cell {
    std::uint32_t key, word;
  };
  static constexpr std::size_t largest_index = (std::numeric_limits<std::int32_t>::max)();
  static cell number_cell(std::uint32_t key) noexcept { return {key, 0}; }
  static cell category_cell(std::uint32_t its_class) noexcept { return {its_class, its_class / 32}; }
  static std::uint32_t advance(const node& n, const cell& x, const std::uint32_t* words) noexcept {
    return n.step + static_cast<std::uint32_t>(x.key > n.threshold) + ((words[n.words + x.word] >> (x.key & 31u)) & 1u);
  }
};

/// A forest laid out for interleaved traversal: breadth-first nodes, children adjacent, steps relative to the node.
/// Groups of 16 trees of like depth, out of blocks of 128, are what one row walks at a time.
template <class Nodes> struct packed_trees {
  static constexpr std::size_t lanes = 16, block = 128;
  struct group {
    std::uint32_t root[lanes];
    std::uint8_t position[lanes];  // of the tree in its block
    std::uint32_t depth;
  };

  std::vector<typename Nodes::node> nodes;
  std::vector<double> value;                       // [nodes, leaf width]: of leaves
  std::vector<std::uint32_t> root, depth, output;  // [trees]
  std::vector<group> groups;
  std::vector<std::uint32_t> words;  // first a zero for every word of a class: what numbers and leaves look up

  /// False if the forest does not fit this kind of node; then nothing may be called. `cells` is built from it.
  [[nodiscard]] bool build(const gbdt_forest& forest, const tree_cells<>& cells) {
    if (std::is_same_v<Nodes, number_nodes> && cells.numbers() != cells.size()) return false;
    if (cells.size() > Nodes::largest_index || forest.has_lines()) return false;
    std::uint32_t most = 1;
    for (std::size_t c = cells.numbers(); c < cells.size(); ++c) most = (std::max)(most, words_of(cells, c));
    words.assign(most, 0);
    const std::size_t all = 2 * forest.splits() + forest.trees() + 1;
    nodes.reserve(all);
    value.reserve(all * forest.leaf_width());
    for (std::size_t t = 0; t < forest.trees(); ++t)
      if (!append(forest, cells, t)) return false;
    make_groups(forest.leaf_width());
    return true;
  }

 private:
  /// Beyond this a model is walked instead: what a file may claim must not decide what is allocated.
  static constexpr std::size_t most_words = std::size_t{1} << 24;

  [[nodiscard]] static std::uint32_t words_of(const tree_cells<>& cells, std::size_t c) noexcept {
    return (cells.classes(c) + 31) / 32;
  }

  [[nodiscard]] bool append(const gbdt_forest& forest, const tree_cells<>& cells, std::size_t tree) {
    struct pending {
      std::int32_t from;
      std::uint32_t depth;
    };
    const std::size_t base = nodes.size(), width = forest.leaf_width();
    std::vector<pending> queue{{forest.splits_of(tree) == 0 ? -1 : 0, 0}};
    std::uint32_t deepest = 0;
    for (std::size_t i = 0; i < queue.size(); ++i) {
      const auto [from, level] = queue[i];
      deepest = (std::max)(deepest, level);
      typename Nodes::node n;
      if (from < 0) {
        for (std::size_t k = 0; k < width; ++k) value.push_back(forest.leaf(tree, static_cast<std::size_t>(~from), k));
      } else {
        const std::size_t s = forest.first_split(tree) + static_cast<std::size_t>(from);
        const std::size_t step = queue.size() - i, cell = cells.cell_of(s);
        if (step > Nodes::largest_index) return false;
        n.step = static_cast<decltype(n.step)>(step);
        n.cell = static_cast<decltype(n.cell)>(cell);
        if (!forest.by_category(s)) n.threshold = threshold_key(forest.threshold(s));
        if constexpr (std::is_same_v<Nodes, mixed_nodes>)
          if (forest.by_category(s) && !list_categories(forest, cells, s, n)) return false;
        queue.push_back({forest.left(s), level + 1});
        queue.push_back({forest.right(s), level + 1});
        value.resize(value.size() + width);
      }
      nodes.push_back(n);
    }
    root.push_back(static_cast<std::uint32_t>(base));
    depth.push_back(deepest);
    output.push_back(static_cast<std::uint32_t>(forest.output(tree)));
    return true;
  }

  /// One bit for every class of the cell: set where it goes right.
  [[nodiscard]] bool list_categories(const gbdt_forest& forest, const tree_cells<>& cells, std::size_t s,
                                     mixed_nodes::node& n) {
    const std::uint32_t count = words_of(cells, n.cell);
    if (words.size() + count > most_words) return false;
    n.words = static_cast<std::uint32_t>(words.size());
    words.resize(words.size() + count, ~0u);
    const auto send_left = [&](std::uint32_t c) { words[n.words + c / 32] &= ~(1u << (c % 32)); };
    for (const std::uint32_t category : forest.categories(s)) send_left(cells.listed_class(n.cell, category));
    if (forest.nan_left(s)) send_left(cells.missing_class(n.cell));
    return true;
  }

  /// Deep and shallow trees apart, or every tree would be walked to the depth of the deepest. The last node is a leaf
  /// of no tree, for lanes without one.
  void make_groups(std::size_t leaf_width) {
    nodes.push_back({});
    value.resize(value.size() + leaf_width);
    const auto idle = static_cast<std::uint32_t>(nodes.size() - 1);
    for (std::size_t first = 0; first < root.size(); first += block) {
      const std::vector<std::uint32_t> order =
          ordered_by_depth(std::span(depth).subspan(first, (std::min)(block, root.size() - first)));
      for (std::size_t i = 0; i < order.size(); i += lanes) {
        group g{};
        for (std::size_t j = 0; j < lanes; ++j) {
          const bool present = i + j < order.size();
          g.root[j] = present ? root[first + order[i + j]] : idle;
          g.position[j] = static_cast<std::uint8_t>(present ? order[i + j] : block + j);
          if (present) g.depth = (std::max)(g.depth, depth[first + order[i + j]]);
        }
        groups.push_back(g);
      }
    }
  }
};

}  // namespace mlsd::detail
