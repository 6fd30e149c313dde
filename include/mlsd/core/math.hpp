/// Elementary functions with the same bits everywhere: made of + - * / and bit operations in a fixed order, so the
/// result does not depend on the C library, the compiler, -O, -march or the width of vectors (IEEE 754, rounding to
/// nearest, no -ffast-math; see fp.hpp).
///
/// How both halves hold on GCC: each function carries MLSD_UNCONTRACTED, so that GCC does not inline it into a plain
/// caller, where it could contract, but does inline it into drivers that carry MLSD_UNCONTRACTED too, where loops over
/// `exp`, `exp_minus_one`, `log`, `log_plus_one`, `sigmoid` and `softplus` vectorise: their bodies are free of branches
/// and tables. Such a driver should carry `gnu::flatten` too, else GCC leaves out of line what it finds long. Clang
/// needs no attribute and inlines anywhere.
///
/// NaN in gives NaN out, with bits that depend on the argument only. Error bounds are the largest seen in sweeps of
/// millions of points against long double; `float` overloads compute in double and stay within 0.57 ulp. No function
/// allocates. Against glibc 2.36 (g++ 12 -O2, double): one value at a time takes 1.3 to 1.5 times as long (exp,
/// exp_minus_one, log_plus_one), 1.7 (normal_cdf), 2.8 (log), 1.8 to 4.6 (softplus, sigmoid, logit against the naive
/// formula, which is less accurate); a value of a column 0.8 to 1.7 times at the SSE2 baseline, 0.2 to 0.4 on AVX-512.
#pragma once

