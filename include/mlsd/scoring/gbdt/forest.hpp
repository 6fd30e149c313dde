#pragma once

#include "mlsd/core/fp.hpp"
#include "mlsd/core/matrix_view.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/scoring/gbdt/tree.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

namespace mlsd {

/// Smaller numbers than this are missing to splits that take zero for missing: what LightGBM calls zero.
inline constexpr float gbdt_zero = 1e-35f;

namespace detail {

/// Numbers that no split by categories lists.
inline constexpr std::uint32_t no_category = 0xFFFFFFFFu;

/// The category that a number stands for, if it is not NaN.
template <class Number> [[nodiscard]] constexpr std::uint32_t category_of(gbdt_test test, Number x) noexcept {
  const bool is_one = x < Number(2147483648) && (x >= 0 || (test == gbdt_test::truncated && x > -1));
  return is_one && x > 0 ? static_cast<std::uint32_t>(x) : is_one ? 0 : no_category;
}

/// True if the value of a number column is missing to such a split.
template <class Number> [[nodiscard]] constexpr bool is_missing(gbdt_test test, Number x) noexcept {
  return x != x || (test == gbdt_test::number_or_zero && x <= Number(gbdt_zero) && x >= -Number(gbdt_zero));
}

}  // namespace detail

/// The trees of a model as flat arrays: what is saved, checked and read by every engine. Immutable once made.
/// Split s of tree t is at `first_split(t) + s`, leaf l at `first_leaf(t) + l`. Splits [s], leaves [s + trees].
/// A row of numbers may be of floats or of doubles: thresholds are doubles, so both are exact.
class gbdt_forest {
 public:
  static constexpr std::size_t most_columns = std::size_t{1} << 24;

  gbdt_forest() = default;
  /// Not checked: call `validate` before anything else.
  template <class = void>
  explicit gbdt_forest(const gbdt_description& from)
      : number_columns_(from.number_columns),
        code_columns_(from.code_columns),
        outputs_(static_cast<std::uint32_t>(from.base.size())),
        leaf_width_(from.leaf_width),
        float_sums_(from.float_sums ? 1 : 0) {
    for (const gbdt_tree& tree : from.trees) append(tree);
    if (std::any_of(from.trees.begin(), from.trees.end(), [](const gbdt_tree& t) { return t.leaf_covers.empty(); }))
      leaf_cover_.clear();
  }

