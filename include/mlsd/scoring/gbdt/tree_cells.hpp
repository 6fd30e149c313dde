#pragma once

#include "mlsd/core/matrix_view.hpp"
#include "mlsd/scoring/gbdt/forest.hpp"
#include "mlsd/stats/radix_sort.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace mlsd::detail {

inline constexpr std::uint32_t largest_key = 0xFFFFFFFFu;

/// The greatest float that is not above a threshold: for floats, the same decisions as the double itself.
template <class = void> [[nodiscard]] float floor_to_float(double threshold) noexcept {
  constexpr float most = (std::numeric_limits<float>::max)(), infinite = (std::numeric_limits<float>::infinity)();
  if (threshold < -static_cast<double>(most)) return -infinite;
  if (threshold > static_cast<double>(most)) return std::isinf(threshold) ? infinite : most;
  const auto nearest = static_cast<float>(threshold);
  return static_cast<double>(nearest) > threshold ? std::nextafter(nearest, -infinite) : nearest;
}
template <class = void> [[nodiscard]] std::uint32_t threshold_key(double threshold) noexcept {
  return ordered_key(floor_to_float(threshold));
}

template <class = void> void sort_unique(std::vector<std::uint64_t>& v) {
  std::vector<std::uint64_t> scratch(v.size());
  radix_sort(std::span(v), std::span(scratch), [](std::uint64_t x) { return x; });
  v.erase(std::unique(v.begin(), v.end()), v.end());
}

/// Numbers 0 to n in ascending order of `depth[i]`; in their own order where it is equal. O(n + greatest depth).
template <class = void>
[[nodiscard]] std::vector<std::uint32_t> ordered_by_depth(std::span<const std::uint32_t> depth) {
  std::vector<std::uint32_t> order(depth.size()), place;  // of the next number of a depth
  for (const std::uint32_t d : depth) {
    if (place.size() < std::size_t{d} + 2) place.resize(std::size_t{d} + 2, 0);
    ++place[d + 1];
  }
  for (std::size_t d = 1; d < place.size(); ++d) place[d] += place[d - 1];
  for (std::size_t i = 0; i < depth.size(); ++i) order[place[depth[i]]++] = static_cast<std::uint32_t>(i);
  return order;
}

