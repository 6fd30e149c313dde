#pragma once

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

#include "mlsd/core/math.hpp"
#include "mlsd/core/random.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/stats/beta_distribution.hpp"

namespace mlsd {

/// `prior`: what is thought of every arm before it is tried; the default takes all rates as alike.
struct thompson_config {
  std::size_t arms = 2;
  beta_distribution prior{1, 1};
  std::uint64_t seed = 0;
};

/// Thompson sampling for rewards of 0 and 1: plays each arm as often as it is likely to be the best.
/// choose: O(arms), no allocation, const; a function of the seed, the step and the rewards so far, so that a log can be
/// replayed. Update: O(1). Merge: O(arms), exact for whole weights; requires equal configurations; `thompson{}` is the
/// identity. Servers update each their own and merge now and then: sampling stands delayed rewards.
/// Rewards other than 0 and 1, arms that do not exist, and weights that are NaN, infinite or negative are counted by
/// `skipped()`. The value: the posterior mean of the best arm, NaN without arms.
/// Source: Thompson (1933); Chapelle, Li, An Empirical Evaluation of Thompson Sampling (2011).
class thompson {
 public:
  thompson() = default;
  /// Errors: no arm, a prior with a or b outside [0.1, 1e12].
  template <class = void> [[nodiscard]] static result<thompson> make(const thompson_config& config) {
    thompson t;
    t.prior_ = {config.prior.a, config.prior.b};
    t.seed_ = config.seed;
    t.arms_.resize(config.arms);
    if (config.arms == 0) return error{errc::invalid_argument, "a bandit has no arm"};
    if (auto ok = t.validate(); !ok) return error{errc::invalid_argument, ok.error().message};
    return t;
  }

  /// The arm for step `step`: the number of the request, or a hash of it. Requires arms.
  template <class = void> [[nodiscard]] std::size_t choose(std::uint64_t step) const noexcept {
    assert(!arms_.empty());
    random_stream random(seed_, step);
    std::size_t best = 0;
    double highest = -1;
    for (std::size_t a = 0; a < arms_.size(); ++a) {
      const beta_distribution rate = posterior(a);
      const double drawn = random.beta(rate.a, rate.b);
      if (drawn > highest) {
        highest = drawn;
        best = a;
      }
    }
    return best;
  }
  void update(std::size_t arm, double reward, double weight = 1) noexcept {
    if (!(arm < arms_.size() && (reward == 0 || reward == 1) && weight >= 0 && std::isfinite(weight))) {
      ++skipped_;
      return;
    }
    double& n = reward == 1 ? arms_[arm].a : arms_[arm].b;
    n = (std::min)(n + weight, most);
  }
  template <class = void> void merge(const thompson& other) {
    if (arms_.empty()) {
      const std::uint64_t skipped = skipped_;
      *this = other;
      skipped_ += skipped;
      return;
    }
    skipped_ += other.skipped_;
    if (other.arms_.empty()) return;
    assert(arms_.size() == other.arms_.size() && prior_ == other.prior_ && seed_ == other.seed_);
    for (std::size_t i = 0; i < arms_.size(); ++i) {
      arms_[i].a = (std::min)(arms_[i].a + other.arms_[i].a, most);
      arms_[i].b = (std::min)(arms_[i].b + other.arms_[i].b, most);
    }
  }

