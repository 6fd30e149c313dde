#pragma once

#include "mlsd/core/arena.hpp"
#include "mlsd/core/concepts.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

namespace mlsd {

/// Rules one after the other: each sees what the one before it kept, in its order. Made by `|`.
/// O(sum of the rules); allocates nothing.
template <rerank_rule First, rerank_rule Second> class rule_sequence {
 public:
  static constexpr std::string_view rule_name = "sequence";
  constexpr rule_sequence(First first, Second second) : first_(std::move(first)), second_(std::move(second)) {}

  template <class C> [[nodiscard]] constexpr std::size_t scratch_bytes(std::size_t n) const noexcept {
    return (std::max)(mlsd::scratch_bytes<C>(first_, n), mlsd::scratch_bytes<C>(second_, n));
  }
  template <class C> [[nodiscard]] std::span<C> operator()(std::span<C> candidates, arena& scratch) const noexcept {
    return second_(first_(candidates, scratch), scratch);
  }
  /// Calls `f` with every rule that is no sequence, in order.
  template <class F> constexpr void for_each_rule(F&& f) const {
    visit(first_, f);
    visit(second_, f);
  }

 private:
  template <class R, class F> static constexpr void visit(const R& rule, F& f) {
    if constexpr (requires { rule.for_each_rule(f); })
      rule.for_each_rule(f);
    else
      f(rule);
  }
  First first_;
  Second second_;
};

/// `dedupe{"series"_f} | quota{"genre"_f, 3} | take{20}`.
template <rerank_rule First, rerank_rule Second>
[[nodiscard]] constexpr rule_sequence<First, Second> operator|(First first, Second second) {
  return {std::move(first), std::move(second)};
}

}  // namespace mlsd
