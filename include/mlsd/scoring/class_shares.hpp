#pragma once

#include "mlsd/core/fp.hpp"
#include "mlsd/core/math.hpp"

#include <algorithm>
#include <span>

namespace mlsd::detail {

/// e^x with an error below 0.52 ulp, so nearly always what a good C library returns: a softmax adds several errors up.
MLSD_UNCONTRACTED [[nodiscard]] inline double exp_of_margin(double x) noexcept {
  MLSD_CONTRACT_OFF
  const math::detail::exp_parts e = math::detail::split_exp(math::detail::clamp_magnitude(x, 746.0));
  const double sum = 1.0 + e.r, lost = (1.0 - sum) + e.r;
  const double first = e.k * 0.5 + math::detail::integer_shift;
  const double second = (e.k - (first - math::detail::integer_shift)) + math::detail::integer_shift;
  return (sum + (lost + e.rest)) * math::detail::power_of_two(first) * math::detail::power_of_two(second) +
         math::detail::nan_of(x);
}
[[nodiscard]] inline float exp_of_margin(float x) noexcept { return math::exp(x); }

/// Turns the margins of a row's classes into exp(margin) over the sum of all, in place: a softmax. Computed in
/// `Number`, the sum in double. Equal margins give equal shares; a NaN makes all of them NaN. No margins: nothing.
template <class Number = double> void class_shares(std::span<double> margins) noexcept {
  if (margins.empty()) return;
  const auto greatest = static_cast<Number>(*std::max_element(margins.begin(), margins.end()));
  double sum = 0;
  for (double& v : margins) sum += v = static_cast<double>(exp_of_margin(static_cast<Number>(v) - greatest));
  for (double& v : margins) v = static_cast<double>(static_cast<Number>(v) / static_cast<Number>(sum));
}

}  // namespace mlsd::detail
