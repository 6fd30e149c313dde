#pragma once

#include "mlsd/core/result.hpp"
#include "mlsd/scoring/gbdt/tree.hpp"
#include "mlsd/scoring/import/json_tape.hpp"

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mlsd::detail {

/// A test as a CatBoost file has it: a number above `border`, or a category of the hash `value`, goes right.
struct catboost_split {
  bool by_category = false;
  std::uint32_t feature = 0;  ///< among the features of its kind
  double border = 0;
  std::uint32_t value = 0;
  std::uint64_t number = 0;  ///< among all borders and values of the model
};

/// A tree as a CatBoost file has it. Symmetric ones have a split a level: the first is bit 0 of the leaf's number.
struct catboost_tree {
  struct children {
    std::int32_t left = 0, right = 0;
  };
  std::vector<catboost_split> splits{};
  std::vector<children> links{};  ///< of each split, numbered as in a gbdt_tree; or empty: the tree is symmetric
  std::vector<double> leaves{};   ///< [leaves, width]
  std::vector<double> weights{};  ///< [leaves], of the training rows; or empty: some are not in the file
  std::size_t width = 0;
};

template <class = void> class catboost_tree_reader {
 public:
  [[nodiscard]] static result<catboost_tree> symmetric(json_value tree) {
    catboost_tree_reader reader;
    reader.read_levels(tree);
    return reader.finish();
  }
  [[nodiscard]] static result<catboost_tree> branching(json_value root) {
    catboost_tree_reader reader;
    reader.walk(root);
    return reader.finish();
  }

 private:
  [[nodiscard]] result<catboost_tree> finish() {
    if (error_) return *error_;
    if (out_.weights.size() * out_.width != out_.leaves.size()) out_.weights.clear();
    return std::move(out_);
  }
  bool fail(mlsd::error e) {
    error_ = std::move(e);
    return false;
  }

  bool read_levels(json_value tree) {
    static constexpr std::size_t deepest = 24;
    json_fields fields(tree);
    if (!tree.find("splits").is(json_type::null)) {
      const json_value splits = fields.array("splits");
      if (splits.size() > deepest)
        return fail(splits.fault("more than " + std::to_string(deepest) + " levels", errc::capacity));
      if (!splits.numbers().empty()) return fail(splits.fault("has an element that is not a split"));
      for (json_value s = splits.child(); s; s = s.next())
        if (!add_split(s)) return false;
    }
    const auto values = fields.numbers("leaf_values");
    if (!fields.good()) return fail(fields.error());
    const std::size_t leaves = std::size_t{1} << out_.splits.size();
    if (values.empty() || values.size() % leaves != 0)
      return fail(tree.find("leaf_values")
                      .fault(std::to_string(values.size()) + " values, " + std::to_string(leaves) + " leaves"));
    out_.width = values.size() / leaves;
    for (const double v : values)
      if (!std::isfinite(v)) return fail(tree.find("leaf_values").fault("a value is not finite"));
    out_.leaves.assign(values.begin(), values.end());
    if (const json_value weights = tree.find("leaf_weights"); weights.size() != 0) {
      const auto of_leaves = fields.numbers("leaf_weights", leaves, "leaves");
      if (!fields.good()) return fail(fields.error());
      out_.weights.assign(of_leaves.begin(), of_leaves.end());
    }
    return true;
  }

  struct visit {
    json_value node;
    std::size_t parent;
    bool is_left;
  };
  /// Depth-first, left first: which is how leaves are numbered.
  bool walk(json_value root) {
    std::vector<visit> open{{root, none, false}};
    while (!open.empty()) {
      const visit v = open.back();
      open.pop_back();
      const bool is_leaf = bool(v.node.find("value"));
      if (v.parent != none) {
        catboost_tree::children& links = out_.links[v.parent];
        (v.is_left ? links.left : links.right) =
            is_leaf ? ~static_cast<std::int32_t>(leaves_) : static_cast<std::int32_t>(out_.splits.size());
      }
      if (is_leaf) {
        if (!add_leaf(v.node)) return false;
        continue;
      }
      json_fields fields(v.node);
      const json_value split = fields.object("split");
      const json_value left = fields.object("left"), right = fields.object("right");
      if (!fields.good()) return fail(fields.error());
      if (!add_split(split)) return false;
      out_.links.emplace_back();
      open.push_back({right, out_.splits.size() - 1, false});
      open.push_back({left, out_.splits.size() - 1, true});
    }
    return true;
  }
  bool add_leaf(json_value node) {
    const json_value value = node.find("value");
    const std::size_t before = out_.leaves.size();
    if (value.is(json_type::number))
      out_.leaves.push_back(value.number());
    else
      out_.leaves.insert(out_.leaves.end(), value.numbers().begin(), value.numbers().end());
    const std::size_t width = out_.leaves.size() - before;
    if (width == 0 || (value.is(json_type::array) && width != value.size()))
      return fail(value.fault("is neither a number nor a list of numbers"));
    if (leaves_++ != 0 && width != out_.width)
      return fail(
          value.fault(std::to_string(width) + " values, " + std::to_string(out_.width) + " in the leaf before"));
    out_.width = width;
    if (const json_value weight = node.find("weight"); weight.is(json_type::number))
      out_.weights.push_back(weight.number());
    for (std::size_t i = before; i < out_.leaves.size(); ++i)
      if (!std::isfinite(out_.leaves[i])) return fail(value.fault("is not finite"));
    return true;
  }

  bool add_split(json_value split) {
    json_fields fields(split);
    const std::string_view type = fields.text("split_type");
    if (!fields.good()) return fail(fields.error());
    catboost_split s{.by_category = type == "OneHotFeature"};
    if (!s.by_category && type != "FloatFeature")
      return fail(split.find("split_type")
                      .fault(type == "OnlineCtr" ? "target statistics of categories (CTRs) are not supported"
                                                 : "'" + std::string(type.substr(0, 40)) + "' is unknown"));
    s.feature = static_cast<std::uint32_t>(
        fields.integer(s.by_category ? "cat_feature_index" : "float_feature_index", 0, 4294967295.0));
    s.number = static_cast<std::uint64_t>(fields.integer("split_index", 0, 9007199254740992.0));
    if (s.by_category)
      s.value = static_cast<std::uint32_t>(fields.integer("value", -2147483648.0, 4294967295.0));
    else
      s.border = fields.number("border");
    if (!fields.good()) return fail(fields.error());
    out_.splits.push_back(s);
    return true;
  }

  static constexpr std::size_t none = ~std::size_t{0};

  catboost_tree out_;
  std::size_t leaves_ = 0;
  std::optional<mlsd::error> error_;
};

/// The tree of one's own: `splits` are those of `from`, made ready but for their children and covers. A symmetric tree
/// of d levels becomes 2^d - 1 splits, the last level at the root, so that leaves keep their numbers.
template <class = void> [[nodiscard]] gbdt_tree catboost_to_tree(catboost_tree&& from, std::vector<gbdt_split> splits) {
  gbdt_tree out;
  const auto link = [](gbdt_split s, std::int32_t below, std::int32_t above) {
    const bool swap = s.test == gbdt_test::code;  // a category that is listed goes right in the file, left here
    s.left = swap ? above : below;
    s.right = swap ? below : above;
    return s;
  };
  if (from.links.empty()) {
    const std::size_t levels = splits.size(), inner = (std::size_t{1} << levels) - 1;
    out.splits.reserve(inner);
    for (std::size_t i = 0; i < inner; ++i) {
      const auto level = static_cast<std::size_t>(std::bit_width(i + 1) - 1);
      const auto child = [&](std::size_t c) {
        return c < inner ? static_cast<std::int32_t>(c) : ~static_cast<std::int32_t>(c - inner);
      };
      out.splits.push_back(link(splits[levels - 1 - level], child(2 * i + 1), child(2 * i + 2)));
    }
  } else {
    for (std::size_t i = 0; i < splits.size(); ++i)
      out.splits.push_back(link(splits[i], from.links[i].left, from.links[i].right));
  }
  out.leaves = std::move(from.leaves);
  out.leaf_covers = std::move(from.weights);
  if (out.leaf_covers.empty()) return out;
  const auto cover = [&](std::int32_t child) {
    return child < 0 ? out.leaf_covers[static_cast<std::size_t>(~child)]
                     : out.splits[static_cast<std::size_t>(child)].cover;
  };
  for (std::size_t i = out.splits.size(); i-- > 0;)
    out.splits[i].cover = cover(out.splits[i].left) + cover(out.splits[i].right);
  return out;
}

}  // namespace mlsd::detail
