#pragma once

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

/// The trees of a model as flat arrays: what is saved, checked and read by every engine. Immutable once made.
/// Split s of tree t is at `first_split(t) + s`, leaf l at `first_leaf(t) + l`. Splits [s], leaves [s + trees].
class gbdt_forest {
 public:
  static constexpr std::size_t most_columns = std::size_t{1} << 24;

  gbdt_forest() = default;
  /// Not checked: call `validate` before anything else.
  template <class = void>
  explicit gbdt_forest(const gbdt_description& from)
      : number_columns_(from.number_columns), code_columns_(from.code_columns) {
    for (const gbdt_tree& tree : from.trees) append(tree);
  }

  [[nodiscard]] std::size_t trees() const noexcept { return first_split_.size() - 1; }
  [[nodiscard]] std::size_t splits() const noexcept { return feature_.size(); }
  [[nodiscard]] std::size_t number_columns() const noexcept { return number_columns_; }
  [[nodiscard]] std::size_t code_columns() const noexcept { return code_columns_; }
  [[nodiscard]] std::size_t first_split(std::size_t tree) const noexcept { return first_split_[tree]; }
  [[nodiscard]] std::size_t splits_of(std::size_t tree) const noexcept {
    return first_split_[tree + 1] - first_split_[tree];
  }
  [[nodiscard]] std::uint32_t feature(std::size_t split) const noexcept { return feature_[split]; }
  [[nodiscard]] bool is_code(std::size_t split) const noexcept { return feature_[split] >= number_columns_; }
  [[nodiscard]] float threshold(std::size_t split) const noexcept { return threshold_[split]; }
  [[nodiscard]] bool nan_left(std::size_t split) const noexcept { return nan_left_[split] != 0; }
  [[nodiscard]] std::int32_t left(std::size_t split) const noexcept { return left_[split]; }
  [[nodiscard]] std::int32_t right(std::size_t split) const noexcept { return right_[split]; }
  [[nodiscard]] float gain(std::size_t split) const noexcept { return gain_[split]; }
  [[nodiscard]] std::span<const std::uint32_t> categories(std::size_t split) const noexcept {
    return {category_.data() + first_category_[split], category_.data() + first_category_[split + 1]};
  }
  [[nodiscard]] double leaf(std::size_t tree, std::size_t l) const noexcept {
    return leaf_[first_split_[tree] + tree + l];
  }

  /// The leaf of one tree that a row falls into: the definition that every engine must reproduce.
  /// `number(j)` and `code(j)` give the row's values. O(depth).
  template <class Number, class Code>
  [[nodiscard]] std::size_t leaf_index(std::size_t tree, Number&& number, Code&& code) const noexcept {
    const std::size_t first = first_split_[tree];
    std::int32_t at = splits_of(tree) == 0 ? -1 : 0;
    while (at >= 0) {
      const std::size_t s = first + static_cast<std::size_t>(at);
      bool go_left = false;
      if (is_code(s)) {
        const auto set = categories(s);
        go_left = std::binary_search(set.begin(), set.end(), code(feature_[s] - number_columns_));
      } else {
        const float x = number(feature_[s]);
        go_left = std::isnan(x) ? nan_left_[s] != 0 : x <= threshold_[s];
      }
      at = go_left ? left_[s] : right_[s];
    }
    return static_cast<std::size_t>(~at);
  }

  /// Checks every length, index, order and number that scoring relies on, so that a damaged file is an error and never
  /// a crash or an endless walk: children point forward, each split and leaf has one parent. O(size), allocates.
  template <class = void> [[nodiscard]] result<void> validate() const {
    const std::size_t n = feature_.size();
    if (first_split_.empty() || first_split_.front() != 0 || first_split_.back() != n ||
        !std::is_sorted(first_split_.begin(), first_split_.end()))
      return damaged("the split ranges of the trees are not ascending");
    if (left_.size() != n || right_.size() != n || threshold_.size() != n || nan_left_.size() != n || gain_.size() != n)
      return damaged("arrays of splits differ in length");
    if (leaf_.size() != n + trees()) return damaged("a tree of n splits must have n + 1 leaves");
    if (first_category_.size() != n + 1 || first_category_.front() != 0 || first_category_.back() != category_.size() ||
        !std::is_sorted(first_category_.begin(), first_category_.end()))
      return damaged("the category ranges of the splits are not ascending");
    if (n >= static_cast<std::size_t>((std::numeric_limits<std::int32_t>::max)()) / 2)
      return mlsd::error{errc::capacity, "gbdt model: more than 2^30 splits"};
    if (std::uint64_t{number_columns_} + code_columns_ > most_columns)
      return mlsd::error{errc::capacity, "gbdt model: more than 2^24 columns"};
    for (std::size_t i = 0; i < leaf_.size(); ++i)
      if (!std::isfinite(leaf_[i])) return damaged("leaf " + std::to_string(i) + " is not finite");
    std::vector<std::uint8_t> seen;
    for (std::size_t t = 0; t < trees(); ++t)
      if (auto ok = check_tree(t, seen); !ok) return ok;
    return {};
  }

  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("number_columns", self.number_columns_);
    ar("code_columns", self.code_columns_);
    ar("first_split", self.first_split_);
    ar("feature", self.feature_);
    ar("left", self.left_);
    ar("right", self.right_);
    ar("threshold", self.threshold_);
    ar("nan_left", self.nan_left_);
    ar("first_category", self.first_category_);
    ar("category", self.category_);
    ar("gain", self.gain_);
    ar("leaf", self.leaf_);
  }

 private:
  template <class = void> void append(const gbdt_tree& tree) {
    for (const gbdt_split& s : tree.splits) {
      feature_.push_back(s.feature);
      left_.push_back(s.left);
      right_.push_back(s.right);
      threshold_.push_back(s.threshold);
      nan_left_.push_back(s.nan_left ? 1 : 0);
      gain_.push_back(s.gain);
      const std::size_t first = (std::min)(std::size_t{s.first_category}, tree.categories.size());
      const std::size_t count = (std::min)(std::size_t{s.category_count}, tree.categories.size() - first);
      const auto begin = tree.categories.begin() + static_cast<std::ptrdiff_t>(first);
      category_.insert(category_.end(), begin, begin + static_cast<std::ptrdiff_t>(count));
      first_category_.push_back(static_cast<std::uint32_t>(category_.size()));
    }
    leaf_.insert(leaf_.end(), tree.leaves.begin(), tree.leaves.end());
    first_split_.push_back(static_cast<std::uint32_t>(feature_.size()));
  }

  [[nodiscard]] static mlsd::error damaged(const std::string& what) { return {errc::corrupt, "gbdt model: " + what}; }

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
      const auto set = categories(i);
      if (!is_code(i) && !set.empty()) return damaged(where(s) + "a number is split by categories");
      for (std::size_t c = 1; c < set.size(); ++c)
        if (set[c - 1] >= set[c]) return damaged(where(s) + "categories are not strictly ascending");
    }
    return {};
  }

  std::uint32_t number_columns_ = 0, code_columns_ = 0;
  std::vector<std::uint32_t> first_split_{0};
  std::vector<std::uint32_t> feature_;
  std::vector<std::int32_t> left_, right_;
  std::vector<float> threshold_;
  std::vector<std::uint8_t> nan_left_;
  std::vector<std::uint32_t> first_category_{0};
  std::vector<std::uint32_t> category_;
  std::vector<float> gain_;
  std::vector<double> leaf_;
};

}  // namespace mlsd
