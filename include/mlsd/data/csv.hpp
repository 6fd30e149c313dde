#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "mlsd/core/result.hpp"
#include "mlsd/data/byte_source.hpp"
#include "mlsd/data/csv_scanner.hpp"
#include "mlsd/data/frame.hpp"
#include "mlsd/data/parse.hpp"

namespace mlsd {

/// The schema's field `field` is called `column` in the file.
struct csv_rename {
  std::string field, column;
};

/// A row that could not be read: where, why, and its text, cut after 4,096 bytes.
struct bad_row {
  std::uint64_t line = 0, column = 0;
  std::string message{}, text{};
};

/// How fields become a frame.
struct csv_options {
  csv_format format{};
  parse_words words{};
  bool header = true;                  ///< the first record names the columns
  std::vector<std::string> columns{};  ///< names of the file's columns in order; they replace those of a header
  std::vector<csv_rename> renamed{};   ///< fields whose column has another name
  /// Null: the first bad row is the error of the read. Else every bad row is added here, in order, and the read goes on
  /// with the rows that are good; the vector must outlive the reader.
  std::vector<bad_row>* bad_rows = nullptr;
  std::size_t max_bad_rows = 100'000;  ///< the read fails at the bad row after these: none is dropped in silence
};

namespace detail {

/// A text from outside, fit for a message: at most 40 bytes, no control characters.
template <class = void> [[nodiscard]] std::string shown(std::string_view text) {
  std::size_t n = (std::min)(text.size(), std::size_t{40});
  if (n < text.size())
    while (n > 0 && (static_cast<unsigned char>(text[n]) & 0xc0) == 0x80) --n;  // not inside a UTF-8 sequence
  std::string out{"'"};
  for (const char c : text.substr(0, n)) out += static_cast<unsigned char>(c) < 32 || c == 127 ? '?' : c;
  return out + (n < text.size() ? "...'" : "'");
}

/// A field of a schema, as the header is searched for it.
struct csv_field {
  std::string_view name{};
  bool in_file = true;
};

inline constexpr std::size_t no_column = ~std::size_t{0};

template <class = void> [[nodiscard]] result<void> check_unique(std::span<const std::string> names) {
  std::vector<std::size_t> order(names.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return names[a] != names[b] ? names[a] < names[b] : a < b; });
  for (std::size_t i = 1; i < order.size(); ++i)
    if (const std::string& name = names[order[i]]; !name.empty() && name == names[order[i - 1]])
      return error{errc::parse, "two columns are called " + shown(name) + ", number " +
                                    std::to_string(order[i - 1] + 1) + " and number " + std::to_string(order[i] + 1)};
  return {};
}

/// The column of each field in a file with these columns.
template <class = void>
[[nodiscard]] result<void> bind_columns(std::span<const csv_field> fields, std::span<const std::string> names,
                                        const csv_options& options, std::span<std::size_t> columns) {
  for (const csv_rename& r : options.renamed)
    if (std::none_of(fields.begin(), fields.end(), [&](const csv_field& f) { return f.in_file && f.name == r.field; }))
      return error{errc::invalid_argument,
                   "csv: a column is renamed to " + shown(r.field) + ", which no field is called"};
  if (result<void> unique = check_unique(names); !unique) return unique;
  for (std::size_t f = 0; f < fields.size(); ++f) {
    columns[f] = no_column;
    if (!fields[f].in_file) continue;
    std::string_view wanted = fields[f].name;
    for (const csv_rename& r : options.renamed)
      if (r.field == fields[f].name) wanted = r.column;
    columns[f] = static_cast<std::size_t>(std::find(names.begin(), names.end(), wanted) - names.begin());
    if (columns[f] != names.size()) continue;
    std::string all;
    for (std::size_t i = 0; i < names.size() && i < 100; ++i) all += (i == 0 ? "" : ", ") + shown(names[i]);
    return error{errc::missing_column,
                 "there is no column " + shown(wanted) + " among " + all + (names.size() > 100 ? ", ..." : "")};
  }
  return {};
}

/// Why `text` was refused for a field of the type that `expected` describes.
template <class = void>
[[nodiscard]] std::string refusal(std::string_view name, std::string_view text, std::string expected,
                                  const parse_words& words) {
  std::string out = "expected " + std::move(expected) + " for " + shown(name) + ", found ";
  if (is_one_of(text, words.missing)) return out + (text.empty() ? "nothing" : shown(text) + ", a missing value");
  return out + shown(text);
}

}  // namespace detail

