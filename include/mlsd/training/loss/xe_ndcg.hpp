#pragma once

#include "mlsd/core/fp.hpp"
#include "mlsd/core/hash.hpp"
#include "mlsd/training/loss/group_loss.hpp"

#include <cmath>
#include <cstddef>
#include <vector>

namespace mlsd {

/// Cross entropy between the softmax of a list's margins and the shares 2^label - u of its labels, u drawn anew from
/// [0, 1) for every row and iteration: a bound of NDCG whose slopes are cheap, O(n) a list. Its value is the cross
/// entropy at u = 1/2. Labels are whole grades from 0 to 31. A list of one row has no slope.
/// Source: Bruch, An Alternative Cross Entropy Loss for Learning-to-Rank (2021): the third-order expansion.
struct xe_ndcg {
  static constexpr link_function output = link_function::identity;
  struct scratch {
    std::vector<double> share{}, term{};
  };

  template <class = void>
  [[nodiscard]] static result<void> check(std::span<const float> labels, std::span<const float> weights) {
    return detail::check_grades(labels, weights, "xe_ndcg needs a whole grade from 0 to 31");
  }

  template <class = void>
  MLSD_UNCONTRACTED static void slopes(std::span<const double> margins, std::span<const float> labels,
                                       std::uint64_t draw, std::span<loss_slope> out, scratch& s) {
    MLSD_CONTRACT_OFF
    const std::size_t n = margins.size();
    std::fill(out.begin(), out.end(), loss_slope{});
    if (n < 2) return;
    softmax(margins, s.share);
    s.term.resize(n);
    double total = 0;
    for (std::size_t i = 0; i < n; ++i) {
      s.term[i] = detail::label_gain(labels[i]) + 1 - static_cast<double>(combine(draw, i) >> 11) * 0x1.0p-53;
      total += s.term[i];
    }
    // Each order of the expansion needs the sum that the one before it leaves.
    double sum = 0;
    const auto add = [&](std::size_t i, double step) {
      out[i].gradient += step;
      s.term[i] = step / (std::max)(1 - s.share[i], 1e-15);
    };
    const auto sum_terms = [&] {
      sum = 0;
      for (const double t : s.term) sum += t;
    };
    for (std::size_t i = 0; i < n; ++i) add(i, s.share[i] - s.term[i] / total);
    for (int order = 2; order <= 3; ++order) {
      sum_terms();
      for (std::size_t i = 0; i < n; ++i) add(i, s.share[i] * (sum - s.term[i]));
    }
    for (std::size_t i = 0; i < n; ++i) out[i].hessian = s.share[i] * (1 - s.share[i]);
  }

  template <class = void>
  [[nodiscard]] MLSD_UNCONTRACTED static double value(std::span<const double> margins, std::span<const float> labels,
                                                      scratch& s) {
    MLSD_CONTRACT_OFF
    if (margins.size() < 2) return 0;
    const double log_total = softmax(margins, s.share);
    double total = 0, cross = 0;
    for (std::size_t i = 0; i < margins.size(); ++i) {
      const double gain = detail::label_gain(labels[i]) + 0.5;
      total += gain;
      cross += gain * (log_total - margins[i]);
    }
    return cross / total;
  }

 private:
  /// Writes exp(margin) / sum, and returns the logarithm of the sum.
  MLSD_UNCONTRACTED static double softmax(std::span<const double> margins, std::vector<double>& share) {
    MLSD_CONTRACT_OFF
    const double largest = *std::max_element(margins.begin(), margins.end());
    share.resize(margins.size());
    double total = 0;
    for (std::size_t i = 0; i < margins.size(); ++i) total += share[i] = math::exp(margins[i] - largest);
    for (double& p : share) p /= total;
    return largest + math::log(total);
  }
};

}  // namespace mlsd
