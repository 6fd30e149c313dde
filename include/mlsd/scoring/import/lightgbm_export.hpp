#pragma once

#include "mlsd/archive/text.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/scoring/gbdt/model.hpp"
#include "mlsd/scoring/import/imported_gbdt.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mlsd {

namespace detail {

/// The greatest double that is at most `threshold` once it is rounded to float, to the nearest and ties to even: a row
/// of doubles that is compared with it goes where its row of floats goes. Not for NaN.
[[nodiscard]] inline double threshold_for_doubles(double threshold) noexcept {
  constexpr float infinity = (std::numeric_limits<float>::infinity)();
  float below = static_cast<float>(threshold);
  if (static_cast<double>(below) > threshold) below = std::nextafter(below, -infinity);
  if (below == infinity) return threshold;
  constexpr auto wide = [](float x) {  // beyond the greatest float, the next one would be 2^128
    return x == infinity ? 0x1p128 : x == -infinity ? -0x1p128 : static_cast<double>(x);
  };
  const double middle = (wide(below) + wide(std::nextafter(below, infinity))) / 2;
  const bool even = (std::bit_cast<std::uint32_t>(below) & 1) == 0;
  return even ? middle : std::nextafter(middle, -(std::numeric_limits<double>::infinity)());
}

/// Writes one model as text that LightGBM reads.
template <class = void> class lightgbm_writer {
 public:
  explicit lightgbm_writer(const imported_gbdt& model) : model_(model), forest_(model.model.forest()) {}

  [[nodiscard]] result<std::string> write() {
    if (auto ok = check(); !ok) return ok.error();
    const auto objective = objective_line();
    if (!objective) return objective.error();
    auto order = trees_in_order();
    if (!order) return order.error();
    std::string trees, sizes;
    for (std::size_t i = 0; i < order->size(); ++i) {
      const std::size_t before = trees.size();
      trees += "Tree=" + std::to_string(i) + "\n";
      append_tree((*order)[i], trees);
      trees += "shrinkage=1\n\n\n";
      sizes += (i == 0 ? "" : " ") + std::to_string(trees.size() - before);
    }
    return head(*objective) + "tree_sizes=" + sizes + "\n\n" + trees +
           "end of trees\n\nfeature_importances:\n\nparameters:\nend of parameters\n\npandas_categorical:null\n";
  }

 private:
  /// A tree of LightGBM's: one output of one of ours, or a constant.
  struct source {
    std::size_t tree = 0, output = 0;  ///< the output is counted in the leaves of the tree
    std::optional<double> constant{};
  };

  [[nodiscard]] static mlsd::error cannot(const std::string& what) {
    return {errc::invalid_argument, "LightGBM's format has no " + what};
  }
  [[nodiscard]] std::size_t outputs() const noexcept { return model_.model.outputs(); }

  [[nodiscard]] result<void> check() const {
    if (forest_.float_sums()) return cannot("sums of floats");
    if (model_.prediction.in_floats) return cannot("predictions in float");
    if (model_.model.scale() != 1) return cannot("scale of margins");
    if (!model_.margin_of.empty()) return cannot("classes that no tree knows");
    if (!model_.category_hashes.empty()) return cannot("hashes of texts");
    if (!std::is_sorted(model_.texts.begin(), model_.texts.end())) return cannot("columns of texts");
    for (const std::string& name : model_.columns)
      if (name.empty() || std::any_of(name.begin(), name.end(), [](char c) {
            return static_cast<unsigned char>(c) <= ' ' || c == '=' || c == '"' || c == ',' || c == ':';
          }))
        return cannot("name of a column such as " + quote(name));
    std::size_t words = 0;
    for (std::size_t s = 0; s < forest_.splits(); ++s)
      if (const auto set = forest_.categories(s); !set.empty()) words += std::size_t{set.back()} / 32 + 1;
    if (words > most_words) return cannot("sets of categories as large as these");
    for (std::size_t t = 0; t < forest_.trees(); ++t)
      for (std::size_t s = 0; s < forest_.splits_of(t); ++s)
        if (auto ok = check_split(forest_.first_split(t) + s); !ok)
          return cannot(ok.error().message + ", as in tree " + std::to_string(t) + ", split " + std::to_string(s));
    return {};
  }
  [[nodiscard]] result<void> check_split(std::size_t s) const {
    if (!forest_.by_category(s)) return {};
    const auto set = forest_.categories(s);
    if (model_.float_rows && forest_.test(s) != gbdt_test::code)
      return error{errc::invalid_argument, "category of a number that is rounded to float"};
    if (forest_.nan_left(s) && forest_.test(s) != gbdt_test::code)
      return error{errc::invalid_argument, "missing category that goes left"};
    if (forest_.test(s) == gbdt_test::floored && !set.empty() && set.front() == 0)
      return error{errc::invalid_argument, "category 0 that does not reach down to -1"};
    if (!set.empty() && set.back() > most_category)
      return error{errc::invalid_argument, "room for category " + std::to_string(set.back())};
    return {};
  }

  [[nodiscard]] result<std::string> objective_line() const {
    const std::string classes = " num_class:" + std::to_string(outputs());
    const bool one = outputs() == 1;
    switch (model_.prediction.kind) {
      case prediction_kind::identity:
        return std::string(one ? "objective=regression\n" : "");
      case prediction_kind::logistic:
      case prediction_kind::own_logistic: {
        std::string line = one ? "objective=binary sigmoid:" : "objective=multiclassova" + classes + " sigmoid:";
        append_number(model_.prediction.slope, line);
        if (!(model_.prediction.slope > 0)) return cannot("logistic that falls");
        return line + "\n";
      }
      case prediction_kind::softmax:
        if (!one) return "objective=multiclass" + classes + "\n";
        break;
      case prediction_kind::exponential:
      case prediction_kind::own_exponential:
        if (one) return std::string("objective=poisson\n");
        break;
      case prediction_kind::signed_square:
        if (one) return std::string("objective=regression sqrt\n");
        break;
      case prediction_kind::log_one_plus_exp:
        if (one) return std::string("objective=cross_entropy_lambda\n");
        break;
      default:
        break;
    }
    return cannot("prediction of this kind from " + std::to_string(outputs()) + " margins");
  }

  /// Trees add to outputs in turn. A base score is a constant tree in front, a bias one behind: the same sum in the
  /// same order. Where outputs have different numbers of trees, zeros make them even.
  [[nodiscard]] result<std::vector<source>> trees_in_order() const {
    std::vector<std::vector<source>> of(outputs());
    const auto constants = [&](auto&& value) {
      bool any = false;
      for (std::size_t k = 0; k < outputs(); ++k) any = any || value(k) != 0;
      for (std::size_t k = 0; k < outputs() && any; ++k) of[k].push_back({.constant = value(k)});
    };
    constants([&](std::size_t k) { return model_.model.base_sum(k); });
    for (std::size_t t = 0; t < forest_.trees(); ++t)
      for (std::size_t k = 0; k < forest_.leaf_width(); ++k)
        of[forest_.output(t) + k].push_back({.tree = t, .output = k});
    constants([&](std::size_t k) { return model_.model.bias(k); });
    std::size_t most = 0, total = 0;
    for (const auto& trees : of) most = (std::max)(most, trees.size()), total += trees.size();
    if (model_.prediction.averaged && (total != most * outputs() || most != model_.iterations()))
      return cannot("average with a base score, or over outputs of different numbers of trees");
    std::vector<source> order;
    for (std::size_t i = 0; i < most; ++i)
      for (const auto& trees : of) order.push_back(i < trees.size() ? trees[i] : source{.constant = 0.0});
    return order;
  }

  [[nodiscard]] std::string head(const std::string& objective) const {
    const std::string k = std::to_string(outputs());
    const std::size_t width = (std::max)(model_.width(), std::size_t{1});
    std::string text = "tree\nversion=v4\nnum_class=" + k + "\nnum_tree_per_iteration=" + k +
                       "\nlabel_index=0\nmax_feature_idx=" + std::to_string(width - 1) + "\n" + objective +
                       (model_.prediction.averaged ? "average_output\n" : "") + "feature_names=";
    for (std::size_t j = 0; j < width; ++j)
      text += (j == 0 ? "" : " ") + (model_.columns.empty() ? "Column_" + std::to_string(j) : model_.columns[j]);
    text += "\nfeature_infos=";
    for (std::size_t j = 0; j < width; ++j) text += j == 0 ? "none" : " none";
    return text + "\n";
  }

  template <class Number> static void append_number(Number value, std::string& to) {
    char digits[32];
    to.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
  }
  /// "key=" and `count` numbers, of which `value(i)` is one.
  template <class Value>
  static void append_list(std::string_view key, std::size_t count, std::string& to, Value&& value) {
    to += key;
    to += '=';
    for (std::size_t i = 0; i < count; ++i) {
      if (i != 0) to += ' ';
      append_number(value(i), to);
    }
    to += '\n';
  }
  [[nodiscard]] static std::int64_t rows(double cover) noexcept {
    return static_cast<std::int64_t>((std::min)(std::round(cover), 2147483647.0));
  }

  void append_tree(const source& from, std::string& to) const {
    if (from.constant) {
      to += "num_leaves=1\nnum_cat=0\n";
      append_list("leaf_value", 1, to, [&](std::size_t) { return *from.constant; });
      if (forest_.has_covers()) append_list("leaf_count", 1, to, [&](std::size_t) { return all_rows(); });
      to += "is_linear=0\n";
      return;
    }
    const std::size_t t = from.tree, n = forest_.splits_of(t), first = forest_.first_split(t);
    std::vector<double> thresholds(n);
    std::vector<std::uint32_t> boundaries{0}, sets;
    for (std::size_t s = 0; s < n; ++s) {
      const double threshold = forest_.threshold(first + s);
      thresholds[s] = model_.float_rows ? threshold_for_doubles(threshold) : threshold;
      if (!forest_.by_category(first + s)) continue;
      thresholds[s] = static_cast<double>(boundaries.size() - 1);
      append_set(forest_.categories(first + s), sets);
      boundaries.push_back(static_cast<std::uint32_t>(sets.size()));
    }
    to += "num_leaves=" + std::to_string(n + 1) + "\nnum_cat=" + std::to_string(boundaries.size() - 1) + "\n";
    append_list("split_feature", n, to, [&](std::size_t s) { return forest_.feature(first + s); });
    append_list("split_gain", n, to, [&](std::size_t s) { return forest_.gain(first + s); });
    append_list("threshold", n, to, [&](std::size_t s) { return thresholds[s]; });
    append_list("decision_type", n, to, [&](std::size_t s) { return decision(first + s); });
    append_list("left_child", n, to, [&](std::size_t s) { return forest_.left(first + s); });
    append_list("right_child", n, to, [&](std::size_t s) { return forest_.right(first + s); });
    append_list("leaf_value", n + 1, to, [&](std::size_t l) { return forest_.leaf(t, l, from.output); });
    if (forest_.has_covers()) {
      append_list("leaf_count", n + 1, to, [&](std::size_t l) { return rows(forest_.leaf_cover(t, l)); });
      append_list("internal_count", n, to, [&](std::size_t s) { return rows(forest_.cover(first + s)); });
    }
    if (boundaries.size() > 1) {
      append_list("cat_boundaries", boundaries.size(), to, [&](std::size_t i) { return boundaries[i]; });
      append_list("cat_threshold", sets.size(), to, [&](std::size_t i) { return sets[i]; });
    }
    append_lines(t, n + 1, to);
  }
  /// At least one word, so that every set has a place.
  static void append_set(std::span<const std::uint32_t> categories, std::vector<std::uint32_t>& to) {
    const std::size_t first = to.size();
    to.resize(first + (categories.empty() ? 1 : categories.back() / 32 + 1));
    for (const std::uint32_t c : categories) to[first + c / 32] |= 1u << (c % 32);
  }
  [[nodiscard]] int decision(std::size_t s) const noexcept {
    if (forest_.by_category(s)) return 1;
    return (forest_.test(s) == gbdt_test::number_or_zero ? 4 : 8) + (forest_.nan_left(s) ? 2 : 0);
  }
  void append_lines(std::size_t t, std::size_t leaves, std::string& to) const {
    to += forest_.has_lines() ? "is_linear=1\n" : "is_linear=0\n";
    if (!forest_.has_lines()) return;
    std::vector<std::uint32_t> columns;
    std::vector<double> coefficients;
    for (std::size_t l = 0; l < leaves; ++l) {
      columns.insert(columns.end(), forest_.term_columns(t, l).begin(), forest_.term_columns(t, l).end());
      coefficients.insert(coefficients.end(), forest_.coefficients(t, l).begin(), forest_.coefficients(t, l).end());
    }
    append_list("leaf_const", leaves, to, [&](std::size_t l) { return forest_.line_constant(t, l); });
    append_list("num_features", leaves, to, [&](std::size_t l) { return forest_.term_columns(t, l).size(); });
    append_list("leaf_features", columns.size(), to, [&](std::size_t i) { return columns[i]; });
    append_list("leaf_coeff", coefficients.size(), to, [&](std::size_t i) { return coefficients[i]; });
  }
  [[nodiscard]] std::int64_t all_rows() const noexcept {
    if (forest_.trees() == 0) return 0;
    return rows(forest_.splits_of(0) == 0 ? forest_.leaf_cover(0, 0) : forest_.cover(forest_.first_split(0)));
  }

  /// LightGBM keeps a bit for every category up to the greatest.
  static constexpr std::uint32_t most_category = (1u << 24) - 1;
  static constexpr std::size_t most_words = std::size_t{1} << 26;
  const imported_gbdt& model_;
  const gbdt_forest& forest_;
};

}  // namespace detail

/// A model as text that LightGBM 4 reads, and `import_lightgbm` too: with the same margins, bit for bit, from the same
/// splits in the same order. Only numbers within 1e-35 of 0 are all 0 there. Where the model rounds numbers to float,
/// as models of this library do, LightGBM compares doubles with thresholds that send them the same way; but leaves that
/// are lines multiply the number itself. Columns of codes become numbers that hold categories; covers are rounded to
/// whole rows. An error says what LightGBM's format has no words for. O(size); allocates the text.
template <class = void> [[nodiscard]] result<std::string> to_lightgbm(const imported_gbdt& model) {
  return detail::lightgbm_writer<>(model).write();
}
template <class = void>
[[nodiscard]] result<std::string> to_lightgbm(const gbdt_model& model, std::span<const std::string> columns = {}) {
  imported_gbdt named = as_imported(model);
  named.columns.assign(columns.begin(), columns.end());
  if (auto ok = named.validate(); !ok) return ok.error();
  return to_lightgbm(named);
}

}  // namespace mlsd
