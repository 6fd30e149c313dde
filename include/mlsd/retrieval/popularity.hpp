#pragma once

#include "mlsd/core/best_hits.hpp"
#include "mlsd/core/fp.hpp"
#include "mlsd/core/math.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/core/time.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace mlsd {

/// What is popular now: a count of events for each item that halves every `half_life`. Late events count less, as if
/// they had come in time: the order of events matters only for the last bits. Items are numbered from 0.
/// Weights grow with time instead of being decayed (forward decay), so an event touches one number; when they grow
/// large, all are scaled by one power of two, which is exact.
/// As a retriever it takes any query and looks at none: the score is the count as of the newest event; items without
/// events, or so old that their count has underflowed, are not found. O(items) a search; nothing allocates.
/// `add` is O(1) amortised and allocates only for new items. Searches are safe from many threads while nobody adds.
/// Source: Cormode, Shkapenyuk, Srivastava and Xu, Forward decay (2009).
class popularity {
 public:
  static constexpr std::uint32_t version = 1;
  static constexpr std::string_view type_name = "popularity";
  struct scratch {};

  popularity() = default;
  /// The half-life must be positive.
  template <class = void> [[nodiscard]] static result<popularity> make(duration half_life, std::size_t items = 0) {
    if (half_life.ms <= 0) return error{errc::invalid_argument, "popularity: the half-life is not positive"};
    popularity p;
    p.half_life_ = half_life;
    p.count_.resize(items);
    return p;
  }

  /// Counts one event. False, and nothing happens, if the weight is negative or not finite.
  template <class = void> MLSD_UNCONTRACTED bool add(std::uint32_t item, timestamp t, float weight = 1) {
    MLSD_CONTRACT_OFF
    if (!(std::isfinite(weight) && weight >= 0)) return false;
    if (item >= count_.size()) count_.resize(std::size_t{item} + 1, 0.0);
    if (!started_) {
      started_ = true;
      landmark_ = now_ = t;
    }
    if (now_ < t) now_ = t;
    while (halvings(now_ - landmark_) > most_doublings) move_landmark();
    const double doublings = halvings(t - landmark_);
    count_[item] += double{weight} * growth(doublings);
    return true;
  }

  /// The decayed count at a time t, which may lie before the newest event.
  template <class = void> [[nodiscard]] MLSD_UNCONTRACTED double count(std::uint32_t item, timestamp t) const noexcept {
    MLSD_CONTRACT_OFF
    if (item >= count_.size() || count_[item] == 0) return 0;
    return count_[item] * growth(-halvings(t - landmark_));
  }
  /// As of the newest event.
  [[nodiscard]] double count(std::uint32_t item) const noexcept { return count<>(item, now_); }

  template <class Query, class Keep = keep_all>
  MLSD_UNCONTRACTED std::span<hit<>> search(const Query&, std::span<hit<>> out, scratch&,
                                            const Keep& keep = {}) const noexcept {
    MLSD_CONTRACT_OFF
    const double decay = growth(-halvings(now_ - landmark_));
    best_hits<> best(out);
    for (std::size_t i = 0; i < count_.size(); ++i) {
      const float score = hit_score(count_[i] * decay);
      const auto id = static_cast<std::uint32_t>(i);
      if (score > 0 && keep(id)) best.offer({id, score, 1});
    }
    return best.ranked();
  }

  [[nodiscard]] std::size_t items() const noexcept { return count_.size(); }
  [[nodiscard]] duration half_life() const noexcept { return half_life_; }
  /// Time of the newest event.
  [[nodiscard]] timestamp now() const noexcept { return now_; }

  friend bool operator==(const popularity&, const popularity&) = default;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("half_life", self.half_life_);
    ar("landmark", self.landmark_);
    ar("now", self.now_);
    ar("started", self.started_);
    ar("count", self.count_);
  }
  template <class = void> [[nodiscard]] result<void> validate() const {
    if (half_life_.ms <= 0) return error{errc::corrupt, "popularity: the half-life is not positive"};
    if (now_ < landmark_ || halvings(now_ - landmark_) > most_doublings)
      return error{errc::corrupt, "popularity: the clock is broken"};
    for (const double c : count_)
      if (!(std::isfinite(c) && c >= 0)) return error{errc::corrupt, "popularity: a count is not a number"};
    return {};
  }

 private:
  static constexpr double most_doublings = 256;

  [[nodiscard]] double halvings(duration d) const noexcept {
    return static_cast<double>(d.ms) / static_cast<double>(half_life_.ms);
  }
  /// 2^x.
  [[nodiscard]] MLSD_UNCONTRACTED static double growth(double x) noexcept {
    MLSD_CONTRACT_OFF
    const double whole = std::floor(x);
    if (!(whole > -2000)) return 0;
    return std::ldexp(math::exp(0.6931471805599453 * (x - whole)), whole < 2000 ? static_cast<int>(whole) : 2000);
  }
  /// Moves the landmark by whole half-lives, close to the newest event.
  template <class = void> void move_landmark() noexcept {
    const std::int64_t steps = (now_ - landmark_).ms / half_life_.ms;
    landmark_ += duration{steps * half_life_.ms};
    const int by = steps < 4000 ? -static_cast<int>(steps) : -4000;
    for (double& c : count_) c = std::ldexp(c, by);
  }

  duration half_life_{1};
  timestamp landmark_{}, now_{};
  bool started_ = false;
  std::vector<double> count_{};
};

}  // namespace mlsd
