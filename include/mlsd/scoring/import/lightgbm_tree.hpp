#pragma once

#include "mlsd/core/result.hpp"
#include "mlsd/scoring/gbdt/forest.hpp"
#include "mlsd/scoring/gbdt/tree.hpp"
#include "mlsd/scoring/import/key_value_lines.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mlsd::detail {

/// The bits of LightGBM's `decision_type`; the missing type is in bits 2 and 3.
namespace lightgbm_decision {
inline constexpr int by_category = 1, missing_left = 2, zero_is_missing = 1 << 2, nan_is_missing = 2 << 2,
                     missing_types = 3 << 2;
}

/// LightGBM takes |x| <= 1e-35 for 0 before it compares; comparing x itself with this threshold does the same.
[[nodiscard]] inline double outside_lightgbm_zero(double threshold) noexcept {
  constexpr double zero = static_cast<double>(gbdt_zero);
  if (threshold >= 0) return threshold < zero ? zero : threshold;
  return threshold >= -zero ? std::nextafter(-zero, -std::numeric_limits<double>::infinity()) : threshold;
}

/// Reads the trees of a LightGBM model, one after another; its buffers are used again.
template <class = void> class lightgbm_tree_reader {
 public:
  explicit lightgbm_tree_reader(std::uint32_t columns) : columns_(columns) {}

  /// Reads the lines behind "Tree=..." up to an empty one. `split_gain` and counts are optional, as LightGBM has it.
  [[nodiscard]] result<gbdt_tree> read(key_value_lines& lines) {
    head_ = lines.line();
    for (key_value_line& f : fields_) f = {};
    while (lines.next() && !lines.line().key.empty())
      if (auto ok = keep(lines.line()); !ok) return ok.error();
    gbdt_tree tree;
    if (auto ok = read_sizes(); !ok) return ok.error();
    if (auto ok = read_leaves(tree); !ok) return ok.error();
    if (auto ok = read_splits(tree); !ok) return ok.error();
    if (auto ok = read_lines(tree); !ok) return ok.error();
    return tree;
  }

 private:
  enum field : std::size_t {
    num_leaves,
    num_cat,
    split_feature,
    split_gain,
    threshold,
    decision_type,
    left_child,
    right_child,
    leaf_value,
    leaf_count,
    internal_count,
    cat_boundaries,
    cat_threshold,
    is_linear,
    leaf_const,
    num_features,
    leaf_features,
    leaf_coeff,
    field_count
  };
  static constexpr std::array<std::string_view, field_count> names{
      "num_leaves",    "num_cat",     "split_feature", "split_gain",   "threshold",      "decision_type",
      "left_child",    "right_child", "leaf_value",    "leaf_count",   "internal_count", "cat_boundaries",
      "cat_threshold", "is_linear",   "leaf_const",    "num_features", "leaf_features",  "leaf_coeff"};

  [[nodiscard]] result<void> keep(const key_value_line& line) {
    for (std::size_t f = 0; f < field_count; ++f) {
      if (line.key != names[f]) continue;
      if (fields_[f].number != 0) return line.fault("the tree has this line twice");
      fields_[f] = line;
    }
    return {};
  }
  [[nodiscard]] bool has(field f) const noexcept { return fields_[f].number != 0; }
  [[nodiscard]] mlsd::error missing(field f) const {
    return head_.fault("the tree has no line '" + std::string(names[f]) + "'");
  }

  template <class T> [[nodiscard]] result<void> numbers(field f, std::size_t count, std::vector<T>& out) const {
    if (!has(f)) {
      if (count == 0) return out.clear(), result<void>{};
      return missing(f);
    }
    if (auto ok = parse_numbers(fields_[f], out); !ok) return ok;
    if (out.size() != count)
      return fields_[f].fault(std::to_string(count) + " values expected, " + std::to_string(out.size()) + " found");
    return {};
  }
  [[nodiscard]] result<void> finite(field f, const std::vector<double>& values) const {
    for (std::size_t i = 0; i < values.size(); ++i)
      if (!std::isfinite(values[i])) return fields_[f].fault("value " + std::to_string(i) + " is not finite");
    return {};
  }
  [[nodiscard]] mlsd::error bad_value(field f, std::size_t i, const char* why) const {
    return fields_[f].fault("value " + std::to_string(i) + why);
  }

  [[nodiscard]] result<void> read_sizes() {
    std::uint32_t* const sizes[] = {&leaves_, &categorical_splits_};
    for (const field f : {num_leaves, num_cat}) {
      if (!has(f)) return missing(f);
      const auto n = parse_number<std::uint32_t>(fields_[f]);
      if (!n) return n.error();
      *sizes[f] = *n;
    }
    if (leaves_ == 0) return fields_[num_leaves].fault("a tree has at least one leaf");
    return {};
  }
  [[nodiscard]] result<void> read_leaves(gbdt_tree& tree) {
    if (auto ok = numbers(leaf_value, leaves_, tree.leaves); !ok) return ok;
    if (auto ok = finite(leaf_value, tree.leaves); !ok) return ok;
    if (!has(leaf_count) || (leaves_ > 1 && !has(internal_count))) return {};
    if (leaves_ == 1 && fields_[leaf_count].value.empty()) return {};
    return numbers(leaf_count, leaves_, tree.leaf_covers);
  }

  [[nodiscard]] result<void> read_splits(gbdt_tree& tree) {
    const std::size_t n = leaves_ - 1;
    if (n == 0) return {};
    if (auto ok = numbers(split_feature, n, feature_); !ok) return ok;
    if (auto ok = numbers(threshold, n, threshold_); !ok) return ok;
    if (auto ok = numbers(decision_type, n, decision_); !ok) return ok;
    if (auto ok = numbers(left_child, n, left_); !ok) return ok;
    if (auto ok = numbers(right_child, n, right_); !ok) return ok;
    gain_.assign(n, 0);
    if (has(split_gain))
      if (auto ok = numbers(split_gain, n, gain_); !ok) return ok;
    cover_.assign(n, 0);
    if (!tree.leaf_covers.empty())
      if (auto ok = numbers(internal_count, n, cover_); !ok) return ok;
    if (auto ok = read_sets(); !ok) return ok;
    tree.splits.resize(n);
    for (std::size_t s = 0; s < n; ++s)
      if (auto ok = make_split(s, tree); !ok) return ok;
    return {};
  }
  [[nodiscard]] result<void> read_sets() {
    if (categorical_splits_ == 0) return {};
    if (auto ok = numbers(cat_boundaries, std::size_t{categorical_splits_} + 1, boundaries_); !ok) return ok;
    if (!has(cat_threshold)) return missing(cat_threshold);
    if (auto ok = parse_numbers(fields_[cat_threshold], sets_); !ok) return ok;
    for (std::size_t i = 0; i + 1 < boundaries_.size(); ++i)
      if (boundaries_[i] > boundaries_[i + 1]) return bad_value(cat_boundaries, i + 1, " is less than the one before");
    if (boundaries_.front() != 0 || boundaries_.back() != sets_.size())
      return fields_[cat_boundaries].fault("0 to the number of values of cat_threshold expected");
    taken_.assign(categorical_splits_, 0);
    return {};
  }

  [[nodiscard]] result<void> make_split(std::size_t i, gbdt_tree& tree) {
    gbdt_split& s = tree.splits[i];
    s = {.feature = feature_[i], .left = left_[i], .right = right_[i], .gain = gain_[i], .cover = cover_[i]};
    if (s.feature >= columns_) return bad_value(split_feature, i, " is no feature of the model");
    if (!(s.gain == s.gain)) return bad_value(split_gain, i, " is not a number");
    for (const auto& [f, child] : {std::pair{left_child, s.left}, std::pair{right_child, s.right}})
      if (child < 0 ? ~child >= static_cast<std::int64_t>(leaves_)
                    : child <= static_cast<std::int64_t>(i) || child + std::int64_t{1} >= leaves_)
        return bad_value(f, i, child < 0 ? " is no leaf of the tree" : " is no split behind its own");
    const int decision = decision_[i];
    if (decision < 0 || decision > 15 ||
        (decision & lightgbm_decision::missing_types) == lightgbm_decision::missing_types)
      return bad_value(decision_type, i, " is unknown");
    if ((decision & lightgbm_decision::by_category) != 0) return set_categories(i, tree);
    if (std::isnan(threshold_[i])) return bad_value(threshold, i, " is not a number");
    s.threshold = outside_lightgbm_zero(threshold_[i]);
    const int missing = decision & lightgbm_decision::missing_types;
    if (missing == lightgbm_decision::zero_is_missing) s.test = gbdt_test::number_or_zero;
    s.nan_left = missing == 0 ? 0 <= s.threshold : (decision & lightgbm_decision::missing_left) != 0;
    return {};
  }
  /// A set belongs to one split, so that a short text cannot become a large model.
  [[nodiscard]] result<void> set_categories(std::size_t i, gbdt_tree& tree) {
    const double number = threshold_[i];
    if (!(number >= 0 && number < categorical_splits_) || number != std::floor(number))
      return bad_value(threshold, i, " is no set of categories of the tree");
    const auto set = static_cast<std::size_t>(number);
    gbdt_split& s = tree.splits[i];
    s.test = gbdt_test::truncated;
    s.first_category = static_cast<std::uint32_t>(tree.categories.size());
    const std::size_t first = boundaries_[set], last = boundaries_[set + 1];
    if (std::exchange(taken_[set], std::uint8_t{1}) != 0)
      return bad_value(threshold, i, " is a set of categories that another split has");
    if (last - first > std::size_t{1} << 26) return bad_value(threshold, i, " is a set of categories beyond 2^31");
    for (std::size_t w = first; w < last; ++w)
      for (std::uint32_t bits = sets_[w]; bits != 0; bits &= bits - 1)
        tree.categories.push_back(static_cast<std::uint32_t>(32 * (w - first)) +
                                  static_cast<std::uint32_t>(std::countr_zero(bits)));
    s.category_count = static_cast<std::uint32_t>(tree.categories.size()) - s.first_category;
    return {};
  }

  [[nodiscard]] result<void> read_lines(gbdt_tree& tree) {
    if (!has(is_linear)) return {};
    const auto linear = parse_number<std::uint32_t>(fields_[is_linear]);
    if (!linear) return linear.error();
    if (*linear > 1) return fields_[is_linear].fault("0 or 1 expected");
    if (*linear == 0) return {};
    std::vector<double> constants, coefficients;
    std::vector<std::uint32_t> terms, columns;
    if (auto ok = numbers(leaf_const, leaves_, constants); !ok) return ok;
    if (auto ok = finite(leaf_const, constants); !ok) return ok;
    if (auto ok = numbers(num_features, leaves_, terms); !ok) return ok;
    std::uint64_t total = 0;
    for (const std::uint32_t t : terms) total += t;
    if (auto ok = numbers(leaf_features, static_cast<std::size_t>(total), columns); !ok) return ok;
    if (auto ok = numbers(leaf_coeff, static_cast<std::size_t>(total), coefficients); !ok) return ok;
    if (auto ok = finite(leaf_coeff, coefficients); !ok) return ok;
    std::size_t next = 0;
    for (std::size_t l = 0; l < leaves_; ++l) {
      gbdt_line& line = tree.lines.emplace_back();
      line.constant = constants[l];
      for (const std::size_t end = next + terms[l]; next < end; ++next) {
        if (columns[next] >= columns_) return bad_value(leaf_features, next, " is no feature of the model");
        line.terms.push_back({columns[next], coefficients[next]});
      }
    }
    return {};
  }

  std::uint32_t columns_, leaves_ = 0, categorical_splits_ = 0;
  key_value_line head_;
  std::array<key_value_line, field_count> fields_;
  std::vector<std::uint32_t> feature_, boundaries_, sets_;
  std::vector<std::int32_t> left_, right_;
  std::vector<int> decision_;
  std::vector<double> threshold_, cover_;
  std::vector<float> gain_;
  std::vector<std::uint8_t> taken_;  // [sets]: 1 where a split has it
};

}  // namespace mlsd::detail
