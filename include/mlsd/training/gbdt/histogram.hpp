#pragma once

#include "mlsd/core/hash.hpp"

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
  using lanes = std::uint64_t __attribute__((vector_size(16)));
  lanes v{0, 0};
  friend slope_sum operator+(slope_sum a, slope_sum b) noexcept { return {a.v + b.v}; }
  friend slope_sum operator-(slope_sum a, slope_sum b) noexcept { return {a.v - b.v}; }
  [[nodiscard]] std::int64_t gradient() const noexcept { return static_cast<std::int64_t>(v[0]); }
  [[nodiscard]] std::uint64_t packed() const noexcept { return v[1]; }
};

/// The scale of one iteration. Gradients keep 30 bits of the largest one. Hessians share 64 bits with the number of
/// rows n, twice log2 n bits: they keep 30 bits up to 131,071 rows, 24 to a million, 16 to 16 million.
/// A coarse scale keeps 4 to 13 bits of both, rounded at random so that sums are right on average: gradient, hessian
/// and a one for the row fit 64 bits then, for `chunk_rows()` rows.
class slope_scale {
 public:
  static constexpr std::size_t most_rows = std::size_t{1} << 28;

  slope_scale() = default;
  [[nodiscard]] static slope_scale coarse(double largest_gradient, double largest_hessian, std::size_t rows, int bits,
                                          std::uint64_t seed) noexcept {
    slope_scale s(largest_gradient, largest_hessian, rows);
    s.gradient_ = power(bits - 1, largest_gradient);
    s.hessian_ = power((std::min)(bits - 1, 2 * s.shift_ - 64), largest_hessian);
    s.from_gradient_ = 1 / s.gradient_;
    s.from_hessian_ = 1 / s.hessian_;
    s.chunk_bits_ = (62 - 2 * bits) / 3;
    s.count_bits_ = s.chunk_bits_ + 1;
    s.hessian_bits_ = s.chunk_bits_ + bits;
    s.seed_ = seed;
    return s;
  }
  slope_scale(double largest_gradient, double largest_hessian, std::size_t rows) noexcept {
    const int row_bits = static_cast<int>(std::bit_width(rows | 1));
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
  /// Turns floats, as `row_slope::of_floats` keeps them, into numbers of this scale. The first is number `first` of
  /// all.
  void to_fixed_point(std::span<row_slope> slopes, std::size_t first = 0) const noexcept {
    for (std::size_t i = 0; i < slopes.size(); ++i) {
      row_slope& s = slopes[i];
      const float g = std::bit_cast<float>(s.gradient), h = std::bit_cast<float>(s.hessian);
      s = is_coarse() ? at_random(g, h, hash_mix(seed_ + first + i)) : (*this)(g, h);
    }
  }
  [[nodiscard]] bool is_coarse() const noexcept { return chunk_bits_ > 0; }
  /// Of a coarse scale: how many rows a `narrow` sum holds, however they fall.
  [[nodiscard]] std::size_t chunk_rows() const noexcept { return std::size_t{1} << chunk_bits_; }
  [[nodiscard]] std::uint64_t narrow(row_slope r) const noexcept {
    return (static_cast<std::uint64_t>(std::int64_t{r.gradient}) << (count_bits_ + hessian_bits_)) +
           (std::uint64_t{r.hessian} << count_bits_) + 1;
  }
  [[nodiscard]] slope_sum widen(std::uint64_t narrow_sum) const noexcept {
    const std::uint64_t count = narrow_sum & ((std::uint64_t{1} << count_bits_) - 1);
    const std::uint64_t hessian = narrow_sum >> count_bits_ & ((std::uint64_t{1} << hessian_bits_) - 1);
    const std::int64_t gradient = static_cast<std::int64_t>(narrow_sum) >> (count_bits_ + hessian_bits_);
    return {slope_sum::lanes{static_cast<std::uint64_t>(gradient), (count << shift_) + hessian}};
  }
  [[nodiscard]] slope_sum widen(row_slope r) const noexcept {
    return {
        slope_sum::lanes{static_cast<std::uint64_t>(std::int64_t{r.gradient}), std::uint64_t{1} << shift_ | r.hessian}};
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

  /// Up with a probability that is the fraction cut off.
  [[nodiscard]] row_slope at_random(float gradient, float hessian, std::uint64_t random) const noexcept {
    const auto round = [](double x, std::uint64_t bits) {
      return nearest(x + (static_cast<double>(static_cast<std::int64_t>(bits & 0xFFFF'FFFFu)) * 0x1p-32 - 0.5));
    };
    return {static_cast<std::int32_t>(round(static_cast<double>(gradient) * gradient_, random)),
            static_cast<std::uint32_t>(round(static_cast<double>(hessian) * hessian_, random >> 32))};
  }

  int shift_ = 32, chunk_bits_ = 0, count_bits_ = 0, hessian_bits_ = 0;
  std::uint64_t seed_ = 0;
  double gradient_ = 1, hessian_ = 1, from_gradient_ = 1, from_hessian_ = 1;
};

/// The histograms of a block's features: `sums[f]` has `bins[f]` sums.
struct block_histograms {
  slope_sum* sums[8] = {};
  std::uint32_t bins[8] = {};
  std::size_t width = 0;
  std::size_t bin_bytes = 1;
};

/// Calls `add(bins, i)` with the 8 bytes of each of `rows` (ascending row numbers of a leaf) and its place. The bytes
/// of row r start at `bytes + stride * r`.
template <class F>
[[gnu::always_inline]] inline void for_each_row(const std::uint8_t* bytes, std::span<const std::uint32_t> rows,
                                                F&& add) noexcept {
  constexpr std::size_t ahead = 64;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i + ahead < rows.size()) __builtin_prefetch(bytes + std::size_t{rows[i + ahead]} * 8);
    std::uint64_t bins;
    std::memcpy(&bins, bytes + std::size_t{rows[i]} * 8, 8);
    add(bins, i);
  }
}

/// Adds the slopes of `rows` to the histograms of the `Width` features of a block. `slopes[i]` belongs to `rows[i]`;
/// `bytes` is the block, 8 bytes a row of `Bin`s.
template <class Bin, std::size_t Width>
void accumulate(const std::uint8_t* bytes, std::span<const std::uint32_t> rows, const row_slope* slopes,
                const slope_scale& scale, const block_histograms& histograms) noexcept {
  slope_sum* to[Width];
  for (std::size_t f = 0; f < Width; ++f) to[f] = histograms.sums[f];
  for_each_row(bytes, rows, [&](std::uint64_t bins, std::size_t i) {
    const slope_sum s = scale.widen(slopes[i]);
#pragma GCC unroll 8
    for (std::size_t f = 0; f < Width; ++f) to[f][static_cast<Bin>(bins >> f * 8 * sizeof(Bin))].v += s.v;
  });
}

/// The same for bins of one byte and a coarse scale: half the bytes to read and write, one addition a bin.
template <std::size_t Width>
void accumulate_coarse(const std::uint8_t* bytes, std::span<const std::uint32_t> rows, const row_slope* slopes,
                       const slope_scale& scale, const block_histograms& histograms) noexcept {
  std::uint64_t narrow[Width][256];
  for (std::size_t first = 0; first < rows.size(); first += scale.chunk_rows()) {
    for (std::size_t f = 0; f < Width; ++f) std::fill_n(narrow[f], histograms.bins[f], std::uint64_t{0});
    const std::size_t n = (std::min)(rows.size() - first, scale.chunk_rows());
    for_each_row(bytes, rows.subspan(first, n), [&](std::uint64_t bins, std::size_t i) {
      const std::uint64_t s = scale.narrow(slopes[first + i]);
#pragma GCC unroll 8
      for (std::size_t f = 0; f < Width; ++f) narrow[f][static_cast<std::uint8_t>(bins >> f * 8)] += s;
    });
    for (std::size_t f = 0; f < Width; ++f)
      for (std::size_t k = 0; k < histograms.bins[f]; ++k)
        histograms.sums[f][k] = histograms.sums[f][k] + scale.widen(narrow[f][k]);
  }
}

/// `accumulate` for a block of up to 8 bytes.
template <class Bin = std::uint8_t, std::size_t Width = 8>
void accumulate_block(const std::uint8_t* bytes, std::span<const std::uint32_t> rows, const row_slope* slopes,
                      const slope_scale& scale, const block_histograms& histograms) noexcept {
  if constexpr (sizeof(Bin) == 1) {
    if (histograms.bin_bytes == 2) return accumulate_block<std::uint16_t, 4>(bytes, rows, slopes, scale, histograms);
  }
  if (histograms.width == Width) {
    if constexpr (sizeof(Bin) == 1) {
      if (scale.is_coarse()) return accumulate_coarse<Width>(bytes, rows, slopes, scale, histograms);
    }
    return accumulate<Bin, Width>(bytes, rows, slopes, scale, histograms);
  }
  if constexpr (Width > 1) return accumulate_block<Bin, Width - 1>(bytes, rows, slopes, scale, histograms);
}

}  // namespace mlsd::detail
