#pragma once

#include "mlsd/rerank/rule.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace mlsd {

/// What a rule did to one candidate.
template <class Id> struct rule_effect {
  std::string_view rule{};  ///< `rule_name`
  std::size_t step = 0;     ///< which rule of the sequence, from 0
  Id id{};
  std::size_t from = 0;             ///< its place before the rule
  std::optional<std::size_t> to{};  ///< its place after; nothing: removed
  friend constexpr bool operator==(const rule_effect&, const rule_effect&) = default;
};

/// Which rule moved or removed what: the rules run on a copy, and whoever changed places other than by the removal of
/// others before it is told, rule by rule, in the order before the rule. For reports and questions, not for every
/// request: O(rules n^2), allocates.
template <rerank_rule Rules, class C> [[nodiscard]] auto explain(const Rules& rules, std::span<const C> candidates) {
  using id_type = decltype(C::id);
  std::vector<rule_effect<id_type>> effects;
  std::vector<C> list(candidates.begin(), candidates.end());
  std::size_t step = 0;
  const auto run = [&](const auto& rule) {
    const std::vector<C> before = list;
    arena scratch(scratch_bytes<C>(rule, list.size()));
    list.resize(rule(std::span<C>(list), scratch).size());
    std::vector<std::optional<std::size_t>> to(before.size());
    std::size_t removed = 0;
    for (std::size_t i = 0; i < before.size(); ++i) {
      for (std::size_t j = 0; j < list.size() && !to[i]; ++j)
        if (list[j].id == before[i].id) to[i] = j;
      if (!to[i] || *to[i] + removed != i)
        effects.push_back({std::remove_cvref_t<decltype(rule)>::rule_name, step, before[i].id, i, to[i]});
      removed += !to[i];
    }
    ++step;
  };
  if constexpr (requires { rules.for_each_rule(run); })
    rules.for_each_rule(run);
  else
    run(rules);
  return effects;
}

}  // namespace mlsd