  [[nodiscard]] double value() const noexcept {
    double best = std::numeric_limits<double>::quiet_NaN();
    for (std::size_t a = 0; a < arms_.size(); ++a) best = std::fmax(best, posterior(a).mean());
    return best;
  }
  /// What is known of the rate of an arm. Requires arm < arms().
  [[nodiscard]] beta_distribution posterior(std::size_t arm) const noexcept {
    return {prior_.a + arms_[arm].a, prior_.b + arms_[arm].b};
  }
  /// The chance that each arm has the highest rate, by numerical integration: error below 1e-10, adding up to 1 as far.
  /// O(arms x points), some hundred points an arm that is known unlike the others.
  template <class = void> [[nodiscard]] std::vector<double> probability_best() const {
    std::vector<double> best(arms_.size(), 0.0), below(arms_.size());
    for_each_point([&](double t, double width) {
      const double x = math::sigmoid(t), y = math::sigmoid(-t);
      double all = width;
      for (std::size_t a = 0; a < arms_.size(); ++a) {
        const beta_distribution rate = posterior(a);
        below[a] = (std::max)(detail::beta_lower(rate.a, rate.b, x, y), 1e-300);
        all *= below[a];
      }
      if (!(all > 1e-290)) return;
      for (std::size_t a = 0; a < arms_.size(); ++a) {
        const beta_distribution rate = posterior(a);
        best[a] += detail::beta_factor(rate.a, rate.b, x, y) * (all / below[a]);
      }
    });
    return best;
  }
  [[nodiscard]] std::size_t arms() const noexcept { return arms_.size(); }
  [[nodiscard]] std::uint64_t skipped() const noexcept { return skipped_; }

  friend bool operator==(const thompson&, const thompson&) = default;

  static constexpr std::string_view type_name = "thompson";
  static constexpr std::uint32_t version = 1;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("prior", self.prior_);
    ar("arms", self.arms_);
    ar("seed", self.seed_);
    ar("skipped", self.skipped_);
  }
  template <class = void> [[nodiscard]] result<void> validate() const {
    if (!(prior_.a >= 0.1 && prior_.b >= 0.1 && prior_.a <= most && prior_.b <= most))
      return error{errc::corrupt, "the prior of a bandit is not between 0.1 and 1e12"};
    for (const counts& c : arms_)
      if (!(c.a >= 0 && c.b >= 0 && c.a <= most && c.b <= most))
        return error{errc::corrupt, "the rewards of an arm are negative or beyond 1e12"};
    return {};
  }

 private:
  static constexpr double most = 1e12;

  struct counts {  // of rewards of 1 and of 0
    double a = 0, b = 0;
    friend bool operator==(const counts&, const counts&) = default;
    template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
      ar("a", self.a);
      ar("b", self.b);
    }
  };
  struct range {
    double low, high;
  };
  /// Calls `f(t, width)` for the points of an integral. On the scale of log(x / (1 - x)) densities are smooth bells;
  /// between the ends of all bells, panels of a sixteenth of the narrowest bell there, with eight points of Gauss and
  /// Legendre. Below the highest of the lower ends no arm is the best.
  template <class F> void for_each_point(F&& f) const {
    constexpr double tail = 1e-13;
    constexpr double node[] = {0.18343464249564980, 0.52553240991632899, 0.79666647741362674, 0.96028985649753623};
    constexpr double weight[] = {0.36268378337836198, 0.31370664587788729, 0.22238103445337447, 0.10122853629037626};
    std::vector<range> bell;
    double first = -1e3;
    for (std::size_t a = 0; a < arms_.size(); ++a) {
      const beta_distribution rate = posterior(a), mirrored{rate.b, rate.a};
      bell.push_back({math::logit(rate.quantile(tail)), -math::logit(mirrored.quantile(tail))});
      first = (std::max)(first, bell.back().low);
    }
    std::vector<double> cut{first};
    for (const range& b : bell)
      for (const double end : {b.low, b.high})
        if (end > first) cut.push_back(end);
    std::sort(cut.begin(), cut.end());
    for (std::size_t i = 0; i + 1 < cut.size(); ++i) {
      double step = 1;
      for (const range& b : bell)
        if (b.low < cut[i + 1] && b.high > cut[i]) step = (std::min)(step, (b.high - b.low) / 16);
      const double panels = std::ceil((cut[i + 1] - cut[i]) / step), half = (cut[i + 1] - cut[i]) / panels / 2;
      for (double panel = 0; panel < panels; ++panel)
        for (std::size_t k = 0; k < 8; ++k)
          f(cut[i] + half * (2 * panel + 1 + (k < 4 ? -node[k] : node[k - 4])), half * weight[k % 4]);
    }
  }

  counts prior_{1, 1};
  std::vector<counts> arms_;
  std::uint64_t seed_ = 0, skipped_ = 0;
};

}  // namespace mlsd
