#pragma once

#include "mlsd/core/feature.hpp"
#include "mlsd/core/fp.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

namespace mlsd {

namespace detail {
/// Sums in sixteen lanes in a fixed order: the same bits whatever the instruction set.
struct cosine_sums {
  float dot = 0, left = 0, right = 0;
};
template <class = void>
MLSD_UNCONTRACTED [[gnu::noinline]] cosine_sums sums_for_cosine(const float* a, const float* b,
                                                                std::size_t n) noexcept {
  MLSD_CONTRACT_OFF
  constexpr std::size_t lanes = 16;
  float dot[lanes]{}, left[lanes]{}, right[lanes]{};
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes)
    for (std::size_t j = 0; j < lanes; ++j) {
      dot[j] += a[i + j] * b[i + j];
      left[j] += a[i + j] * a[i + j];
      right[j] += b[i + j] * b[i + j];
    }
  for (std::size_t j = 0; i + j < n; ++j) {
    dot[j] += a[i + j] * b[i + j];
    left[j] += a[i + j] * a[i + j];
    right[j] += b[i + j] * b[i + j];
  }
  for (std::size_t half = lanes / 2; half != 0; half /= 2)
    for (std::size_t j = 0; j < half; ++j) {
      dot[j] += dot[j + half];
      left[j] += left[j + half];
      right[j] += right[j + half];
    }
  return {dot[0], left[0], right[0]};
}
}  // namespace detail

/// How alike two candidates are: the cosine of the angle between their vectors, a field that is a contiguous range of
/// floats. In [-1, 1]; 0 where a vector is zero, not finite, or as long as no other. O(d), no allocation.
template <fixed_string Name> struct cosine_of {
  template <class C> [[nodiscard]] float operator()(const C& a, const C& b) const noexcept {
    const std::span<const float> x(a[feature<Name>{}]), y(b[feature<Name>{}]);
    if (x.size() != y.size()) return 0;
    const auto s = detail::sums_for_cosine(x.data(), y.data(), x.size());
    const double product = double{s.left} * double{s.right};
    const double cosine = double{s.dot} / std::sqrt(product);
    return product > 0 && cosine == cosine ? static_cast<float>((std::clamp)(cosine, -1.0, 1.0)) : 0.0f;
  }
};

}  // namespace mlsd
