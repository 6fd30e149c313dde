#pragma once

#include "mlsd/core/matrix_view.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/scoring/gbdt/model.hpp"
#include "mlsd/scoring/import/catboost_hash.hpp"
#include "mlsd/scoring/import/prediction.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mlsd {

/// A row as `mixed_row`, with numbers in double.
struct wide_row {
  std::span<const double> numbers{};
  std::span<const std::uint32_t> codes{};
};

/// Iterations [first, last) of training; all without values.
struct iteration_range {
  std::size_t first = 0, last = (std::numeric_limits<std::size_t>::max)();
};

/// Gradient-boosted trees that another library trained, with all that its `predict` needs to know besides.
/// Raw margins have the bits of the source; predictions are within 2 ulp of it (`prediction_rule`).
/// Rows are of floats or of doubles, and give the same bits where the numbers are floats; NaN is missing, unless the
/// source has no missing values. Columns of numbers come first, in the file's order, and then the codes.
/// Scoring: O(trees x depth), noexcept, no allocation, safe from any number of threads.
/// Importers fill the fields; whoever changes them calls `validate` before scoring.
struct imported_gbdt {
  static constexpr std::string_view type_name = "imported gbdt";
  static constexpr std::uint32_t version = 1;

  gbdt_model model{};
  prediction_rule prediction{};
  bool float_rows = false;                  ///< the source rounds numbers to float before it splits them
  std::uint32_t trees_per_iteration = 1;    ///< at least 1
  std::vector<std::string> columns{};       ///< names, in the order of the source; or empty
  std::vector<std::uint8_t> texts{};        ///< [all columns]: 1 where it is a text, so a code here; or empty: none
  std::vector<std::string> classes{};       ///< names, or empty
  std::vector<std::uint32_t> leaf_names{};  ///< [leaves of all trees]: the source's numbers; or empty: the same
  /// Where the source knows classes that its trees do not: the margin of each output, ascending, out of `all_margins`;
  /// the others are -infinity. Or empty: margins are outputs.
  std::vector<std::uint32_t> margin_of{};
  std::uint32_t all_margins = 0;
  double class_margin = 0;                       ///< a row of one margin is of the second class above this
  std::vector<std::uint32_t> category_hashes{};  ///< ascending, of the texts that trees ask for; or empty

  [[nodiscard]] std::size_t trees() const noexcept { return model.trees(); }
  [[nodiscard]] std::size_t iterations() const noexcept { return trees() / trees_per_iteration; }
  [[nodiscard]] std::size_t width() const noexcept { return model.width(); }
  /// How many margins a row has, and values its prediction.
  [[nodiscard]] std::size_t outputs() const noexcept { return margin_of.empty() ? model.outputs() : all_margins; }
  [[nodiscard]] std::size_t predictions() const noexcept { return prediction.width(outputs()); }
  /// What the buffer of one prediction must hold.
  [[nodiscard]] std::size_t room() const noexcept { return prediction.room(outputs()); }

  /// Which column of the model each column of the source is. Allocates the result.
  template <class = void> [[nodiscard]] std::vector<std::uint32_t> model_columns() const {
    std::vector<std::uint32_t> out(width());
    auto number = std::uint32_t{0}, code = static_cast<std::uint32_t>(model.number_columns());
    for (std::size_t j = 0; j < out.size(); ++j) out[j] = !texts.empty() && texts[j] != 0 ? code++ : number++;
    return out;
  }

  /// The margins of a row; `out` [outputs()].
  void raw(const mixed_row& x, std::span<double> out, iteration_range range = {}) const noexcept {
    assert(out.size() == outputs());
    const auto margins = out.first(model.outputs());
    if (covers_all(range))
      model.raw(x, margins);
    else
      walk([&](std::size_t j) { return x.numbers[j]; }, x.codes, range, margins);
    spread(out);
  }
  void raw(const wide_row& x, std::span<double> out, iteration_range range = {}) const noexcept {
    assert(out.size() == outputs() && x.numbers.size() == model.number_columns());
    const auto margins = out.first(model.outputs());
    if (float_rows)
      walk([&](std::size_t j) { return static_cast<float>(x.numbers[j]); }, x.codes, range, margins);
    else
      walk([&](std::size_t j) { return x.numbers[j]; }, x.codes, range, margins);
    spread(out);
  }
  void raw(std::span<const float> x, std::span<double> out, iteration_range range = {}) const noexcept {
    raw(mixed_row{x, {}}, out, range);
  }
  void raw(std::span<const double> x, std::span<double> out, iteration_range range = {}) const noexcept {
    raw(wide_row{x, {}}, out, range);
  }
  /// Adds the trees to margins that stand for the base of the model, as XGBoost does to a caller's base_margin.
  /// `margins` [outputs()]. Not for models with a scale, a bias or classes that no tree knows.
  void add_to(std::span<double> margins, std::span<const float> x, iteration_range range = {}) const noexcept {
    assert(margins.size() == model.outputs() && margin_of.empty() && x.size() == width());
    const std::size_t last = (std::min)(range.last, iterations()), first = (std::min)(range.first, last);
    if (model.forest().float_sums())
      for (double& m : margins) m = static_cast<double>(static_cast<float>(m));
    model.forest().add(
        first * trees_per_iteration, last * trees_per_iteration, [&](std::size_t j) { return x[j]; },
        [](std::size_t) { return std::uint32_t{0}; }, margins);
  }

