#pragma once

#include "mlsd/core/fp.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace mlsd::detail {

/// Gradient and hessian of one row as fixed-point numbers of this iteration's scale.
struct row_slope {
  std::int32_t gradient = 0;
  std::uint32_t hessian = 0;

  /// Before the scale is known, the bits of floats stand in their place.
  [[nodiscard]] static row_slope of_floats(float g, float h) noexcept {
    return {std::bit_cast<std::int32_t>(g), std::bit_cast<std::uint32_t>(h)};
  }
};

/// Sums over rows, exact: lane 0 the gradients, lane 1 the hessians with the number of rows above them. Being integers,
/// they are the same in any order and on any number of threads, and a sibling's histogram is an exact difference.
struct slope_sum {
  using lanes = std::int64_t __attribute__((vector_size(16)));
  lanes v{0, 0};
  friend slope_sum operator+(slope_sum a, slope_sum b) noexcept { return {a.v + b.v}; }
  friend slope_sum operator-(slope_sum a, slope_sum b) noexcept { return {a.v - b.v}; }
  [[nodiscard]] std::int64_t gradient() const noexcept { return v[0]; }
  [[nodiscard]] std::uint64_t packed() const noexcept { return static_cast<std::uint64_t>(v[1]); }
};

/// The scale of one iteration. Gradients keep 30 bits of the largest one. Hessians share 64 bits with the number of
/// rows n, twice log2 n bits: they keep 30 bits up to 131,071 rows, 24 to a million, 16 to 16 million.
class slope_scale {
 public:
  static constexpr std::size_t most_rows = std::size_t{1} << 28;

  slope_scale() = default;
  slope_scale(double largest_gradient, double largest_hessian, std::size_t rows) noexcept {
    const int row_bits = static_cast<int>(std::bit_width(rows));
    shift_ = 64 - row_bits;
    const int hessian_bits = (std::min)(30, shift_ - row_bits);
    gradient_ = power(30, largest_gradient);
    hessian_ = power(hessian_bits, largest_hessian);
    from_gradient_ = 1 / gradient_;
    from_hessian_ = 1 / hessian_;
  }

  [[nodiscard]] row_slope operator()(float gradient, float hessian) const noexcept {
    return {static_cast<std::int32_t>(nearest(static_cast<double>(gradient) * gradient_)),
            static_cast<std::uint32_t>(nearest(static_cast<double>(hessian) * hessian_))};
  }
  /// Turns floats, as `row_slope::of_floats` keeps them, into numbers of this scale.
  void to_fixed_point(std::span<row_slope> slopes) const noexcept {
    for (row_slope& s : slopes) s = (*this)(std::bit_cast<float>(s.gradient), std::bit_cast<float>(s.hessian));
  }
  [[nodiscard]] slope_sum widen(row_slope r) const noexcept {
    return {slope_sum::lanes{r.gradient, static_cast<std::int64_t>(std::uint64_t{1} << shift_ | r.hessian)}};
  }
  [[nodiscard]] double gradient(const slope_sum& s) const noexcept {
    return static_cast<double>(s.gradient()) * from_gradient_;
  }
  [[nodiscard]] double hessian(const slope_sum& s) const noexcept {
    const std::uint64_t mask = (std::uint64_t{1} << shift_) - 1;
    return static_cast<double>(static_cast<std::int64_t>(s.packed() & mask)) * from_hessian_;
  }
  [[nodiscard]] std::uint64_t count(const slope_sum& s) const noexcept { return s.packed() >> shift_; }

 private:
  /// The power of two that takes `largest` to at most 2^bits.
  static double power(int bits, double largest) noexcept {
    return largest > 0 ? std::ldexp(1.0, bits - 1 - std::ilogb(largest)) : 1.0;
  }
  /// To the nearest integer, ties to even; |x| < 2^51.
  static std::int64_t nearest(double x) noexcept {
    constexpr double rounding = 6755399441055744.0;  // 1.5 * 2^52
    return std::bit_cast<std::int64_t>(x + rounding) - std::bit_cast<std::int64_t>(rounding);
  }

  int shift_ = 32;
  double gradient_ = 1, hessian_ = 1, from_gradient_ = 1, from_hessian_ = 1;
};

/// Adds the slopes of `rows` (ascending row numbers of a leaf) to the histograms of the `Width` features of a block.
/// `slopes[i]` belongs to `rows[i]`; `bytes` is the block, 8 bytes a row of `Bin`s; `histogram[f]` has a sum a bin.
template <class Bin, std::size_t Width>
void accumulate(const std::uint8_t* bytes, std::span<const std::uint32_t> rows, const row_slope* slopes,
                const slope_scale& scale, slope_sum* const* histogram) noexcept {
  constexpr std::size_t ahead = 24;
  slope_sum* to[Width];
  for (std::size_t f = 0; f < Width; ++f) to[f] = histogram[f];
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i + ahead < rows.size()) __builtin_prefetch(bytes + std::size_t{rows[i + ahead]} * 8);
    std::uint64_t bins;
    std::memcpy(&bins, bytes + std::size_t{rows[i]} * 8, 8);
    const slope_sum s = scale.widen(slopes[i]);
#pragma GCC unroll 8
    for (std::size_t f = 0; f < Width; ++f) to[f][static_cast<Bin>(bins >> f * 8 * sizeof(Bin))].v += s.v;
  }
}

/// `accumulate` for a block of `width` features of `bin_bytes` bytes: 8 bytes or less in all.
template <class Bin = std::uint8_t, std::size_t Width = 8>
void accumulate_block(std::size_t bin_bytes, std::size_t width, const std::uint8_t* bytes,
                      std::span<const std::uint32_t> rows, const row_slope* slopes, const slope_scale& scale,
                      slope_sum* const* histogram) noexcept {
  if constexpr (sizeof(Bin) == 1) {
    if (bin_bytes == 2) return accumulate_block<std::uint16_t, 4>(2, width, bytes, rows, slopes, scale, histogram);
  }
  if (width == Width) return accumulate<Bin, Width>(bytes, rows, slopes, scale, histogram);
  if constexpr (Width > 1)
    return accumulate_block<Bin, Width - 1>(bin_bytes, width, bytes, rows, slopes, scale, histogram);
}

}  // namespace mlsd::detail
