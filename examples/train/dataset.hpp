/// Rows of a file, and what must be known of them to read another file alike.
#pragma once

#include "mlsd/core/result.hpp"
#include "mlsd/data/examples.hpp"
#include "train/settings.hpp"
#include "train/trained_model.hpp"

#include <string>

struct dataset {
  mlsd::labelled_matrix rows{};
  column_layout layout{};
};

/// Reads the file that is learnt from, or, with the layout of that one, another file like it: categories it does not
/// know get a code beyond the dictionary. Errors name the file, the line and the column.
[[nodiscard]] mlsd::result<dataset> read_dataset(const std::string& path, const settings& s, bool needs_groups,
                                                 const column_layout* learnt = nullptr);
