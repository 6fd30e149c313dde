#pragma once

#include "mlsd/core/math.hpp"
#include "mlsd/core/result.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace mlsd {

/// What another library's `predict` makes of a row's margins. A value of a saved model: numbers never change.
enum class prediction_kind : std::uint8_t {
  identity = 0,           ///< the margins
  logistic = 1,           ///< 1 / (1 + exp(-slope x margin)), of each
  softmax = 2,            ///< exp(margin) over the sum of all: probabilities
  exponential = 3,        ///< exp(margin), of each
  signed_square = 4,      ///< margin x |margin|, of each: what undoes a model of square roots
  log_one_plus_exp = 5,   ///< log(1 + exp(margin)), of each: LightGBM's cross_entropy_lambda
  hinge = 6,              ///< 1 if margin > 0, else 0, of each
  class_number = 7,       ///< the number of the greatest margin, of the first where several are: one value
  both_classes = 8,       ///< 1 - p and p, where p is the logistic of the only margin
  mean_and_variance = 9,  ///< the first of two margins, and exp(2 x the second)
  increasing = 10,      ///< the first margin; then the value before + log(1 + exp(margin)) + 1e-6: XGBoost's expectiles
  own_logistic = 11,    ///< link_function::logistic, of each: models of this library
  own_exponential = 12  ///< link_function::exponential, of each
};

/// The least difference of the values of `prediction_kind::increasing`.
inline constexpr float expectile_gap = 1e-6f;

namespace detail {

/// 2^(j / 32), and what is lost in it.
inline constexpr double roots_of_two[32] = {
    0x1.0000000000000p+0, 0x1.059b0d3158574p+0, 0x1.0b5586cf9890fp+0, 0x1.11301d0125b51p+0, 0x1.172b83c7d517bp+0,
    0x1.1d4873168b9aap+0, 0x1.2387a6e756238p+0, 0x1.29e9df51fdee1p+0, 0x1.306fe0a31b715p+0, 0x1.371a7373aa9cbp+0,
    0x1.3dea64c123422p+0, 0x1.44e086061892dp+0, 0x1.4bfdad5362a27p+0, 0x1.5342b569d4f82p+0, 0x1.5ab07dd485429p+0,
    0x1.6247eb03a5585p+0, 0x1.6a09e667f3bcdp+0, 0x1.71f75e8ec5f74p+0, 0x1.7a11473eb0187p+0, 0x1.82589994cce13p+0,
    0x1.8ace5422aa0dbp+0, 0x1.93737b0cdc5e5p+0, 0x1.9c49182a3f090p+0, 0x1.a5503b23e255dp+0, 0x1.ae89f995ad3adp+0,
    0x1.b7f76f2fb5e47p+0, 0x1.c199bdd85529cp+0, 0x1.cb720dcef9069p+0, 0x1.d5818dcfba487p+0, 0x1.dfc97337b9b5fp+0,
    0x1.ea4afa2a490dap+0, 0x1.f50765b6e4540p+0};
inline constexpr double roots_of_two_lost[32] = {
    0x0.0000000000000p+0,   0x1.d73e2a475b465p-55,  0x1.8a62e4adc610bp-54,  -0x1.6c51039449b3ap-54,
    -0x1.19041b9d78a76p-55, 0x1.e016e00a2643cp-54,  0x1.9b07eb6c70573p-54,  0x1.612e8afad1255p-55,
    0x1.6f46ad23182e4p-55,  -0x1.63aeabf42eae2p-54, 0x1.ada0911f09ebcp-55,  0x1.89b7a04ef80d0p-59,
    0x1.d4397afec42e2p-56,  -0x1.07abe1db13cadp-55, 0x1.6324c054647adp-54,  -0x1.383c17e40b497p-54,
    -0x1.bdd3413b26456p-54, -0x1.16e4786887a99p-55, -0x1.41577ee04992fp-55, -0x1.d4c1dd41532d8p-54,
    0x1.6e9f156864b27p-54,  -0x1.75fc781b57ebcp-57, 0x1.c7c46b071f2bep-56,  -0x1.d2f6edb8d41e1p-54,
    0x1.7a1cd345dcc81p-54,  -0x1.5584f7e54ac3bp-56, 0x1.11065895048ddp-55,  0x1.503cbd1e949dbp-56,
    0x1.2ed02d75b3707p-55,  -0x1.1a5cd4f184b5cp-54, -0x1.e9c23179c2893p-54, 0x1.9d3e12dd8a18bp-54};

/// e^x with an error below 0.56 ulp, so nearly always what a good C library returns: a softmax adds several errors up.
/// x = (32 e + j) ln 2 / 32 + r, |r| <= ln 2 / 64 (Tang, 1989).
MLSD_UNCONTRACTED [[nodiscard]] inline double exp_of_margin(double x) noexcept {
  MLSD_CONTRACT_OFF
  using namespace math::detail;
  const double bounded = clamp_magnitude(x, 746.0), shifted = bounded * (32 * log2_e) + integer_shift;
  const auto k = static_cast<std::int32_t>(std::bit_cast<std::uint64_t>(shifted));
  const double steps = shifted - integer_shift;
  const double r = (bounded - steps * (ln2_high / 32)) - steps * (ln2_low / 32);
  const double beyond_one = r + r * r * (0.5 + r * (1.0 / 6 + r * (1.0 / 24 + r * (1.0 / 120 + r * (1.0 / 720)))));
  const double root = roots_of_two[k & 31], root_lost = roots_of_two_lost[k & 31];
  const std::int32_t e = k >> 5;  // 2^e in two factors: one rounding, also where e^x is subnormal
  return (root + (root_lost + root * beyond_one)) * power_of_two(integer_shift + (e >> 1)) *
             power_of_two(integer_shift + (e - (e >> 1))) +
         nan_of(x);
}
[[nodiscard]] inline float exp_of_margin(float x) noexcept { return math::exp(x); }

}  // namespace detail

