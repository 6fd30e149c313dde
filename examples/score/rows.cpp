#include "rows.hpp"

#include "table_text.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <limits>
#include <numeric>
#include <utility>

namespace {

[[nodiscard]] std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// A number, correctly rounded; beyond the largest it is infinite, as most languages have it. Nothing is NaN.
[[nodiscard]] bool parse_wide(std::string_view text, double& value) {
  text = trimmed(text);
  if (text.empty()) return value = std::numeric_limits<double>::quiet_NaN(), true;
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size()) return false;
  if (fault == std::errc::result_out_of_range) value = std::strtod(std::string(text).c_str(), nullptr);
  return fault == std::errc{} || fault == std::errc::result_out_of_range;
}

/// An empty line is a row without its only number. A file that cannot be read is an error of the scanner.
[[nodiscard]] mlsd::csv_format format_for(const scored_model& model, const std::string& path) {
  mlsd::csv_format format{.keep_empty_lines = model.model.width() == 1};
  if (!model.table) return format;
  format.trim = true;
  const auto dialect = dialect_of(path);
  // The only column may hold texts of several words.
  if (dialect && (dialect->separator != ' ' || model.model.width() > 1)) format.separator = dialect->separator;
  return format;
}

/// The columns of a training file without names are called by their numbers, of which its label, weight and group are
/// no features. Or nothing: names are names.
[[nodiscard]] std::vector<std::size_t> column_numbers(const mlsd::table_layout& layout) {
  constexpr std::size_t most_others = 3;
  const auto number_of = [&](const std::string& name) {
    std::size_t n = 0;
    const auto [end, fault] = std::from_chars(name.data(), name.data() + name.size(), n);
    const bool is_one = fault == std::errc{} && end == name.data() + name.size() && std::to_string(n) == name;
    return is_one && n < layout.width() + most_others ? n : ~std::size_t{0};
  };
  std::vector<std::size_t> numbers{number_of(layout.label)};
  for (const std::string& name : layout.names) numbers.push_back(number_of(name));
  if (std::count(numbers.begin(), numbers.end(), ~std::size_t{0}) != 0) return {};
  numbers.erase(numbers.begin());
  return numbers;
}

[[nodiscard]] std::string in_quotes(std::string_view text) {
  std::string out{"'"};
  for (const char c : text.substr(0, 40)) out += static_cast<unsigned char>(c) < 32 ? '?' : c;
  return out + (text.size() > 40 ? "...'" : "'");
}

/// LightGBM keeps names with underlines for their blanks.
[[nodiscard]] bool is_called(std::string_view column, std::string_view name) {
  return std::equal(column.begin(), column.end(), name.begin(), name.end(),
                    [](char c, char n) { return c == n || (c == ' ' && n == '_'); });
}
[[nodiscard]] auto find_name(std::span<const std::string_view> header, std::string_view name) {
  return std::find_if(header.begin(), header.end(), [&](std::string_view column) { return is_called(column, name); });
}

}  // namespace

model_rows::model_rows(const scored_model& model, std::string path, const row_options& options)
    : model_(model),
      options_(options),
      words_(table_words()),
      scanner_(gzip_source(path), format_for(model, path)),
      place_of_(model.model.width()) {
  std::iota(place_of_.begin(), place_of_.end(), std::size_t{0});
  if (!model.table) return;
  const mlsd::table_layout& layout = model.table->layout;
  if (const auto numbers = column_numbers(layout); !numbers.empty()) {
    for (std::size_t j = 0; j < numbers.size(); ++j)
      place_of_[j] = static_cast<std::size_t>(
          std::count_if(numbers.begin(), numbers.end(), [&](std::size_t n) { return n < numbers[j]; }));
    names_are_places_ = true;
  } else {
    needs_header_ = !layout.dictionaries.empty() && layout.numbers() != 0;
  }
}

mlsd::error model_rows::located(mlsd::error e, std::size_t field) const {
  const mlsd::text_position at = scanner_.position(field);
  e.line = at.line;
  e.column = at.column;
  return e;
}

mlsd::result<bool> model_rows::scan() {
  const mlsd::csv_step step = scanner_.next();
  if (step == mlsd::csv_step::end) return false;
  if (step != mlsd::csv_step::record) return scanner_.error();
  if (started_ && scanner_.fields().size() != file_columns_)
    return located({mlsd::errc::parse, std::to_string(scanner_.fields().size()) + " values, but the first line has " +
                                           std::to_string(file_columns_)},
                   0);
  return true;
}

