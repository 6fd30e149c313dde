#pragma once

#include "mlsd/core/math.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/scoring/class_shares.hpp"

#include <algorithm>
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
        return detail::class_shares<Number>(values);
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
