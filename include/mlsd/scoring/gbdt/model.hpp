#pragma once

#include "mlsd/core/executor.hpp"
#include "mlsd/fwd.hpp"
#include "mlsd/core/matrix_view.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/scoring/gbdt/forest.hpp"
#include "mlsd/scoring/gbdt/interleaved_engine.hpp"
#include "mlsd/scoring/gbdt/tree.hpp"
#include "mlsd/scoring/link.hpp"

#include <cassert>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mlsd {

/// Gradient-boosted trees, immutable. The margin is base + one leaf of every tree, in tree order, in double; the
/// prediction is its link. Rows have `number_columns()` floats (NaN is missing) and `code_columns()` categories.
/// Scoring: O(trees x depth), no allocation, safe from any number of threads. A row, a batch and any slice of it give
/// the same bits, with every engine. Without trees the margin is the base.
/// `Engine` decides only how fast; a saved model names none, and opens with any.
template <class Engine> class basic_gbdt_model {
 public:
  static constexpr std::string_view type_name = "gbdt";
  static constexpr std::uint32_t version = 1;

  basic_gbdt_model() = default;

  /// The model of a description, or what is wrong with it and where.
  [[nodiscard]] static result<basic_gbdt_model> build(const gbdt_description& from) {
    for (std::size_t t = 0; t < from.trees.size(); ++t) {
      const gbdt_tree& tree = from.trees[t];
      const std::string where = "gbdt model: tree " + std::to_string(t) + ": ";
      if (tree.leaves.size() != tree.splits.size() + 1)
        return error{errc::invalid_argument, where + std::to_string(tree.splits.size()) + " splits but " +
                                                 std::to_string(tree.leaves.size()) + " leaves"};
      for (const gbdt_split& s : tree.splits)
        if (s.first_category > tree.categories.size() || s.category_count > tree.categories.size() - s.first_category)
          return error{errc::invalid_argument, where + "a range of categories is out of bounds"};
    }
    basic_gbdt_model m;
    m.forest_ = gbdt_forest(from);
    m.base_ = from.base;
    m.output_ = from.output;
    if (auto ok = m.validate(); !ok) return ok.error();
    m.engine_ = Engine(m.forest_);
    return m;
  }

  [[nodiscard]] std::size_t trees() const noexcept { return forest_.trees(); }
  [[nodiscard]] std::size_t number_columns() const noexcept { return forest_.number_columns(); }
  [[nodiscard]] std::size_t code_columns() const noexcept { return forest_.code_columns(); }
  [[nodiscard]] std::size_t width() const noexcept { return number_columns() + code_columns(); }
  [[nodiscard]] double base() const noexcept { return base_; }
  [[nodiscard]] link_function output() const noexcept { return output_; }
  [[nodiscard]] const gbdt_forest& forest() const noexcept { return forest_; }

  [[nodiscard]] double raw(const mixed_row& x) const noexcept {
    assert(x.numbers.size() == number_columns() && x.codes.size() == code_columns());
    return engine_.row(forest_, x, base_);
  }
  [[nodiscard]] double raw(std::span<const float> x) const noexcept { return raw(mixed_row{x, {}}); }
  [[nodiscard]] double operator()(const mixed_row& x) const noexcept { return apply(output_, raw(x)); }
  [[nodiscard]] double operator()(std::span<const float> x) const noexcept { return apply(output_, raw(x)); }

  /// Margins of many rows; `out` has one place a row.
  void raw(const mixed_columns& x, std::span<double> out) const noexcept {
    assert(out.size() == x.rows);
    assert(x.number_columns == number_columns() && x.code_columns == code_columns());
    engine_.batch(forest_, x, base_, out);
  }
  void operator()(const mixed_columns& x, std::span<double> out) const noexcept {
    raw(x, out);
    if (output_ == link_function::identity) return;
    for (double& v : out) v = apply(output_, v);
  }
  /// The same, in pieces of 4,096 rows on the threads of `ex`.
  template <executor Ex> void raw(const mixed_columns& x, std::span<double> out, Ex&& ex) const {
    for_each_chunk(ex, x.rows, 4096,
                   [&](std::size_t a, std::size_t b) { raw(x.slice(a, b - a), out.subspan(a, b - a)); });
  }
  template <executor Ex> void operator()(const mixed_columns& x, std::span<double> out, Ex&& ex) const {
    for_each_chunk(ex, x.rows, 4096,
                   [&](std::size_t a, std::size_t b) { (*this)(x.slice(a, b - a), out.subspan(a, b - a)); });
  }

  /// [width()]: how much all splits by each feature took off the training loss. Allocates the result.
  [[nodiscard]] std::vector<double> gain_importance() const {
    std::vector<double> gain(width(), 0.0);
    for (std::size_t s = 0; s < forest_.splits(); ++s) gain[forest_.feature(s)] += static_cast<double>(forest_.gain(s));
    return gain;
  }

  /// What a file must satisfy before the model may score. O(size).
  [[nodiscard]] result<void> validate() const {
    if (!std::isfinite(base_)) return error{errc::corrupt, "gbdt model: the base score is not finite"};
    if (!known(output_)) return error{errc::corrupt, "gbdt model: unknown link"};
    return forest_.validate();
  }

  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("base", self.base_);
    ar("output", self.output_);
    ar("forest", self.forest_);
    // The engine is not saved: whoever may write to the fields has a model to prepare. Broken fields get none.
    if constexpr (!std::is_const_v<Self>) self.engine_ = self.validate() ? Engine(self.forest_) : Engine();
  }

 private:
  gbdt_forest forest_;
  Engine engine_;
  double base_ = 0;
  link_function output_ = link_function::identity;
};

using gbdt_model = basic_gbdt_model<>;

}  // namespace mlsd
