#pragma once

#include "mlsd/features/category_index.hpp"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <string_view>
#include <utility>
#include <vector>

namespace mlsd {

/// Gives every category of the training rows a code of its own: 0 is missing, 1 is unseen or rare, 2, 3, ... are the
/// categories by falling frequency (weighted; ties in the order of their first row).
/// `rare` categories, below `min_count` in weight or beyond the `max_categories` most frequent, share code 1.
/// O(n) time, memory for the distinct categories; look-up O(1), no allocation.
struct ordinal {
  float min_count = 1;
  std::uint32_t max_categories = 1u << 20;

  struct statistics {
    category_index index{};
    std::vector<double> count{};

    template <class = void> void add(const category& c, double weight) {
      const std::uint32_t k = index.insert(c);
      if (k == count.size()) count.push_back(0);
      count[k] += weight;
    }
    template <class = void> void merge(const statistics& o) {
      for (std::uint32_t k = 0; k < o.count.size(); ++k) add(o.index[k], o.count[k]);
    }
  };

  struct fitted {
    static constexpr std::string_view type_name = "ordinal";
    static constexpr std::uint32_t missing = 0, unseen = 1, first = 2;
    category_index index{};

    [[nodiscard]] code operator()(const category& c) const noexcept {
      if (c.is_missing()) return {missing};
      const std::uint32_t k = index.find(c);
      return {k == category_index::none ? unseen : first + k};
    }
    [[nodiscard]] std::uint32_t cardinality() const noexcept {
      return first + static_cast<std::uint32_t>(index.size());
    }
    /// Whether the category had a code of its own in the training rows.
    [[nodiscard]] bool knows(const category& c) const noexcept { return index.find(c) != category_index::none; }
    /// The category behind a code >= `first`.
    [[nodiscard]] category name(code c) const noexcept { return index[c.value - first]; }

    template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) { ar("categories", self.index); }
  };

  template <class = void> void observe(statistics& s, const category& c, float weight) const {
    if (!c.is_missing()) s.add(c, weight);
  }
  template <class = void> [[nodiscard]] fitted fit(const statistics& s) const {
    std::vector<std::uint32_t> order(s.count.size());
    std::iota(order.begin(), order.end(), 0u);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return s.count[a] > s.count[b]; });
    fitted f;
    for (const std::uint32_t k : order)
      if (s.count[k] >= static_cast<double>(min_count) && f.index.size() < max_categories) f.index.insert(s.index[k]);
    return f;
  }
};

}  // namespace mlsd
