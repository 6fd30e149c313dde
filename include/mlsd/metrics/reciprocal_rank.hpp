#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

#include "mlsd/core/result.hpp"
#include "mlsd/metrics/ranked_query.hpp"

namespace mlsd {

/// 1 / place of the first relevant item (label above 0), 0 where it is not in the first k; its `query_mean` is the MRR.
/// k = 0: all places. O(n) of a `ranked_query`, no allocation. Ties: the expected value over every order of the tied
/// items, unless `stable`. No relevant item: NaN.
/// Source: Voorhees, The TREC-8 Question Answering Track Report (1999).
struct reciprocal_rank {
  std::uint64_t k = 0;
  tied ties = tied::averaged;

  static constexpr std::string_view type_name = "reciprocal_rank";
  static constexpr std::uint32_t version = 1;

  template <class = void> [[nodiscard]] double operator()(const ranked_query& q) const noexcept {
    if (q.relevant() == 0) return std::numeric_limits<double>::quiet_NaN();
    const std::size_t places = q.places(k);
    for (std::size_t first = 0; first < places;) {
      const std::size_t last = q.group_end(first, ties), hits = q.relevant_in(first, last);
      if (hits > 0) return expected(first, (std::min)(last, places), last, hits);
      first = last;
    }
    return 0;
  }
  /// Of a query with one right item, found at `rank`: 1 is the first place, 0 means not retrieved.
  [[nodiscard]] double at_rank(std::size_t rank) const noexcept {
    return rank > 0 && (k == 0 || rank <= k) ? 1 / static_cast<double>(rank) : 0;
  }

  friend constexpr bool operator==(const reciprocal_rank&, const reciprocal_rank&) = default;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("k", self.k);
    ar("ties", self.ties);
  }
  template <class = void> [[nodiscard]] result<void> validate() const { return detail::validate_tied(ties); }

 private:
  /// Places first ... last - 1 hold `hits` relevant items in any order; those from `cut` on count nothing.
  static double expected(std::size_t first, std::size_t cut, std::size_t last, std::size_t hits) noexcept {
    double none_before = 1, sum = 0;
    for (std::size_t i = first; i < cut && none_before > 0; ++i) {
      const double here = (std::min)(1.0, static_cast<double>(hits) / static_cast<double>(last - i));
      sum += none_before * here / static_cast<double>(i + 1);
      none_before *= 1 - here;
    }
    return sum;
  }
};

}  // namespace mlsd
