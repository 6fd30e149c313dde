/// Rows of a file, and what must be known of them to read another file alike.
#pragma once

#include "mlsd/core/result.hpp"
#include "mlsd/data/training_rows.hpp"
#include "mlsd/scoring/table_layout.hpp"
#include "train/settings.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

/// The line of a file that each row stands in, kept where it is not the one after that of the row before.
class row_lines {
 public:
  void add(std::size_t row, std::uint64_t line) {
    if (line - row != offset_ || starts_.empty()) starts_.push_back({row, offset_ = line - row});
  }
  [[nodiscard]] bool empty() const noexcept { return starts_.empty(); }
  [[nodiscard]] std::uint64_t of(std::size_t row) const {
    std::size_t k = starts_.size();
    while (k > 1 && starts_[k - 1].first > row) --k;
    return k == 0 ? 0 : starts_[k - 1].second + row;
  }

 private:
  std::vector<std::pair<std::size_t, std::uint64_t>> starts_{};
  std::uint64_t offset_ = 0;
};

/// Rows are dense, or sparse if the text is and lists few of its cells.
struct dataset {
  mlsd::labelled_matrix rows{};
  mlsd::labelled_sparse sparse_rows{};
  mlsd::table_layout layout{};
  row_lines lines{};  ///< of a table

  [[nodiscard]] bool is_sparse() const noexcept { return sparse_rows.rows() != 0; }
  [[nodiscard]] mlsd::labelled_rows view() const noexcept {
    return is_sparse() ? mlsd::labelled_rows(sparse_rows) : mlsd::labelled_rows(rows);
  }
};

/// Reads the file that is learnt from, or, with the layout of that one, another file like it: categories it does not
/// know get a code beyond the dictionary. Errors name the file, the line and the column.
/// `has_classes`: labels that are numbers are texts beside labels that are texts.
[[nodiscard]] mlsd::result<dataset> read_dataset(const std::string& path, const settings& s, bool needs_groups,
                                                 bool has_classes, const mlsd::table_layout* learnt = nullptr);
