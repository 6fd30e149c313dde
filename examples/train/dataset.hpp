/// Rows of a file, and what must be known of them to read another file alike.
#pragma once

#include "mlsd/core/result.hpp"
#include "mlsd/data/training_rows.hpp"
#include "mlsd/scoring/table_layout.hpp"
#include "train/settings.hpp"

#include <string>

/// Rows are dense, or sparse if the text is and lists few of its cells.
struct dataset {
  mlsd::labelled_matrix rows{};
  mlsd::labelled_sparse sparse_rows{};
  mlsd::table_layout layout{};

  [[nodiscard]] bool is_sparse() const noexcept { return sparse_rows.rows() != 0; }
  [[nodiscard]] mlsd::labelled_rows view() const noexcept {
    return is_sparse() ? mlsd::labelled_rows(sparse_rows) : mlsd::labelled_rows(rows);
  }
};

/// Reads the file that is learnt from, or, with the layout of that one, another file like it: categories it does not
/// know get a code beyond the dictionary. Errors name the file, the line and the column.
[[nodiscard]] mlsd::result<dataset> read_dataset(const std::string& path, const settings& s, bool needs_groups,
                                                 const mlsd::table_layout* learnt = nullptr);
