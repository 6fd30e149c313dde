#pragma once

#include "mlsd/core/fp.hpp"
#include "mlsd/core/math.hpp"

#include <array>
#include <cassert>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>

namespace mlsd {

/// Philox4x32-10: 128 random bits as a function of a 128-bit counter and a 64-bit key, ten rounds. Passes BigCrush.
/// Same bits on every platform; no state, so any thread can make any part of a sequence.
/// Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
[[nodiscard]] constexpr std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter,
                                                                std::array<std::uint32_t, 2> key) noexcept {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t a = std::uint64_t{0xd2511f53} * counter[0], b = std::uint64_t{0xcd9e8d57} * counter[2];
    counter = {static_cast<std::uint32_t>(b >> 32) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(b),
               static_cast<std::uint32_t>(a >> 32) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(a)};
    key[0] += 0x9e3779b9;
    key[1] += 0xbb67ae85;
  }
  return counter;
}

namespace detail {

/// The upper 64 bits of a 128-bit product; `low` receives the lower.
[[nodiscard]] constexpr std::uint64_t wide_product(std::uint64_t a, std::uint64_t b, std::uint64_t& low) noexcept {
  const std::uint64_t mask = 0xffff'ffff, a0 = a & mask, a1 = a >> 32, b0 = b & mask, b1 = b >> 32;
  const std::uint64_t middle = a1 * b0 + ((a0 * b0) >> 32), other = a0 * b1 + (middle & mask);
  low = a * b;
  return a1 * b1 + (middle >> 32) + (other >> 32);
}

/// log(k!), exact to 1e-15: a product up to 19!, then Stirling's series.
MLSD_UNCONTRACTED inline double log_factorial(double k) noexcept {
  MLSD_CONTRACT_OFF
  if (k < 20) {
    double product = 1;
    for (double i = 2; i <= k; ++i) product *= i;
    return math::log(product);
  }
  const double x = k + 1, square = x * x;
  return (x - 0.5) * math::log(x) - x + 0.91893853320467274178 +
         (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - 1.0 / (1680 * square)) / square) / square) / x;
}

}  // namespace detail

/// A sequence of random numbers named by a seed and a stream: word i is a function of (seed, stream, i) alone. Streams
/// of one seed are independent, so give each user, tree or resample its own, by number: then neither the order of work
/// nor the number of threads changes a result. Every distribution below has the same bits on every platform and build.
/// A value of 40 bytes; copies go on alike. Nothing allocates. Also a standard uniform random bit generator.
class random_stream {
 public:
  using result_type = std::uint64_t;

  constexpr explicit random_stream(std::uint64_t seed = 0, std::uint64_t stream = 0) noexcept
      : seed_(seed), stream_(stream) {}

  /// Word `index` of the sequence; does not move it. O(1).
  [[nodiscard]] constexpr std::uint64_t at(std::uint64_t index) const noexcept {
    const std::array<std::uint64_t, 2> pair = words(index / 2);
    return pair[index % 2];
  }
  /// The next word.
  constexpr std::uint64_t next() noexcept {
    if (position_ % 2 == 0) {
      const std::array<std::uint64_t, 2> pair = words(position_ / 2);
      odd_word_ = pair[1];
      ++position_;
      return pair[0];
    }
    ++position_;
    return odd_word_;
  }
  /// How many words have been taken.
  [[nodiscard]] constexpr std::uint64_t position() const noexcept { return position_; }
  /// Goes on with word `index`.
  constexpr void seek(std::uint64_t index) noexcept {
    position_ = index;
    if (index % 2 == 1) odd_word_ = at(index);
  }

  constexpr result_type operator()() noexcept { return next(); }
  [[nodiscard]] static constexpr result_type(min)() noexcept { return 0; }
  [[nodiscard]] static constexpr result_type(max)() noexcept { return (std::numeric_limits<result_type>::max)(); }