/// Reads a CSV text batch by batch into frames of a schema, so that a file may be larger than memory.
///
/// Columns are matched to fields by name, extra columns are ignored, `computed` fields are left at their zero. Without
/// a header and without `columns`, the file has the schema's fields in the schema's order. Two columns of one name, a
/// field without a column and a text without any record are errors; a header alone is a table of no rows.
/// A row is bad that is not CSV, has another number of fields than the header, or a field that is not of its type;
/// `csv_options::bad_rows` tells what becomes of it. Every error has line and column.
/// O(bytes); allocates only as the batch grows. Values go straight into the columns.
template <const auto& Schema, byte_source Source> class csv_reader {
 public:
  explicit csv_reader(Source source, csv_options options = {})
      : scanner_(std::move(source), options.format), options_(std::move(options)) {}

  /// Replaces the rows of `batch` by the next ones, at most `rows`; false at the end. After a bad row that was an error
  /// the next call goes on behind it; after any other error it gives that error again.
  [[nodiscard]] result<bool> next(frame<Schema>& batch, std::size_t rows) {
    batch.resize(0);
    if (!bound_) {
      result<void> r = bind();
      if (!r) failure_ = r.error();
      bound_ = true;
    }
    std::size_t n = 0;
    std::optional<error> stop = failure_;
    while (!stop && n < rows) {
      const csv_step step = scanner_.next();
      if (step == csv_step::end) {
        if (!seen_) failure_ = stop = nothing();
        break;
      }
      seen_ = true;
      if (step == csv_step::failed) {
        failure_ = stop = scanner_.error();
      } else if (step == csv_step::bad) {
        stop = report(scanner_.error());
      } else if (append(batch)) {
        ++n;
      } else {
        frame<Schema>::for_each_index([&]<std::size_t I>() { batch.template column_at<I>().resize(n); });
        stop = report(refuse());
      }
    }
    batch.set_size(n);
    if (stop) return *std::move(stop);
    return n != 0;
  }

 private:
  using schema_type = schema_of<Schema>;
  static constexpr std::size_t size = schema_type::size;
  template <std::size_t I> using value_type = typename schema_type::template value_type<I>;
  template <std::size_t I> static constexpr bool in_file = schema_type::template field_type<I>::role != role::computed;

  [[nodiscard]] static error nothing() { return {errc::empty, "the text is empty", error::no_position, 1, 1}; }

  result<void> bind() {
    std::array<detail::csv_field, size> fields;
    frame<Schema>::for_each_index([&]<std::size_t I>() { fields[I] = {schema_type::template name<I>, in_file<I>}; });
    std::vector<std::string> names = options_.columns;
    if (options_.header) {
      const csv_step step = scanner_.next();
      if (step == csv_step::end) return nothing();
      if (step != csv_step::record) return scanner_.error();
      seen_ = true;
      const std::span<const std::string_view> header = scanner_.fields();
      if (names.empty()) names.assign(header.begin(), header.end());
      if (names.size() != header.size()) return wrong_count(names.size());
    } else if (names.empty()) {
      for (const detail::csv_field& f : fields)
        if (f.in_file) names.emplace_back(f.name);
    }
    width_ = names.size();
    result<void> bound = detail::bind_columns(fields, names, options_, columns_);
    if (bound || !options_.header || bound.error().code == errc::invalid_argument) return bound;
    error e = bound.error();
    e.line = scanner_.line();
    e.column = 1;
    return e;
  }

  /// Appends the record to the columns. False where it does not fit; then some columns are longer than others.
  [[nodiscard]] bool append(frame<Schema>& batch) {
    const std::span<const std::string_view> fields = scanner_.fields();
    refused_ = 0;
    if (fields.size() != width_) return false;
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return (append_field<I>(batch, fields) && ...);
    }(std::make_index_sequence<size>{});
  }
  template <std::size_t I>
  [[nodiscard]] bool append_field(frame<Schema>& batch, std::span<const std::string_view> fields) {
    static_assert(!std::is_same_v<value_type<I>, std::optional<std::string_view>>,
                  "mlsd: an optional text is a std::string: the empty text is missing");
    value_type<I> value{};
    if constexpr (in_file<I>) {
      refused_ = I;
      if (!parse_value(fields[columns_[I]], options_.words, value)) return false;
    }
    batch.template column_at<I>().push_back(std::move(value));
    return true;
  }

  [[nodiscard]] error wrong_count(std::size_t expected) const {
    const std::size_t found = scanner_.fields().size();
    const text_position at = found > expected ? scanner_.position(expected) : scanner_.end_position();
    return {errc::parse, "expected " + std::to_string(expected) + " fields, found " + std::to_string(found),
            error::no_position, at.line, at.column};
  }
  /// Why `append` refused the record.
  [[nodiscard]] error refuse() const {
    const std::span<const std::string_view> fields = scanner_.fields();
    if (fields.size() != width_) return wrong_count(width_);
    error e{errc::parse};
    frame<Schema>::for_each_index([&]<std::size_t I>() {
      if constexpr (in_file<I>) {
        if (I != refused_) return;
        const text_position at = scanner_.position(columns_[I]);
        e.message = detail::refusal(schema_type::template name<I>, fields[columns_[I]],
                                    expected_of<value_type<I>>(options_.words), options_.words);
        e.line = at.line;
        e.column = at.column;
      }
    });
    return e;
  }

  /// Lists a bad row; the error with which to stop, if the policy is to.
  [[nodiscard]] std::optional<error> report(error e) {
    if (options_.bad_rows == nullptr) return e;
    if (reported_++ == options_.max_bad_rows) {
      e.code = errc::capacity;
      e.message = "more than " + std::to_string(options_.max_bad_rows) + " bad rows; the next: " + e.message;
      return failure_ = e;
    }
    options_.bad_rows->push_back({e.line, e.column, std::move(e.message), std::string(scanner_.raw().substr(0, 4096))});
    return std::nullopt;
  }

  csv_scanner<Source> scanner_;
  csv_options options_;
  std::array<std::size_t, size> columns_{};  // of the file, by field
  std::size_t width_ = 0, refused_ = 0, reported_ = 0;
  bool bound_ = false, seen_ = false;
  std::optional<error> failure_{};
};

/// A reader of batches: `auto reader = open_csv<clicks>(file_source("clicks.csv")); frame<clicks> batch;
/// while (reader.next(batch, 65'536).value()) ...`
template <const auto& Schema, byte_source Source>
[[nodiscard]] csv_reader<Schema, Source> open_csv(Source source, csv_options options = {}) {
  return csv_reader<Schema, Source>(std::move(source), std::move(options));
}

/// Reads a whole CSV text into a frame: `read_csv<clicks>(file_source("clicks.csv"), {.format = {.trim = true}})`.
/// What counts as a row, a column and an error, see `csv_reader`.
template <const auto& Schema, byte_source Source>
[[nodiscard]] result<frame<Schema>> read_csv(Source source, csv_options options = {}) {
  csv_reader<Schema, Source> reader(std::move(source), std::move(options));
  frame<Schema> table;
  const result<bool> read = reader.next(table, (std::numeric_limits<std::size_t>::max)());
  if (!read) return read.error();
  return table;
}

}  // namespace mlsd
