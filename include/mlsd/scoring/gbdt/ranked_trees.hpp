#pragma once

#include "mlsd/scoring/gbdt/forest.hpp"
#include "mlsd/scoring/gbdt/symmetric_tree.hpp"
#include "mlsd/scoring/gbdt/tree_cells.hpp"
#include "mlsd/stats/radix_sort.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace mlsd::detail {

/// A forest laid out for bytes: a number is known to all splits of its column by its rank among their thresholds, and a
/// rank among up to 255, which is what histogram trainers leave, is a byte. Columns of more are several stretches of
/// 255, each with ranks of its own. Bytes are stored less 128, because vectors compare signed ones in one instruction.
/// A class of categories is three bytes: its low four bits, and one bit of two bytes for the high four, so that a split
/// by categories is two look-ups in tables of 16 bytes. A tree is evaluated from the bottom up, every split of it: the
/// leaf under a split is the leaf under its left or its right child. Slots name these: first one for each number of a
/// leaf, then one for each split, children first. Of a symmetric tree there is one split a level, whose answer is one
/// bit of the number of the leaf.
template <class = void> class ranked_trees {
 public:
  static constexpr std::size_t most_cuts = 255, most_classes = 256, most_slots = 896, most_leaves = 256,
                               most_outputs = 32;

  /// A stretch of the thresholds of a column.
  struct column {
    std::uint32_t source = 0;  // column of the row
    std::uint32_t first_cut = 0, cuts = 0;
  };
  struct cell {
    std::uint32_t column = 0;
    bool nan_left = false, zero_is_missing = false;
  };
  struct split {
    std::uint16_t key = 0, left = 0, right = 0;  // slots
    std::int8_t threshold = 0;                   // goes right if its key is greater
  };
  /// A split by categories: what is decided for it goes into the next slot behind the keys. A class goes right where
  /// the table at its low bits has its high bit.
  struct list {
    alignas(16) std::array<std::array<std::uint8_t, 16>, 2> right{};
    std::uint32_t key = 0;  // slot of the first of three bytes
  };
  struct tree {
    std::uint32_t first_split = 0, splits = 0, first_list = 0, lists = 0, first_value = 0, leaves = 0, output = 0;
    bool symmetric = false;  // then `right` of a split is its bit
  };

  std::vector<column> columns;
  std::vector<float> cuts;               // [columns, 256], ascending; the rest is infinite
  std::vector<cell> cells;               // of numbers
  std::vector<std::uint32_t> by_column;  // the cells, those of a column together
  std::size_t category_cells = 0;
  bool float_sums = false;
  std::vector<split> splits;
  std::vector<list> lists;
  std::vector<tree> trees;
  std::vector<double> value;  // of every tree [leaf width, leaves]
  std::size_t key_slots = 0, list_slots = 0, leaf_slots = 1, split_slots = 1, leaf_width = 1;

  /// Slot of the first byte of a cell of categories.
  [[nodiscard]] std::size_t category_slot(std::size_t category) const noexcept { return cells.size() + 3 * category; }
  [[nodiscard]] std::size_t slots() const noexcept { return key_slots + list_slots + leaf_slots + split_slots; }

  /// False if a forest does not fit; then nothing else may be used. `from` is built from it.
  [[nodiscard]] bool build(const gbdt_forest& forest, const tree_cells<>& from) {
    if (forest.has_lines() || forest.outputs() > most_outputs || (from.size() == 0 && forest.splits() != 0))
      return false;
    category_cells = from.size() - from.numbers();
    for (std::size_t c = from.numbers(); c < from.size(); ++c)
      if (from.classes(c) > most_classes) return false;
    leaf_width = forest.leaf_width();
    float_sums = forest.float_sums();
    for (std::size_t t = 0; t < forest.trees(); ++t) {
      const std::size_t n = forest.splits_of(t);
      std::size_t categories = 0;
      for (std::size_t s = 0; s < n; ++s) categories += forest.by_category(forest.first_split(t) + s) ? 1u : 0u;
      leaf_slots = (std::max)(leaf_slots, n + 1);
      split_slots = (std::max)(split_slots, n);
      list_slots = (std::max)(list_slots, categories);
    }
    if (leaf_slots > most_leaves || from.size() + list_slots + leaf_slots + split_slots > most_slots) return false;
    const std::vector<split> ranked = rank_splits(forest, from);
    key_slots = cells.size() + 3 * category_cells;
    if (slots() > most_slots) return false;
    for (std::size_t t = 0; t < forest.trees(); ++t) append(forest, from, ranked, t);
    return true;
  }

 private:
  /// Of every split by a number: the cell of its stretch, and its rank there. [splits]
  [[nodiscard]] std::vector<split> rank_splits(const gbdt_forest& forest, const tree_cells<>& from) {
    struct threshold {
      std::uint32_t key, split;
    };
    std::vector<threshold> all, scratch;
    std::vector<std::uint32_t> rank(forest.splits());
    for (std::uint32_t s = 0; s < forest.splits(); ++s)
      if (!forest.by_category(s)) all.push_back({threshold_key(forest.threshold(s)), s});
    scratch.resize(all.size());
    radix_sort(std::span(all), std::span(scratch), [](const threshold& t) { return t.key; });

    std::vector<std::uint64_t> sources;
    for (std::size_t c = 0; c < from.numbers(); ++c) sources.push_back(from[c].column);
    sort_unique(sources);
    std::vector<std::size_t> source_of(from.numbers());
    for (std::size_t c = 0; c < from.numbers(); ++c)
      source_of[c] = static_cast<std::size_t>(
          std::lower_bound(sources.begin(), sources.end(), std::uint64_t{from[c].column}) - sources.begin());
    std::vector<std::vector<std::uint32_t>> keys(sources.size());  // of every source, ascending
    for (const threshold& t : all) {
      std::vector<std::uint32_t>& known = keys[source_of[from.cell_of(t.split)]];
      if (known.empty() || known.back() != t.key) known.push_back(t.key);
      rank[t.split] = static_cast<std::uint32_t>(known.size() - 1);
    }

    std::vector<std::uint32_t> first_cell(from.numbers());
    for (std::size_t k = 0; k < keys.size(); ++k) {
      const std::size_t first_column = columns.size();
      append_columns(static_cast<std::uint32_t>(sources[k]), keys[k]);
      for (std::size_t c = 0; c < from.numbers(); ++c)
        if (source_of[c] == k) first_cell[c] = append_cells(from[c], first_column);
    }
    order_by_column();

    std::vector<split> out(forest.splits());
    for (const threshold& t : all)
      out[t.split] = {static_cast<std::uint16_t>(first_cell[from.cell_of(t.split)] + rank[t.split] / most_cuts), 0, 0,
                      static_cast<std::int8_t>(static_cast<int>(rank[t.split] % most_cuts) - 128)};
    return out;
  }
  /// The stretches of a source, whose thresholds have these keys.
  void append_columns(std::uint32_t source, const std::vector<std::uint32_t>& keys) {
    for (std::size_t first = 0; first < keys.size(); first += most_cuts) {
      const std::size_t count = (std::min)(most_cuts, keys.size() - first);
      columns.push_back({source, static_cast<std::uint32_t>(cuts.size()), static_cast<std::uint32_t>(count)});
      for (std::size_t i = first; i < first + count; ++i) cuts.push_back(number_of_key(keys[i]));
      cuts.resize(columns.size() * (most_cuts + 1), (std::numeric_limits<float>::infinity)());
    }
  }
  /// What a cell is in every stretch from `first_column` on; the first of these cells.
  std::uint32_t append_cells(const typename tree_cells<>::source& from, std::size_t first_column) {
    const auto first = static_cast<std::uint32_t>(cells.size());
    for (std::size_t stretch = first_column; stretch < columns.size(); ++stretch)
      cells.push_back({static_cast<std::uint32_t>(stretch), from.nan_key == 0, from.test == gbdt_test::number_or_zero});
    return first;
  }
  void order_by_column() {
    by_column.reserve(cells.size());
    for (std::uint32_t k = 0; k < columns.size(); ++k)
      for (std::uint32_t c = 0; c < cells.size(); ++c)
        if (cells[c].column == k) by_column.push_back(c);
  }
  [[nodiscard]] static float number_of_key(std::uint32_t key) noexcept {
    return std::bit_cast<float>(key ^ ((key >> 31) != 0 ? 0x8000'0000u : 0xFFFF'FFFFu));
  }

  void append(const gbdt_forest& forest, const tree_cells<>& from, const std::vector<split>& ranked, std::size_t t) {
    tree made;
    made.first_split = static_cast<std::uint32_t>(splits.size());
    made.first_list = static_cast<std::uint32_t>(lists.size());
    made.first_value = static_cast<std::uint32_t>(value.size());
    made.leaves = static_cast<std::uint32_t>(padded(forest.splits_of(t) + 1));
    made.output = static_cast<std::uint32_t>(forest.output(t));
    const std::vector<std::uint32_t> levels = levels_of_symmetric(forest, t);
    made.symmetric = !levels.empty();
    for (std::size_t d = 0; d < levels.size(); ++d) {
      splits.push_back(ranked[forest.first_split(t) + levels[d]]);
      splits.back().right = static_cast<std::uint16_t>(1u << d);
    }
    if (!made.symmetric) append_splits(forest, from, ranked, t, made.lists);
    made.splits = static_cast<std::uint32_t>(splits.size()) - made.first_split;
    const std::size_t leaves = forest.splits_of(t) + 1;
    for (std::size_t k = 0; k < leaf_width; ++k) {
      for (std::size_t l = 0; l < leaves; ++l)
        value.push_back(forest.leaf(t, made.symmetric ? leaf_behind(forest, t, l) : l, k));
      value.resize(value.size() + made.leaves - leaves);
    }
    trees.push_back(made);
  }

  /// Splits from the deepest level up, so that neighbours do not wait for each other.
  void append_splits(const gbdt_forest& forest, const tree_cells<>& from, const std::vector<split>& ranked,
                     std::size_t t, std::uint32_t& list_count) {
    const std::size_t n = forest.splits_of(t), first = forest.first_split(t);
    std::vector<std::uint32_t> depth(n, 0), slot(n);
    for (std::size_t s = 0; s < n; ++s)
      for (const std::int32_t child : {forest.left(first + s), forest.right(first + s)})
        if (child >= 0) depth[static_cast<std::size_t>(child)] = depth[s] + 1;
    std::vector<std::uint32_t> order = ordered_by_depth(depth);
    std::reverse(order.begin(), order.end());
    for (std::size_t i = 0; i < n; ++i) slot[order[i]] = static_cast<std::uint32_t>(leaf_slots + i);
    const auto slot_of = [&](std::int32_t child) {
      return static_cast<std::uint16_t>(child < 0 ? static_cast<std::uint32_t>(~child)
                                                  : slot[static_cast<std::size_t>(child)]);
    };
    for (const std::uint32_t i : order) {
      split s = forest.by_category(first + i) ? by_list(forest, from, first + i, list_count++) : ranked[first + i];
      s.left = slot_of(forest.left(first + i));
      s.right = slot_of(forest.right(first + i));
      splits.push_back(s);
    }
  }
  /// Its key is -1 for what goes left and 0 for what goes right.
  [[nodiscard]] split by_list(const gbdt_forest& forest, const tree_cells<>& from, std::size_t s, std::size_t place) {
    const std::size_t c = from.cell_of(s);
    list made;
    for (auto& table : made.right) table.fill(0xFF);
    const auto send_left = [&](std::uint32_t k) {
      made.right[k / 128][k % 16] = static_cast<std::uint8_t>(made.right[k / 128][k % 16] & ~(1u << (k / 16 % 8)));
    };
    for (const std::uint32_t category : forest.categories(s)) send_left(from.listed_class(c, category));
    if (forest.nan_left(s)) send_left(from.missing_class(c));
    made.key = static_cast<std::uint32_t>(category_slot(c - from.numbers()));
    lists.push_back(made);
    return {static_cast<std::uint16_t>(key_slots + place), 0, 0, -1};
  }
  /// Tables of leaves are looked up in 16, 32 or 64 values at a time.
  [[nodiscard]] static std::size_t padded(std::size_t leaves) noexcept {
    return leaves <= 16 ? 16 : leaves <= 32 ? 32 : leaves <= 64 ? 64 : leaves;
  }
};

}  // namespace mlsd::detail
