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

/// The share of a query's relevant items (label above 0) that stand in the first k places. k = 0: all places.
/// O(n) of a `ranked_query`, no allocation. Ties across the cut: the expected share over every order of the tied items,
/// unless `stable`. No relevant item: NaN.
struct recall_at {
  std::uint64_t k = 10;
  tied ties = tied::averaged;

  static constexpr std::string_view type_name = "recall_at";
  static constexpr std::uint32_t version = 1;

  template <class = void> [[nodiscard]] MLSD_UNCONTRACTED double operator()(const ranked_query& q) const noexcept {
    MLSD_CONTRACT_OFF
    if (q.relevant() == 0) return std::numeric_limits<double>::quiet_NaN();
    const std::size_t places = q.places(k);
    double found = 0;
    for (std::size_t first = 0; first < places;) {
      const std::size_t last = q.group_end(first, ties), within = (std::min)(last, places);
      found += static_cast<double>(q.relevant_in(first, last)) *
               (static_cast<double>(within - first) / static_cast<double>(last - first));
      first = last;
    }
    return found / static_cast<double>(q.relevant());
  }

  friend constexpr bool operator==(const recall_at&, const recall_at&) = default;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("k", self.k);
    ar("ties", self.ties);
  }
  template <class = void> [[nodiscard]] result<void> validate() const { return detail::validate_tied(ties); }
};

}  // namespace mlsd