/// How margins become what the library that trained a model returns, in its own formula and precision, with this
/// library's exp and log: so it is within 2 ulp of the source, and the same bits everywhere.
/// O(margins), no allocation. NaN gives NaN, but it is no hinge above 0 and no greatest margin.
struct prediction_rule {
  static constexpr std::string_view type_name = "prediction rule";
  static constexpr std::uint32_t version = 1;

  prediction_kind kind = prediction_kind::identity;
  double slope = 1;        ///< of the logistic
  bool averaged = false;   ///< margins are divided by the number of iterations first: random forests
  bool in_floats = false;  ///< computed in float, as XGBoost does

  /// How many values the prediction has for so many margins.
  [[nodiscard]] std::size_t width(std::size_t margins) const noexcept {
    return kind == prediction_kind::class_number ? 1 : kind == prediction_kind::both_classes ? 2 : margins;
  }
  /// What a row needs while margins become its prediction, in place.
  [[nodiscard]] std::size_t room(std::size_t margins) const noexcept { return (std::max)(margins, width(margins)); }

  /// Turns the margins at the front of `row` [room(margins)] into the prediction, and returns it: its first
  /// `width(margins)` values. `iterations`: whose trees made the margins.
  template <class = void>
  std::span<double> operator()(std::span<double> row, std::size_t margins, std::size_t iterations = 1) const noexcept {
    assert(row.size() >= room(margins) && fits(margins));
    const auto values = row.first(margins);
    if (averaged && iterations != 0)
      for (double& v : values) v /= static_cast<double>(iterations);
    in_floats ? apply<float>(row, values) : apply<double>(row, values);
    return row.first(width(margins));
  }

