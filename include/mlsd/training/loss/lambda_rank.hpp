#pragma once

#include "mlsd/core/fp.hpp"
#include "mlsd/training/loss/group_loss.hpp"
#include "mlsd/training/loss/rank_pairs.hpp"

#include <cmath>
#include <cstddef>
#include <limits>
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
    std::vector<detail::pair_tile> tiles{};
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
    const std::size_t n = margins.size();
    if (n < 2 || !(ideal > 0)) return;
    sort(margins, s);
    fill_tiles(margins, labels, s);
    const bool near_counts = normalise && margins[s.order.front()] != margins[s.order.back()];
    const detail::pair_weights weights{ideal, steepness, near_counts ? 0.01 : 1.0, near_counts ? 1.0 : 0.0};
    double total = 0;
    for (std::size_t i = 0; i + 1 < n && i < truncation; ++i) {
      detail::pair_tile& mine = s.tiles[i / tile_rows];
      const std::size_t at = i % tile_rows;
      const detail::ranked_row upper{mine.margin[at], mine.gain[at], mine.discount[at]};
      for (std::size_t k = i / tile_rows; k < s.tiles.size(); ++k) {
        const detail::pair_sums pairs = s.tiles[k].weigh(upper, weights);
        mine.gradient[at] -= pairs.push;
        mine.hessian[at] += pairs.bend;
        total += 2 * pairs.size;
      }
    }
    for (std::size_t i = 0; i < n; ++i) {
      const detail::pair_tile& tile = s.tiles[i / tile_rows];
      out[s.order[i]] = {tile.gradient[i % tile_rows], tile.hessian[i % tile_rows]};
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
  static constexpr std::size_t tile_rows = detail::pair_tile::rows;

  /// Rows in order, in tiles; what fills up the last one pairs with nobody.
  static void fill_tiles(std::span<const double> margins, std::span<const float> labels, scratch& s) {
    const std::size_t n = s.order.size();
    s.tiles.resize((n + tile_rows - 1) / tile_rows);
    for (std::size_t i = 0; i < s.tiles.size() * tile_rows; ++i) {
      const std::uint32_t row = s.order[(std::min)(i, n - 1)];
      detail::pair_tile& tile = s.tiles[i / tile_rows];
      tile.margin[i % tile_rows] = margins[row];
      tile.gain[i % tile_rows] = detail::label_gain(labels[row]);
      tile.discount[i % tile_rows] = i < n ? discount(i) : (std::numeric_limits<double>::infinity)();
      tile.gradient[i % tile_rows] = tile.hessian[i % tile_rows] = 0;
    }
  }
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
