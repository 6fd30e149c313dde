/// The rows of a CSV file, as a model wants them.
#pragma once

#include "formats.hpp"
#include "mlsd/data/csv_scanner.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

enum class header_line { told_apart, present, absent };

struct row_options {
  header_line header = header_line::told_apart;
  std::optional<double> missing{};  ///< a number that means none
};

/// Reads row by row. With a header line, columns are found by the model's names where it has any; else they are taken
/// in order. An empty cell, or `nan`, is a missing number; in a column of texts it is a text like any other.
class model_rows {
 public:
  /// `model` must outlive this.
  model_rows(const scored_model& model, std::string path, const row_options& options);

  /// The next row, which lives until the next call; nothing after the last.
  [[nodiscard]] mlsd::result<std::optional<mlsd::wide_row>> next();

 private:
  using record = std::span<const std::string_view>;

  [[nodiscard]] mlsd::result<bool> scan();
  [[nodiscard]] mlsd::result<void> start();
  [[nodiscard]] mlsd::result<bool> is_header(record first) const;
  [[nodiscard]] mlsd::result<void> match(record header);
  [[nodiscard]] bool names_are_defaults() const;
  [[nodiscard]] bool is_text(std::size_t column) const {
    return !model_.model.texts.empty() && model_.model.texts[column] != 0;
  }
  [[nodiscard]] mlsd::result<double> number(std::string_view cell) const;
  [[nodiscard]] mlsd::error located(mlsd::error e, std::size_t field) const;

  const scored_model& model_;
  row_options options_;
  mlsd::csv_scanner<mlsd::file_source> scanner_;
  bool started_ = false, waiting_ = false;  // waiting: a record was scanned and not yet used
  std::size_t file_columns_ = 0;
  std::vector<std::size_t> field_of_;  // [model's columns]
  std::vector<double> numbers_;
  std::vector<std::uint32_t> codes_;
};
