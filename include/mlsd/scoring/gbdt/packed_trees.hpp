#pragma once

#include "mlsd/core/matrix_view.hpp"
#include "mlsd/scoring/gbdt/forest.hpp"
#include "mlsd/stats/radix_sort.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <vector>

namespace mlsd::detail {

inline constexpr std::uint32_t largest_key = 0xFFFFFFFFu;

/// One comparison a node: a feature whose NaN goes right is read through a key where NaN is the largest value; where
/// NaN goes left, through a second one where it is 0. A row is first turned into these keys, its cells.
struct tree_cell_source {
  std::uint32_t column = 0;
  std::uint32_t nan_key = 0;                       ///< numbers
  std::uint32_t first_class = 0, known_codes = 0;  ///< codes: a slice of `code_class`; known_codes == 0 for a number
};

/// 8-byte nodes for models of numbers: step = node.step + (cell > threshold). A leaf has step 0 and is never exceeded.
struct number_nodes {
  struct node {
    std::uint32_t threshold = largest_key;
    std::uint16_t cell = 0, step = 0;
  };
  using cell = std::uint32_t;
  static constexpr std::size_t largest_index = (std::numeric_limits<std::uint16_t>::max)();
  static cell number_cell(std::uint32_t key) noexcept { return key; }
  static cell code_cell(std::uint32_t) noexcept { return 0; }
  static std::uint32_t advance(const node& n, cell x, const std::uint32_t*) noexcept {
    return static_cast<std::uint32_t>(n.step) + static_cast<std::uint32_t>(x > n.threshold);
  }
};

/// 16-byte nodes for everything else: a code goes right where its bit in the node's words is set. Nodes of numbers, and
/// leaves, which read any cell, look up zeros instead.
struct mixed_nodes {
  struct node {
    std::uint32_t threshold = largest_key, cell = 0, step = 0, words = 0;
  };
  struct cell {
    std::uint32_t key, word;
  };
  static constexpr std::size_t largest_index = (std::numeric_limits<std::int32_t>::max)();
  static cell number_cell(std::uint32_t key) noexcept { return {key, 0}; }
  static cell code_cell(std::uint32_t code_class) noexcept { return {code_class, code_class / 32}; }
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
  std::vector<double> value;               // [nodes]: of leaves
  std::vector<std::uint32_t> root, depth;  // [trees]
  std::vector<group> groups;
  std::vector<tree_cell_source> cells;
  std::vector<std::uint32_t> code_class;  // [known code + 1] of each code column: 0 for codes that no split lists
  std::vector<std::uint32_t> words;       // first a zero for every word of a code: what numbers and leaves look up

  /// False if the forest does not fit this kind of node; then nothing may be called.
  [[nodiscard]] bool build(const gbdt_forest& forest) {
    if (std::is_same_v<Nodes, number_nodes> && has_codes(forest)) return false;
    if (!learn_cells(forest)) return false;
    for (std::size_t t = 0; t < forest.trees(); ++t)
      if (!append(forest, t)) return false;
    make_groups();
    return true;
  }

 private:
  /// Beyond these a model is walked instead: what a file may claim must not decide what is allocated.
  static constexpr std::size_t most_classes = std::size_t{1} << 24, most_words = std::size_t{1} << 24;

  struct code_column {
    std::uint32_t column = 0, first_class = 0, known_codes = 0, words = 0;
  };
  std::vector<code_column> columns_;
  std::vector<std::uint64_t> numbers_;  // of each cell of a number: feature * 2 + nan_left, ascending

  [[nodiscard]] static bool has_codes(const gbdt_forest& forest) noexcept {
    for (std::size_t s = 0; s < forest.splits(); ++s)
      if (forest.is_code(s)) return true;
    return false;
  }
  [[nodiscard]] static std::uint64_t number_id(const gbdt_forest& forest, std::size_t s) noexcept {
    return std::uint64_t{forest.feature(s)} * 2 + (forest.nan_left(s) ? 1 : 0);
  }
  static void sort_unique(std::vector<std::uint64_t>& v) {
    std::sort(v.begin(), v.end());
    v.erase(std::unique(v.begin(), v.end()), v.end());
  }

