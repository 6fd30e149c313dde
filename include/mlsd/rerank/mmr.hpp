#pragma once

#include "mlsd/core/fp.hpp"
#include "mlsd/rerank/cosine.hpp"
#include "mlsd/rerank/rule.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

namespace mlsd {

/// How `mmr` weighs relevance against variety.
struct mmr_config {
  float lambda = 0.7f;      ///< 1 is relevance alone, 0 variety alone
  std::size_t picks = 100;  ///< how many places to decide; the candidates behind them keep their order
};

/// Maximal marginal relevance: each place goes to the candidate with the largest lambda * relevance - (1 - lambda) *
/// (its similarity to the most similar one before it). Relevance is the score, scaled so that the candidates span
/// [0, 1]; a NaN score is 0, an infinite one an end of the range. The first place goes to the most relevant. The
/// similarity is the cosine of a field of vectors, `mmr("embedding"_f, {.lambda = 0.7f})`, or any noexcept function of
/// two candidates to [-1, 1]. Ties go to the candidate that stood first. Each candidate is compared with the first
/// pick; after that only while it leads, since its value can but fall: the result is that of the plain algorithm, O(n
/// picks d), in about O(n (d + log n) + picks^2 d). No allocation. Source: Carbonell and Goldstein, The use of MMR
/// (1998); lazy evaluation: Minoux (1978).
template <class Similarity> class mmr {
 public:
  static constexpr std::string_view rule_name = "mmr";
  constexpr explicit mmr(Similarity similarity, mmr_config config = {})
      : similarity_(std::move(similarity)), config_(config) {
    assert(config.lambda >= 0 && config.lambda <= 1);
  }
  template <fixed_string Name>
  constexpr explicit mmr(feature<Name>, mmr_config config = {}) : mmr(cosine_of<Name>{}, config) {}

  template <class C> [[nodiscard]] constexpr std::size_t scratch_bytes(std::size_t n) const noexcept {
    return 2 * arena::bytes_for<C>(n) + arena::bytes_for<rival>(n) + arena::bytes_for<bool>(n);
  }
  template <class C> [[nodiscard]] std::span<C> operator()(std::span<C> candidates, arena& scratch) const noexcept {
    const std::size_t n = candidates.size(), wanted = (std::min)(config_.picks, n);
    if (wanted == 0) return candidates;
    const arena::scope scope(scratch);
    const std::span<C> all = scratch.take<C>(n), picked = scratch.take<C>(wanted);
    std::copy(candidates.begin(), candidates.end(), all.begin());
    const std::span<rival> heap = rivals<C>(all, scratch);
    std::size_t left = n;
    for (std::size_t picks = 0; picks < wanted;) {
      std::pop_heap(heap.begin(), heap.begin() + static_cast<std::ptrdiff_t>(left), worse{});
      rival& top = heap[left - 1];
      if (top.compared == picks || picks == 0) {
        picked[picks++] = all[top.at];
        --left;
        if (picks == 1) compare_all<C>(heap.first(left), all, picked[0]);
        continue;
      }
      compare<C>(top, all[top.at], picked.first(picks));
      std::push_heap(heap.begin(), heap.begin() + static_cast<std::ptrdiff_t>(left), worse{});
    }
    const std::span<bool> waits = scratch.take<bool>(n);
    for (const rival& r : heap.first(left)) waits[r.at] = true;
    std::copy(picked.begin(), picked.end(), candidates.begin());
    std::size_t place = wanted;
    for (std::size_t i = 0; i < n; ++i)
      if (waits[i]) candidates[place++] = all[i];
    return candidates;
  }

 private:
  /// One that has no place yet. `value` was true after `compared` picks and is an upper bound since.
  struct rival {
    double relevance = 0, nearest = -1, value = 0;
    std::uint32_t compared = 0, at = 0;
  };
  struct worse {
    [[nodiscard]] bool operator()(const rival& a, const rival& b) const noexcept {
      return a.value < b.value || (!(b.value < a.value) && b.at < a.at);
    }
  };

  template <class C> [[nodiscard]] static std::span<rival> rivals(std::span<const C> all, arena& scratch) noexcept {
    double lowest = std::numeric_limits<double>::infinity(), highest = -lowest;
    for (const C& c : all) {
      const auto score = static_cast<double>(c.score);
      if (!std::isfinite(score)) continue;
      lowest = (std::min)(lowest, score);
      highest = (std::max)(highest, score);
    }
    const double width = highest / 2 - lowest / 2;  // halves: a finite range must not overflow
    const std::span<rival> heap = scratch.take<rival>(all.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
      const auto score = static_cast<double>(all[i].score);
      const double scaled = std::isinf(score) ? (score > 0 ? 1.0 : 0.0) : (score / 2 - lowest / 2) / width;
      heap[i].relevance = heap[i].value = scaled == scaled ? scaled : 0.0;
      heap[i].at = static_cast<std::uint32_t>(i);
    }
    std::make_heap(heap.begin(), heap.end(), worse{});
    return heap;
  }
  template <class C> MLSD_UNCONTRACTED void compare(rival& r, const C& c, std::span<const C> picked) const noexcept {
    MLSD_CONTRACT_OFF
    static_assert(std::is_nothrow_invocable_v<const Similarity&, const C&, const C&>,
                  "mlsd: the similarity of mmr must take two candidates, noexcept");
    for (; r.compared < picked.size(); ++r.compared)
      r.nearest = (std::max)(r.nearest, static_cast<double>(similarity_(c, picked[r.compared])));
    const double lambda = static_cast<double>(config_.lambda);
    r.value = lambda * r.relevance - (1 - lambda) * r.nearest;
  }
  template <class C> void compare_all(std::span<rival> heap, std::span<const C> all, const C& first) const noexcept {
    for (rival& r : heap) compare<C>(r, all[r.at], std::span<const C>(&first, 1));
    std::make_heap(heap.begin(), heap.end(), worse{});
  }

  Similarity similarity_;
  mmr_config config_;
};
template <fixed_string Name> mmr(feature<Name>) -> mmr<cosine_of<Name>>;
template <fixed_string Name> mmr(feature<Name>, mmr_config) -> mmr<cosine_of<Name>>;

}  // namespace mlsd
