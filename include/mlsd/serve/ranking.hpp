#pragma once

#include "mlsd/core/concepts.hpp"
#include "mlsd/serve/deadline.hpp"
#include "mlsd/serve/rerank.hpp"
#include "mlsd/serve/retrieve.hpp"
#include "mlsd/serve/stage.hpp"
#include "mlsd/serve/workspace.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

namespace mlsd {

/// The answer to a request: the list, best first, and which stages gave way to their fallbacks (bit i: stage i).
/// Valid until its workspace serves the next request.
template <class C> struct page {
  std::span<const C> items{};
  std::uint64_t fallbacks = 0;

  [[nodiscard]] constexpr auto begin() const noexcept { return items.begin(); }
  [[nodiscard]] constexpr auto end() const noexcept { return items.end(); }
  [[nodiscard]] constexpr std::size_t size() const noexcept { return items.size(); }
  [[nodiscard]] constexpr bool empty() const noexcept { return items.empty(); }
  [[nodiscard]] constexpr const C& operator[](std::size_t i) const noexcept { return items[i]; }
};

namespace detail {
/// What stands before the first stage.
struct no_stages {
  using value_type = nothing;
  struct scratch {};
  static constexpr std::size_t stages = 0;
  [[nodiscard]] static constexpr std::size_t capacity() noexcept { return 0; }
  [[nodiscard]] static scratch make_scratch() noexcept { return {}; }
  template <class Request, class State>
  [[nodiscard]] static std::span<nothing> run(const Request&, scratch&, State&) noexcept {
    return {};
  }
  template <class F> static constexpr void for_each_time(const scratch&, F&&) {}
};
}  // namespace detail

/// Stages one after the other, from a request to a page: `retrieve(source, 500) | join<rows>(...) | rank(model) |
/// rerank(rules) | take{20}`. An immutable value that many threads use at once, each with a `workspace` of its own:
/// `recommend(request, scratch)`.
/// A request costs the sum of its stages and a look at the clock for each; it never allocates. No candidates: an empty
/// page. Stages that do not fit do not compile, and the error names the culprit.
template <class Before, serving_stage Stage> class ranking {
 public:
  static constexpr std::size_t stages = Before::stages + 1;
  static_assert(stages <= 64, "mlsd: a ranking has at most 64 stages");
  using input_type = typename Before::value_type;
  using value_type = typename Stage::template output<input_type>;

  constexpr ranking(Before before, Stage stage) : before_(std::move(before)), stage_(std::move(stage)) {}

  /// Serves one request. A deadline in the past still gives a page: stages made by `in_time` give way, others run.
  template <class Request, class Clock>
  [[nodiscard]] page<value_type> operator()(const Request& request, workspace<ranking, Clock>& memory,
                                            deadline due = {}) const noexcept {
    serving_state<Clock> state{.due = due};
    const std::span<value_type> items = run(request, memory.buffers(), state);
    return {items, state.fallbacks};
  }

  /// The longest list that can come out.
  [[nodiscard]] constexpr std::size_t capacity() const noexcept { return stage_.capacity(before_.capacity()); }
  [[nodiscard]] constexpr const Stage& last_stage() const noexcept { return stage_; }

  /// What a workspace holds: the buffers of every stage, and how long the stages took.
  struct scratch {
    typename Before::scratch before;
    typename Stage::template scratch<input_type> own;
    stage_times times{};
  };
  [[nodiscard]] scratch make_scratch() const {
    return {before_.make_scratch(), stage_.template make_scratch<input_type>(before_.capacity()), {}};
  }
  template <class Request, class State>
  [[nodiscard]] std::span<value_type> run(const Request& request, scratch& s, State& state) const noexcept {
    const std::span<input_type> list = before_.run(request, s.before, state);
    state.stage = stages - 1;
    const std::span<value_type> out = stage_.run(request, list, s.own, state);
    const std::int64_t now = state.clock();
    s.times.update(static_cast<std::uint64_t>(now - state.now));
    state.now = now;
    return out;
  }
  /// Calls `f(name, times)` for every stage, in order.
  template <class F> static constexpr void for_each_time(const scratch& s, F&& f) {
    Before::for_each_time(s.before, f);
    f(std::string_view(Stage::stage_name), s.times);
  }

 private:
  Before before_;
  Stage stage_;
};

/// The start of every ranking: up to `n` candidates of a source, whose query is the request. A named source is referred
/// to and must outlive the ranking; a temporary one is moved in.
template <class Source> [[nodiscard]] constexpr auto retrieve(Source&& source, std::size_t n) {
  using kept = std::conditional_t<std::is_lvalue_reference_v<Source>, const std::remove_reference_t<Source>&,
                                  std::remove_cvref_t<Source>>;
  return ranking<detail::no_stages, retrieve_stage<kept>>({}, retrieve_stage<kept>(std::forward<Source>(source), n));
}
template <class Before, class Stage, serving_stage Next>
[[nodiscard]] constexpr ranking<ranking<Before, Stage>, Next> operator|(ranking<Before, Stage> before, Next next) {
  return {std::move(before), std::move(next)};
}
/// A re-ranking rule is a stage of its own: `... | take{20}`.
template <class Before, class Stage, rerank_rule Rule>
[[nodiscard]] constexpr ranking<ranking<Before, Stage>, rerank_stage<Rule>> operator|(ranking<Before, Stage> before,
                                                                                      Rule rule) {
  return {std::move(before), rerank_stage<Rule>(std::move(rule))};
}

}  // namespace mlsd
