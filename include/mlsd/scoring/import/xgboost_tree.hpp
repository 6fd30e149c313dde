#pragma once

#include "mlsd/core/result.hpp"
#include "mlsd/scoring/gbdt/tree.hpp"
#include "mlsd/scoring/import/json_tape.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace mlsd::detail {

/// One tree of an XGBoost file.
struct xgboost_tree {
  gbdt_tree tree{};
  std::size_t width = 1;                    ///< values of a leaf
  std::vector<std::uint32_t> leaf_nodes{};  ///< the node that each leaf was
  std::uint32_t columns = 0;                ///< one more than the greatest feature
};

/// The whole number that a text holds, as XGBoost's parameters are kept.
template <class = void>
[[nodiscard]] std::int64_t text_integer(json_fields& from, std::string_view key, std::int64_t low, std::int64_t high) {
  const std::string_view text = from.text(key);
  std::int64_t i = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), i);
  if (from.good() && (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size() || i < low || i > high))
    from.fail(key, "'" + std::string(text.substr(0, 40)) + "' is no whole number in range");
  return from.good() ? i : low;
}

/// Turns the arrays of a tree, which are by node, into splits and leaves. Nodes that were deleted are in the arrays
/// still, but nothing leads to them. XGBoost goes left where x < t, so here x <= the float before t; and it sends the
/// categories that it lists to the right, so the children change places.
template <class = void> class xgboost_tree_reader {
 public:
  [[nodiscard]] static result<xgboost_tree> read(json_value tree) {
    xgboost_tree_reader reader(tree);
    reader.read_arrays();
    if (reader.from_.good()) reader.walk();
    if (!reader.from_.good()) return reader.from_.error();
    return std::move(reader.out_);
  }

 private:
  static constexpr double most = 2147483647.0;

  explicit xgboost_tree_reader(json_value tree) : from_(tree) {}

  void read_arrays() {
    json_fields param(from_.object("tree_param"));
    if (!from_.good()) return;
    nodes_ = static_cast<std::size_t>(text_integer(param, "num_nodes", 1, std::int64_t{1} << 31));
    out_.width = static_cast<std::size_t>(
        (std::max)(text_integer(param, "size_leaf_vector", 0, std::int64_t{1} << 16), std::int64_t{1}));
    if (!param.good()) return from_.fail(param.error());
    left_ = by_node("left_children");
    right_ = by_node("right_children");
    feature_ = by_node("split_indices");
    condition_ = by_node("split_conditions");
    default_left_ = by_node("default_left");
    if (from_.has("split_type")) kind_ = by_node("split_type");
    gain_ = perhaps_by_node("loss_changes");
    cover_ = perhaps_by_node("sum_hessian");
    read_leaf_values();
    if (!kind_.empty()) read_categories();
  }
  [[nodiscard]] std::span<const double> by_node(std::string_view key) { return from_.numbers(key, nodes_, "nodes"); }
  [[nodiscard]] std::span<const double> perhaps_by_node(std::string_view key) {
    return from_.has(key) ? by_node(key) : std::span<const double>();
  }
  /// Leaves of several values: since 3.1 in an array of their own, where the right child of a leaf says its row; before
  /// that by node.
  void read_leaf_values() {
    if (out_.width == 1 || !from_.good()) return;
    rows_by_right_child_ = from_.has("leaf_weights");
    values_ = rows_by_right_child_ ? from_.numbers("leaf_weights")
                                   : from_.numbers("base_weights", nodes_ * out_.width, "values of nodes");
  }
  void read_categories() {
    const auto node = from_.numbers("categories_nodes");
    const auto first = from_.numbers("categories_segments", node.size(), "nodes with categories");
    const auto size = from_.numbers("categories_sizes", node.size(), "nodes with categories");
    categories_ = from_.numbers("categories");
    if (!from_.good()) return;
    segment_.assign(nodes_, {});
    std::size_t all = 0;
    for (std::size_t i = 0; i < node.size(); ++i) {
      const auto n = whole(node[i], 0, static_cast<double>(nodes_) - 1);
      const auto begin = whole(first[i], 0, static_cast<double>(categories_.size()));
      const auto count = whole(size[i], 0, static_cast<double>(categories_.size()));
      if (!n) return from_.fail("categories_nodes", std::to_string(i) + ": there is no such node");
      all += static_cast<std::size_t>(count.value_or(0));
      if (!begin || !count || *count > static_cast<std::int64_t>(categories_.size()) - *begin ||
          all > categories_.size())
        return from_.fail("categories_segments", std::to_string(i) + ": beyond the categories");
      segment_[static_cast<std::size_t>(*n)] = {true, static_cast<std::size_t>(*begin),
                                                static_cast<std::size_t>(*count)};
    }
  }

  struct visit {
    std::int64_t node;
    std::size_t parent;
    bool is_left;
  };
  /// Depth-first, left first: a child has a greater index than its parent, and every node is met at most once.
  void walk() {
    out_.tree.leaves.clear();
    std::vector<bool> seen(nodes_);
    std::vector<visit> open{{0, none, false}};
    while (!open.empty()) {
      const visit v = open.back();
      open.pop_back();
      const auto n = static_cast<std::size_t>(v.node);
      if (seen[n]) return from_.fail("left_children", "node " + std::to_string(n) + " has two parents");
      seen[n] = true;
      const bool is_leaf = left_[n] == -1;
      link(v, is_leaf ? ~static_cast<std::int32_t>(out_.leaf_nodes.size())
                      : static_cast<std::int32_t>(out_.tree.splits.size()));
      if (is_leaf) {
        if (!add_leaf(n)) return;
        continue;
      }
      const auto left = child(left_, "left_children", n), right = child(right_, "right_children", n);
      if (!left || !right || !add_split(n)) return;
      const bool swap = swapped_;
      open.push_back({*right, out_.tree.splits.size() - 1, swap});
      open.push_back({*left, out_.tree.splits.size() - 1, !swap});
    }
  }
  void link(const visit& v, std::int32_t index) {
    if (v.parent == none) return;
    gbdt_split& parent = out_.tree.splits[v.parent];
    (v.is_left ? parent.left : parent.right) = index;
  }
  [[nodiscard]] std::optional<std::int64_t> child(std::span<const double> of, std::string_view key, std::size_t n) {
    const auto c = whole(of[n], 0, static_cast<double>(nodes_) - 1);
    if (!c) from_.fail(key, "of node " + std::to_string(n) + " is no node");
    return c;
  }

  [[nodiscard]] bool add_leaf(std::size_t n) {
    out_.leaf_nodes.push_back(static_cast<std::uint32_t>(n));
    if (!cover_.empty()) out_.tree.leaf_covers.push_back(cover_[n]);
    if (out_.width == 1) return add_value(condition_[n], "split_conditions", n);
    std::size_t row = n;
    if (rows_by_right_child_) {
      const auto r = whole(right_[n], 0, most);
      if (!r || static_cast<std::size_t>(*r) >= values_.size() / out_.width)
        return from_.fail("leaf_weights", "has none for node " + std::to_string(n)), false;
      row = static_cast<std::size_t>(*r);
    }
    for (std::size_t k = 0; k < out_.width; ++k)
      if (!add_value(values_[row * out_.width + k], rows_by_right_child_ ? "leaf_weights" : "base_weights", n))
        return false;
    return true;
  }
  [[nodiscard]] bool add_value(double v, std::string_view key, std::size_t n) {
    const auto value = static_cast<double>(static_cast<float>(v));
    if (!std::isfinite(value)) return from_.fail(key, "leaf " + std::to_string(n) + " is not finite"), false;
    out_.tree.leaves.push_back(value);
    return true;
  }

  [[nodiscard]] bool add_split(std::size_t n) {
    const auto feature = whole(feature_[n], 0, most);
    const auto kind = kind_.empty() ? std::optional<std::int64_t>(0) : whole(kind_[n], 0, 1);
    if (!feature) return from_.fail("split_indices", "of node " + std::to_string(n) + " is no feature"), false;
    if (!kind) return from_.fail("split_type", "of node " + std::to_string(n) + " is unknown"), false;
    gbdt_split split{.feature = static_cast<std::uint32_t>(*feature), .nan_left = default_left_[n] != 0};
    swapped_ = *kind == 1;
    if (*kind == 0 ? !set_threshold(split, n) : !set_categories(split, n)) return false;
    if (swapped_) split.nan_left = !split.nan_left;
    out_.columns = (std::max)(out_.columns, split.feature + 1);
    if (!gain_.empty() && !std::isnan(gain_[n])) split.gain = static_cast<float>(gain_[n]);
    if (!cover_.empty()) split.cover = cover_[n];
    out_.tree.splits.push_back(split);
    return true;
  }
  /// Nothing is below -infinity: then all numbers go right, and the children change places to say so.
  [[nodiscard]] bool set_threshold(gbdt_split& split, std::size_t n) {
    constexpr float infinity = std::numeric_limits<float>::infinity();
    const auto t = static_cast<float>(condition_[n]);
    if (std::isnan(t)) return from_.fail("split_conditions", "of node " + std::to_string(n) + " is NaN"), false;
    swapped_ = t == -infinity;
    split.threshold = static_cast<double>(swapped_ ? infinity : std::nextafter(t, -infinity));
    return true;
  }
  /// Categories from 2^24 on are not told apart by floats, and are none to XGBoost.
  [[nodiscard]] bool set_categories(gbdt_split& split, std::size_t n) {
    static constexpr std::uint32_t most_categories = std::uint32_t{1} << 24;
    std::vector<std::uint32_t>& all = out_.tree.categories;
    if (segment_.empty() || !segment_[n].there)
      return from_.fail("categories_nodes", "node " + std::to_string(n) + " is missing"), false;
    split.test = gbdt_test::floored;
    split.first_category = static_cast<std::uint32_t>(all.size());
    for (const double c : categories_.subspan(segment_[n].first, segment_[n].size)) {
      const auto category = whole(c, 0, most);
      if (!category) return from_.fail("categories", "of node " + std::to_string(n) + ": one is none"), false;
      if (*category < most_categories) all.push_back(static_cast<std::uint32_t>(*category));
    }
    const auto begin = all.begin() + static_cast<std::ptrdiff_t>(split.first_category);
    std::sort(begin, all.end());
    all.erase(std::unique(begin, all.end()), all.end());
    split.category_count = static_cast<std::uint32_t>(all.size()) - split.first_category;
    return true;
  }

  struct segment {
    bool there = false;
    std::size_t first = 0, size = 0;
  };
  static constexpr std::size_t none = ~std::size_t{0};

  json_fields from_;
  xgboost_tree out_;
  std::size_t nodes_ = 0;
  std::span<const double> left_, right_, feature_, condition_, default_left_, kind_, gain_, cover_, values_,
      categories_;
  std::vector<segment> segment_;
  bool rows_by_right_child_ = false;
  bool swapped_ = false;  // the split just made has its children in the other order
};

}  // namespace mlsd::detail
