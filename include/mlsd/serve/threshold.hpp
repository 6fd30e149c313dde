#pragma once

#include "mlsd/core/result.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

namespace mlsd {

/// What becomes of a case.
enum class verdict : std::uint8_t { pass, review, block };

[[nodiscard]] constexpr std::string_view to_string(verdict v) noexcept {
  return v == verdict::pass ? "pass" : v == verdict::review ? "review" : "block";
}

/// From a score to a verdict: below `review` it passes, from `block` on it is blocked, between them people look at it.
/// A NaN score is for people: a broken model must neither wave everything through nor stop the business.
/// `review >= block`: nobody looks, `block` decides.
struct threshold {
  double review = 0.5, block = 1;

  [[nodiscard]] constexpr verdict operator()(double score) const noexcept {
    if (score >= block) return verdict::block;
    return score < review || (review >= block && score == score) ? verdict::pass : verdict::review;
  }
  friend constexpr bool operator==(const threshold&, const threshold&) = default;
  static constexpr std::string_view type_name = "threshold";
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("review", self.review);
    ar("block", self.block);
  }
  template <class = void> [[nodiscard]] result<void> validate() const {
    if (std::isnan(review) || std::isnan(block)) return error{errc::corrupt, "a threshold is no number"};
    return {};
  }
};

/// What the outcomes of one case cost, in any currency. Passing a good case and blocking a bad one cost nothing; people
/// are taken to be right.
struct decision_costs {
  double missed = 1;       ///< a bad case that passes
  double wrong_block = 1;  ///< a good case that is blocked
  double review = 0.1;     ///< one look by a person
};

/// The thresholds on calibrated probabilities with the least expected cost: pass costs p missed, block (1 - p)
/// wrong_block, review the same for all. Where review never pays, the two are one. Requires positive costs.
[[nodiscard]] constexpr threshold cheapest(const decision_costs& cost) noexcept {
  const double review = cost.review / cost.missed, block = 1 - cost.review / cost.wrong_block;
  const double alone = cost.wrong_block / (cost.wrong_block + cost.missed);
  return review < block ? threshold{review, block} : threshold{alone, alone};
}

/// The same, but with at most `most` of these scores (of a day, say) in review: the least suspicious pass instead.
/// Scores that tie at the limit all pass. O(n log n), allocates the scores in review.
template <class = void>
[[nodiscard]] threshold within_budget(threshold t, std::span<const double> scores, std::size_t most) {
  std::vector<double> in_review;
  for (const double s : scores)
    if (s == s && t(s) == verdict::review) in_review.push_back(s);
  if (in_review.size() <= most) return t;
  std::sort(in_review.begin(), in_review.end(), [](double a, double b) { return a > b; });
  t.review = std::nextafter(in_review[most], (std::numeric_limits<double>::infinity)());
  return t;
}

}  // namespace mlsd