mlsd::result<std::optional<mlsd::wide_row>> model_rows::next() {
  if (!started_) {
    if (auto ok = start(); !ok) return ok.error();
  }
  if (!std::exchange(waiting_, false)) {
    const auto more = scan();
    if (!more) return more.error();
    if (!*more) return std::optional<mlsd::wide_row>{};
  }
  const record fields = scanner_.fields();
  numbers_.clear();
  codes_.clear();
  for (std::size_t j = 0; j < field_of_.size(); ++j) {
    const std::size_t f = field_of_[j];
    if (is_text(j)) {
      const auto code = model_.code(model_, codes_.size(), fields[f]);
      if (!code) return located(code.error(), f);
      codes_.push_back(*code);
    } else {
      const auto value = number(fields[f]);
      if (!value) return located(value.error(), f);
      numbers_.push_back(*value);
    }
  }
  return std::optional<mlsd::wide_row>(mlsd::wide_row{numbers_, codes_});
}

bool model_rows::parse(std::string_view cell, double& value) const {
  if (!model_.table) return parse_wide(cell, value);
  std::optional<float> number;
  if (!mlsd::parse_value(cell, words_, number)) return false;
  value = number ? static_cast<double>(*number) : std::numeric_limits<double>::quiet_NaN();
  return true;
}

mlsd::result<double> model_rows::number(std::string_view cell) const {
  double value = 0;
  if (!parse(cell, value)) return mlsd::error{mlsd::errc::parse, "expected a number, found " + in_quotes(cell)};
  if (!options_.missing) return value;
  const double missing = *options_.missing;
  const bool same =
      model_.model.float_rows ? static_cast<float>(value) == static_cast<float>(missing) : value == missing;
  return same ? std::numeric_limits<double>::quiet_NaN() : value;
}

mlsd::result<void> model_rows::start() {
  const auto more = scan();
  if (!more) return more.error();
  if (!*more) return mlsd::error{mlsd::errc::empty, "the input has no line"};
  started_ = true;
  const record first = scanner_.fields();
  file_columns_ = first.size();
  const auto header = is_header(first);
  if (!header) return located(header.error(), 0);
  if (*header) return match(first);
  waiting_ = true;
  return match({});
}

mlsd::result<bool> model_rows::is_header(record first) const {
  if (options_.header != header_line::told_apart) return options_.header == header_line::present;
  if (needs_header_) return true;
  const auto& names = model_.model.columns;
  const bool all_named = !names.empty() && !names_are_places_ &&
                         std::all_of(names.begin(), names.end(),
                                     [&](const std::string& name) { return find_name(first, name) != first.end(); });
  std::vector<bool> may_be_text(first.size());
  for (std::size_t j = 0; j < place_of_.size() && !all_named; ++j)
    if (is_text(j) && place_of_[j] < first.size()) may_be_text[place_of_[j]] = true;
  std::size_t texts = 0, numbers = 0;
  for (std::size_t f = 0; f < first.size(); ++f) {
    double value = 0;
    if (may_be_text[f]) continue;
    if (!parse(first[f], value))
      ++texts;
    else if (value == value)
      ++numbers;
  }
  if (all_named && texts > 0) return true;
  if (texts == 0 && !all_named) return false;
  if (texts > 0 && numbers == 0) return true;
  return mlsd::error{mlsd::errc::parse, "the first line may be a header or a row: say --header yes or --header no"};
}

bool model_rows::names_are_defaults() const {
  if (names_are_places_) return true;
  const auto& names = model_.model.columns;
  for (std::size_t j = 0; j < names.size(); ++j) {
    const std::string number = std::to_string(j);
    if (!names[j].empty() && names[j] != "Column_" + number && names[j] != "f" + number && names[j] != number)
      return false;
  }
  return true;
}

mlsd::result<void> model_rows::match(record header) {
  const auto& names = model_.model.columns;
  const std::size_t width = model_.model.width();
  constexpr const char* why = ": it has numbers and texts, and which column is which only a header line says";
  if (needs_header_ && header.empty())
    return mlsd::error{mlsd::errc::parse, "the model finds its columns by name" + std::string(why)};
  field_of_.resize(width);
  std::string_view missing;
  for (std::size_t j = 0; j < names.size() && !header.empty(); ++j) {
    const auto found = find_name(header, names[j]);
    if (found == header.end() && missing.data() == nullptr) missing = names[j];
    if (found != header.end() && std::find(found + 1, header.end(), *found) != header.end())
      return mlsd::error{mlsd::errc::parse, "two columns are called " + in_quotes(names[j])};
    field_of_[j] = static_cast<std::size_t>(found - header.begin());
  }
  const bool by_name = !header.empty() && !names.empty() && !(names_are_defaults() && missing.data() != nullptr);
  if (by_name && missing.data() != nullptr)
    return mlsd::error{mlsd::errc::missing_column, "there is no column " + in_quotes(missing) +
                                                       ", which the model reads" + (needs_header_ ? why : "")};
  if (by_name) return {};
  if (file_columns_ != width)
    return located(
        {mlsd::errc::parse, std::to_string(file_columns_) + " columns, but the model reads " + std::to_string(width)},
        0);
  field_of_ = place_of_;
  return {};
}