  /// One cell for each (number, side of NaN) and each code column. The codes of a column that some split lists are
  /// numbered from 1; all others are class 0 and go right everywhere.
  [[nodiscard]] bool learn_cells(const gbdt_forest& forest) {
    std::vector<std::uint64_t> used, listed;  // column << 32, plus code
    for (std::size_t s = 0; s < forest.splits(); ++s) {
      if (!forest.is_code(s)) {
        numbers_.push_back(number_id(forest, s));
        continue;
      }
      const std::uint64_t column = forest.feature(s) - forest.number_columns();
      used.push_back(column << 32);
      for (const std::uint32_t code : forest.categories(s)) listed.push_back(column << 32 | code);
    }
    sort_unique(numbers_);
    sort_unique(used);
    sort_unique(listed);
    for (const std::uint64_t id : numbers_)
      cells.push_back({static_cast<std::uint32_t>(id / 2), id % 2 == 1 ? 0 : largest_key, 0, 0});
    for (std::size_t u = 0, i = 0; u < used.size(); ++u) {
      const std::size_t first = i;
      while (i < listed.size() && listed[i] >> 32 == used[u] >> 32) ++i;
      const std::size_t known = i == first ? 1 : (listed[i - 1] & 0xFFFFFFFFu) + 1;
      if (code_class.size() + known + 1 > most_classes) return false;
      const code_column c{static_cast<std::uint32_t>(used[u] >> 32), static_cast<std::uint32_t>(code_class.size()),
                          static_cast<std::uint32_t>(known), static_cast<std::uint32_t>((i - first) / 32 + 1)};
      columns_.push_back(c);
      cells.push_back({c.column, 0, c.first_class, c.known_codes});
      code_class.resize(code_class.size() + known + 1, 0);
      for (std::size_t k = first; k < i; ++k)
        code_class[c.first_class + (listed[k] & 0xFFFFFFFFu)] = static_cast<std::uint32_t>(k - first + 1);
    }
    std::uint32_t most = 1;
    for (const code_column& c : columns_) most = (std::max)(most, c.words);
    words.assign(most, 0);
    return cells.size() <= Nodes::largest_index;
  }

  [[nodiscard]] std::size_t code_column_of(const gbdt_forest& forest, std::size_t s) const noexcept {
    const std::size_t column = forest.feature(s) - forest.number_columns();
    return static_cast<std::size_t>(std::partition_point(columns_.begin(), columns_.end(),
                                                         [&](const code_column& c) { return c.column < column; }) -
                                    columns_.begin());
  }
  [[nodiscard]] std::size_t cell_of(const gbdt_forest& forest, std::size_t s) const noexcept {
    if (forest.is_code(s)) return numbers_.size() + code_column_of(forest, s);
    return static_cast<std::size_t>(std::lower_bound(numbers_.begin(), numbers_.end(), number_id(forest, s)) -
                                    numbers_.begin());
  }

  [[nodiscard]] bool append(const gbdt_forest& forest, std::size_t tree) {
    struct pending {
      std::int32_t from;
      std::uint32_t depth;
    };
    const std::size_t base = nodes.size();
    std::vector<pending> queue{{forest.splits_of(tree) == 0 ? -1 : 0, 0}};
    std::uint32_t deepest = 0;
    for (std::size_t i = 0; i < queue.size(); ++i) {
      const auto [from, level] = queue[i];
      deepest = (std::max)(deepest, level);
      typename Nodes::node n;
      double leaf = 0;
      if (from < 0) {
        leaf = forest.leaf(tree, static_cast<std::size_t>(~from));
      } else {
        const std::size_t s = forest.first_split(tree) + static_cast<std::size_t>(from);
        const std::size_t step = queue.size() - i;
        if (step > Nodes::largest_index) return false;
        n.step = static_cast<decltype(n.step)>(step);
        n.cell = static_cast<decltype(n.cell)>(cell_of(forest, s));
        if (!fill_test(forest, s, n)) return false;
        queue.push_back({forest.left(s), level + 1});
        queue.push_back({forest.right(s), level + 1});
      }
      nodes.push_back(n);
      value.push_back(leaf);
    }
    root.push_back(static_cast<std::uint32_t>(base));
    depth.push_back(deepest);
    return true;
  }

  [[nodiscard]] bool fill_test(const gbdt_forest& forest, std::size_t s, number_nodes::node& n) {
    n.threshold = ordered_key(forest.threshold(s));
    return true;
  }
  [[nodiscard]] bool fill_test(const gbdt_forest& forest, std::size_t s, mixed_nodes::node& n) {
    if (!forest.is_code(s)) {
      n.threshold = ordered_key(forest.threshold(s));
      return true;
    }
    const code_column& column = columns_[code_column_of(forest, s)];
    if (words.size() + column.words > most_words) return false;
    n.words = static_cast<std::uint32_t>(words.size());
    words.resize(words.size() + column.words, ~0u);
    for (const std::uint32_t code : forest.categories(s)) {
      const std::uint32_t c = code_class[column.first_class + code];
      words[n.words + c / 32] &= ~(1u << (c % 32));
    }
    return true;
  }

  /// Deep and shallow trees apart, or every tree would be walked to the depth of the deepest. The last node is a leaf
  /// of no tree, for lanes without one.
  void make_groups() {
    nodes.push_back({});
    value.push_back(0);
    const auto idle = static_cast<std::uint32_t>(nodes.size() - 1);
    for (std::size_t first = 0; first < root.size(); first += block) {
      std::vector<std::size_t> order((std::min)(block, root.size() - first));
      for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
      std::stable_sort(order.begin(), order.end(),
                       [&](std::size_t a, std::size_t b) { return depth[first + a] < depth[first + b]; });
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