  [[nodiscard]] std::size_t trees() const noexcept { return first_split_.empty() ? 0 : first_split_.size() - 1; }
  [[nodiscard]] std::size_t splits() const noexcept { return feature_.size(); }
  [[nodiscard]] std::size_t number_columns() const noexcept { return number_columns_; }
  [[nodiscard]] std::size_t code_columns() const noexcept { return code_columns_; }
  [[nodiscard]] std::size_t first_split(std::size_t tree) const noexcept { return first_split_[tree]; }
  [[nodiscard]] std::size_t splits_of(std::size_t tree) const noexcept {
    return first_split_[tree + 1] - first_split_[tree];
  }
  [[nodiscard]] std::size_t outputs() const noexcept { return outputs_; }
  [[nodiscard]] std::size_t leaf_width() const noexcept { return leaf_width_; }
  [[nodiscard]] bool float_sums() const noexcept { return float_sums_ != 0; }
  /// The first of the `leaf_width()` outputs that the leaves of a tree add to.
  [[nodiscard]] std::size_t output(std::size_t tree) const noexcept { return output_[tree]; }
  /// True if tree t adds to output t mod outputs, and each has as many trees.
  template <class = void> [[nodiscard]] bool outputs_take_turns() const noexcept {
    if (leaf_width_ != 1 || trees() % outputs_ != 0) return false;
    for (std::size_t t = 0; t < trees(); ++t)
      if (output_[t] != t % outputs_) return false;
    return true;
  }
  [[nodiscard]] std::size_t first_leaf(std::size_t tree) const noexcept { return first_split_[tree] + tree; }
  [[nodiscard]] std::uint32_t feature(std::size_t split) const noexcept { return feature_[split]; }
  [[nodiscard]] gbdt_test test(std::size_t split) const noexcept { return static_cast<gbdt_test>(test_[split]); }
  /// True if the split is by categories, whatever its column holds.
  [[nodiscard]] bool by_category(std::size_t split) const noexcept { return test(split) >= gbdt_test::truncated; }
  [[nodiscard]] double threshold(std::size_t split) const noexcept { return threshold_[split]; }
  [[nodiscard]] bool nan_left(std::size_t split) const noexcept { return nan_left_[split] != 0; }
  [[nodiscard]] std::int32_t left(std::size_t split) const noexcept { return left_[split]; }
  [[nodiscard]] std::int32_t right(std::size_t split) const noexcept { return right_[split]; }
  [[nodiscard]] float gain(std::size_t split) const noexcept { return gain_[split]; }
  /// True if every split and leaf knows how many rows, or how much hessian, it had in training: if all trees do.
  [[nodiscard]] bool has_covers() const noexcept { return !leaf_cover_.empty(); }
  [[nodiscard]] double cover(std::size_t split) const noexcept { return split_cover_[split]; }
  [[nodiscard]] double leaf_cover(std::size_t tree, std::size_t l) const noexcept {
    return leaf_cover_[first_leaf(tree) + l];
  }
  [[nodiscard]] std::span<const std::uint32_t> categories(std::size_t split) const noexcept {
    return {category_.data() + first_category_[split], category_.data() + first_category_[split + 1]};
  }
  [[nodiscard]] double leaf(std::size_t tree, std::size_t l, std::size_t k = 0) const noexcept {
    return leaf_[(first_leaf(tree) + l) * leaf_width_ + k];
  }
  /// True if some leaves are lines: their values depend on the row.
  [[nodiscard]] bool has_lines() const noexcept { return !line_constant_.empty(); }

  /// A leaf's line, where `has_lines`: constant + sum of coefficient x column over its terms.
  [[nodiscard]] double line_constant(std::size_t tree, std::size_t l) const noexcept {
    return line_constant_[first_leaf(tree) + l];
  }
  [[nodiscard]] std::span<const std::uint32_t> term_columns(std::size_t tree, std::size_t l) const noexcept {
    return terms(term_column_, tree, l);
  }
  [[nodiscard]] std::span<const double> coefficients(std::size_t tree, std::size_t l) const noexcept {
    return terms(coefficient_, tree, l);
  }

  /// True if a row goes left at a split. `number(j)`, a float or a double, and `code(j)` give the row's values.
  template <class Number, class Code>
  [[nodiscard]] bool goes_left(std::size_t s, Number&& number, Code&& code) const noexcept {
    const gbdt_test kind = test(s);
    if (kind == gbdt_test::code) return lists(s, code(std::size_t{feature_[s] - number_columns_}));
    const auto x = number(std::size_t{feature_[s]});
    if (detail::is_missing(kind, x)) return nan_left_[s] != 0;
    return kind >= gbdt_test::truncated ? lists(s, detail::category_of(kind, x))
                                        : static_cast<double>(x) <= threshold_[s];
  }
  /// The leaf of one tree that a row falls into: the definition that every engine must reproduce.
  /// `number(j)`, a float or a double, and `code(j)` give the row's values. O(depth).
  template <class Number, class Code>
  [[nodiscard]] std::size_t leaf_index(std::size_t tree, Number&& number, Code&& code) const noexcept {
    const std::size_t first = first_split_[tree];
    std::int32_t at = splits_of(tree) == 0 ? -1 : 0;
    while (at >= 0) {
      const std::size_t s = first + static_cast<std::size_t>(at);
      at = goes_left(s, number, code) ? left_[s] : right_[s];
    }
    return static_cast<std::size_t>(~at);
  }

