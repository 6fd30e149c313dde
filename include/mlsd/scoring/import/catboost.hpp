#pragma once

#include "mlsd/core/result.hpp"
#include "mlsd/scoring/gbdt/tree.hpp"
#include "mlsd/scoring/import/catboost_features.hpp"
#include "mlsd/scoring/import/catboost_tree.hpp"
#include "mlsd/scoring/import/imported_gbdt.hpp"
#include "mlsd/scoring/import/json_reader.hpp"
#include "mlsd/scoring/import/json_tape.hpp"
#include "mlsd/scoring/import/prediction.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace mlsd {
namespace detail {

struct catboost_loss {
  std::string_view name;
  prediction_kind prediction;
};

/// Losses whose prediction is not the margin. Of two classes it is the probability of the second.
inline constexpr catboost_loss catboost_losses[] = {
    {"Logloss", prediction_kind::logistic},      {"CrossEntropy", prediction_kind::logistic},
    {"Focal", prediction_kind::logistic},        {"MultiClassOneVsAll", prediction_kind::logistic},
    {"MultiLogloss", prediction_kind::logistic}, {"MultiCrossEntropy", prediction_kind::logistic},
    {"MultiClass", prediction_kind::softmax},    {"Poisson", prediction_kind::exponential},
    {"Tweedie", prediction_kind::exponential},   {"RMSEWithUncertainty", prediction_kind::mean_and_variance},
};

template <class = void> class catboost_importer {
 public:
  [[nodiscard]] static result<imported_gbdt> import(std::string_view text) {
    static constexpr std::string_view trees[] = {"oblivious_trees", "trees"};
    catboost_importer importer;
    const json_reading how{.most_depth = 100'000, .parts = trees};
    const auto document = read_json(text, how, [&](json_value tree) { return importer.add(tree); });
    if (!document) return document.error();
    if (auto ok = importer.finish(document->root()); !ok) return ok.error();
    auto model = gbdt_model::build(importer.model_);
    if (!model) return model.error();
    importer.out_.model = std::move(*model);
    if (auto ok = importer.out_.validate(); !ok) return ok.error();
    return std::move(importer.out_);
  }

 private:
  [[nodiscard]] result<void> add(json_value value) {
    const bool symmetric = value.path().starts_with("oblivious");
    auto tree = symmetric ? catboost_tree_reader<>::symmetric(value) : catboost_tree_reader<>::branching(value);
    if (!tree) return tree.error();
    if (!trees_.empty() && tree->width != trees_[0].width)
      return value.fault("leaves of " + std::to_string(tree->width) + " values, " + std::to_string(trees_[0].width) +
                         " in the trees before");
    trees_.push_back(std::move(*tree));
    return {};
  }

  [[nodiscard]] result<void> finish(json_value root) {
    json_fields file(root);
    if (const json_value ctrs = root.find("ctr_data"); ctrs.size() != 0)
      return ctrs.fault("target statistics of categories (CTRs) are not supported");
    const auto features = catboost_features<>::read(file.object("features_info"));
    if (!file.good()) return file.error();
    if (!features) return features.error();
    const json_value symmetric = root.find("oblivious_trees"), branching = root.find("trees");
    const json_value listed = symmetric ? symmetric : branching;
    if (!listed || (symmetric && branching))
      return root.fault("has " + std::string(listed ? "both" : "neither") + " of 'oblivious_trees' and 'trees'");
    if (listed.size() != trees_.size()) return listed.fault("has an element that is not a tree");
    if (auto ok = read_scale(file); !ok) return ok;
    if (auto ok = make_trees(*features, listed); !ok) return ok;
    keep_covers_of_all_or_none(model_.trees);
    if (auto ok = read_info(root.find("model_info")); !ok) return ok;
    out_.float_rows = true;
    out_.columns = features->names();
    if (features->code_columns() != 0) out_.texts = features->is_text();
    return {};
  }

  /// [scale, [bias of each output]].
  [[nodiscard]] result<void> read_scale(json_fields& file) {
    const json_value both = file.array("scale_and_bias");
    if (!file.good()) return file.error();
    const json_value bias = both.child();
    if (both.size() != 2 || both.numbers().size() != 1 || bias.numbers().size() != bias.size() || bias.size() == 0)
      return both.fault("is not a scale and a list of biases");
    model_.scale = both.numbers()[0];
    model_.bias.assign(bias.numbers().begin(), bias.numbers().end());
    const std::size_t outputs = trees_.empty() ? model_.bias.size() : trees_[0].width;
    if (model_.bias.size() != outputs)
      return bias.fault(std::to_string(bias.size()) + " biases, leaves of " + std::to_string(outputs) + " values");
    model_.base.assign(outputs, 0.0);
    model_.leaf_width = static_cast<std::uint32_t>(outputs);
    return {};
  }

  [[nodiscard]] result<void> make_trees(const catboost_features<>& features, json_value listed) {
    model_.number_columns = features.number_columns();
    model_.code_columns = features.code_columns();
    out_.category_hashes = features.hashes(trees_);
    for (std::size_t t = 0; t < trees_.size(); ++t) {
      std::vector<gbdt_split> splits;
      std::vector<std::uint32_t> categories;
      for (const catboost_split& s : trees_[t].splits) {
        const auto split = features.resolve(s, out_.category_hashes, categories);
        if (!split)
          return error{errc::corrupt, listed.path() + "[" + std::to_string(t) + "]: split " +
                                          std::to_string(splits.size()) + " is not among the " +
                                          (s.by_category ? "values" : "borders") + " of its feature"};
        splits.push_back(*split);
      }
      model_.trees.push_back(catboost_to_tree(std::move(trees_[t]), std::move(splits)));
      model_.trees.back().categories = std::move(categories);
    }
    return {};
  }

  /// A sum of models has its loss in another place, as a text that is JSON itself.
  [[nodiscard]] result<void> read_info(json_value info) {
    json_value loss = info.find("params").find("loss_function");
    json_tape inner;
    if (const json_value text = info.find("loss_function"); !loss && text.is(json_type::text)) {
      auto parsed = read_json(text.text(), json_reading{}, [](json_value) { return result<void>(); });
      if (!parsed) return text.fault(parsed.error().message);
      inner = std::move(*parsed);
      loss = inner.root();
    }
    for (const catboost_loss& known : catboost_losses)
      if (loss.find("type").text() == known.name) out_.prediction.kind = known.prediction;
    if (auto ok = read_classes(info.find("class_params")); !ok) return ok;
    return read_threshold(info.find("binclass_probability_threshold"));
  }
  [[nodiscard]] result<void> read_classes(json_value params) {
    const json_value names = params.find("class_names");
    const std::string_view kind = params.find("class_label_type").text();
    for (const double name : names.numbers()) out_.classes.push_back(label(name, kind));
    for (json_value name = names.child(); name; name = name.next()) {
      if (!name.is(json_type::text)) return name.fault("is neither a text nor a number");
      out_.classes.emplace_back(name.text());
    }
    const std::size_t outputs = model_.base.size();
    const auto count = whole(params.find("classes_count").number(), 0, most_classes);
    if (!count || names.size() > static_cast<std::size_t>(most_classes))
      return params.fault("too many classes", errc::capacity);
    const std::size_t classes = (std::max)(names.size(), static_cast<std::size_t>(*count));
    const auto labels = params.find("class_to_label").numbers();
    if (outputs == 1 || classes <= outputs || labels.size() != outputs) return {};
    out_.all_margins = static_cast<std::uint32_t>(classes);
    for (const double label : labels) {
      const auto l = whole(label, 0, static_cast<double>(classes) - 1);
      if (!l) return params.find("class_to_label").fault("one is no class");
      out_.margin_of.push_back(static_cast<std::uint32_t>(*l));
    }
    return {};
  }
  [[nodiscard]] result<void> read_threshold(json_value threshold) {
    if (!threshold) return {};
    const std::string_view text = threshold.text();
    double p = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), p);
    if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size() || !(p >= 0 && p <= 1))
      return threshold.fault("is no probability");
    out_.class_margin = -std::log(1 / p - 1);
    return {};
  }
  /// As Python writes it: True, 3 or 1.0.
  [[nodiscard]] static std::string label(double x, std::string_view kind) {
    if (kind == "Boolean") return x != 0 ? "True" : "False";
    if (x == std::floor(x) && std::abs(x) < 1e16)
      return std::to_string(static_cast<std::int64_t>(x)) + (kind == "Float" ? ".0" : "");
    char buffer[32];
    return {buffer, std::to_chars(buffer, buffer + sizeof buffer, x).ptr};
  }

  static constexpr double most_classes = 65'536;

  imported_gbdt out_;
  gbdt_description model_;
  std::vector<catboost_tree> trees_;
};

}  // namespace detail

/// The model in a file that CatBoost 1.2 wrote as JSON: symmetric or not, with categories that are one-hot (`code`
/// makes the codes of a row out of texts) and several outputs. Refused, with the reason: target statistics of
/// categories (CTRs), and what contradicts itself. The loss decides the prediction; of one that is not known it is the
/// margin.
/// Margins have CatBoost's bits. It is the fitted model that this holds for, or its native file: CatBoost itself does
/// not read the numbers of its JSON to the last bit.
/// Rows of doubles are rounded to float first, as there; a symmetric tree of d levels becomes 2^d - 1 splits. Covers
/// are the weights of training rows. O(bytes) time and memory; errors name the path of keys and the byte.
template <class = void> [[nodiscard]] result<imported_gbdt> import_catboost(std::string_view json) {
  return detail::catboost_importer<>::import(json);
}

}  // namespace mlsd
