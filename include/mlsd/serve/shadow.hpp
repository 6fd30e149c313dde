#pragma once

#include "mlsd/core/hash.hpp"

#include <cassert>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace mlsd {

/// How a challenger is tried on live traffic.
struct shadow_config {
  double share = 1;        ///< the part of the keys whose cases the challenger sees too, in [0, 1]
  std::uint64_t seed = 0;  ///< which keys these are: a function of seed and key alone
};

/// A challenger beside the champion: the answer is always the champion's; the challenger scores a share of the cases,
/// and both scores go to an observer, `seen(champion_score, challenger_score)`: a metric, a log, a drift monitor.
/// Costs both models where the challenger looks, no allocation of its own. Thread-safe if models and observer are.
template <class Champion, class Challenger> class shadow {
 public:
  constexpr shadow(Champion champion, Challenger challenger, shadow_config config = {})
      : champion_(std::move(champion)), challenger_(std::move(challenger)), seed_(config.seed) {
    assert(config.share >= 0 && config.share <= 1);
    every_ = config.share >= 1;
    below_ = static_cast<std::uint64_t>(config.share * 0x1p53) << 11;
  }

  /// Whether the challenger sees the cases of this key (a user, a card).
  [[nodiscard]] constexpr bool sees(std::uint64_t key) const noexcept {
    return every_ || hash_key(key, seed_) < below_;
  }

  template <class X, class Seen>
  [[nodiscard]] auto operator()(std::uint64_t key, const X& x, Seen&& seen) const noexcept {
    static_assert(std::is_nothrow_invocable_v<const Champion&, const X&> &&
                      std::is_nothrow_invocable_v<const Challenger&, const X&>,
                  "mlsd: champion and challenger must take the same input, noexcept");
    static_assert(std::is_nothrow_invocable_v<Seen&, decltype(champion_(x)), decltype(challenger_(x))>,
                  "mlsd: what sees the scores of a shadow must take both, noexcept");
    const auto score = champion_(x);
    if (sees(key)) seen(score, challenger_(x));
    return score;
  }
  [[nodiscard]] const Champion& champion() const noexcept { return champion_; }
  [[nodiscard]] const Challenger& challenger() const noexcept { return challenger_; }

 private:
  Champion champion_;
  Challenger challenger_;
  std::uint64_t seed_ = 0, below_ = 0;
  bool every_ = true;
};

}  // namespace mlsd
