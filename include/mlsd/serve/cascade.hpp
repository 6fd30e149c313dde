#pragma once

#include "mlsd/core/result.hpp"
#include "mlsd/serve/threshold.hpp"

#include <cmath>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>

namespace mlsd {

/// A score, and which model gave it: 0 is the gate.
struct cascade_score {
  double score = 0;
  std::uint32_t level = 0;
  friend constexpr bool operator==(const cascade_score&, const cascade_score&) = default;
};

/// A score and what follows from it.
struct decision {
  double score = 0;
  std::uint32_t level = 0;
  mlsd::verdict verdict = mlsd::verdict::pass;
  friend constexpr bool operator==(const decision&, const decision&) = default;
};

namespace detail {
/// Sees the input as it is.
struct same_input {
  template <class X> [[nodiscard]] constexpr const X& operator()(const X& x) const noexcept { return x; }
  template <class Self, class Ar> static constexpr void describe(Self&, Ar&) {}
};
template <class Model> struct gate_level {
  static constexpr std::uint32_t level = 0;
  Model model{};
  template <class X> [[nodiscard]] cascade_score operator()(const X& x) const noexcept {
    static_assert(std::is_nothrow_invocable_v<const Model&, const X&>,
                  "mlsd: a cascade needs models that take its input, noexcept");
    return {static_cast<double>(model(x)), 0};
  }
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) { ar("gate", self.model); }
};
template <class Before, class Model, class View> struct next_level {
  static constexpr std::uint32_t level = Before::level + 1;
  Before before{};
  double limit = 0;
  Model model{};
  View view{};
  template <class X> [[nodiscard]] cascade_score operator()(const X& x) const noexcept {
    const cascade_score s = before(x);
    // A NaN goes on to the better model.
    const bool is_over = s.level + 1 < level || s.score < limit;
    return is_over ? s : cascade_score{static_cast<double>(model(view(x))), level};
  }
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("before", self.before);
    ar("limit", self.limit);
    ar("model", self.model);
  }
  template <class = void> [[nodiscard]] result<void> validate() const {
    if (std::isnan(limit)) return error{errc::corrupt, "the limit of a cascade is no number"};
    return {};
  }
};
}  // namespace detail

/// Models from cheap to dear, each asked only about what the one before it found suspicious:
/// `cascade(features | gate).above(0.02, rich_features | forest).decide(threshold{.review = 0.6, .block = 0.95})`.
/// The score is that of the last model asked, `level` says which. A call costs the models that are asked, allocates
/// nothing, and is safe from many threads. Saves and loads as one file where its models do.
template <class Levels> class cascade_model {
 public:
  static constexpr std::string_view type_name = "cascade";
  cascade_model() = default;
  constexpr explicit cascade_model(Levels levels) : levels_(std::move(levels)) {}

  /// Asks `model` about scores of `limit` and more, and about NaN.
  template <class Model> [[nodiscard]] constexpr auto above(double limit, Model model) const {
    return above(limit, std::move(model), detail::same_input{});
  }
  /// The same for a model of another input: `view(x)` makes it, and is not called for what passes before.
  template <class Model, class View> [[nodiscard]] constexpr auto above(double limit, Model model, View view) const {
    using level = detail::next_level<Levels, Model, View>;
    return cascade_model<level>(level{levels_, limit, std::move(model), std::move(view)});
  }
  [[nodiscard]] constexpr auto decide(threshold t) const;

  template <class X> [[nodiscard]] cascade_score operator()(const X& x) const noexcept { return levels_(x); }

  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) { ar("levels", self.levels_); }

 private:
  Levels levels_{};
};

/// A cascade that ends in a verdict.
template <class Levels> class deciding_cascade {
 public:
  static constexpr std::string_view type_name = "deciding cascade";
  deciding_cascade() = default;
  constexpr deciding_cascade(cascade_model<Levels> scores, threshold t) : scores_(std::move(scores)), threshold_(t) {}

  template <class X> [[nodiscard]] decision operator()(const X& x) const noexcept {
    const cascade_score s = scores_(x);
    return {s.score, s.level, threshold_(s.score)};
  }
  [[nodiscard]] const threshold& limits() const noexcept { return threshold_; }

  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("scores", self.scores_);
    ar("threshold", self.threshold_);
  }

 private:
  cascade_model<Levels> scores_{};
  threshold threshold_{};
};
template <class Levels> [[nodiscard]] constexpr auto cascade_model<Levels>::decide(threshold t) const {
  return deciding_cascade<Levels>(*this, t);
}

/// A cascade of one model.
template <class Gate> [[nodiscard]] constexpr auto cascade(Gate gate) {
  return cascade_model<detail::gate_level<Gate>>(detail::gate_level<Gate>{std::move(gate)});
}

}  // namespace mlsd
