#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

#include "mlsd/core/fp.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/metrics/ranked_query.hpp"

namespace mlsd {

/// What the precisions at the relevant items of the first k places are divided by. Libraries differ.
enum class precision_divisor : std::uint8_t {
  relevant,  ///< all relevant items: trec_eval's map_cut
  reachable  ///< the smaller of k and that, so that a perfect page of k is 1: most recommender libraries
};

/// Average precision of one query: the precisions at the places of its relevant items (label above 0), summed over the
/// first k places and divided; its `query_mean` is the MAP. k = 0: all places. O(n) of a `ranked_query`, no allocation.
/// Ties: the expected value over every order of the tied items, unless `stable`. No relevant item: NaN.
/// Source: Buckley, Voorhees, Evaluating Evaluation Measure Stability (2000); ties: McSherry, Najork (2008).
struct average_precision_at {
  std::uint64_t k = 0;
  precision_divisor divisor = precision_divisor::relevant;
  tied ties = tied::averaged;

  static constexpr std::string_view type_name = "average_precision_at";
  static constexpr std::uint32_t version = 1;

  template <class = void> [[nodiscard]] MLSD_UNCONTRACTED double operator()(const ranked_query& q) const noexcept {
    MLSD_CONTRACT_OFF
    if (q.relevant() == 0) return std::numeric_limits<double>::quiet_NaN();
    const std::size_t places = q.places(k);
    double sum = 0, found = 0;
    for (std::size_t first = 0; first < places;) {
      const std::size_t last = q.group_end(first, ties), within = (std::min)(last, places);
      const double hits = static_cast<double>(q.relevant_in(first, last)), size = static_cast<double>(last - first);
      // an item here is relevant with chance hits / size; then the others before it in the group with `other`
      const double other = size > 1 ? (hits - 1) / (size - 1) : 0;
      for (std::size_t i = first; hits > 0 && i < within; ++i)
        sum += hits / size * (found + 1 + static_cast<double>(i - first) * other) / static_cast<double>(i + 1);
      found += hits;
      first = last;
    }
    const bool capped = divisor == precision_divisor::reachable && k != 0;
    return sum / static_cast<double>(capped ? (std::min<std::uint64_t>)(k, q.relevant()) : q.relevant());
  }

  friend constexpr bool operator==(const average_precision_at&, const average_precision_at&) = default;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("k", self.k);
    ar("divisor", self.divisor);
    ar("ties", self.ties);
  }
  template <class = void> [[nodiscard]] result<void> validate() const {
    if (divisor != precision_divisor::relevant && divisor != precision_divisor::reachable)
      return error{errc::corrupt, "the divisor of an average precision is none of those known"};
    return detail::validate_tied(ties);
  }
};

}  // namespace mlsd
