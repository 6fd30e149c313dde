#pragma once

#include "mlsd/core/candidate.hpp"
#include "mlsd/core/scored.hpp"
#include "mlsd/serve/stage.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace mlsd {

/// Scores every candidate by its row and puts the best first; ties by lower id, NaN after all numbers.
/// The model is a pipeline with its scorer (`features | model`), a function of the row, or one of the candidate. A
/// pipeline reads fields by name from the joined row: one that nobody joined does not compile, and the error names it.
/// O(n log n) and n scores (in blocks, where the model has `score_rows`), no allocation.
template <class Model> class rank_stage {
 public:
  static constexpr std::string_view stage_name = "rank";
  template <class C> using output = C;

  constexpr explicit rank_stage(Model model) : model_(std::move(model)) {}

  [[nodiscard]] static constexpr std::size_t capacity(std::size_t before) noexcept { return before; }
  template <class> struct scratch {
    std::vector<double> scores;
  };
  template <class C> [[nodiscard]] scratch<C> make_scratch(std::size_t capacity) const {
    return {std::vector<double>(capacity)};
  }
  template <class C, class Request, class State>
  [[nodiscard]] std::span<C> run(const Request&, std::span<C> list, scratch<C>& s, State&) const noexcept {
    const std::span<double> scores = std::span(s.scores).first(list.size());
    score(std::span<const C>(list), scores);
    for (std::size_t i = 0; i < list.size(); ++i) list[i].score = scores[i];
    std::sort(list.begin(), list.end(), best_first{});
    return list;
  }

 private:
  template <const auto& Schema, class Id>
  void score(std::span<const candidate<Schema, Id>> list, std::span<double> out) const noexcept {
    using record_type = typename candidate<Schema, Id>::record_type;
    const auto row = [&](std::size_t i) noexcept -> const record_type& { return *list[i].row; };
    if constexpr (std::is_invocable_v<const Model&, const candidate<Schema, Id>&>) {
      static_assert(std::is_nothrow_invocable_v<const Model&, const candidate<Schema, Id>&>,
                    "mlsd: rank(f) needs f(candidate) to be noexcept");
      for (std::size_t i = 0; i < list.size(); ++i) out[i] = static_cast<double>(model_(list[i]));
    } else if constexpr (requires { model_.template score_rows<Schema>(row, out); }) {
      model_.template score_rows<Schema>(row, out);
    } else if constexpr (requires { model_.template read<Schema>(row(0)); }) {
      for (std::size_t i = 0; i < list.size(); ++i) out[i] = static_cast<double>(model_.template read<Schema>(row(i)));
    } else {
      static_assert(std::is_nothrow_invocable_v<const Model&, const record_type&>,
                    "mlsd: rank(model) needs `features | model`, or model(row) or model(candidate), noexcept");
      for (std::size_t i = 0; i < list.size(); ++i) out[i] = static_cast<double>(model_(row(i)));
    }
  }
  Model model_;
};

/// `rank(features | model)`.
template <class Model> [[nodiscard]] constexpr rank_stage<Model> rank(Model model) {
  return rank_stage<Model>(std::move(model));
}

}  // namespace mlsd