  /// What the source's `predict` returns for a row: the front of `buffer` [room()].
  template <class Row>
  std::span<double> predict(const Row& x, std::span<double> buffer, iteration_range range = {}) const noexcept {
    raw(x, buffer.first(outputs()), range);
    const std::size_t last = (std::min)(range.last, iterations());
    return prediction(buffer, outputs(), last - (std::min)(range.first, last));
  }
  /// The prediction of a model that has one value for each row and margin.
  [[nodiscard]] double operator()(const mixed_row& x) const noexcept {
    assert(room() == 1);
    double value = 0;
    return predict(x, std::span(&value, 1))[0];
  }
  [[nodiscard]] double operator()(std::span<const float> x) const noexcept { return (*this)(mixed_row{x, {}}); }
  /// The same for many rows, as fast as the model's engine is; `out` [rows].
  void operator()(const mixed_columns& x, std::span<double> out) const noexcept {
    assert(room() == 1);
    model.raw(x, out);
    for (double& v : out) prediction(std::span(&v, 1), 1, iterations());
  }

  /// The code of a text, for columns of texts: of one that no tree asks for, the number of those that some do.
  [[nodiscard]] std::uint32_t code(std::string_view text) const noexcept {
    const auto at = std::lower_bound(category_hashes.begin(), category_hashes.end(), catboost_hash(text));
    const bool known = at != category_hashes.end() && *at == catboost_hash(text);
    return static_cast<std::uint32_t>((known ? at : category_hashes.end()) - category_hashes.begin());
  }
  /// The class that margins [outputs()] speak for, of two or of several: its place in `classes`.
  [[nodiscard]] std::size_t class_of(std::span<const double> margins) const noexcept {
    if (margins.size() == 1) return margins[0] > class_margin ? 1 : 0;
    return static_cast<std::size_t>(std::max_element(margins.begin(), margins.end()) - margins.begin());
  }

  /// The leaf that a row falls into in every tree, as the source numbers them; `out` [trees()].
  void leaves(const mixed_row& x, std::span<std::uint32_t> out) const noexcept {
    leaves_of([&](std::size_t j) { return x.numbers[j]; }, x.codes, out);
  }
  void leaves(const wide_row& x, std::span<std::uint32_t> out) const noexcept {
    if (float_rows)
      leaves_of([&](std::size_t j) { return static_cast<float>(x.numbers[j]); }, x.codes, out);
    else
      leaves_of([&](std::size_t j) { return x.numbers[j]; }, x.codes, out);
  }
  void leaves(std::span<const float> x, std::span<std::uint32_t> out) const noexcept { leaves(mixed_row{x, {}}, out); }
  void leaves(std::span<const double> x, std::span<std::uint32_t> out) const noexcept { leaves(wide_row{x, {}}, out); }

