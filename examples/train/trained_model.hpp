/// What `train` saves, and `score` and `convert` read.
#pragma once

#include "mlsd/core/result.hpp"
#include "mlsd/scoring/gbdt/model.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// How columns became features: numbers first, then codes, whose texts are the dictionaries.
struct column_layout {
  std::vector<std::string> names{};                      ///< of the features, numbers before codes
  std::vector<std::vector<std::string>> dictionaries{};  ///< of the codes: text c is code c
  std::vector<std::string> classes{};                    ///< the texts of the label: text k stands for k
  std::string label{};
  std::uint32_t sparse_first = 0;  ///< the index of feature 0 in sparse text

  [[nodiscard]] std::size_t numbers() const noexcept { return names.size() - dictionaries.size(); }
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("names", self.names);
    ar("dictionaries", self.dictionaries);
    ar("classes", self.classes);
    ar("label", self.label);
    ar("sparse_first", self.sparse_first);
  }
};

/// The file: the model, and what rows must be made of.
struct trained_model {
  column_layout layout{};
  std::string objective{};
  mlsd::gbdt_model model{};

  static constexpr std::string_view type_name = "trained model";
  static constexpr std::uint32_t version = 1;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("layout", self.layout);
    ar("objective", self.objective);
    ar("model", self.model);
  }
  [[nodiscard]] mlsd::result<void> validate() const {
    if (layout.names.size() != model.width() || layout.dictionaries.size() != model.code_columns())
      return mlsd::error{mlsd::errc::corrupt, "the names are not those of the model's features"};
    return {};
  }
};
