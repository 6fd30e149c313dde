#pragma once

#include "mlsd/archive/text.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/scoring/import/key_value_lines.hpp"
#include "mlsd/scoring/import/prediction.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>

namespace mlsd::detail {

/// An objective of LightGBM, by a name that its models may have, and what it does to margins.
struct lightgbm_objective {
  std::string_view name;
  prediction_kind kind;
};

inline constexpr std::array<lightgbm_objective, 24> lightgbm_objectives{{
    {"regression", prediction_kind::identity},
    {"regression_l2", prediction_kind::identity},
    {"regression_l1", prediction_kind::identity},
    {"huber", prediction_kind::identity},
    {"fair", prediction_kind::identity},
    {"quantile", prediction_kind::identity},
    {"mape", prediction_kind::identity},
    {"lambdarank", prediction_kind::identity},
    {"rank_xendcg", prediction_kind::identity},
    {"xendcg", prediction_kind::identity},
    {"custom", prediction_kind::identity},
    {"none", prediction_kind::identity},
    {"null", prediction_kind::identity},
    {"na", prediction_kind::identity},
    {"binary", prediction_kind::logistic},
    {"multiclassova", prediction_kind::logistic},
    {"cross_entropy", prediction_kind::logistic},
    {"xentropy", prediction_kind::logistic},
    {"multiclass", prediction_kind::softmax},
    {"poisson", prediction_kind::exponential},
    {"gamma", prediction_kind::exponential},
    {"tweedie", prediction_kind::exponential},
    {"cross_entropy_lambda", prediction_kind::log_one_plus_exp},
    {"xentlambda", prediction_kind::log_one_plus_exp},
}};

/// The word at the front of a text, which is cut off.
[[nodiscard]] constexpr std::string_view take_word(std::string_view& rest) noexcept {
  while (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
  const std::string_view word = rest.substr(0, rest.find(' '));
  rest.remove_prefix(word.size());
  return word;
}

/// What LightGBM predicts under the objective that a model's line names, such as "binary sigmoid:2". A model without
/// the line, trained with a function of its user's, predicts its margins.
template <class = void> [[nodiscard]] result<prediction_rule> read_lightgbm_objective(const key_value_line& line) {
  std::string_view rest = line.value;
  const std::string_view name = take_word(rest);
  const lightgbm_objective* found = nullptr;
  for (const lightgbm_objective& o : lightgbm_objectives)
    if (o.name == name) found = &o;
  if (found == nullptr) return line.fault("unknown: " + quote(name));
  prediction_rule rule{.kind = found->kind};
  const bool has_slope = name == "binary" || name == "multiclassova";
  for (std::string_view word = take_word(rest); !word.empty(); word = take_word(rest)) {
    if (word == "sqrt" && rule.kind == prediction_kind::identity) rule.kind = prediction_kind::signed_square;
    constexpr std::string_view sigmoid = "sigmoid:";
    if (!has_slope || !word.starts_with(sigmoid)) continue;
    if (!parse_whole(word.substr(sigmoid.size()), rule.slope) || !(rule.slope > 0 && std::isfinite(rule.slope)))
      return line.fault(word.data(), "objective: the sigmoid must be a positive number");
  }
  return rule;
}

}  // namespace mlsd::detail
