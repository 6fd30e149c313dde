#pragma once

#include "mlsd/retrieval/distance_kernels.hpp"

#include <cassert>
#include <cmath>
#include <cstdint>
#include <span>
#include <string_view>

namespace mlsd {

/// How near two vectors are. An index reports it as a score, higher is better: minus the squared distance, the inner
/// product, or the cosine.
enum class vector_metric : std::uint8_t { l2, inner_product, cosine };

[[nodiscard]] constexpr std::string_view to_string(vector_metric m) noexcept {
  return m == vector_metric::l2 ? "l2" : m == vector_metric::inner_product ? "inner_product" : "cosine";
}

/// The squared Euclidean distance of two vectors [d]. O(d); allocates nothing. Empty vectors: 0; NaN stays NaN, and
/// sums beyond the range of float are infinite. The bits do not depend on the processor or the compiler. The relative
/// error is at most (d / 32 + 8) * 2^-23 from the rounded differences. Requires a.size() == b.size().
template <class = void> [[nodiscard]] float squared_l2(std::span<const float> a, std::span<const float> b) noexcept {
  assert(a.size() == b.size());
  return detail::pair_sum_for<true>(active_isa())(a.data(), b.data(), a.size());
}

/// The inner product of two vectors [d], as `squared_l2` in everything but the error: at most
/// (d / 32 + 7) * 2^-23 times the sum of |a[i] * b[i]|.
template <class = void> [[nodiscard]] float inner_product(std::span<const float> a, std::span<const float> b) noexcept {
  assert(a.size() == b.size());
  return 0.0f - detail::pair_sum_for<false>(active_isa())(a.data(), b.data(), a.size());
}

/// The cosine of the angle between two vectors [d], in [-1, 1]; 0 if one of them is zero or empty, NaN if one holds a
/// NaN. O(d); allocates nothing. Squared norms must be in the range of float: components between 1e-15 and 1e15 are
/// safe. The same bits everywhere, as `squared_l2`.
template <class = void> [[nodiscard]] float cosine(std::span<const float> a, std::span<const float> b) noexcept {
  const float square = inner_product<>(a, a), other = inner_product<>(b, b);
  if (square == 0 || other == 0) return 0;
  const double of_norms = std::sqrt(double{square} * double{other});
  const auto c = static_cast<float>(double{inner_product<>(a, b)} / of_norms);
  return c > 1 ? 1.0f : c < -1 ? -1.0f : c;
}

}  // namespace mlsd
