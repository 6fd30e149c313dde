#pragma once

#include "mlsd/core/result.hpp"
#include "mlsd/data/byte_source.hpp"
#include "mlsd/data/csv_scanner.hpp"
#include "mlsd/data/examples.hpp"
#include "mlsd/data/feature_matrix.hpp"
#include "mlsd/data/parse.hpp"
#include "mlsd/data/sparse_matrix.hpp"
#include "mlsd/data/training_rows.hpp"

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
  std::size_t most_cells = std::size_t{1} << 31;  ///< rows times columns; of sparse rows, values listed
};

namespace detail {

/// The shape that lines of sparse text turn out to have.
struct libsvm_shape {
  std::size_t rows = 0, width = 0;
  std::size_t from = 0;  // the first column that counts
  std::vector<feature_info> info{};
};

enum class libsvm_put { stored, twice, too_many };

/// Values of sparse text as dense columns.
class libsvm_columns {
 public:
  using labelled = labelled_matrix;

  explicit libsvm_columns(const libsvm_options& options) : options_(options) {}

  [[nodiscard]] libsvm_put put(std::size_t row, std::size_t c, float value) {
    if (c >= columns_.size()) columns_.resize(c + 1);
    std::vector<float>& column = columns_[c];
    if (column.size() > row) return libsvm_put::twice;
    cells_ += row + 1 - column.size();
    if (cells_ > options_.most_cells) return libsvm_put::too_many;
    column.resize(row, options_.absent);
    column.push_back(value);
    return libsvm_put::stored;
  }
  void end_row() noexcept {}
  [[nodiscard]] std::size_t width() const noexcept { return columns_.size(); }
  [[nodiscard]] bool is_unused(std::size_t c) const noexcept { return columns_[c].empty(); }

  [[nodiscard]] result<feature_matrix> take(libsvm_shape shape) {
    if (shape.width != 0 && shape.rows > options_.most_cells / shape.width)
      return error{errc::capacity, std::to_string(shape.rows) + " rows of " + std::to_string(shape.width) +
                                       " features are more than " + std::to_string(options_.most_cells) + " cells"};
    columns_.resize(shape.width + shape.from);
    feature_matrix out = feature_matrix::unfilled(std::move(shape.info), shape.rows);
    for (std::size_t j = 0; j < shape.width; ++j) {
      std::vector<float> column = std::move(columns_[shape.from + j]);
      column.resize(shape.rows, options_.absent);
      std::copy(column.begin(), column.end(), out.number(j).begin());
    }
    return out;
  }

 private:
  const libsvm_options& options_;
  std::vector<std::vector<float>> columns_;
  std::size_t cells_ = 0;  // that the columns hold so far
};

/// Values of sparse text as compressed sparse rows.
class libsvm_entries {
 public:
  using labelled = labelled_sparse;

  explicit libsvm_entries(const libsvm_options& options) : options_(options) {}

  [[nodiscard]] libsvm_put put(std::size_t row, std::size_t c, float value) {
    if (c >= rows_with_.size()) rows_with_.resize(c + 1);
    if (rows_with_[c] > row) return libsvm_put::twice;
    if (index_.size() == options_.most_cells) return libsvm_put::too_many;
    rows_with_[c] = row + 1;
    index_.push_back(static_cast<std::uint32_t>(c));
    value_.push_back(value);
    return libsvm_put::stored;
  }
  void end_row() { offset_.push_back(index_.size()); }
  [[nodiscard]] std::size_t width() const noexcept { return rows_with_.size(); }
  [[nodiscard]] bool is_unused(std::size_t c) const noexcept { return rows_with_[c] == 0; }

  [[nodiscard]] result<sparse_matrix> take(libsvm_shape shape) {
    std::size_t kept = 0, e = 0;
    for (std::size_t i = 0; i < shape.rows; ++i) {
      for (; e < offset_[i + 1]; ++e) {
        if (index_[e] >= shape.from + shape.width) continue;
        index_[kept] = index_[e] - static_cast<std::uint32_t>(shape.from);
        value_[kept++] = value_[e];
      }
      offset_[i + 1] = kept;
    }
    index_.resize(kept);
    value_.resize(kept);
    return sparse_matrix::from_rows(std::move(shape.info), {offset_, index_, value_, shape.width});
  }

