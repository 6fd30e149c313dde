/// The rows of a file of text, packed by gzip or not, as a model wants them.
#pragma once

#include "formats.hpp"
#include "gzip_source.hpp"
#include "mlsd/data/csv_scanner.hpp"
#include "mlsd/data/parse.hpp"

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
/// in order. An empty cell, or `nan`, is a missing number; in a column of texts it is a text like any other. For a
/// model that `train` saved, the text is read as `train` reads it: its separators, its words for missing numbers, no
/// blanks around texts, numbers in float; without a header line, columns are in the order of the training file.
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
  [[nodiscard]] bool parse(std::string_view cell, double& value) const;
  [[nodiscard]] mlsd::result<double> number(std::string_view cell) const;
  [[nodiscard]] mlsd::error located(mlsd::error e, std::size_t field) const;

  const scored_model& model_;
  row_options options_;
  mlsd::parse_words words_;
  mlsd::csv_scanner<gzip_source> scanner_;
  bool started_ = false, waiting_ = false;  // waiting: a record was scanned and not yet used
  std::size_t file_columns_ = 0;
  std::vector<std::size_t> place_of_;  // [model's columns]: in a file without names
  bool names_are_places_ = false;      // of the columns of a training file without names
  bool needs_header_ = false;          // where columns stand in a file without names is not known
  std::vector<std::size_t> field_of_;  // [model's columns]
  std::vector<double> numbers_;
  std::vector<std::uint32_t> codes_;
};
