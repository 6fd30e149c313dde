/// Rows of a file, and what must be known of them to read another file alike.
#pragma once

#include "mlsd/core/result.hpp"
#include "mlsd/data/examples.hpp"
#include "train/settings.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// How columns became features: numbers first, then codes, whose texts are the dictionaries.
struct column_layout {
  std::vector<std::string> names{};                      ///< of the features, numbers before codes
  std::vector<std::vector<std::string>> dictionaries{};  ///< of the codes: text c is code c
  std::vector<std::string> classes{};                    ///< the two texts of the label that stand for 0 and 1
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

struct dataset {
  mlsd::labelled_matrix rows{};
  column_layout layout{};
};

/// Reads the file that is learnt from, or, with the layout of that one, another file like it: categories it does not
/// know get a code beyond the dictionary. Errors name the file, the line and the column.
[[nodiscard]] mlsd::result<dataset> read_dataset(const std::string& path, const settings& s, bool needs_groups,
                                                 const column_layout* learnt = nullptr);
