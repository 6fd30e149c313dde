#pragma once

#include "mlsd/core/result.hpp"
#include "mlsd/scoring/gbdt/tree.hpp"
#include "mlsd/scoring/import/imported_gbdt.hpp"
#include "mlsd/scoring/import/json_reader.hpp"
#include "mlsd/scoring/import/json_tape.hpp"
#include "mlsd/scoring/import/prediction.hpp"
#include "mlsd/scoring/import/xgboost_tree.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace mlsd {
namespace detail {

/// How a stored base score becomes a margin.
enum class xgboost_base : std::uint8_t { identity, logit, logarithm, expectiles };

struct xgboost_objective {
  std::string_view name;
  prediction_kind prediction;
  xgboost_base base;
};

inline constexpr xgboost_objective xgboost_objectives[] = {
    {"reg:squarederror", prediction_kind::identity, xgboost_base::identity},
    {"reg:linear", prediction_kind::identity, xgboost_base::identity},
    {"reg:squaredlogerror", prediction_kind::identity, xgboost_base::identity},
    {"reg:absoluteerror", prediction_kind::identity, xgboost_base::identity},
    {"reg:pseudohubererror", prediction_kind::identity, xgboost_base::identity},
    {"reg:quantileerror", prediction_kind::identity, xgboost_base::identity},
    {"reg:expectileerror", prediction_kind::increasing, xgboost_base::expectiles},
    {"reg:logistic", prediction_kind::logistic, xgboost_base::logit},
    {"binary:logistic", prediction_kind::logistic, xgboost_base::logit},
    {"binary:logitraw", prediction_kind::identity, xgboost_base::identity},
    {"binary:hinge", prediction_kind::hinge, xgboost_base::identity},
    {"multi:softmax", prediction_kind::class_number, xgboost_base::identity},
    {"multi:softprob", prediction_kind::softmax, xgboost_base::identity},
    {"count:poisson", prediction_kind::exponential, xgboost_base::logarithm},
    {"reg:gamma", prediction_kind::exponential, xgboost_base::logarithm},
    {"reg:tweedie", prediction_kind::exponential, xgboost_base::logarithm},
    {"survival:cox", prediction_kind::exponential, xgboost_base::logarithm},
    {"survival:aft", prediction_kind::exponential, xgboost_base::logarithm},
    {"rank:pairwise", prediction_kind::identity, xgboost_base::identity},
    {"rank:ndcg", prediction_kind::identity, xgboost_base::identity},
    {"rank:map", prediction_kind::identity, xgboost_base::identity},
};

/// In floats, by the C library's logarithm: whose bits XGBoost has, too.
template <class = void> void to_margins(xgboost_base base, std::vector<double>& scores) {
  const std::vector<double> before = scores;
  for (std::size_t k = 0; k < scores.size(); ++k) {
    const auto score = static_cast<float>(before[k]);
    float margin = score;
    if (base == xgboost_base::logit) margin = -std::log(1.0f / score - 1.0f);
    if (base == xgboost_base::logarithm) margin = std::log(score);
    if (base == xgboost_base::expectiles && k != 0)
      margin = std::log(std::expm1(score - static_cast<float>(before[k - 1]) - expectile_gap));
    scores[k] = static_cast<double>(margin);
  }
}

template <class = void> class xgboost_importer {
 public:
  [[nodiscard]] static result<imported_gbdt> import(std::string_view bytes) {
    static constexpr std::string_view trees[] = {"learner.gradient_booster.model.trees",
                                                 "learner.gradient_booster.gbtree.model.trees"};
    xgboost_importer importer;
    const json_reading how{.encoding = encoding_of(bytes), .floats = true, .parts = trees};
    const auto document = read_json(bytes, how, [&](json_value tree) { return importer.add(tree); });
    if (!document) return document.error();
    if (auto ok = importer.finish(document->root()); !ok) return ok.error();
    auto model = gbdt_model::build(importer.trees_);
    if (!model) return model.error();
    importer.out_.model = std::move(*model);
    if (auto ok = importer.out_.validate(); !ok) return ok.error();
    return std::move(importer.out_);
  }

 private:
  /// After the brace that both begin with: text has a quote or white space, UBJ the length of a key.
  [[nodiscard]] static json_encoding encoding_of(std::string_view bytes) {
    const bool is_text =
        bytes.size() < 2 || bytes[0] != '{' || std::string_view("\" \t\r\n}").find(bytes[1]) != std::string_view::npos;
    return is_text ? json_encoding::text : json_encoding::ubj;
  }

  [[nodiscard]] result<void> add(json_value value) {
    auto tree = xgboost_tree_reader<>::read(value);
    if (!tree) return tree.error();
    if (!trees_.trees.empty() && tree->width != trees_.leaf_width)
      return value.fault("its leaves have other sizes than those of the trees before");
    trees_.leaf_width = static_cast<std::uint32_t>(tree->width);
    if (tree->columns > trees_.number_columns) {
      trees_.number_columns = tree->columns;
      widest_ = value.path();
    }
    out_.leaf_names.insert(out_.leaf_names.end(), tree->leaf_nodes.begin(), tree->leaf_nodes.end());
    trees_.trees.push_back(std::move(tree->tree));
    return {};
  }

  [[nodiscard]] result<void> finish(json_value root) {
    json_fields file(root);
    const auto version = file.numbers("version", 3, "numbers");
    json_fields learner(file.object("learner"));
    if (!file.good()) return file.error();
    major_minor_ = version[0] + version[1] / 1000;
    if (!(major_minor_ >= 1.007 && major_minor_ < 4))
      return root.find("version").fault("1.7 to 3.x are read, and no others", errc::version);
    json_fields booster(learner.object("gradient_booster"));
    json_fields param(learner.object("learner_model_param"));
    json_fields objective(learner.object("objective"));
    if (!learner.good()) return learner.error();
    if (auto ok = read_outputs(param); !ok) return ok;
    if (auto ok = read_booster(booster); !ok) return ok;
    if (auto ok = read_objective(objective); !ok) return ok;
    if (auto ok = read_names(learner); !ok) return ok;
    keep_covers_of_all_or_none(trees_.trees);
    out_.float_rows = true;
    trees_.float_sums = true;
    return {};
  }

  [[nodiscard]] result<void> read_outputs(json_fields& param) {
    const auto features = static_cast<std::uint32_t>(text_integer(param, "num_feature", 0, most_features));
    const auto classes = text_integer(param, "num_class", 0, most_outputs);
    const auto targets = param.has("num_target") ? text_integer(param, "num_target", 0, most_outputs) : 1;
    if (!param.good()) return param.error();
    if (trees_.number_columns > features)
      return error{errc::corrupt, widest_ + ".split_indices: feature " + std::to_string(trees_.number_columns - 1) +
                                      ", but there are " + std::to_string(features)};
    trees_.number_columns = features;
    base_is_margin_ =
        major_minor_ >= 3.001 && param.has("boost_from_average") && param.text("boost_from_average") == "1";
    outputs_ = static_cast<std::size_t>((std::max)({classes, targets, std::int64_t{1}}));
    if (trees_.leaf_width != 1 && trees_.leaf_width != outputs_)
      return error{errc::corrupt, "leaves of " + std::to_string(trees_.leaf_width) + " values, " +
                                      std::to_string(outputs_) + " outputs"};
    return read_base_score(param);
  }
  /// "5E-1", or since 3.1 "[5E-1]" or "[1E0,2E0]".
  [[nodiscard]] result<void> read_base_score(json_fields& param) {
    std::string_view text = param.text("base_score");
    if (!param.good()) return param.error();
    if (text.size() > 1 && text.front() == '[' && text.back() == ']') text = text.substr(1, text.size() - 2);
    trees_.base.clear();
    for (bool more = true; more;) {
      const std::string_view one = text.substr(0, text.find(','));
      more = one.size() < text.size();
      float score = 0;
      const auto parsed = std::from_chars(one.data(), one.data() + one.size(), score);
      if (parsed.ec != std::errc() || parsed.ptr != one.data() + one.size()) {
        param.fail("base_score", "'" + std::string(one.substr(0, 40)) + "' is no number");
        return param.error();
      }
      trees_.base.push_back(static_cast<double>(score));
      if (more) text.remove_prefix(one.size() + 1);
    }
    if (trees_.base.size() == 1) trees_.base.resize(outputs_, trees_.base[0]);
    if (trees_.base.size() == outputs_) return {};
    param.fail("base_score", std::to_string(trees_.base.size()) + " values, " + std::to_string(outputs_) + " outputs");
    return param.error();
  }

  [[nodiscard]] result<void> read_booster(json_fields& booster) {
    const std::string name(booster.text("name"));
    if (booster.good() && name != "gbtree" && name != "dart")
      booster.fail("name", "'" + name.substr(0, 40) + "' has no trees that could be read");
    // DART before 3.3: the trees are one level down, beside their weights.
    const bool nested = booster.has("gbtree");
    json_fields inner(nested ? booster.object("gbtree") : json_value());
    json_fields model(nested ? inner.object("model") : booster.object("model"));
    if (!booster.good()) return booster.error();
    if (auto ok = read_model(model); !ok) return ok;
    json_fields& weights = nested ? booster : model;
    if (!weights.has("weight_drop")) return {};
    const auto w = weights.numbers("weight_drop", trees_.trees.size(), "trees");
    if (!weights.good()) return weights.error();
    for (std::size_t t = 0; t < w.size(); ++t) weigh(trees_.trees[t], static_cast<float>(w[t]));
    return {};
  }
  /// XGBoost multiplies in float, row by row.
  static void weigh(gbdt_tree& tree, float weight) {
    for (double& leaf : tree.leaves) leaf = static_cast<double>(static_cast<float>(leaf) * weight);
  }
  [[nodiscard]] result<void> read_model(json_fields& model) {
    const std::size_t trees = trees_.trees.size();
    json_fields param(model.object("gbtree_model_param"));
    const auto listed = model.array("trees");
    const auto info = model.numbers("tree_info", trees, "trees");
    if (!model.good()) return model.error();
    const auto announced = static_cast<std::size_t>(text_integer(param, "num_trees", 0, std::int64_t{1} << 40));
    const auto parallel = param.has("num_parallel_tree") ? text_integer(param, "num_parallel_tree", 0, 65'535) : 1;
    if (!param.good()) return param.error();
    if (announced != trees || listed.size() != trees)
      return listed.fault(std::to_string(trees) + " trees, " + std::to_string(announced) + " announced");
    for (std::size_t t = 0; t < trees; ++t) {
      const auto output = whole(info[t], 0, static_cast<double>(outputs_) - 1);
      if (!output) {
        model.fail("tree_info", "tree " + std::to_string(t) + " is of no output");
        return model.error();
      }
      trees_.trees[t].output = static_cast<std::uint32_t>(trees_.leaf_width == 1 ? *output : 0);
    }
    const std::size_t in_round = trees_.leaf_width == 1 ? outputs_ : 1;
    out_.trees_per_iteration =
        static_cast<std::uint32_t>(in_round * static_cast<std::size_t>((std::max)(parallel, std::int64_t{1})));
    return {};
  }

  [[nodiscard]] result<void> read_objective(json_fields& objective) {
    const std::string name(objective.text("name"));
    if (!objective.good()) return objective.error();
    for (const xgboost_objective& known : xgboost_objectives)
      if (name == known.name) {
        out_.prediction.kind = known.prediction;
        out_.prediction.in_floats = true;
        if (!base_is_margin_ || !trees_.trees.empty()) to_margins(known.base, trees_.base);
        for (std::size_t k = 0; k < outputs_; ++k)
          if (!std::isfinite(trees_.base[k]))
            return error{errc::corrupt, "learner.learner_model_param.base_score: is out of range for " + name};
        return {};
      }
    objective.fail("name", "'" + name.substr(0, 40) + "' is unknown");
    return objective.error();
  }
  [[nodiscard]] result<void> read_names(json_fields& learner) {
    if (!learner.has("feature_names")) return {};
    const json_value names = learner.array("feature_names");
    if (!learner.good()) return learner.error();
    for (json_value name = names.child(); name; name = name.next()) {
      if (!name.is(json_type::text)) return name.fault("is not a text");
      out_.columns.emplace_back(name.text());
    }
    if (out_.columns.size() != names.size() || (names.size() != 0 && names.size() != trees_.number_columns))
      return names.fault(std::to_string(names.size()) + " names, " + std::to_string(trees_.number_columns) +
                         " features");
    return {};
  }

  static constexpr std::int64_t most_features = std::int64_t{1} << 24, most_outputs = 65'536;

  imported_gbdt out_;
  gbdt_description trees_;
  std::size_t outputs_ = 1;
  double major_minor_ = 0;
  bool base_is_margin_ = false;  // without trees, and where nobody set or found a base score
  std::string widest_;           // the path of the tree with the greatest feature
};

}  // namespace detail

/// The model in a file that XGBoost 1.7 to 3.x wrote, in JSON or UBJ; told apart by their content.
/// Boosters gbtree and dart; splits by categories, leaves of several values, forests, several targets. Others, and
/// objectives that are not known, are refused by name.
/// Margins have the bits that XGBoost has where it is not compiled to fused multiply-adds (which change sums of DART by
/// an ulp). Since 3.1 it takes the base score of a model without trees for a margin unless its user set it; so does
/// this. All trees count, as in `Booster.predict`; after early stopping XGBoost's classes for scikit-learn leave out
/// those behind the best: an `iteration_range` does. Rows are of floats; columns of categories hold their codes. A
/// value that stands for "missing" is not in the file: make it NaN. Leaves are numbered by node. O(bytes) time and
/// memory; errors name the path of keys and the byte.
template <class = void> [[nodiscard]] result<imported_gbdt> import_xgboost(std::string_view bytes) {
  return detail::xgboost_importer<>::import(bytes);
}

}  // namespace mlsd