/// What a forest reads of a row, as unsigned keys, so that every split by a number is one comparison of integers:
/// key > threshold_key goes right. A number that may be missing is read through up to two cells: one where the missing
/// ones are the largest key, one where they are 0. A column of categories is one cell, whose keys are classes: 0 for
/// categories that no split lists, then the listed ones, then what is missing.
template <class = void> class tree_cells {
 public:
  struct source {
    std::uint32_t column = 0;
    gbdt_test test = gbdt_test::number;
    std::uint32_t nan_key = 0;                       ///< numbers
    std::uint32_t first_class = 0, known_codes = 0;  ///< categories: a slice of the classes
    std::uint32_t classes = 0;                       ///< categories: 0, the listed ones, what is missing
  };

  /// False if the tables would be larger than what a file may ask for; then nothing else may be called.
  [[nodiscard]] bool build(const gbdt_forest& forest) {
    struct cell_id {
      std::uint32_t id, split;
    };
    std::vector<cell_id> all(forest.splits()), scratch(forest.splits());
    for (std::uint32_t s = 0; s < forest.splits(); ++s) all[s] = {id_of(forest, s), s};
    radix_sort(std::span(all), std::span(scratch), [](const cell_id& r) { return r.id; });
    cell_.resize(forest.splits());
    for (std::size_t i = 0; i < all.size(); ++i) {
      const std::uint32_t id = all[i].id;
      if (i == 0 || id != all[i - 1].id) {
        const bool category = (id & category_bit) != 0, missing_is_low = (id & 1u) != 0;
        sources_.push_back({.column = id >> 1 & 0x1FFFFFFu,
                            .test = static_cast<gbdt_test>((id & ~category_bit) >> 26),
                            .nan_key = category || missing_is_low ? 0 : largest_key});
        if (!category) numbers_ = sources_.size();
        if (sources_.back().test == gbdt_test::number) plain_ = sources_.size();
      }
      cell_[all[i].split] = static_cast<std::uint32_t>(sources_.size() - 1);
    }
    return learn_categories(forest);
  }

  [[nodiscard]] std::size_t size() const noexcept { return sources_.size(); }
  [[nodiscard]] const source& operator[](std::size_t cell) const noexcept { return sources_[cell]; }
  /// Cells [0, numbers()) are of numbers, the others of categories.
  [[nodiscard]] std::size_t numbers() const noexcept { return numbers_; }
  /// Classes of a cell of categories.
  [[nodiscard]] std::uint32_t classes(std::size_t cell) const noexcept { return sources_[cell].classes; }
  [[nodiscard]] std::size_t cell_of(std::size_t split) const noexcept { return cell_[split]; }
  /// The class of a listed category, and of what is missing.
  [[nodiscard]] std::uint32_t listed_class(std::size_t cell, std::uint32_t category) const noexcept {
    return class_[sources_[cell].first_class + category];
  }
  [[nodiscard]] std::uint32_t missing_class(std::size_t cell) const noexcept { return sources_[cell].classes - 1; }

  /// The classes of `rows` rows from `first` on in a cell of categories: `use(row, class)`.
  template <class Use>
  void load_classes(std::size_t cell, const mixed_columns& x, std::size_t first, std::size_t rows,
                    Use&& use) const noexcept {
    const source& from = sources_[cell];
    const std::size_t at = from.column * x.stride + first;
    if (from.test == gbdt_test::code) {
      for (std::size_t i = 0; i < rows; ++i) use(i, code_class(from, x.codes[at + i]));
    } else {
      for (std::size_t i = 0; i < rows; ++i) use(i, number_class(from, x.numbers[at + i]));
    }
  }

  /// The keys of a row: `number(cell, key)` and `category(cell, class)` take them.
  template <class Number, class Category>
  void load(const mixed_row& x, Number&& number, Category&& category) const noexcept {
    for (std::size_t c = 0; c < plain_; ++c) number(c, plain_key(sources_[c], x.numbers[sources_[c].column]));
    for (std::size_t c = plain_; c < numbers_; ++c) number(c, zero_key(sources_[c], x.numbers[sources_[c].column]));
    for (std::size_t c = numbers_; c < sources_.size(); ++c) {
      const source& from = sources_[c];
      category(c, from.test == gbdt_test::code ? code_class(from, x.codes[from.column])
                                               : number_class(from, x.numbers[from.column]));
    }
  }
  /// The keys of `rows` rows from `first` on: the same, with `(cell, row, key)`.
  template <class Number, class Category>
  void load(const mixed_columns& x, std::size_t first, std::size_t rows, Number&& number,
            Category&& category) const noexcept {
    for (std::size_t c = 0; c < sources_.size(); ++c) {
      const source& from = sources_[c];
      const std::size_t at = from.column * x.stride + first;
      if (c < plain_) {
        for (std::size_t i = 0; i < rows; ++i) number(c, i, plain_key(from, x.numbers[at + i]));
      } else if (c < numbers_) {
        for (std::size_t i = 0; i < rows; ++i) number(c, i, zero_key(from, x.numbers[at + i]));
      } else {
        load_classes(c, x, first, rows, [&](std::size_t i, std::uint32_t its_class) { category(c, i, its_class); });
      }
    }
  }

 private:
  /// Beyond this a model is walked instead: what a file may claim must not decide what is allocated.
  static constexpr std::size_t most_classes = std::size_t{1} << 24;

  [[nodiscard]] static std::uint32_t plain_key(const source& from, float x) noexcept {
    const std::uint32_t key = ordered_key(x);
    return x == x ? key : from.nan_key;
  }
  [[nodiscard]] static std::uint32_t zero_key(const source& from, float x) noexcept {
    return is_missing(gbdt_test::number_or_zero, x) ? from.nan_key : ordered_key(x);
  }
  [[nodiscard]] std::uint32_t code_class(const source& from, std::uint32_t code) const noexcept {
    return class_[from.first_class + (std::min)(code, from.known_codes)];
  }
  [[nodiscard]] std::uint32_t number_class(const source& from, float x) const noexcept {
    return x == x ? code_class(from, category_of(from.test, x)) : from.classes - 1;
  }

  static constexpr std::uint32_t category_bit = 0x80000000u;

  /// Test, column and, of numbers, the side of what is missing: so that cells of one test lie together, those of
  /// categories last.
  [[nodiscard]] static std::uint32_t id_of(const gbdt_forest& forest, std::size_t s) noexcept {
    const bool category = forest.by_category(s), code = forest.test(s) == gbdt_test::code;
    const std::uint32_t column = forest.feature(s) - (code ? static_cast<std::uint32_t>(forest.number_columns()) : 0u);
    return (category ? category_bit : 0u) | std::uint32_t{static_cast<std::uint8_t>(forest.test(s))} << 26 |
           column << 1 | (!category && forest.nan_left(s) ? 1u : 0u);
  }

  /// Numbers the categories that some split of a column lists, in ascending order.
  [[nodiscard]] bool learn_categories(const gbdt_forest& forest) {
    std::vector<std::size_t> known(size(), 1);
    const auto for_each_set = [&](auto&& use) {
      for (std::size_t s = 0; s < forest.splits(); ++s)
        if (forest.by_category(s) && !forest.categories(s).empty()) use(cell_of(s), forest.categories(s));
    };
    for_each_set([&](std::size_t c, auto set) { known[c] = (std::max)(known[c], std::size_t{set.back()} + 1); });
    std::size_t slots = 0;
    for (std::size_t c = numbers_; c < size(); ++c) {
      sources_[c].first_class = static_cast<std::uint32_t>(slots);
      sources_[c].known_codes = static_cast<std::uint32_t>(known[c]);
      sources_[c].classes = 2;
      slots += known[c] + 1;
      if (slots > most_classes) return false;
    }
    class_.assign(slots, 0);
    for_each_set([&](std::size_t c, auto set) {
      for (const std::uint32_t category : set) class_[sources_[c].first_class + category] = 1;
    });
    for (std::size_t c = numbers_; c < size(); ++c)
      for (std::size_t i = 0; i < known[c]; ++i)
        if (std::uint32_t& its_class = class_[sources_[c].first_class + i]; its_class != 0)
          its_class = sources_[c].classes++ - 1;
    return true;
  }

  std::vector<source> sources_;
  std::vector<std::uint32_t> cell_;   // [splits]
  std::vector<std::uint32_t> class_;  // [known code + 1] of each cell of categories: 0 for those that no split lists
  std::size_t plain_ = 0, numbers_ = 0;
};

}  // namespace mlsd::detail
