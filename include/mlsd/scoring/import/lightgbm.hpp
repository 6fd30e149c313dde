#pragma once

#include "mlsd/archive/storage.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/scoring/gbdt/model.hpp"
#include "mlsd/scoring/import/imported_gbdt.hpp"
#include "mlsd/scoring/import/key_value_lines.hpp"
#include "mlsd/scoring/import/lightgbm_objective.hpp"
#include "mlsd/scoring/import/lightgbm_tree.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mlsd {

namespace detail {

/// Reads the text of a LightGBM model from front to end, once.
template <class = void> class lightgbm_reader {
 public:
  explicit lightgbm_reader(std::string_view text) : lines_(text) {}

  [[nodiscard]] result<imported_gbdt> read() {
    if (auto ok = read_head(); !ok) return ok.error();
    if (auto ok = read_trees(); !ok) return ok.error();
    auto model = gbdt_model::build(from_);
    if (!model) return located(model.error());
    into_.model = *std::move(model);
    if (auto ok = into_.validate(); !ok) return ok.error();
    return std::move(into_);
  }

 private:
  enum field : std::size_t {
    version,
    num_class,
    per_iteration,
    max_feature,
    objective,
    average,
    feature_names,
    sizes,
    field_count
  };
  static constexpr std::array<std::string_view, field_count> names{
      "version",   "num_class",      "num_tree_per_iteration", "max_feature_idx",
      "objective", "average_output", "feature_names",          "tree_sizes"};

  /// Moves to the next line that is not empty.
  bool next() noexcept {
    while (lines_.next())
      if (!lines_.line().key.empty()) return true;
    return false;
  }
  [[nodiscard]] mlsd::error ended(const char* wanted) const {
    return {.code = errc::truncated,
            .message = std::string("the text ends in front of '") + wanted + "'",
            .line = lines_.line().number,
            .column = 1};
  }

  [[nodiscard]] result<void> read_head() {
    if (!next() || lines_.line().key != "tree" || lines_.line().has_value)
      return lines_.line().fault(lines_.line().key.data(), "no model of LightGBM: its first line is 'tree'");
    std::array<key_value_line, field_count> fields{};
    for (;;) {
      if (!next()) return ended("end of trees");
      const key_value_line& line = lines_.line();
      if (at_tree() || at_end()) break;
      for (std::size_t f = 0; f < field_count; ++f) {
        if (line.key != names[f]) continue;
        if (fields[f].number != 0) return line.fault("the model has this line twice");
        fields[f] = line;
      }
    }
    for (const field f : {version, num_class, max_feature, feature_names})
      if (fields[f].number == 0) return lines_.line().fault("the model has no line '" + std::string(names[f]) + "'");
    return use_head(fields);
  }
  [[nodiscard]] result<void> use_head(const std::array<key_value_line, field_count>& fields) {
    if (const std::string_view v = fields[version].value; v != "v2" && v != "v3" && v != "v4")
      return fields[version].fault("v2, v3 or v4 expected");
    const auto outputs =
        parse_number<std::uint32_t>(fields[fields[per_iteration].number != 0 ? per_iteration : num_class]);
    if (!outputs) return outputs.error();
    if (*outputs == 0 || *outputs > most_outputs) return fields[num_class].fault("1 to 65536 outputs expected");
    from_.base.assign(*outputs, 0.0);
    into_.trees_per_iteration = *outputs;
    const auto last_column = parse_number<std::uint32_t>(fields[max_feature]);
    if (!last_column) return last_column.error();
    if (*last_column >= gbdt_forest::most_columns) return fields[max_feature].fault("at most 2^24 - 1 expected");
    from_.number_columns = *last_column + 1;
    if (auto ok = read_names(fields[feature_names]); !ok) return ok;
    if (fields[objective].number != 0) {
      const auto rule = read_lightgbm_objective(fields[objective]);
      if (!rule) return rule.error();
      into_.prediction = *rule;
    }
    into_.prediction.averaged = fields[average].number != 0;
    announced_ = fields[sizes];
    return {};
  }
  [[nodiscard]] result<void> read_names(const key_value_line& line) {
    std::string_view rest = line.value;
    for (std::string_view word = take_word(rest); !word.empty(); word = take_word(rest))
      into_.columns.emplace_back(word);
    if (into_.columns.size() == from_.number_columns) return {};
    return line.fault(std::to_string(from_.number_columns) + " names expected, " +
                      std::to_string(into_.columns.size()) + " found");
  }

  [[nodiscard]] bool at_tree() const noexcept { return lines_.line().key == "Tree" && lines_.line().has_value; }
  [[nodiscard]] bool at_end() const noexcept { return lines_.line().key == "end of trees"; }

  [[nodiscard]] result<void> read_trees() {
    lightgbm_tree_reader<> reader(from_.number_columns);
    bool has_counts = true;
    while (!at_end()) {
      if (!at_tree()) return lines_.line().fault("expected 'Tree=...' or 'end of trees'");
      const std::size_t t = from_.trees.size();
      const auto number = parse_number<std::uint64_t>(lines_.line());
      if (!number) return number.error();
      if (*number != t) return lines_.line().fault("expected tree " + std::to_string(t));
      tree_lines_.push_back(lines_.line().number);
      auto tree = reader.read(lines_);
      if (!tree) return tree.error();
      tree->output = static_cast<std::uint32_t>(t % from_.base.size());
      has_counts = has_counts && !tree->leaf_covers.empty();
      from_.trees.push_back(*std::move(tree));
      if (!next()) return ended("end of trees");
    }
    if (!has_counts)
      for (gbdt_tree& tree : from_.trees) tree.leaf_covers.clear();
    return check_count();
  }
  [[nodiscard]] result<void> check_count() {
    const std::string found = std::to_string(from_.trees.size()) + " trees";
    if (from_.trees.size() % from_.base.size() != 0)
      return lines_.line().fault(found + " are no multiple of " + std::to_string(from_.base.size()) + " outputs");
    if (announced_.number == 0) return {};
    std::size_t announced = 0;
    for (std::string_view rest = announced_.value; !take_word(rest).empty();) ++announced;
    if (announced != from_.trees.size()) return announced_.fault(found + " follow, not " + std::to_string(announced));
    return {};
  }

  /// The same error, with the line of the tree that it is about.
  [[nodiscard]] mlsd::error located(mlsd::error e) const {
    gbdt_description alone{.number_columns = from_.number_columns, .base = from_.base};
    for (std::size_t t = 0; t < from_.trees.size(); ++t) {
      alone.trees.assign(1, from_.trees[t]);
      if (gbdt_forest(alone).validate()) continue;
      e.line = tree_lines_[t];
      e.column = 1;
      break;
    }
    return e;
  }

  static constexpr std::uint32_t most_outputs = 65'536;
  key_value_lines lines_;
  key_value_line announced_;
  std::vector<std::uint64_t> tree_lines_;
  gbdt_description from_;
  imported_gbdt into_;
};

}  // namespace detail

/// A model that LightGBM (2.3 to 4.x) saved as text. Raw margins of rows of doubles are LightGBM's, bit for bit, and so
/// are leaf numbers; predictions are within 2 ulp. Rows of floats give what LightGBM gives for these numbers.
/// Zeros, missing values and categories mean what they mean to LightGBM: numbers within 1e-35 of 0 are 0; NaN is 0
/// where the feature had no missing values in training; a category is a number, rounded towards zero, that goes right
/// if it is negative, NaN or unknown. A model of pandas' categories takes their codes.
/// Every line is checked; errors have the line. `covers` are numbers of rows.
/// O(bytes); memory in proportion to the text.
template <class = void> [[nodiscard]] result<imported_gbdt> import_lightgbm(std::string_view text) {
  return detail::lightgbm_reader<>(text).read();
}

/// The same from a file; errors name it.
template <class = void> [[nodiscard]] result<imported_gbdt> load_lightgbm(const std::string& path) {
  const auto content = detail::read_file(path);
  if (!content) return content.error();
  const std::span<const std::byte> bytes = content->bytes();
  auto model = import_lightgbm({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  if (model) return model;
  error e = model.error();
  e.message = "'" + path + "': " + e.message;
  return e;
}

}  // namespace mlsd