 private:
  const libsvm_options& options_;
  std::vector<std::size_t> rows_with_;  // the last row with each column, and 1
  std::vector<std::uint64_t> offset_{0};
  std::vector<std::uint32_t> index_;
  std::vector<float> value_;
};

/// Lines of sparse text: `label [qid:GROUP] INDEX:VALUE ... [# comment]`.
template <byte_source Source, class Values> class libsvm_reader {
 public:
  libsvm_reader(Source source, const libsvm_options& options)
      : options_(options),
        values_(options_),
        scanner_(std::move(source),
                 {.separator = options.separator, .quote = '\0', .trim = false, .max_fields = most_fields}) {}

  [[nodiscard]] result<typename Values::labelled> operator()() {
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
    values_.end_row();
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
    if (c >= options_.most_columns + (options_.first_index ? 0 : 1))
      return wrong(field, "feature " + std::to_string(number) + " is beyond the " +
                              std::to_string(options_.most_columns) + " columns allowed");
    switch (values_.put(row, c, value)) {
      case libsvm_put::stored:
        return {};
      case libsvm_put::twice:
        return wrong(field, "feature " + std::to_string(number) + " stands twice in this row");
      case libsvm_put::too_many:
        break;
    }
    return wrong(field, "the rows so far have more than " + std::to_string(options_.most_cells) + " cells");
  }

  [[nodiscard]] result<typename Values::labelled> take() {
    libsvm_shape shape{.rows = label_.size()};  // where indices count from 1, no row has filled column 0
    if (!options_.first_index && values_.width() != 0 && values_.is_unused(0)) shape.from = 1;
    shape.width = options_.columns != 0 ? options_.columns : values_.width() - (std::min)(shape.from, values_.width());
    if (shape.width > options_.most_columns)
      return error{errc::capacity, "features up to " + std::to_string(shape.from + shape.width - 1) + ", from " +
                                       std::to_string(shape.from) + " on, are more than the " +
                                       std::to_string(options_.most_columns) + " columns allowed"};
    const std::size_t first = options_.first_index ? *options_.first_index : shape.from;
    shape.info.resize(shape.width);
    for (std::size_t j = 0; j < shape.width; ++j) shape.info[j].name = std::to_string(first + j);
    auto x = values_.take(std::move(shape));
    if (!x) return x.error();
    return typename Values::labelled{std::move(*x), std::move(label_), {}, std::move(group_)};
  }

  libsvm_options options_;
  Values values_;
  csv_scanner<Source> scanner_;
  std::vector<float> label_;
  std::vector<std::uint32_t> group_;
};

}  // namespace detail

/// Reads sparse rows, `label [qid:GROUP] INDEX:VALUE ... [# comment]` (LIBSVM, SVMlight, LETOR), into a dense matrix:
/// numbers [features, rows], named by their index, and the group of each row where there is one. Empty lines and
/// lines of remarks are skipped. O(bytes + rows x features); memory: the matrix and the text's columns, one by one.
/// Errors tell line and column: what is no number, an index that stands twice or is too large, a group that some rows
/// have and others lack.
template <byte_source Source>
[[nodiscard]] result<labelled_matrix> read_libsvm(Source source, const libsvm_options& options = {}) {
  return detail::libsvm_reader<Source, detail::libsvm_columns>(std::move(source), options)();
}

/// The same rows as a sparse matrix, of which no value is `absent` but 0. O(bytes); memory: about 16 bytes a listed
/// value while it reads, and `sparse_matrix` after.
template <byte_source Source>
[[nodiscard]] result<labelled_sparse> read_sparse_libsvm(Source source, const libsvm_options& options = {}) {
  if (options.absent != 0) return error{errc::invalid_argument, "sparse rows: what is absent can only be 0"};
  return detail::libsvm_reader<Source, detail::libsvm_entries>(std::move(source), options)();
}

}  // namespace mlsd
