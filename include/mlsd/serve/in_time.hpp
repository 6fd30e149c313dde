#pragma once

#include "mlsd/serve/stage.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

namespace mlsd {

/// The fallback that leaves the list as it is.
struct as_it_is {
  static constexpr std::string_view stage_name = "as it is";
  template <class C> using output = C;
  template <class> struct scratch {};
  [[nodiscard]] static constexpr std::size_t capacity(std::size_t before) noexcept { return before; }
  template <class C> [[nodiscard]] static scratch<C> make_scratch(std::size_t) noexcept { return {}; }
  template <class C, class Request, class State>
  [[nodiscard]] static std::span<C> run(const Request&, std::span<C> list, scratch<C>&, State&) noexcept {
    return list;
  }
};

/// A stage that runs only if it can be expected to end before the request's deadline; otherwise its fallback runs, and
/// the answer says so (`page::fallbacks`). Expected is what the caller says, or else the 99th percentile of the stage's
/// own times in this workspace: nothing before its first run, and a little less after each time it is skipped.
template <serving_stage Stage, serving_stage Fallback> class in_time_stage {
 public:
  static constexpr std::string_view stage_name = Stage::stage_name;
  template <class In> using output = typename Stage::template output<In>;

  constexpr in_time_stage(Stage stage, Fallback fallback, std::int64_t expected)
      : stage_(std::move(stage)), fallback_(std::move(fallback)), expected_(expected) {}

  [[nodiscard]] constexpr std::size_t capacity(std::size_t before) const noexcept {
    return (std::max)(stage_.capacity(before), fallback_.capacity(before));
  }
  template <class In> struct scratch {
    typename Stage::template scratch<In> of_stage;
    typename Fallback::template scratch<In> of_fallback;
    stage_times times{};
  };
  template <class In> [[nodiscard]] scratch<In> make_scratch(std::size_t capacity) const {
    return {stage_.template make_scratch<In>(capacity), fallback_.template make_scratch<In>(capacity), {}};
  }
  template <class In, class Request, class State>
  [[nodiscard]] std::span<output<In>> run(const Request& request, std::span<In> list, scratch<In>& s,
                                          State& state) const noexcept {
    static_assert(std::is_same_v<output<In>, typename Fallback::template output<In>>,
                  "mlsd: a stage and its fallback must make the same kind of list");
    if (!state.due.allows(state.now, expected_ >= 0 ? expected_ : s.times.expected())) {
      s.times.skip();
      state.fallbacks |= std::uint64_t{1} << state.stage;
      return fallback_.run(request, list, s.of_fallback, state);
    }
    const std::int64_t start = state.clock();
    const auto out = stage_.run(request, list, s.of_stage, state);
    s.times.update(static_cast<std::uint64_t>(state.clock() - start));
    return out;
  }

 private:
  Stage stage_;
  Fallback fallback_;
  std::int64_t expected_;  // nanoseconds; negative: as measured
};

/// `in_time(rank(heavy), rank(light))`, `in_time(rerank(rules))`, `in_time(rank(heavy), as_it_is{}, 300us)`.
template <serving_stage Stage, serving_stage Fallback = as_it_is>
[[nodiscard]] constexpr in_time_stage<Stage, Fallback> in_time(
    Stage stage, Fallback fallback = {}, std::chrono::nanoseconds expected = std::chrono::nanoseconds(-1)) {
  return {std::move(stage), std::move(fallback), expected.count()};
}

}  // namespace mlsd
