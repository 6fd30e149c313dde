#pragma once

#include "mlsd/core/result.hpp"
#include "mlsd/scoring/gbdt/tree.hpp"
#include "mlsd/scoring/import/catboost_tree.hpp"
#include "mlsd/scoring/import/json_tape.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mlsd::detail {

/// The features of a CatBoost file: what numbers its splits and columns have.
template <class = void> class catboost_features {
 public:
  [[nodiscard]] static result<catboost_features> read(json_value info) {
    catboost_features out;
    json_fields fields(info);
    if (!fields.good()) return fields.error();
    for (const std::string_view key : {"ctrs", "text_features", "embedding_features", "estimated_features"})
      if (const json_value v = info.find(key); v.size() != 0)
        return v.fault(key == "ctrs" ? "target statistics of categories (CTRs) are not supported"
                                     : "features of this kind are not supported");
    for (const bool by_category : {false, true})
      if (auto ok = out.read_all(info.find(by_category ? "categorical_features" : "float_features"), by_category); !ok)
        return ok.error();
    if (auto ok = out.place_columns(info); !ok) return ok.error();
    return out;
  }

  [[nodiscard]] std::uint32_t number_columns() const noexcept { return static_cast<std::uint32_t>(numbers_.size()); }
  [[nodiscard]] std::uint32_t code_columns() const noexcept { return static_cast<std::uint32_t>(texts_.size()); }
  /// [all columns] in the order of the file: which hold texts.
  [[nodiscard]] std::vector<std::uint8_t> is_text() const {
    std::vector<std::uint8_t> out(columns_);
    for (const feature& f : texts_) out[f.flat] = 1;
    return out;
  }
  /// [all columns]; or empty, where none has a name. Without a name it is the column's number, as in CatBoost.
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> out(columns_);
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = std::to_string(i);
    bool any = false;
    for (const std::vector<feature>* kind : {&numbers_, &texts_})
      for (const feature& f : *kind)
        if (!f.name.empty()) {
          out[f.flat] = f.name;
          any = true;
        }
    return any ? out : std::vector<std::string>();
  }
  /// The hashes that splits ask for, ascending, once they are all resolved: the code of a category is its place here.
  [[nodiscard]] std::vector<std::uint32_t> hashes(const std::vector<catboost_tree>& trees) const {
    std::vector<std::uint32_t> out;
    for (const catboost_tree& tree : trees)
      for (const catboost_split& s : tree.splits)
        if (s.by_category) out.push_back(s.value);
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
  }

  /// A split without its children, and the category it lists among `categories`; or nothing, where it contradicts the
  /// lists of borders and values.
  [[nodiscard]] std::optional<gbdt_split> resolve(const catboost_split& s, const std::vector<std::uint32_t>& hashes,
                                                  std::vector<std::uint32_t>& categories) const {
    const std::vector<feature>& kind = s.by_category ? texts_ : numbers_;
    if (s.feature >= kind.size()) return std::nullopt;
    const feature& f = kind[s.feature];
    const std::uint64_t place = s.number - f.first_split;
    if (s.number < f.first_split || place >= f.splits.size()) return std::nullopt;
    const double listed = f.splits[static_cast<std::size_t>(place)];
    if (!s.by_category) {
      if (listed != s.border) return std::nullopt;
      return gbdt_split{.feature = f.column, .threshold = s.border, .nan_left = !f.nan_right};
    }
    if (static_cast<std::uint32_t>(static_cast<std::int64_t>(listed)) != s.value) return std::nullopt;
    gbdt_split out{.feature = f.column, .test = gbdt_test::code};
    out.first_category = static_cast<std::uint32_t>(categories.size());
    out.category_count = 1;
    const auto code = std::lower_bound(hashes.begin(), hashes.end(), s.value) - hashes.begin();
    categories.push_back(static_cast<std::uint32_t>(code));
    return out;
  }

 private:
  struct feature {
    std::uint32_t flat = 0, column = 0;  // the column in the file, and in a row of numbers and codes
    bool there = false, is_text = false, nan_right = false;
    std::uint64_t first_split = 0;  // the number of its first border or value
    std::vector<double> splits{};   // its borders, or its values
    std::string name{};
  };
  static constexpr std::size_t most_columns = std::size_t{1} << 24;

  [[nodiscard]] result<void> read_all(json_value list, bool by_category) {
    std::vector<feature>& all = by_category ? texts_ : numbers_;
    if (list && !list.is(json_type::array) && !list.is(json_type::null)) return list.fault("is not an array");
    if (!list.numbers().empty()) return list.fault("has an element that is not a feature");
    all.resize(list.size());
    for (json_value v = list.is(json_type::array) ? list.child() : json_value(); v; v = v.next()) {
      json_fields fields(v);
      const auto i = static_cast<std::size_t>(fields.integer("feature_index", 0, static_cast<double>(all.size()) - 1));
      if (!fields.good()) return fields.error();
      feature& f = all[i];
      if (f.there) return v.fault("feature_index " + std::to_string(i) + " is there twice");
      f.there = true;
      f.is_text = by_category;
      f.flat =
          static_cast<std::uint32_t>(fields.integer("flat_feature_index", 0, static_cast<double>(most_columns) - 1));
      if (fields.has("feature_id")) f.name = fields.text("feature_id");
      const std::string_view splits = by_category ? "values" : "borders";
      if (!v.find(splits).is(json_type::null) && fields.has(splits)) {
        const auto listed = fields.numbers(splits);
        f.splits.assign(listed.begin(), listed.end());
        for (const double value : listed)
          if (by_category && !whole(value, -2147483648.0, 4294967295.0)) fields.fail(splits, "one is no hash");
      }
      if (!by_category) read_nan(fields, f);
      if (!fields.good()) return fields.error();
    }
    return {};
  }
  static void read_nan(json_fields& fields, feature& f) {
    const std::string_view treatment = fields.text("nan_value_treatment");
    f.nan_right = treatment == "AsTrue" && fields.boolean("has_nans");
    if (fields.good() && treatment != "AsTrue" && treatment != "AsFalse" && treatment != "AsIs")
      fields.fail("nan_value_treatment", "'" + std::string(treatment.substr(0, 40)) + "' is unknown");
  }
  /// Columns of numbers come first, in the file's order, and then those of codes; and splits get their numbers.
  [[nodiscard]] result<void> place_columns(json_value info) {
    std::uint64_t split = 0;
    columns_ = numbers_.size() + texts_.size();
    std::vector<feature*> by_flat(columns_);
    for (std::vector<feature>* kind : {&numbers_, &texts_})
      for (feature& f : *kind) {
        f.first_split = std::exchange(split, split + f.splits.size());
        if (f.flat >= columns_ || std::exchange(by_flat[f.flat], &f) != nullptr)
          return info.fault("flat_feature_index " + std::to_string(f.flat) + " is out of range or there twice");
      }
    std::uint32_t number = 0;
    auto code = number_columns();
    for (feature* f : by_flat) f->column = f->is_text ? code++ : number++;
    return {};
  }

  std::vector<feature> numbers_, texts_;
  std::size_t columns_ = 0;
};

}  // namespace mlsd::detail
