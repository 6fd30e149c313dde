#pragma once

#include "mlsd/core/matrix_view.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/scoring/text_dictionary.hpp"

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mlsd {

/// A row of a table on its way to a model: numbers start as missing, texts as unknown.
struct table_row {
  std::vector<float> numbers{};
  std::vector<std::uint32_t> codes{};

  [[nodiscard]] mixed_row view() const noexcept { return {numbers, codes}; }
};

/// How the columns of a table became features: their names, numbers before texts; what code a text has; and what the
/// label was. A model with its layout scores tables whose columns come in another order, and texts.
struct table_layout {
  static constexpr std::string_view type_name = "table layout";
  static constexpr std::uint32_t version = 1;

  std::vector<std::string> names{};             ///< [features]
  std::vector<text_dictionary> dictionaries{};  ///< of the last of them, which are texts
  std::string label{};
  std::vector<std::string> classes{};  ///< texts of the label, class 0 first; or empty

  [[nodiscard]] std::size_t width() const noexcept { return names.size(); }
  [[nodiscard]] std::size_t numbers() const noexcept { return names.size() - dictionaries.size(); }
  [[nodiscard]] bool is_text(std::size_t feature) const noexcept { return feature >= numbers(); }

  /// The feature of this name, or an error that lists those there are. O(features).
  template <class = void> [[nodiscard]] result<std::size_t> feature(std::string_view name) const {
    for (std::size_t f = 0; f < names.size(); ++f)
      if (names[f] == name) return f;
    std::string known;
    for (std::size_t f = 0; f < names.size() && f < 20; ++f) known += (f == 0 ? "'" : ", '") + names[f] + "'";
    return error{errc::missing_column, "no feature '" + std::string(name) + "'; there are " +
                                           std::to_string(names.size()) + ": " + known +
                                           (names.size() > 20 ? ", ..." : "")};
  }
  /// Where each feature stands in a header, which may have other columns, too; an error names a feature that is not
  /// there or twice. O(features x columns).
  template <class = void>
  [[nodiscard]] result<std::vector<std::size_t>> places_in(std::span<const std::string_view> header) const {
    std::vector<std::size_t> places;
    for (const std::string& name : names) {
      const std::size_t before = places.size();
      for (std::size_t c = 0; c < header.size(); ++c)
        if (header[c] == name) places.push_back(c);
      if (places.size() == before) return error{errc::missing_column, "no column '" + name + "'"};
      if (places.size() > before + 1) return error{errc::invalid_argument, "two columns '" + name + "'"};
    }
    return places;
  }

  /// An empty row. Allocates.
  template <class = void> [[nodiscard]] table_row row() const {
    table_row r{std::vector<float>(numbers(), (std::numeric_limits<float>::quiet_NaN)()), {}};
    for (const text_dictionary& d : dictionaries) r.codes.push_back(static_cast<std::uint32_t>(d.size()));
    return r;
  }
  /// Sets a number of a row of this layout, or a text, of which unknown ones are alike.
  void put(table_row& row, std::size_t feature, float number) const noexcept {
    assert(!is_text(feature));
    row.numbers[feature] = number;
  }
  void put(table_row& row, std::size_t feature, std::string_view text) const noexcept {
    assert(is_text(feature) && feature < width());
    const std::size_t k = feature - numbers();
    row.codes[k] = dictionaries[k].code(text);
  }

  template <class = void> [[nodiscard]] result<void> validate() const {
    if (dictionaries.size() > names.size())
      return error{errc::corrupt, "table layout: " + std::to_string(dictionaries.size()) + " dictionaries, but " +
                                      std::to_string(names.size()) + " features"};
    if (auto distinct = text_dictionary::of(names); !distinct)
      return error{errc::corrupt, "table layout: names: " + distinct.error().message};
    if (auto distinct = text_dictionary::of(classes); !distinct)
      return error{errc::corrupt, "table layout: classes: " + distinct.error().message};
    return {};
  }
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("names", self.names);
    ar("dictionaries", self.dictionaries);
    ar("label", self.label);
    ar("classes", self.classes);
  }
};

}  // namespace mlsd