  /// What a leaf of one value gives a row: its line where it has one and the row has all its terms.
  template <class Number>
  MLSD_UNCONTRACTED [[nodiscard]] double leaf_value(std::size_t tree, std::size_t l, Number&& number) const noexcept {
    MLSD_CONTRACT_OFF
    const std::size_t at = first_leaf(tree) + l;
    if (!has_lines()) return leaf_[at];
    double sum = line_constant_[at];
    for (std::size_t i = first_term_[at]; i < first_term_[at + 1]; ++i) {
      const double x = static_cast<double>(number(std::size_t{term_column_[i]}));
      if (x != x) return leaf_[at];
      sum += coefficient_[i] * (detail::is_missing(gbdt_test::number_or_zero, x) ? 0.0 : x);
    }
    return sum;
  }

  /// Adds the leaves of a row to `sums` [outputs], in tree order.
  template <class Number, class Code> void add(Number&& number, Code&& code, std::span<double> sums) const noexcept {
    add(0, trees(), number, code, sums);
  }
  /// The same with trees [first, last) only.
  template <class Number, class Code>
  void add(std::size_t first, std::size_t last, Number&& number, Code&& code, std::span<double> sums) const noexcept {
    for (std::size_t t = first; t < last; ++t) {
      const std::size_t l = leaf_index(t, number, code);
      if (leaf_width_ == 1) {
        add_one(sums[output_[t]], leaf_value(t, l, number));
      } else {
        for (std::size_t k = 0; k < leaf_width_; ++k) add_one(sums[k], leaf(t, l, k));
      }
    }
  }

  /// Checks every length, index, order and number that scoring relies on, so that a damaged file is an error and never
  /// a crash or an endless walk: children point forward, each split and leaf has one parent. O(size), allocates.
  template <class = void> [[nodiscard]] result<void> validate() const {
    const std::size_t n = feature_.size();
    if (first_split_.empty() || first_split_.front() != 0 || first_split_.back() != n ||
        !std::is_sorted(first_split_.begin(), first_split_.end()))
      return damaged("the split ranges of the trees are not ascending");
    for (const std::size_t size : {left_.size(), right_.size(), threshold_.size(), nan_left_.size(), test_.size(),
                                   gain_.size(), split_cover_.size()})
      if (size != n) return damaged("arrays of splits differ in length");
    if (outputs_ == 0 || outputs_ > most_outputs) return damaged("there must be 1 to 65536 outputs");
    if (leaf_width_ != 1 && leaf_width_ != outputs_) return damaged("leaves must have 1 value, or one for each output");
    if (leaf_.size() % leaf_width_ != 0 || leaf_.size() / leaf_width_ != n + trees())
      return damaged("a tree of n splits must have n + 1 leaves");
    if (output_.size() != trees()) return damaged("not every tree has an output");
    if (float_sums_ > 1) return damaged("the kind of sums is neither 0 nor 1");
    if (first_category_.size() != n + 1 || first_category_.front() != 0 || first_category_.back() != category_.size() ||
        !std::is_sorted(first_category_.begin(), first_category_.end()))
      return damaged("the category ranges of the splits are not ascending");
    if (n >= static_cast<std::size_t>((std::numeric_limits<std::int32_t>::max)()) / 2)
      return mlsd::error{errc::capacity, "gbdt model: more than 2^30 splits"};
    if (std::uint64_t{number_columns_} + code_columns_ > most_columns)
      return mlsd::error{errc::capacity, "gbdt model: more than 2^24 columns"};
    for (std::size_t i = 0; i < leaf_.size(); ++i)
      if (!std::isfinite(leaf_[i])) return damaged("leaf " + std::to_string(i) + " is not finite");
    for (std::size_t t = 0; t < trees(); ++t)
      if (output_[t] + std::uint64_t{leaf_width_} > outputs_)
        return damaged("tree " + std::to_string(t) + ": its output is out of range");
    if (auto ok = check_covers(); !ok) return ok;
    if (auto ok = check_lines(); !ok) return ok;
    std::vector<std::uint8_t> seen;
    for (std::size_t t = 0; t < trees(); ++t)
      if (auto ok = check_tree(t, seen); !ok) return ok;
    return {};
  }

  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("number_columns", self.number_columns_);
    ar("code_columns", self.code_columns_);
    ar("outputs", self.outputs_);
    ar("leaf_width", self.leaf_width_);
    ar("float_sums", self.float_sums_);
    ar("first_split", self.first_split_);
    ar("output", self.output_);
    ar("feature", self.feature_);
    ar("left", self.left_);
    ar("right", self.right_);
    ar("threshold", self.threshold_);
    ar("test", self.test_);
    ar("nan_left", self.nan_left_);
    ar("first_category", self.first_category_);
    ar("category", self.category_);
    ar("gain", self.gain_);
    ar("split_cover", self.split_cover_);
    ar("leaf", self.leaf_);
    ar("leaf_cover", self.leaf_cover_);
    ar("line_constant", self.line_constant_);
    ar("first_term", self.first_term_);
    ar("term_column", self.term_column_);
    ar("coefficient", self.coefficient_);
  }

