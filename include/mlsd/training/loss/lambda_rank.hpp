#pragma once

#include "mlsd/core/fp.hpp"
#include "mlsd/training/loss/group_loss.hpp"

#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

namespace mlsd {

/// LambdaRank for NDCG: pairs of a list are pushed apart by the logistic loss of their difference, times what swapping
/// them would change in NDCG (gain 2^label - 1, discount 1 / log2(place + 1), ideal of `truncation` places). Only
/// pairs of which one is among the first `truncation` count. Its value is 1 - NDCG@truncation; 0 for a list without a
/// label above 0. Labels are whole grades from 0 to 31.
/// O(n log n + n min(n, truncation)) a list. Equal margins stand in the order of the rows.
/// With `normalise`, a pair counts less the further its margins already are apart, and a list's slopes shrink to the
/// logarithm of their sum, so that long lists do not drown short ones.
/// Sources: Burges et al., Learning to Rank with Nonsmooth Cost Functions (2006); normalisation as LightGBM's.
struct lambda_rank {
  std::uint32_t truncation = 30;  ///< >= 1
  double steepness = 1;           ///< of the logistic function, > 0
  bool normalise = true;

  static constexpr link_function output = link_function::identity;
  struct scratch {
    std::vector<std::uint32_t> order{};
    std::vector<float> ideal{};
  };

  template <class = void>
  [[nodiscard]] result<void> check(std::span<const float> labels, std::span<const float> weights) const {
    if (truncation < 1) return error{errc::invalid_argument, "lambda_rank: truncation must be at least 1"};
    if (!(steepness > 0) || !std::isfinite(steepness))
      return error{errc::invalid_argument, "lambda_rank: steepness must be positive"};
    return detail::check_grades(labels, weights, "lambda_rank needs a whole grade from 0 to 31");
  }

  template <class = void>
  MLSD_UNCONTRACTED void slopes(std::span<const double> margins, std::span<const float> labels, std::uint64_t,
                                std::span<loss_slope> out, scratch& s) const {
    MLSD_CONTRACT_OFF
    std::fill(out.begin(), out.end(), loss_slope{});
    const double ideal = ideal_dcg(labels, s);
    if (margins.size() < 2 || !(ideal > 0)) return;
    sort(margins, s);
    const double span = margins[s.order.front()] - margins[s.order.back()];
    double total = 0;
    for (std::size_t i = 0; i + 1 < s.order.size() && i < truncation; ++i)
      for (std::size_t j = i + 1; j < s.order.size(); ++j) {
        const std::uint32_t a = s.order[i], b = s.order[j];
        if (labels[a] == labels[b]) continue;
        const std::uint32_t high = labels[a] > labels[b] ? a : b, low = labels[a] > labels[b] ? b : a;
        const double apart = margins[high] - margins[low];
        double swap =
            (detail::label_gain(labels[high]) - detail::label_gain(labels[low])) * (discount(i) - discount(j)) / ideal;
        if (normalise && span != 0) swap /= 0.01 + std::fabs(apart);
        const double wrong = math::sigmoid(-steepness * apart);
        const double push = steepness * swap * wrong;
        const double bend = steepness * push * (1 - wrong);
        out[high].gradient -= push;
        out[low].gradient += push;
        out[high].hessian += bend;
        out[low].hessian += bend;
        total += 2 * push;
      }
    if (!normalise || !(total > 0)) return;
    const double factor = math::log_plus_one(total) / (ln2 * total);
    for (loss_slope& slope : out) slope = {slope.gradient * factor, slope.hessian * factor};
  }

  template <class = void>
  [[nodiscard]] MLSD_UNCONTRACTED double value(std::span<const double> margins, std::span<const float> labels,
                                               scratch& s) const {
    MLSD_CONTRACT_OFF
    const double ideal = ideal_dcg(labels, s);
    if (!(ideal > 0)) return 0;
    sort(margins, s);
    double dcg = 0;
    for (std::size_t i = 0; i < s.order.size() && i < truncation; ++i)
      dcg += detail::label_gain(labels[s.order[i]]) * discount(i);
    return 1 - dcg / ideal;
  }

 private:
  static constexpr double ln2 = 0.69314718055994530942;

  [[nodiscard]] static double discount(std::size_t place) noexcept {
    static constexpr std::size_t known = 128;
    struct table {
      double at[known];
      constexpr table() : at{} {
        for (std::size_t i = 0; i < known; ++i) at[i] = ln2 / math::log(static_cast<double>(i + 2));
      }
    };
    static constexpr table discounts;
    return place < known ? discounts.at[place] : ln2 / math::log(static_cast<double>(place + 2));
  }
  static void sort(std::span<const double> margins, scratch& s) {
    s.order.resize(margins.size());
    std::iota(s.order.begin(), s.order.end(), 0u);
    std::sort(s.order.begin(), s.order.end(), [&](std::uint32_t a, std::uint32_t b) {
      return margins[a] > margins[b] || (margins[a] == margins[b] && a < b);
    });
  }
  [[nodiscard]] MLSD_UNCONTRACTED double ideal_dcg(std::span<const float> labels, scratch& s) const {
    MLSD_CONTRACT_OFF
    s.ideal.assign(labels.begin(), labels.end());
    std::sort(s.ideal.begin(), s.ideal.end(), [](float a, float b) { return a > b; });
    double dcg = 0;
    for (std::size_t i = 0; i < s.ideal.size() && i < truncation; ++i)
      dcg += detail::label_gain(s.ideal[i]) * discount(i);
    return dcg;
  }
};

}  // namespace mlsd