  /// True if the kind can be made of so many margins.
  [[nodiscard]] bool fits(std::size_t margins) const noexcept {
    return kind == prediction_kind::both_classes        ? margins == 1
           : kind == prediction_kind::mean_and_variance ? margins == 2
                                                        : margins > 0;
  }
  template <class = void> [[nodiscard]] result<void> validate() const {
    if (kind > prediction_kind::own_exponential) return error{errc::corrupt, "prediction rule: unknown kind"};
    if (!std::isfinite(slope)) return error{errc::corrupt, "prediction rule: the slope is not finite"};
    return {};
  }
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("kind", self.kind);
    ar("slope", self.slope);
    ar("averaged", self.averaged);
    ar("in_floats", self.in_floats);
  }
  friend bool operator==(const prediction_rule&, const prediction_rule&) = default;

 private:
  /// The exponent is bounded as in XGBoost, where it computes in float: the smallest probability is 3e-39.
  template <class Number> [[nodiscard]] Number logistic(Number x) const noexcept {
    Number exponent = -static_cast<Number>(slope) * x;
    if constexpr (sizeof(Number) == sizeof(float))
      if (exponent > 88.7f) exponent = 88.7f;
    return 1 / (1 + detail::exp_of_margin(exponent));
  }
  template <class Number, class Function> static void each(std::span<double> values, Function f) noexcept {
    for (double& v : values) v = static_cast<double>(f(static_cast<Number>(v)));
  }
  template <class Number> static void softmax(std::span<double> values) noexcept {
    const auto greatest = static_cast<Number>(*std::max_element(values.begin(), values.end()));
    double sum = 0;
    for (double& v : values) sum += v = static_cast<double>(detail::exp_of_margin(static_cast<Number>(v) - greatest));
    each<Number>(values, [&](Number e) { return e / static_cast<Number>(sum); });
  }
  /// Sums cancel, so each function is rounded once: computed in double.
  template <class Number> static void accumulate(std::span<double> values) noexcept {
    for (std::size_t k = 1; k < values.size(); ++k) {
      const auto x = static_cast<Number>(values[k]);
      const auto e = static_cast<Number>(math::exp(static_cast<double>(x < 0 ? x : -x)));
      const auto tail = static_cast<Number>(math::log_plus_one(static_cast<double>(e)));
      const Number step = (x < 0 ? tail : x + tail) + static_cast<Number>(expectile_gap);
      values[k] = static_cast<double>(static_cast<Number>(values[k - 1]) + step);
    }
  }
  [[nodiscard]] static std::size_t first_greatest(std::span<const double> values) noexcept {
    std::size_t best = 0;
    for (std::size_t k = 1; k < values.size(); ++k)
      if (values[k] > values[best] || (values[best] != values[best] && values[k] == values[k])) best = k;
    return best;
  }

  template <class Number> void apply(std::span<double> row, std::span<double> values) const noexcept {
    switch (kind) {
      case prediction_kind::identity:
        return each<Number>(values, [](Number x) { return x; });
      case prediction_kind::logistic:
        return each<Number>(values, [&](Number x) { return logistic(x); });
      case prediction_kind::softmax:
        return softmax<Number>(values);
      case prediction_kind::exponential:
        return each<Number>(values, [](Number x) { return detail::exp_of_margin(x); });
      case prediction_kind::signed_square:
        return each<Number>(values, [](Number x) { return x < 0 ? -x * x : x * x; });
      case prediction_kind::log_one_plus_exp:
        return each<Number>(values, [](Number x) { return math::log_plus_one(detail::exp_of_margin(x)); });
      case prediction_kind::hinge:
        return each<Number>(values, [](Number x) { return x > 0 ? Number(1) : Number(0); });
      case prediction_kind::class_number:
        row[0] = static_cast<double>(first_greatest(values));
        return;
      case prediction_kind::both_classes: {
        const Number p = logistic(static_cast<Number>(row[0]));
        row[0] = static_cast<double>(1 - p);
        row[1] = static_cast<double>(p);
        return;
      }
      case prediction_kind::mean_and_variance:
        row[1] = static_cast<double>(detail::exp_of_margin(2 * static_cast<Number>(row[1])));
        return;
      case prediction_kind::increasing:
        return accumulate<Number>(values);
      case prediction_kind::own_logistic:
        return each<Number>(values, [](Number x) { return math::sigmoid(x); });
      case prediction_kind::own_exponential:
        return each<Number>(values, [](Number x) { return math::exp(x); });
    }
  }
};

}  // namespace mlsd