 private:
  static constexpr std::uint32_t most_outputs = 65'536;

  template <class T>
  [[nodiscard]] std::span<const T> terms(const std::vector<T>& of_all, std::size_t tree, std::size_t l) const noexcept {
    const std::size_t at = first_leaf(tree) + l;
    return std::span(of_all).subspan(first_term_[at], first_term_[at + 1] - first_term_[at]);
  }
  [[nodiscard]] bool lists(std::size_t s, std::uint32_t category) const noexcept {
    const auto set = categories(s);
    return std::binary_search(set.begin(), set.end(), category);
  }
  void add_one(double& sum, double value) const noexcept {
    sum += value;
    if (float_sums_ != 0) sum = static_cast<double>(static_cast<float>(sum));
  }

  template <class = void> void append(const gbdt_tree& tree) {
    for (const gbdt_split& s : tree.splits) {
      feature_.push_back(s.feature);
      left_.push_back(s.left);
      right_.push_back(s.right);
      threshold_.push_back(s.threshold);
      test_.push_back(static_cast<std::uint8_t>(s.feature < number_columns_ ? s.test : gbdt_test::code));
      nan_left_.push_back(s.nan_left ? 1 : 0);
      gain_.push_back(s.gain);
      split_cover_.push_back(s.cover);
      const std::size_t first = (std::min)(std::size_t{s.first_category}, tree.categories.size());
      const std::size_t count = (std::min)(std::size_t{s.category_count}, tree.categories.size() - first);
      const auto begin = tree.categories.begin() + static_cast<std::ptrdiff_t>(first);
      category_.insert(category_.end(), begin, begin + static_cast<std::ptrdiff_t>(count));
      first_category_.push_back(static_cast<std::uint32_t>(category_.size()));
    }
    append_lines(tree);
    leaf_.insert(leaf_.end(), tree.leaves.begin(), tree.leaves.end());
    leaf_cover_.insert(leaf_cover_.end(), tree.leaf_covers.begin(), tree.leaf_covers.end());
    first_split_.push_back(static_cast<std::uint32_t>(feature_.size()));
    output_.push_back(tree.output);
  }
  /// Leaves without a line, among others that have one, become lines without terms.
  template <class = void> void append_lines(const gbdt_tree& tree) {
    if (tree.lines.empty() && line_constant_.empty()) return;
    if (line_constant_.empty()) {
      line_constant_ = leaf_;
      first_term_.assign(leaf_.size() + 1, 0);
    }
    for (const gbdt_line& line : tree.lines) {
      for (const gbdt_line::term& term : line.terms) {
        term_column_.push_back(term.column);
        coefficient_.push_back(term.coefficient);
      }
      line_constant_.push_back(line.constant);
      first_term_.push_back(static_cast<std::uint32_t>(coefficient_.size()));
    }
    if (!tree.lines.empty()) return;
    line_constant_.insert(line_constant_.end(), tree.leaves.begin(), tree.leaves.end());
    first_term_.insert(first_term_.end(), tree.leaves.size(), static_cast<std::uint32_t>(coefficient_.size()));
  }

  [[nodiscard]] static mlsd::error damaged(const std::string& what) { return {errc::corrupt, "gbdt model: " + what}; }

