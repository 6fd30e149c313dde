#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

#include "mlsd/core/fp.hpp"
#include "mlsd/core/math.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/metrics/ranked_query.hpp"

namespace mlsd {

/// What a label is worth. Libraries differ, and figures of the two cannot be compared.
enum class dcg_gain : std::uint8_t {
  linear,      ///< the label itself: scikit-learn, trec_eval
  exponential  ///< 2^label - 1: LightGBM, XGBoost; labels below 1,000
};

namespace detail {

/// 1 / log2(place + 2), place 0 being the first.
template <class = void> constexpr double dcg_discount_at(std::size_t place) noexcept {
  return 0.69314718055994530942 / math::log(static_cast<double>(place + 2));
}
template <class = void>
inline constexpr std::array<double, 64> dcg_discounts = [] {
  std::array<double, 64> d{};
  for (std::size_t i = 0; i < d.size(); ++i) d[i] = dcg_discount_at(i);
  return d;
}();
template <class = void> double dcg_discount(std::size_t place) noexcept {
  return place < dcg_discounts<>.size() ? dcg_discounts<>[place] : dcg_discount_at(place);
}

template <dcg_gain Gain> double gain_of(float label) noexcept {
  if constexpr (Gain == dcg_gain::linear)
    return static_cast<double>(label);
  else if (label == std::floor(label))
    return std::ldexp(1.0, static_cast<int>((std::min)(label, 2000.0f))) - 1;
  else
    return math::exp_minus_one(static_cast<double>(label) * 0.69314718055994530942);
}

}  // namespace detail

/// Normalised discounted cumulative gain of the first k places: sum of gain(label) / log2(place + 1), divided by that
/// of the perfect order. 1 for a perfect ranking. k = 0: all places. O(n) of a `ranked_query`, no allocation. Ties: the
/// mean gain of the tied items in each of their places, unless `stable` (McSherry, Najork); never the best case. No
/// label above 0: NaN. Labels beyond doubles once gained: NaN. Source: Jarvelin, Kekalainen (2002); exponential gain:
/// Burges et al. (2005); ties: McSherry, Najork, Computing Information Retrieval Performance Measures Efficiently in
/// the Presence of Tied Scores (2008).
template <dcg_gain Gain> struct ndcg {
  std::uint64_t k = 10;
  tied ties = tied::averaged;

  static constexpr std::string_view type_name = Gain == dcg_gain::linear ? "ndcg_linear" : "ndcg_exponential";
  static constexpr std::uint32_t version = 1;

  template <class = void> [[nodiscard]] double operator()(const ranked_query& q) const noexcept {
    const double best = ideal(q);
    const double quiet_nan = std::numeric_limits<double>::quiet_NaN();
    return best > 0 && best <= (std::numeric_limits<double>::max)() ? dcg(q) / best : quiet_nan;
  }
  /// The sum before it is divided.
  template <class = void> [[nodiscard]] MLSD_UNCONTRACTED double dcg(const ranked_query& q) const noexcept {
    MLSD_CONTRACT_OFF
    const std::size_t places = q.places(k);
    double sum = 0;
    for (std::size_t first = 0; first < places;) {
      const std::size_t last = q.group_end(first, ties), within = (std::min)(last, places);
      double gain = 0, discount = 0;
      for (std::size_t i = first; i < last; ++i) gain += detail::gain_of<Gain>(q.labels()[i]);
      for (std::size_t i = first; i < within; ++i) discount += detail::dcg_discount(i);
      sum += gain / static_cast<double>(last - first) * discount;
      first = last;
    }
    return sum;
  }
  /// The sum of the perfect order.
  template <class = void> [[nodiscard]] MLSD_UNCONTRACTED double ideal(const ranked_query& q) const noexcept {
    MLSD_CONTRACT_OFF
    const std::size_t places = k == 0 || k > q.relevant() ? q.relevant() : static_cast<std::size_t>(k);
    double sum = 0;
    for (std::size_t i = 0; i < places; ++i) sum += detail::gain_of<Gain>(q.ideal()[i]) * detail::dcg_discount(i);
    return sum;
  }

  friend constexpr bool operator==(const ndcg&, const ndcg&) = default;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("k", self.k);
    ar("ties", self.ties);
  }
  template <class = void> [[nodiscard]] result<void> validate() const { return detail::validate_tied(ties); }
};

}  // namespace mlsd
