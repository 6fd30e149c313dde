#pragma once

#include "mlsd/core/executor.hpp"
#include "mlsd/core/fp.hpp"
#include "mlsd/core/matrix_view.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/fwd.hpp"
#include "mlsd/scoring/gbdt/forest.hpp"
#include "mlsd/scoring/gbdt/ranked_engine.hpp"
#include "mlsd/scoring/gbdt/tree.hpp"
#include "mlsd/scoring/link.hpp"

#include <algorithm>
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
/// A model may have several outputs, say one for each class; its margins then go into a span, and so do predictions,
/// each from its own margin or, where the link is softmax, from all.
/// Scoring: O(trees x depth), no allocation, safe from any number of threads. A row, a batch and any slice of it give
/// the same bits, with every engine. Without trees the margin is the base.
/// Rows of doubles are walked tree by tree, for models whose thresholds are doubles.
/// `Engine` decides only how fast; a saved model names none, and opens with any.
template <class Engine> class basic_gbdt_model {
 public:
  static constexpr std::string_view type_name = "gbdt";
  static constexpr std::uint32_t version = 2;

  basic_gbdt_model() = default;

  /// The model of a description, or what is wrong with it and where.
  [[nodiscard]] static result<basic_gbdt_model> build(const gbdt_description& from) {
    for (std::size_t t = 0; t < from.trees.size(); ++t) {
      const gbdt_tree& tree = from.trees[t];
      const std::string where = "gbdt model: tree " + std::to_string(t) + ": ";
      const std::size_t leaves = tree.splits.size() + 1;
      if (tree.leaves.size() != leaves * from.leaf_width)
        return error{errc::invalid_argument, where + std::to_string(tree.splits.size()) + " splits but " +
                                                 std::to_string(tree.leaves.size()) + " leaves"};
      if (!tree.leaf_covers.empty() && tree.leaf_covers.size() != leaves)
        return error{errc::invalid_argument, where + "not as many covers as leaves"};
      if (!tree.lines.empty() && tree.lines.size() != leaves)
        return error{errc::invalid_argument, where + "not as many lines as leaves"};
      for (const gbdt_split& s : tree.splits)
        if (s.first_category > tree.categories.size() || s.category_count > tree.categories.size() - s.first_category)
          return error{errc::invalid_argument, where + "a range of categories is out of bounds"};
    }
    basic_gbdt_model m;
    m.forest_ = gbdt_forest(from);
    m.base_ = from.base;
    m.bias_ = from.bias;
    m.scale_ = from.scale;
    m.output_ = from.output;
    if (auto ok = m.validate(); !ok) return ok.error();
    m.engine_ = Engine(m.forest_);
    return m;
  }

  [[nodiscard]] std::size_t trees() const noexcept { return forest_.trees(); }
  [[nodiscard]] std::size_t number_columns() const noexcept { return forest_.number_columns(); }
  [[nodiscard]] std::size_t code_columns() const noexcept { return forest_.code_columns(); }
  [[nodiscard]] std::size_t width() const noexcept { return number_columns() + code_columns(); }
  [[nodiscard]] std::size_t outputs() const noexcept { return forest_.outputs(); }
  /// The margin of a row that no tree adds to.
  [[nodiscard]] double base(std::size_t k = 0) const noexcept { return margin(base_[k], k); }
  /// What a sum starts from, is multiplied by, and has added at the end.
  [[nodiscard]] double base_sum(std::size_t k = 0) const noexcept { return base_[k]; }
  [[nodiscard]] double bias(std::size_t k = 0) const noexcept { return bias_.empty() ? 0 : bias_[k]; }
  [[nodiscard]] double scale() const noexcept { return scale_; }
  [[nodiscard]] link_function output() const noexcept { return output_; }
  [[nodiscard]] const gbdt_forest& forest() const noexcept { return forest_; }

  /// The margin of a model of one output.
  [[nodiscard]] double raw(const mixed_row& x) const noexcept {
    assert(outputs() == 1);
    double out = 0;
    raw(x, std::span(&out, 1));
    return out;
  }
  [[nodiscard]] double raw(std::span<const float> x) const noexcept { return raw(mixed_row{x, {}}); }
  [[nodiscard]] double operator()(const mixed_row& x) const noexcept { return apply(output_, raw(x)); }
  [[nodiscard]] double operator()(std::span<const float> x) const noexcept { return apply(output_, raw(x)); }

  /// The margins, or the predictions, of a row; `out` [outputs()].
  void raw(const mixed_row& x, std::span<double> out) const noexcept {
    assert(x.numbers.size() == number_columns() && x.codes.size() == code_columns() && out.size() == outputs());
    start(out);
    engine_.row(forest_, x, out);
    finish(out);
  }
  void operator()(const mixed_row& x, std::span<double> out) const noexcept {
    raw(x, out);
    apply_in_place(output_, out);
  }
  /// The margins of a row of doubles, walked tree by tree.
  void raw(std::span<const double> numbers, std::span<const std::uint32_t> codes,
           std::span<double> out) const noexcept {
    assert(numbers.size() == number_columns() && codes.size() == code_columns() && out.size() == outputs());
    raw_of_trees(
        0, trees(), [&](std::size_t j) { return numbers[j]; }, [&](std::size_t j) { return codes[j]; }, out);
  }
  /// The margins of a row with trees [first, last) only, walked tree by tree. `number(j)`, a float or a double, and
  /// `code(j)` give the row's values. The base is always in; the bias belongs to the first tree.
  template <class Number, class Code>
  void raw_of_trees(std::size_t first, std::size_t last, Number&& number, Code&& code,
                    std::span<double> out) const noexcept {
    assert(first <= last && last <= trees() && out.size() == outputs());
    start(out);
    forest_.add(first, last, number, code, out);
    finish(out, first == 0);
  }

  /// Margins of many rows; `out` [rows, outputs()].
  void raw(const mixed_columns& x, std::span<double> out) const noexcept {
    assert(out.size() == x.rows * outputs());
    assert(x.number_columns == number_columns() && x.code_columns == code_columns());
    start(out);
    engine_.batch(forest_, x, out);
    finish(out);
  }
  void operator()(const mixed_columns& x, std::span<double> out) const noexcept {
    raw(x, out);
    if (output_ == link_function::identity) return;
    const std::size_t at_once = is_of_one_margin(output_) ? out.size() : outputs();
    for (std::size_t i = 0; i < out.size(); i += at_once) apply_in_place(output_, out.subspan(i, at_once));
  }
  /// The same, in pieces of 4,096 rows on the threads of `ex`.
  template <executor Ex> void raw(const mixed_columns& x, std::span<double> out, Ex&& ex) const {
    for_each_chunk(ex, x.rows, 4096, [&](std::size_t a, std::size_t b) {
      raw(x.slice(a, b - a), out.subspan(a * outputs(), (b - a) * outputs()));
    });
  }
  template <executor Ex> void operator()(const mixed_columns& x, std::span<double> out, Ex&& ex) const {
    for_each_chunk(ex, x.rows, 4096, [&](std::size_t a, std::size_t b) {
      (*this)(x.slice(a, b - a), out.subspan(a * outputs(), (b - a) * outputs()));
    });
  }

  /// [width()]: how much all splits by each feature took off the training loss. Allocates the result.
  [[nodiscard]] std::vector<double> gain_importance() const {
    std::vector<double> gain(width(), 0.0);
    for (std::size_t s = 0; s < forest_.splits(); ++s) gain[forest_.feature(s)] += static_cast<double>(forest_.gain(s));
    return gain;
  }

  /// What a file must satisfy before the model may score. O(size).
  [[nodiscard]] result<void> validate() const {
    for (const double b : base_)
      if (!std::isfinite(b)) return error{errc::corrupt, "gbdt model: the base score is not finite"};
    for (const double b : bias_)
      if (!std::isfinite(b)) return error{errc::corrupt, "gbdt model: the bias is not finite"};
    if (!std::isfinite(scale_)) return error{errc::corrupt, "gbdt model: the scale is not finite"};
    if (base_.size() != outputs() || (!bias_.empty() && bias_.size() != outputs()))
      return error{errc::corrupt, "gbdt model: not as many base scores, or biases, as outputs"};
    if (!known(output_)) return error{errc::corrupt, "gbdt model: unknown link"};
    if (!is_of_one_margin(output_) && outputs() < 2)
      return error{errc::corrupt, "gbdt model: a softmax of fewer than two outputs"};
    return forest_.validate();
  }

  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("base", self.base_);
    ar("scale", self.scale_);
    ar("bias", self.bias_);
    ar("output", self.output_);
    ar("forest", self.forest_);
    // The engine is not saved: whoever may write to the fields has a model to prepare. Broken fields get none.
    if constexpr (!std::is_const_v<Self>) self.engine_ = self.validate() ? Engine(self.forest_) : Engine();
  }

 private:
  void start(std::span<double> out) const noexcept {
    if (base_.size() == 1) return std::fill(out.begin(), out.end(), base_[0]);
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = base_[i % base_.size()];
  }
  void finish(std::span<double> out, bool with_bias = true) const noexcept {
    if (scale_ == 1 && bias_.empty()) return;
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = margin(out[i], i % base_.size(), with_bias);
  }
  MLSD_UNCONTRACTED [[nodiscard]] double margin(double sum, std::size_t k, bool with_bias = true) const noexcept {
    MLSD_CONTRACT_OFF
    const double scaled = scale_ * sum;
    return !with_bias || bias_.empty() || bias_[k] == 0 ? scaled : scaled + bias_[k];
  }

  gbdt_forest forest_;
  Engine engine_;
  std::vector<double> base_{0.0}, bias_;
  double scale_ = 1;
  link_function output_ = link_function::identity;
};

using gbdt_model = basic_gbdt_model<>;

}  // namespace mlsd