  template <class = void> [[nodiscard]] result<void> check_covers() const {
    if (!leaf_cover_.empty() && leaf_cover_.size() != feature_.size() + trees())
      return damaged("some leaves have a cover and others have none");
    for (const std::vector<double>* covers : {&split_cover_, &leaf_cover_})
      for (const double c : *covers)
        if (!(std::isfinite(c) && c >= 0)) return damaged("a cover is negative or not finite");
    return {};
  }
  template <class = void> [[nodiscard]] result<void> check_lines() const {
    if (line_constant_.empty() && first_term_.empty() && term_column_.empty() && coefficient_.empty()) return {};
    if (leaf_width_ != 1) return damaged("leaves of several values have lines");
    if (line_constant_.size() != leaf_.size() || first_term_.size() != leaf_.size() + 1 ||
        term_column_.size() != coefficient_.size() || first_term_.front() != 0 ||
        first_term_.back() != coefficient_.size() || !std::is_sorted(first_term_.begin(), first_term_.end()))
      return damaged("the lines of the leaves do not fit the leaves");
    for (const std::vector<double>* values : {&line_constant_, &coefficient_})
      for (const double v : *values)
        if (!std::isfinite(v)) return damaged("a number of a line is not finite");
    for (const std::uint32_t column : term_column_)
      if (column >= number_columns_) return damaged("a line has a term of no number column");
    return {};
  }

  template <class = void> [[nodiscard]] result<void> check_tree(std::size_t t, std::vector<std::uint8_t>& seen) const {
    const std::size_t n = splits_of(t), first = first_split_[t];
    seen.assign(2 * n + 1, 0);  // splits, then leaves
    const auto where = [&](std::size_t s) {
      return "tree " + std::to_string(t) + ", split " + std::to_string(s) + ": ";
    };
    for (std::size_t s = 0; s < n; ++s) {
      const std::size_t i = first + s;
      for (const std::int32_t child : {left_[i], right_[i]}) {
        const bool is_leaf = child < 0;
        const std::size_t target = static_cast<std::size_t>(is_leaf ? ~child : child);
        if (is_leaf ? target > n : (target <= s || target >= n)) return damaged(where(s) + "a child is out of range");
        if (seen[is_leaf ? n + target : target]++ != 0) return damaged(where(s) + "a child has two parents");
      }
      if (feature_[i] >= std::uint64_t{number_columns_} + code_columns_)
        return damaged(where(s) + "feature " + std::to_string(feature_[i]) + " is out of range");
      if (nan_left_[i] > 1) return damaged(where(s) + "the side of NaN is neither 0 nor 1");
      if (std::isnan(threshold_[i]) || std::isnan(gain_[i])) return damaged(where(s) + "a number is NaN");
      if (test_[i] > static_cast<std::uint8_t>(gbdt_test::code) ||
          (feature_[i] >= number_columns_) != (test(i) == gbdt_test::code))
        return damaged(where(s) + "its test does not fit its column");
      const auto set = categories(i);
      if (!by_category(i) && !set.empty()) return damaged(where(s) + "a number is split by categories");
      for (std::size_t c = 1; c < set.size(); ++c)
        if (set[c - 1] >= set[c]) return damaged(where(s) + "categories are not strictly ascending");
    }
    return {};
  }

  std::uint32_t number_columns_ = 0, code_columns_ = 0, outputs_ = 1, leaf_width_ = 1;
  std::uint8_t float_sums_ = 0;
  std::vector<std::uint32_t> first_split_{0};
  std::vector<std::uint32_t> output_;  // [trees]
  std::vector<std::uint32_t> feature_;
  std::vector<std::int32_t> left_, right_;
  std::vector<double> threshold_;
  std::vector<std::uint8_t> test_, nan_left_;
  std::vector<std::uint32_t> first_category_{0};
  std::vector<std::uint32_t> category_;
  std::vector<float> gain_;
  std::vector<double> split_cover_;
  std::vector<double> leaf_;               // [splits + trees, leaf_width]
  std::vector<double> leaf_cover_;         // [splits + trees], or empty
  std::vector<double> line_constant_;      // the same
  std::vector<std::uint32_t> first_term_;  // [leaves + 1], or empty
  std::vector<std::uint32_t> term_column_;
  std::vector<double> coefficient_;
};

}  // namespace mlsd
