#pragma once

#include "mlsd/core/executor.hpp"
#include "mlsd/core/hash.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/training/gbdt/boosting_rules.hpp"
#include "mlsd/training/gbdt/histogram.hpp"
#include "mlsd/training/gbdt/slope_tile.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace mlsd::detail {

/// Rows that one thread works on at a time.
inline constexpr std::size_t slope_grain = 16384;

/// What is wrong with the slopes of a tree, if anything.
template <class = void> [[nodiscard]] result<void> check_slopes(const largest_slopes& most, std::uint32_t tree) {
  if (most.are_valid()) return {};
  return error{errc::not_finite, "tree " + std::to_string(tree) +
                                     ": the loss has a gradient that is not finite or a negative hessian; try a "
                                     "smaller learning_rate"};
}

/// Of slopes that are the bits of floats.
template <class = void> [[nodiscard]] largest_slopes largest_of(std::span<const row_slope> slopes) noexcept {
  largest_slopes most;
  for (const row_slope& s : slopes)
    most = larger(most, largest_slopes::of(std::bit_cast<float>(s.gradient), std::bit_cast<float>(s.hessian)));
  return most;
}

/// Turns slopes from the bits of floats into fixed point, and returns the scale; `most` are the largest of them.
template <executor Ex>
[[nodiscard]] slope_scale to_fixed_point(const boosting_rules& rules, std::uint32_t tree, const largest_slopes& most,
                                         std::span<row_slope> slopes, Ex& ex) {
  const auto gradient = static_cast<double>(std::bit_cast<float>(most.gradient));
  const auto hessian = static_cast<double>(std::bit_cast<float>(most.hessian));
  const slope_scale scale = rules.gradient_bits == 0
                                ? slope_scale(gradient, hessian, slopes.size())
                                : slope_scale::coarse(gradient, hessian, slopes.size(), rules.gradient_bits,
                                                      combine(combine(rules.sampling.seed, tree), ~std::uint64_t{0}));
  for_each_chunk(ex, slopes.size(), slope_grain,
                 [&](std::size_t a, std::size_t b) { scale.to_fixed_point(slopes.subspan(a, b - a), a); });
  return scale;
}

}  // namespace mlsd::detail