  /// What scoring relies on. O(size).
  template <class = void> [[nodiscard]] result<void> validate() const {
    const auto damaged = [](const char* what) { return error{errc::corrupt, std::string("imported gbdt: ") + what}; };
    if (auto ok = model.validate(); !ok) return ok;
    if (auto ok = prediction.validate(); !ok) return ok;
    if (trees_per_iteration == 0 || trees() % trees_per_iteration != 0)
      return damaged("the trees are no whole number of iterations");
    if (!columns.empty() && columns.size() != width()) return damaged("not as many names as columns");
    if ((!texts.empty() && texts.size() != width()) ||
        static_cast<std::size_t>(std::count(texts.begin(), texts.end(), 1)) != model.code_columns())
      return damaged("not as many columns of texts as of codes");
    if (!leaf_names.empty() && leaf_names.size() != model.forest().splits() + trees())
      return damaged("not as many numbers of leaves as leaves");
    if (!margin_of.empty() && margin_of.size() != model.outputs()) return damaged("not as many margins as outputs");
    if (all_margins > 65'536) return damaged("more than 65536 margins");
    for (std::size_t k = 0; k < margin_of.size(); ++k)
      if (margin_of[k] >= all_margins || (k != 0 && margin_of[k] <= margin_of[k - 1]))
        return damaged("the margins of the outputs are not ascending or out of range");
    if (std::isnan(class_margin)) return damaged("the margin between the classes is NaN");
    for (std::size_t i = 1; i < category_hashes.size(); ++i)
      if (category_hashes[i - 1] >= category_hashes[i]) return damaged("hashes of categories are not ascending");
    if (!prediction.fits(outputs())) return damaged("its kind of prediction needs another number of margins");
    return {};
  }
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("model", self.model);
    ar("prediction", self.prediction);
    ar("float_rows", self.float_rows);
    ar("trees_per_iteration", self.trees_per_iteration);
    ar("columns", self.columns);
    ar("texts", self.texts);
    ar("classes", self.classes);
    ar("leaf_names", self.leaf_names);
    ar("margin_of", self.margin_of);
    ar("all_margins", self.all_margins);
    ar("class_margin", self.class_margin);
    ar("category_hashes", self.category_hashes);
  }

 private:
  [[nodiscard]] bool covers_all(iteration_range range) const noexcept {
    return range.first == 0 && range.last >= iterations();
  }
  template <class Number>
  void walk(Number&& number, std::span<const std::uint32_t> codes, iteration_range range,
            std::span<double> out) const noexcept {
    const std::size_t last = (std::min)(range.last, iterations()), first = (std::min)(range.first, last);
    model.raw_of_trees(
        first * trees_per_iteration, last * trees_per_iteration, number, [&](std::size_t j) { return codes[j]; }, out);
  }
  template <class Number>
  void leaves_of(Number&& number, std::span<const std::uint32_t> codes, std::span<std::uint32_t> out) const noexcept {
    assert(out.size() == trees());
    const gbdt_forest& forest = model.forest();
    for (std::size_t t = 0; t < trees(); ++t) {
      const std::size_t l = forest.leaf_index(t, number, [&](std::size_t j) { return codes[j]; });
      out[t] = leaf_names.empty() ? static_cast<std::uint32_t>(l) : leaf_names[forest.first_leaf(t) + l];
    }
  }
  /// Moves the outputs to their margins, from the back, so that none is overwritten.
  void spread(std::span<double> out) const noexcept {
    if (margin_of.empty()) return;
    std::size_t end = out.size();
    for (std::size_t k = margin_of.size(); k-- > 0;) {
      const double value = out[k];
      std::fill(out.begin() + margin_of[k] + 1, out.begin() + static_cast<std::ptrdiff_t>(end),
                -std::numeric_limits<double>::infinity());
      end = margin_of[k];
      out[end] = value;
    }
    std::fill(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(end), -std::numeric_limits<double>::infinity());
  }
};

namespace detail {

/// Covers of some trees are those of none. Negative ones, such as sums of hessians of a user's own objective, are no
/// covers.
template <class = void> void keep_covers_of_all_or_none(std::vector<gbdt_tree>& trees) {
  const auto good = [](double c) { return std::isfinite(c) && c >= 0; };
  bool all = true;
  for (const gbdt_tree& tree : trees) {
    all = all && !tree.leaf_covers.empty() && std::all_of(tree.leaf_covers.begin(), tree.leaf_covers.end(), good);
    for (const gbdt_split& s : tree.splits) all = all && good(s.cover);
  }
  if (all) return;
  for (gbdt_tree& tree : trees) {
    tree.leaf_covers.clear();
    for (gbdt_split& s : tree.splits) s.cover = 0;
  }
}

}  // namespace detail

/// A model of this library as an imported one: its link is the prediction, bit for bit, its columns of codes follow the
/// numbers, and numbers are rounded to float, as its thresholds lie between floats of the training rows.
template <class = void> [[nodiscard]] imported_gbdt as_imported(gbdt_model model) {
  imported_gbdt m;
  m.float_rows = true;
  m.prediction.kind = model.output() == link_function::logistic      ? prediction_kind::own_logistic
                      : model.output() == link_function::exponential ? prediction_kind::own_exponential
                      : model.output() == link_function::softmax     ? prediction_kind::softmax
                                                                     : prediction_kind::identity;
  if (model.forest().outputs_take_turns()) m.trees_per_iteration = static_cast<std::uint32_t>(model.outputs());
  m.texts.assign(model.width(), 0);
  std::fill(m.texts.begin() + static_cast<std::ptrdiff_t>(model.number_columns()), m.texts.end(), std::uint8_t{1});
  m.model = std::move(model);
  return m;
}

}  // namespace mlsd