  /// Uniform on the 2^53 multiples of 2^-53 in [0, 1): of a word, and of the next word.
  [[nodiscard]] static constexpr double to_uniform(std::uint64_t word) noexcept {
    return static_cast<double>(word >> 11) * 0x1p-53;
  }
  constexpr double uniform() noexcept { return to_uniform(next()); }
  /// Uniform on the 2^24 multiples of 2^-24 in [0, 1).
  constexpr float uniform_float() noexcept { return static_cast<float>(next() >> 40) * 0x1p-24f; }
  /// Uniform on the midpoints of 2^52 equal parts of (0, 1): never 0 or 1.
  [[nodiscard]] static constexpr double to_open_uniform(std::uint64_t word) noexcept {
    return (static_cast<double>(word >> 12) + 0.5) * 0x1p-52;
  }

  /// Uniform on 0 ... n - 1 without bias; n > 0. One word but for a chance of n / 2^64. Lemire (2019).
  constexpr std::uint64_t uniform_int(std::uint64_t n) noexcept {
    assert(n > 0);
    std::uint64_t low = 0, high = detail::wide_product(next(), n, low);
    if (low < n)
      for (const std::uint64_t threshold = (0 - n) % n; low < threshold;) high = detail::wide_product(next(), n, low);
    return high;
  }

  /// True with probability p; never for p <= 0 or NaN, always for p >= 1. One word.
  constexpr bool bernoulli(double p) noexcept { return uniform() < p; }

  /// Normal with the given mean and standard deviation. One word: the quantile of a uniform number, so |z| < 8.3.
  MLSD_UNCONTRACTED double normal(double mean = 0, double deviation = 1) noexcept {
    MLSD_CONTRACT_OFF
    return mean + deviation * math::normal_quantile(to_open_uniform(next()));
  }

  /// Exponential with mean 1. One word.
  double exponential() noexcept { return -math::log(to_open_uniform(next())); }

  /// Gamma with the given shape > 0 and scale 1. For shapes so small that the number underflows: 0.
  double gamma(double shape) noexcept { return math::exp(log_gamma_variate(shape)); }

  /// Beta(a, b), a and b > 0; in [0, 1], also where a and b are tiny.
  double beta(double a, double b) noexcept {
    const double log_x = log_gamma_variate(a);
    return math::sigmoid(log_x - log_gamma_variate(b));
  }

  /// Poisson with the given mean, 0 <= mean <= 1e15. Expected O(1) words; below mean 10, O(mean) time and one word.
  /// Inversion; from mean 10 on, transformed rejection (Hoermann 1993, algorithm PTRS).
  MLSD_UNCONTRACTED std::uint64_t poisson(double mean) noexcept {
    MLSD_CONTRACT_OFF
    assert(mean >= 0 && mean <= 1e15);
    if (mean < 10) {
      std::uint64_t k = 0;
      double p = math::exp(-mean), left = uniform() - p;
      while (left >= 0 && k < 200) {  // beyond 200 the chance is below 2^-53 of all
        p *= mean / static_cast<double>(++k);
        left -= p;
      }
      return k;
    }
    const double b = 0.931 + 2.53 * std::sqrt(mean), a = -0.059 + 0.02483 * b;
    const double log_mean = math::log(mean), inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
    for (;;) {
      const double u = to_open_uniform(next()) - 0.5, v = to_open_uniform(next());
      const double us = 0.5 - std::fabs(u);
      const double k = std::floor((2 * a / us + b) * u + mean + 0.43);
      if (us >= 0.07 && v <= 0.9277 - 3.6224 / (b - 2)) return static_cast<std::uint64_t>(k);
      if (k < 0 || (us < 0.013 && v > us)) continue;
      if (math::log(v * inverse_alpha / (a / (us * us) + b)) <= k * log_mean - mean - detail::log_factorial(k))
        return static_cast<std::uint64_t>(k);
    }
  }

