#pragma once

#include "mlsd/core/arena.hpp"
#include "mlsd/core/concepts.hpp"
#include "mlsd/serve/stage.hpp"

#include <cstddef>
#include <span>
#include <string_view>
#include <utility>

namespace mlsd {

/// The rules of the house over a ranked list: `rerank(dedupe{"series"_f} | quota{"genre"_f, 3} | mmr{...})`.
/// No allocation.
template <rerank_rule Rules> class rerank_stage {
 public:
  static constexpr std::string_view stage_name = Rules::rule_name == "sequence" ? "rerank" : Rules::rule_name;
  template <class C> using output = C;
  template <class> using scratch = arena;

  constexpr explicit rerank_stage(Rules rules) : rules_(std::move(rules)) {}

  [[nodiscard]] static constexpr std::size_t capacity(std::size_t before) noexcept { return before; }
  template <class C> [[nodiscard]] arena make_scratch(std::size_t capacity) const {
    return arena(scratch_bytes<C>(rules_, capacity));
  }
  template <class C, class Request, class State>
  [[nodiscard]] std::span<C> run(const Request&, std::span<C> list, arena& memory, State&) const noexcept {
    static_assert(reranker<Rules, C, arena>,
                  "mlsd: a re-ranking rule needs `operator()(std::span<C>, arena&) const noexcept -> std::span<C>`");
    return rules_(list, memory);
  }
  [[nodiscard]] constexpr const Rules& rules() const noexcept { return rules_; }

 private:
  Rules rules_;
};

template <rerank_rule Rules> [[nodiscard]] constexpr rerank_stage<Rules> rerank(Rules rules) {
  return rerank_stage<Rules>(std::move(rules));
}

}  // namespace mlsd
