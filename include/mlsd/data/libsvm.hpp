#pragma once

#include "mlsd/core/result.hpp"
#include "mlsd/data/byte_source.hpp"
#include "mlsd/data/csv_scanner.hpp"
#include "mlsd/data/examples.hpp"
#include "mlsd/data/feature_matrix.hpp"
#include "mlsd/data/parse.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mlsd {

struct libsvm_options {
  char separator = ' ';                        ///< between the fields of a line; runs of it are one
  float absent = 0;                            ///< the value of a feature that a row does not list; may be NaN
  std::optional<std::uint32_t> first_index{};  ///< of column 0; if not told, 0 where an index 0 occurs, else 1
  std::size_t columns = 0;                     ///< if told, features beyond are left out, and fewer are filled up
  std::size_t most_columns = 65'536;
  std::size_t most_cells = std::size_t{1} << 31;  ///< rows times columns
};

namespace detail {

/// Rows of sparse text as columns: `label [qid:GROUP] INDEX:VALUE ... [# comment]`.
template <byte_source Source> class libsvm_reader {
 public:
  libsvm_reader(Source source, const libsvm_options& options)
      : options_(options),
        scanner_(std::move(source),
                 {.separator = options.separator, .quote = '\0', .trim = false, .max_fields = most_fields}) {}

  [[nodiscard]] result<labelled_matrix> operator()() {
    for (;;) {
      const csv_step step = scanner_.next();
      if (step == csv_step::end) break;
      if (step != csv_step::record) return scanner_.error();
      if (auto ok = read_row(); !ok) return ok.error();
    }
    if (label_.empty()) return error{errc::empty, "the text has no rows", error::no_position, 1, 1};
    return take();
  }

 private:
  static constexpr std::size_t most_fields = std::size_t{1} << 20;

  /// "nan", "NaN", "NAN", and "-nan", as C prints some.
  [[nodiscard]] static bool is_nan_word(std::string_view text) noexcept {
    if (text.size() == 4 && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
    return text.size() == 3 && (text[0] | 32) == 'n' && (text[1] | 32) == 'a' && (text[2] | 32) == 'n';
  }

  [[nodiscard]] error wrong(std::size_t field, std::string message) const {
    const text_position at = scanner_.position(field);
    return {errc::parse, std::move(message), error::no_position, at.line, at.column};
  }

  [[nodiscard]] result<void> read_row() {
    const auto fields = scanner_.fields();
    std::size_t i = 0;
    while (i < fields.size() && fields[i].empty()) ++i;
    if (i == fields.size() || fields[i].front() == '#') return {};  // a line of blanks or remarks
    float label = 0;
    if (!parse_number(fields[i], label)) return wrong(i, "the label '" + std::string(fields[i]) + "' is not a number");
    const std::size_t row = label_.size();
    bool grouped = false;
    for (++i; i < fields.size() && (fields[i].empty() || fields[i].front() != '#'); ++i) {
      if (fields[i].empty()) continue;
      const std::size_t colon = fields[i].find(':');
      const std::string_view key = fields[i].substr(0, colon);
      const std::string_view text = colon == std::string_view::npos ? "" : fields[i].substr(colon + 1);
      std::uint32_t number = 0;
      if (key == "qid" && !grouped) {
        if (!parse_number(text, number))
          return wrong(i, "the group '" + std::string(text) + "' is not an integer below 2^32");
        grouped = true;
        if (group_.size() != row) return wrong(i, "a group, but the rows before have none");
        group_.push_back(number);
        continue;
      }
      float value = 0;
      if (!parse_number(key, number) || colon == std::string_view::npos ||
          (!is_nan_word(text) && !parse_number(text, value)))
        return wrong(i, "'" + std::string(fields[i]) + "' is not INDEX:VALUE");
      if (is_nan_word(text)) value = (std::numeric_limits<float>::quiet_NaN)();
      if (auto ok = put(row, i, number, value); !ok) return ok;
    }
    if (!grouped && !group_.empty()) return wrong(0, "no group, but the rows before have one");
    label_.push_back(label);
    return {};
  }

  [[nodiscard]] result<void> put(std::size_t row, std::size_t field, std::uint32_t number, float value) {
    const std::uint32_t first = options_.first_index.value_or(0);
    if (number < first)
      return wrong(field,
                   "feature " + std::to_string(number) + " lies before the first index, " + std::to_string(first));
    const std::size_t c = number - first;
    // Where the first index is not told it may be 1, and the last column one further.
    if (options_.columns != 0 && c >= options_.columns + (options_.first_index ? 0 : 1)) return {};
    if (c >= options_.most_columns)
      return wrong(field, "feature " + std::to_string(number) + " is beyond the " +
                              std::to_string(options_.most_columns) + " columns allowed");
    if (c >= columns_.size()) columns_.resize(c + 1);
    std::vector<float>& column = columns_[c];
    if (column.size() > row) return wrong(field, "feature " + std::to_string(number) + " stands twice in this row");
    cells_ += row + 1 - column.size();
    if (cells_ > options_.most_cells)
      return wrong(field, "the rows so far have more than " + std::to_string(options_.most_cells) + " cells");
    column.resize(row, options_.absent);
    column.push_back(value);
    return {};
  }

  [[nodiscard]] result<labelled_matrix> take() {
    std::size_t from = 0;  // where indices count from 1, no row has filled column 0
    if (!options_.first_index && !columns_.empty() && columns_[0].empty()) from = 1;
    const std::size_t width =
        options_.columns != 0 ? options_.columns : columns_.size() - (std::min)(from, columns_.size());
    columns_.resize(width + from);
    if (width != 0 && label_.size() > options_.most_cells / width)
      return error{errc::capacity, std::to_string(label_.size()) + " rows of " + std::to_string(width) +
                                       " features are more than " + std::to_string(options_.most_cells) + " cells"};
    std::vector<feature_info> info(width);
    const std::size_t first = options_.first_index ? *options_.first_index : from;
    for (std::size_t j = 0; j < width; ++j) info[j].name = std::to_string(first + j);
    labelled_matrix out{
        feature_matrix::unfilled(std::move(info), label_.size()), std::move(label_), {}, std::move(group_)};
    for (std::size_t j = 0; j < width; ++j) {
      std::vector<float> column = std::move(columns_[from + j]);
      column.resize(out.rows(), options_.absent);
      std::copy(column.begin(), column.end(), out.x.number(j).begin());
    }
    return out;
  }

  libsvm_options options_;
  csv_scanner<Source> scanner_;
  std::vector<std::vector<float>> columns_;
  std::vector<float> label_;
  std::vector<std::uint32_t> group_;
  std::size_t cells_ = 0;  // that the columns hold so far
};

}  // namespace detail

/// Reads sparse rows, `label [qid:GROUP] INDEX:VALUE ... [# comment]` (LIBSVM, SVMlight, LETOR), into a dense matrix:
/// numbers [features, rows], named by their index, and the group of each row where there is one. Empty lines and
/// lines of remarks are skipped. O(bytes + rows x features); memory: the matrix and the text's columns, one by one.
/// Errors tell line and column: what is no number, an index that stands twice or is too large, a group that some rows
/// have and others lack.
template <byte_source Source>
[[nodiscard]] result<labelled_matrix> read_libsvm(Source source, const libsvm_options& options = {}) {
  return detail::libsvm_reader<Source>(std::move(source), options)();
}

}  // namespace mlsd
