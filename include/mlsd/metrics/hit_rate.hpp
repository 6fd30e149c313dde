#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

#include "mlsd/core/result.hpp"
#include "mlsd/metrics/ranked_query.hpp"

namespace mlsd {

/// Whether a relevant item (label above 0) stands in the first k places: 1 or 0. k = 0: all places.
/// O(n) of a `ranked_query`, no allocation. Ties across the cut: the probability of a hit when the tied items are put
/// in any order, unless `stable`. No relevant item: NaN.
struct hit_rate {
  std::uint64_t k = 10;
  tied ties = tied::averaged;

  static constexpr std::string_view type_name = "hit_rate";
  static constexpr std::uint32_t version = 1;

  template <class = void> [[nodiscard]] double operator()(const ranked_query& q) const noexcept {
    if (q.relevant() == 0) return std::numeric_limits<double>::quiet_NaN();
    const std::size_t places = q.places(k);
    for (std::size_t first = 0; first < places;) {
      const std::size_t last = q.group_end(first, ties), hits = q.relevant_in(first, last);
      if (hits > 0) return last <= places ? 1 : 1 - none_drawn(last - first, hits, places - first);
      first = last;
    }
    return 0;
  }
  /// Of a query with one right item, found at `rank`: 1 is the first place, 0 means not retrieved.
  [[nodiscard]] double at_rank(std::size_t rank) const noexcept { return rank > 0 && (k == 0 || rank <= k) ? 1 : 0; }

  friend constexpr bool operator==(const hit_rate&, const hit_rate&) = default;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("k", self.k);
    ar("ties", self.ties);
  }
  template <class = void> [[nodiscard]] result<void> validate() const { return detail::validate_tied(ties); }

 private:
  /// The chance that `draws` of `items`, of which `hits` are relevant, hold none of those.
  static double none_drawn(std::size_t items, std::size_t hits, std::size_t draws) noexcept {
    double chance = 1;
    for (std::size_t i = 0; i < draws && chance > 0; ++i) {
      const std::size_t misses = items > hits + i ? items - hits - i : 0;
      chance *= static_cast<double>(misses) / static_cast<double>(items - i);
    }
    return chance;
  }
};

}  // namespace mlsd