#include "mlsd/core/fp.hpp"

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace mlsd::math::detail {

inline constexpr double infinity = std::numeric_limits<double>::infinity();
inline constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
/// Adding it leaves a small integer, rounded to nearest, in the low bits of a double.
inline constexpr double integer_shift = 0x1.8p52;
/// ln 2 in two parts; the first has 16 zero bits at its end, so that k * ln2_high is exact.
inline constexpr double ln2_high = 0x1.62e42fefap-1, ln2_low = 0x1.cf79abc9e3b3ap-40;
inline constexpr double log2_e = 0x1.71547652b82fep+0;

// Minimax polynomials (Remez exchange at 50 digits); relative error of what they stand for in brackets.
/// (e^r - 1 - r) / r^2 on |r| <= ln2 / 2 [4e-18, 3e-9]
inline constexpr double exp_terms[] = {
    0x1.0000000000009p-1,  0x1.55555555554fbp-3,  0x1.5555555550b41p-5,  0x1.11111111279f6p-7,  0x1.6c16c183ae3aap-10,
    0x1.a01a012a19525p-13, 0x1.a0199b2465f9fp-16, 0x1.71df273a330e3p-19, 0x1.28ac95343f652p-22, 0x1.ad7ae8dceaca7p-26};
inline constexpr double exp_terms_short[] = {0x1.fffffba910b6ap-2, 0x1.555492098f404p-3, 0x1.5558eb98c6d0ap-5,
                                             0x1.123987479f98fp-7, 0x1.6a2646fd431a1p-10};
/// (log((1 + s) / (1 - s)) / s - 2) / s^2 as a polynomial in s^2, s^2 <= 0.0295 [3e-18, 2e-9]
inline constexpr double log_terms[] = {0x1.555555555557cp-1, 0x1.99999999846e1p-2, 0x1.2492493fbf100p-2,
                                       0x1.c71c52ae33545p-3, 0x1.74664b81d0de5p-3, 0x1.399cc547c716ep-3,
                                       0x1.2f55143c490d6p-3};
inline constexpr double log_terms_short[] = {0x1.55557ad5a3a67p-1, 0x1.995ad699c8108p-2, 0x1.32719d5e77208p-2};
/// erf(x) / x as a polynomial in x^2, |x| <= 1/2 [5e-18]
inline constexpr double erf_terms[] = {0x1.20dd750429b6dp+0,  -0x1.812746b0379b5p-2,  0x1.ce2f21a03d8aap-4,
                                       -0x1.b82ce30f2fd39p-6, 0x1.565bcbfa0558fp-8,   -0x1.c02d4fbc6a2b5p-11,
                                       0x1.f98dbed7f1649p-14, -0x1.f225c2def8d5cp-17, 0x1.8b5278bc3bd47p-20};
/// (1 + 2 z) e^(z^2) erfc(z) as a polynomial in (z - 3.5) / (z + 3.5), 0 <= z <= 28 [1e-17]
inline constexpr double erfc_terms[] = {
    0x1.3e0a99a0ee914p+0,   -0x1.1ebd220ea5935p-3,  -0x1.59e2c284b0ceep-7, 0x1.8f702ec6b2d42p-4,
    -0x1.d76830c355918p-4,  0x1.686106047b447p-4,   -0x1.8ff5ef7657b96p-5, 0x1.38ec666e219e2p-6,
    -0x1.143c4cd88e789p-8,  -0x1.3cf3633e4d020p-12, 0x1.27e670a2fec3ep-11, -0x1.fda9895ceeea9p-14,
    -0x1.66e5af43f2b70p-15, 0x1.970f25e483568p-16,  0x1.3931193445031p-19, -0x1.0034e36bb30fep-18,
    -0x1.d4e159425a9a9p-25, 0x1.4474b6e83453cp-21,  0x1.55c37a82e5e17p-28, -0x1.9bf92461e7fbcp-24,
    -0x1.249ff71ae10b9p-27, 0x1.82e7caf452d9bp-27,  0x1.7bdbbf78e3095p-29};
/// x / q as a rational function of 0.425^2 - q^2, where q = Phi(x) - 1/2, |q| <= 0.425 [7e-18]
inline constexpr double quantile_centre_top[] = {0x1.b18d91e9eef76p+1,  0x1.1cd65548b3da1p+7,  0x1.1f6e5faf6072fp+11,
                                                 0x1.187fe02143ffap+14, 0x1.12288bc20e2b8p+16, 0x1.f6bf7856800c6p+16,
                                                 0x1.633d1fc40a7d9p+16, 0x1.a44c0f5183ef4p+13, -0x1.201fd8934c1f6p+9};
inline constexpr double quantile_centre_bottom[] = {0x1p+0,
                                                    0x1.686aed9afd37fp+5,
                                                    0x1.8c1b4bf09c675p+9,
                                                    0x1.aef62ab54a9abp+12,
                                                    0x1.e698f85704ea8p+14,
                                                    0x1.1168a37d2562dp+16,
                                                    0x1.0a277d45ee05bp+16,
                                                    0x1.3914c0f9317c6p+14};
/// r - x as a rational function of r = sqrt(-2 log Phi(-x)), 2.27 <= r <= 38.65 [2e-17 of x]
inline constexpr double quantile_tail_top[] = {0x1.c7da5ce930b0cp+1,  0x1.bca8366b0d645p+4, 0x1.5ddedcceda327p+5,
                                               0x1.81d0e905bb916p+4,  0x1.c64240bdd6eadp+2, 0x1.1fa2b716ad24fp+0,
                                               0x1.55d80dbbcf2d9p-4,  0x1.55b187377aeb7p-9, 0x1.f24a0b1090d45p-16,
                                               0x1.7cafa9cba9d4dp-24, 0x1.5c7bd42a61ab6p-37};
inline constexpr double quantile_tail_bottom[] = {0x1p+0,
                                                  0x1.891dbdf995faap+3,
                                                  0x1.e85d1160e2164p+4,
                                                  0x1.ab410b7e845a2p+4,
                                                  0x1.63f2e1fecf10bp+3,
                                                  0x1.52292d381cd19p+1,
                                                  0x1.574469453bbefp-2,
                                                  0x1.4a277068aa92bp-6,
                                                  0x1.0e5d7f42bbb17p-11,
                                                  0x1.41db869f8fc03p-18,
                                                  0x1.7e289694c26d8p-27};

/// c[First] + c[First + 1] x + ..., Count terms, in Estrin's order: `power[i]` is x^(2^i).
template <std::size_t First, std::size_t Count, std::size_t N>
[[gnu::always_inline]] constexpr double partial_polynomial(const double (&c)[N], const double* power) noexcept {
  MLSD_CONTRACT_OFF
  if constexpr (Count == 1) {
    return c[First];
  } else {
    constexpr std::size_t half = std::bit_floor(Count - 1);
    return partial_polynomial<First, half>(c, power) +
           partial_polynomial<First + half, Count - half>(c, power) * power[std::countr_zero(half)];
  }
}
template <std::size_t N> [[gnu::always_inline]] constexpr double polynomial(const double (&c)[N], double x) noexcept {
  MLSD_CONTRACT_OFF
  const double x2 = x * x, x4 = x2 * x2, x8 = x4 * x4, x16 = x8 * x8;
  const double power[] = {x, x2, x4, x8, x16};
  return partial_polynomial<0, N>(c, power);
}

/// 2^k from k + integer_shift, -1022 <= k <= 1023.
[[gnu::always_inline]] constexpr double power_of_two(double shifted) noexcept {
  return std::bit_cast<double>((std::bit_cast<std::uint64_t>(shifted) + 1023) << 52);
}
[[gnu::always_inline]] constexpr double magnitude(double x) noexcept {
  return std::bit_cast<double>(std::bit_cast<std::uint64_t>(x) & 0x7fff'ffff'ffff'ffff);
}
[[gnu::always_inline]] constexpr double with_sign_of(double x, double sign) noexcept {
  constexpr std::uint64_t sign_bit = 0x8000'0000'0000'0000;
  return std::bit_cast<double>((std::bit_cast<std::uint64_t>(x) & ~sign_bit) |
                               (std::bit_cast<std::uint64_t>(sign) & sign_bit));
}

/// x = k ln 2 + r; `rest` is e^r - 1 - r.
struct exp_parts {
  double k, r, rest;
};
[[gnu::always_inline]] constexpr exp_parts split_exp(double x) noexcept {
  MLSD_CONTRACT_OFF
  const double k = (x * log2_e + integer_shift) - integer_shift;
  const double high = x - k * ln2_high, low = k * ln2_low;
  const double r = high - low;
  return {k, r, ((high - r) - low) + r * r * polynomial(exp_terms, r)};
}

/// x, or the nearest number of magnitude `limit`; for NaN a number of that magnitude.
[[gnu::always_inline]] constexpr double clamp_magnitude(double x, double limit) noexcept {
  const double m = magnitude(x);
  return with_sign_of(m < limit ? m : limit, x);
}
/// What to add to a number to make NaN of it where x is NaN, so that no NaN comes from two places.
[[gnu::always_inline]] constexpr double nan_of(double x) noexcept { return x == x ? 0.0 : not_a_number; }
/// x where x > 0, else 0.
[[gnu::always_inline]] constexpr double positive_part(double x) noexcept {
  const auto bits = std::bit_cast<std::uint64_t>(x);
  return std::bit_cast<double>(bits & ((bits >> 63) - 1));
}

// The kernels below may be inlined anywhere by Clang, and on GCC only into functions that carry MLSD_UNCONTRACTED.
// No two comparisons in one kernel depend on each other: GCC would make two paths of that, and not vectorise.

[[gnu::always_inline]] constexpr double exp_kernel(double x) noexcept {
  MLSD_CONTRACT_OFF
  const exp_parts e = split_exp(clamp_magnitude(x, 746.0));
  const double first = e.k * 0.5 + integer_shift;  // 2^k in two factors: one rounding, also where e^x is subnormal
  const double second = (e.k - (first - integer_shift)) + integer_shift;
  return (1.0 + (e.r + e.rest)) * power_of_two(first) * power_of_two(second) + nan_of(x);
}

[[gnu::always_inline]] constexpr double exp_minus_one_kernel(double x) noexcept {
  MLSD_CONTRACT_OFF
  const exp_parts e = split_exp(clamp_magnitude(x, 746.0));
  const double first = e.k * 0.5 + integer_shift, second = e.k - (first - integer_shift);
  const double scale = power_of_two(first);
  const double a = scale - power_of_two(integer_shift - second), b = scale * e.r;  // a + b and what rounding lost
  const double sum = a + b, b_in_sum = sum - a;
  const double lost = (a - (sum - b_in_sum)) + (b - b_in_sum);
  return with_sign_of((sum + (lost + scale * e.rest)) * power_of_two(second + integer_shift) + nan_of(x), x);
}

/// log(u) + c for finite u > 0 and small c; some finite number for other u.
template <bool Subnormal> [[gnu::always_inline]] constexpr double log_of_sum(double u, double c) noexcept {
  MLSD_CONTRACT_OFF
  constexpr std::uint64_t root_half = 0x3fe6a09e667f3bcd, one = 0x3ff0000000000000;
  std::uint64_t offset = 1024;
  if constexpr (Subnormal) {
    const std::uint64_t is_subnormal = ((std::bit_cast<std::uint64_t>(u) >> 52) - 1) >> 63;
    const std::uint64_t up = (0 - is_subnormal) & 54;
    u *= std::bit_cast<double>(one + (up << 52));
    offset -= up;
  }
  const std::uint64_t shifted = std::bit_cast<std::uint64_t>(u) + (one - root_half);
  const double k = std::bit_cast<double>(((shifted >> 52) + offset) | 0x4330000000000000) - (0x1p52 + 1023 + 1024);
  const double f = std::bit_cast<double>((shifted & 0x000fffffffffffff) + root_half) - 1.0;
  const double s = f / (2.0 + f), z = s * s, half = 0.5 * f * f;
  const double inner = s * (half + z * polynomial(log_terms, z)) + (k * ln2_low + c);
  return k * ln2_high - ((half - inner) - f);
}
/// What to add to a finite number to get log(x) where it is not finite: at 0, infinity, negative numbers and NaN.
[[gnu::always_inline]] constexpr double log_special(double x) noexcept {
  return x > 0.0 ? (x == infinity ? infinity : 0.0) : (x == 0.0 ? -infinity : not_a_number);
}

[[gnu::always_inline]] constexpr double log_kernel(double x) noexcept {
  MLSD_CONTRACT_OFF
  return log_of_sum<true>(x, 0.0) + log_special(x);
}

[[gnu::always_inline]] constexpr double log_plus_one_kernel(double x) noexcept {
  MLSD_CONTRACT_OFF
  const double y = clamp_magnitude(x, (std::numeric_limits<double>::max)());
  const double u = 1.0 + y, back = u - 1.0;
  const double lost = (1.0 - (u - back)) + (y - back);  // 1 + y == u + lost; 2^-1000 matters where u is 0 only
  return with_sign_of(log_of_sum<false>(u, lost / (u + 0x1p-1000)) + log_special(1.0 + x), x);
}

[[gnu::always_inline]] constexpr double sigmoid_kernel(double x) noexcept {
  MLSD_CONTRACT_OFF
  const double e = exp_kernel(-magnitude(x));
  return (x < 0.0 ? e : 1.0) / (1.0 + e);
}

[[gnu::always_inline]] constexpr double softplus_kernel(double x) noexcept {
  MLSD_CONTRACT_OFF
  const double y = clamp_magnitude(x, infinity), e = exp_kernel(-magnitude(y));
  const double u = 1.0 + e, lost = e - (u - 1.0);
  return (positive_part(y) + log_of_sum<false>(u, lost / u)) + nan_of(x);
}

/// For arguments and results that were or become floats: error below 4e-9. Beyond |x| = 104, and NaN: as at 104.
[[gnu::always_inline]] constexpr double exp_short(double x) noexcept {
  MLSD_CONTRACT_OFF
  x = clamp_magnitude(x, 104.0);
  const double shifted = x * log2_e + integer_shift, k = shifted - integer_shift;
  const double r = (x - k * ln2_high) - k * ln2_low;
  return (1.0 + (r + r * r * polynomial(exp_terms_short, r))) * power_of_two(shifted);
}
[[gnu::always_inline]] constexpr double log_short(double u, double c) noexcept {
  MLSD_CONTRACT_OFF
  constexpr std::uint64_t root_half = 0x3fe6a09e667f3bcd, one = 0x3ff0000000000000;
  const std::uint64_t shifted = std::bit_cast<std::uint64_t>(u) + (one - root_half);
  const double k = std::bit_cast<double>((shifted >> 52) | 0x4330000000000000) - (0x1p52 + 1023);
  const double f = std::bit_cast<double>((shifted & 0x000fffffffffffff) + root_half) - 1.0;
  const double s = f / (2.0 + f), z = s * s;
  return (s * 2.0 + (s * z * polynomial(log_terms_short, z) + c)) + k * (ln2_high + ln2_low);
}

[[gnu::always_inline]] constexpr float exp_kernel(float x) noexcept {
  MLSD_CONTRACT_OFF
  const double y = static_cast<double>(x);
  return static_cast<float>(exp_short(y) + nan_of(y));
}
[[gnu::always_inline]] constexpr float log_kernel(float x) noexcept {
  const double y = static_cast<double>(x);
  return static_cast<float>(log_short(y, 0.0) + log_special(y));
}
[[gnu::always_inline]] constexpr float log_plus_one_kernel(float x) noexcept {
  MLSD_CONTRACT_OFF
  const double y = clamp_magnitude(static_cast<double>(x), 0x1p128);
  const double u = 1.0 + y, lost = y - (u - 1.0);  // of no weight once y > 1
  return static_cast<float>(with_sign_of(log_short(u, lost) + log_special(1.0 + static_cast<double>(x)), y));
}
[[gnu::always_inline]] constexpr float sigmoid_kernel(float x) noexcept {
  MLSD_CONTRACT_OFF
  const double y = static_cast<double>(x), e = exp_short(-magnitude(y));
  return static_cast<float>((y < 0.0 ? e : 1.0) / (1.0 + e) + nan_of(y));
}
[[gnu::always_inline]] constexpr float softplus_kernel(float x) noexcept {
  MLSD_CONTRACT_OFF
  const double given = static_cast<double>(x), y = clamp_magnitude(given, infinity), e = exp_short(-magnitude(y));
  const double u = 1.0 + e, lost = e - (u - 1.0);
  return static_cast<float>((positive_part(y) + log_short(u, lost)) + nan_of(given));
}

/// e^(-scale x^2) for 0 <= x <= 40, scale 1 or 1/2: x^2 as the exact square of the upper half of x, and the rest.
[[gnu::always_inline]] constexpr double exp_minus_square(double x, double scale) noexcept {
  MLSD_CONTRACT_OFF
  const double upper = std::bit_cast<double>(std::bit_cast<std::uint64_t>(x) & 0xffff'ffff'f800'0000);
  const double rest = (x - upper) * (x + upper) * scale;
  const double y = exp_kernel(-(upper * upper * scale));
  return y - y * (rest * (1.0 - rest * (0.5 - rest * (1.0 / 6))));
}
/// e^(z^2) erfc(z) for 0 <= z <= 28 (Shepherd and Laframboise, 1981, for the change of variable).
[[gnu::always_inline]] constexpr double scaled_erfc(double z) noexcept {
  MLSD_CONTRACT_OFF
  return polynomial(erfc_terms, (z - 3.5) / (z + 3.5)) / (1.0 + 2.0 * z);
}
/// For |x| < 1/2.
[[gnu::always_inline]] constexpr double erf_near_zero(double x) noexcept {
  MLSD_CONTRACT_OFF
  return x * polynomial(erf_terms, x * x);
}
[[gnu::always_inline]] constexpr double erfc_of_magnitude(double x) noexcept {
  const double z = magnitude(clamp_magnitude(x, 28.0));
  return exp_minus_square(z, 1.0) * scaled_erfc(z);
}

}  // namespace mlsd::math::detail

#if defined(__clang__)
#define MLSD_MATH [[nodiscard, gnu::always_inline]]
#else
#define MLSD_MATH [[nodiscard]] MLSD_UNCONTRACTED
#endif

namespace mlsd::math {

/// e^x. Overflow gives infinity, underflow subnormals and 0. Error <= 0.95 ulp.
MLSD_MATH constexpr double exp(double x) noexcept { return detail::exp_kernel(x); }
MLSD_MATH constexpr float exp(float x) noexcept { return detail::exp_kernel(x); }

/// e^x - 1, accurate near 0 and odd in the sign of zero. Error <= 1.2 ulp.
MLSD_MATH constexpr double exp_minus_one(double x) noexcept { return detail::exp_minus_one_kernel(x); }
MLSD_MATH constexpr float exp_minus_one(float x) noexcept {
  return static_cast<float>(detail::exp_minus_one_kernel(static_cast<double>(x)));
}

/// Natural logarithm. log(0) is -infinity, of a negative number NaN. Error <= 0.9 ulp.
MLSD_MATH constexpr double log(double x) noexcept { return detail::log_kernel(x); }
MLSD_MATH constexpr float log(float x) noexcept { return detail::log_kernel(x); }

/// log(1 + x), accurate near 0 and odd in the sign of zero; -infinity at -1, NaN below. Error <= 0.9 ulp.
MLSD_MATH constexpr double log_plus_one(double x) noexcept { return detail::log_plus_one_kernel(x); }
MLSD_MATH constexpr float log_plus_one(float x) noexcept { return detail::log_plus_one_kernel(x); }

/// 1 / (1 + e^-x), accurate in both tails. Error <= 2.5 ulp.
MLSD_MATH constexpr double sigmoid(double x) noexcept { return detail::sigmoid_kernel(x); }
MLSD_MATH constexpr float sigmoid(float x) noexcept { return detail::sigmoid_kernel(x); }

/// log(1 + e^x) without overflow: the log loss of a margin is softplus(-margin). Error <= 1.6 ulp.
MLSD_MATH constexpr double softplus(double x) noexcept { return detail::softplus_kernel(x); }
MLSD_MATH constexpr float softplus(float x) noexcept { return detail::softplus_kernel(x); }

/// log(p / (1 - p)), accurate also near 1/2. -infinity at 0, infinity at 1, NaN outside [0, 1]. Error <= 2.7 ulp.
MLSD_MATH constexpr double logit(double p) noexcept {
  MLSD_CONTRACT_OFF
  if (p > 0.415 && p < 0.585) {
    const double s = 2.0 * p - 1.0, z = s * s;
    return 2.0 * s + s * z * detail::polynomial(detail::log_terms, z);
  }
  return detail::log_kernel(p) - detail::log_plus_one_kernel(-p);
}
MLSD_MATH constexpr float logit(float p) noexcept { return static_cast<float>(logit(static_cast<double>(p))); }

/// The error function. Error <= 4 ulp.
MLSD_MATH constexpr double erf(double x) noexcept {
  MLSD_CONTRACT_OFF
  if (detail::magnitude(x) < 0.5) return detail::erf_near_zero(x);
  return detail::with_sign_of(1.0 - detail::erfc_of_magnitude(x), x) + detail::nan_of(x);
}
MLSD_MATH constexpr float erf(float x) noexcept { return static_cast<float>(erf(static_cast<double>(x))); }

/// 1 - erf(x), accurate in the upper tail down to subnormals. Error <= 6 ulp.
MLSD_MATH constexpr double erfc(double x) noexcept {
  MLSD_CONTRACT_OFF
  if (detail::magnitude(x) < 0.5) return 1.0 - detail::erf_near_zero(x);
  const double tail = detail::erfc_of_magnitude(x);
  return (x < 0.0 ? 2.0 - tail : tail) + detail::nan_of(x);
}
MLSD_MATH constexpr float erfc(float x) noexcept { return static_cast<float>(erfc(static_cast<double>(x))); }

/// Standard normal distribution function, accurate in the lower tail down to subnormals. Error <= 7 ulp.
MLSD_MATH constexpr double normal_cdf(double x) noexcept {
  MLSD_CONTRACT_OFF
  const double z = x * 0x1.6a09e667f3bcdp-1;  // x / sqrt(2)
  if (detail::magnitude(z) < 0.5) return 0.5 + 0.5 * detail::erf_near_zero(z);
  const double y = detail::magnitude(detail::clamp_magnitude(x, 39.0));
  const double tail = detail::exp_minus_square(y, 0.5) * (0.5 * detail::scaled_erfc(y * 0x1.6a09e667f3bcdp-1));
  return (x > 0.0 ? 1.0 - tail : tail) + detail::nan_of(x);
}
MLSD_MATH constexpr float normal_cdf(float x) noexcept {
  return static_cast<float>(normal_cdf(static_cast<double>(x)));
}

/// The x whose normal_cdf is p. -infinity at 0, infinity at 1, NaN outside [0, 1]. Error <= 6 ulp.
/// Branches at |p - 1/2| = 0.425, as Wichura (1988) does; the rational functions are fitted anew.
MLSD_MATH inline double normal_quantile(double p) noexcept {
  MLSD_CONTRACT_OFF
  const double q = p - 0.5;
  if (detail::magnitude(q) <= 0.425) {
    const double w = 0.425 * 0.425 - q * q;
    return q *
           (detail::polynomial(detail::quantile_centre_top, w) / detail::polynomial(detail::quantile_centre_bottom, w));
  }
  if (!(p > 0.0 && p < 1.0)) return p == 0.0 ? -detail::infinity : p == 1.0 ? detail::infinity : detail::not_a_number;
  const double r = std::sqrt(-2.0 * detail::log_kernel(q < 0.0 ? p : 1.0 - p));
  const double x =
      r - detail::polynomial(detail::quantile_tail_top, r) / detail::polynomial(detail::quantile_tail_bottom, r);
  return detail::with_sign_of(x, q);
}
MLSD_MATH inline float normal_quantile(float p) noexcept {
  return static_cast<float>(normal_quantile(static_cast<double>(p)));
}

}  // namespace mlsd::math

#undef MLSD_MATH