  /// An index with probability proportional to its weight; weights >= 0 and finite, their sum > 0. A weight of 0 is
  /// never chosen. One word, O(n).
  std::size_t categorical(std::span<const double> weights) noexcept {
    double sum = 0;
    for (const double w : weights) sum += w;
    assert(sum > 0);
    const double target = to_uniform(next()) * sum;
    double before = 0;
    std::size_t chosen = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      if (!(weights[i] > 0)) continue;
      if (target < before) break;
      chosen = i;
      before += weights[i];
    }
    return chosen;
  }

  /// Puts the items in random order, each order alike. n - 1 draws (Fisher and Yates).
  template <class T, std::size_t Extent> constexpr void shuffle(std::span<T, Extent> items) noexcept {
    for (std::size_t i = items.size(); i > 1; --i) {
      using std::swap;
      swap(items[i - 1], items[static_cast<std::size_t>(uniform_int(i))]);
    }
  }
  template <class Items>
    requires requires(Items& items) { std::span(items); }
  constexpr void shuffle(Items& items) noexcept {
    shuffle(std::span(items));
  }

  /// Fills `out` with distinct numbers of 0 ... n - 1 in ascending order, every subset of that size alike; `out` is no
  /// longer than n. k = out.size(): O(min(n, k^2)) time; by turns selection sampling (Knuth, volume 2, algorithm S) or
  /// insertion (Floyd; Bentley and Floyd 1987), which depends on n and k only.
  template <std::unsigned_integral Index> constexpr void sample(std::uint64_t n, std::span<Index> out) noexcept {
    const std::uint64_t k = out.size();
    assert(k <= n && (n == 0 || n - 1 <= (std::numeric_limits<Index>::max)()));
    std::size_t size = 0;
    if (k == 0 || n / k < k) {
      for (std::uint64_t i = 0; size < k; ++i)
        if (uniform_int(n - i) < k - size) out[size++] = static_cast<Index>(i);
      return;
    }
    for (std::uint64_t last = n - k; last < n; ++last) {
      const auto drawn = static_cast<Index>(uniform_int(last + 1));
      std::size_t at = 0, end = size;
      while (at < end) {
        const std::size_t middle = at + (end - at) / 2;
        if (out[middle] < drawn)
          at = middle + 1;
        else
          end = middle;
      }
      if (at < size && out[at] == drawn) {  // already there: `last` is not, and is the largest so far
        out[size++] = static_cast<Index>(last);
        continue;
      }
      for (std::size_t i = size++; i > at; --i) out[i] = out[i - 1];
      out[at] = drawn;
    }
  }

  friend constexpr bool operator==(const random_stream&, const random_stream&) = default;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("seed", self.seed_);
    ar("stream", self.stream_);
    ar("position", self.position_);
    ar("odd_word", self.odd_word_);
  }

 private:
  [[nodiscard]] constexpr std::array<std::uint64_t, 2> words(std::uint64_t block) const noexcept {
    const auto low = [](std::uint64_t x) { return static_cast<std::uint32_t>(x); };
    const auto high = [](std::uint64_t x) { return static_cast<std::uint32_t>(x >> 32); };
    const auto w = philox4x32({low(block), high(block), low(stream_), high(stream_)}, {low(seed_), high(seed_)});
    return {w[0] | (std::uint64_t{w[1]} << 32), w[2] | (std::uint64_t{w[3]} << 32)};
  }

  /// The logarithm of a gamma variate (Marsaglia and Tsang 2000), which does not underflow for small shapes:
  /// gamma(shape) = gamma(shape + 1) u^(1 / shape).
  MLSD_UNCONTRACTED double log_gamma_variate(double shape) noexcept {
    MLSD_CONTRACT_OFF
    assert(shape > 0);
    const double boost = shape < 1 ? math::log(to_open_uniform(next())) / shape : 0.0;
    const double d = (shape < 1 ? shape + 1 : shape) - 1.0 / 3, c = 1 / std::sqrt(9 * d);
    for (;;) {
      const double x = normal(), root = 1 + c * x;
      if (root <= 0) continue;
      const double v = root * root * root, u = to_open_uniform(next());
      const double log_v = 3 * math::log(root);
      if (math::log(u) < 0.5 * x * x + d * (1 - v + log_v)) return math::log(d) + log_v + boost;
    }
  }

  std::uint64_t seed_ = 0, stream_ = 0, position_ = 0, odd_word_ = 0;
};

}  // namespace mlsd
