/// Delimited text with columns known only at run time, read into a dataset.
#pragma once

#include "gzip_source.hpp"
#include "mlsd/data/csv_scanner.hpp"
#include "mlsd/data/parse.hpp"
#include "table_text.hpp"
#include "train/dataset.hpp"
#include "train/labels.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

class table_reader {
 public:
  /// `has_classes`: numbers may be names of classes, as texts are.
  table_reader(const std::string& path, char separator, const settings& s, bool has_classes,
               const mlsd::table_layout* learnt)
      : settings_(s),
        learnt_(learnt),
        scanner_(gzip_source(path), {.separator = separator, .trim = true}),
        label_(words_, has_classes) {}

  [[nodiscard]] mlsd::result<dataset> operator()() {
    for (bool first = true;; first = false) {
      const mlsd::csv_step step = scanner_.next();
      if (step == mlsd::csv_step::end) break;
      if (step != mlsd::csv_step::record) return scanner_.error();
      if (first) {
        const bool header = is_header();
        is_guessed_row_ = !header && settings_.header == settings::heading::guessed;
        if (auto ok = bind(header); !ok) return ok.error();
        if (header) continue;
        if (is_guessed_row_) label_.doubt(scanner_.position(0).line);
      }
      if (auto ok = read_row(); !ok) return ok.error();
    }
    if (label_.size() == 0) return mlsd::error{mlsd::errc::empty, "no rows"};
    return take();
  }

 private:
  enum class part { number, code, label, group, weight };
  struct column {
    std::string name{};
    part is = part::number;
    std::vector<float> numbers{};
    std::vector<std::uint32_t> codes{};
    text_codes texts{};
  };

  [[nodiscard]] mlsd::error wrong(std::size_t c, std::string message) const {
    const mlsd::text_position at = scanner_.position(c);
    return {mlsd::errc::parse, std::move(message), mlsd::error::no_position, at.line, at.column};
  }
  [[nodiscard]] bool is_number(std::string_view text) const {
    float ignored = 0;
    return mlsd::parse_value(text, words_, ignored);
  }
  /// Whether a text of the command line is a name of the first line, and no number of a column.
  [[nodiscard]] bool is_name_there(const std::string& asked) const {
    const auto fields = scanner_.fields();
    return !asked.empty() && !is_number(asked) && std::find(fields.begin(), fields.end(), asked) != fields.end();
  }
  /// A first line that has a column asked for, or no number, is a header, if nobody says otherwise.
  [[nodiscard]] bool is_header() const {
    if (settings_.header != settings::heading::guessed) return settings_.header == settings::heading::present;
    if (is_name_there(settings_.label) || is_name_there(settings_.weight) || is_name_there(settings_.group))
      return true;
    for (const std::string& c : settings_.categorical)
      if (is_name_there(c)) return true;
    for (const std::string_view field : scanner_.fields())
      if (is_number(field) || field.empty()) return false;
    return true;
  }

  /// For errors that a header which was taken for a row explains.
  [[nodiscard]] std::string header_hint() const {
    return is_guessed_row_ ? "; if the first line is a header, --header yes says so" : "";
  }
  /// Numbers of columns before a label that is none: nobody can tell what the first line is.
  [[nodiscard]] mlsd::result<void> check_first_line() const {
    const auto fields = scanner_.fields();
    if (!is_guessed_row_ || fields.size() < 4) return {};
    std::size_t label = 0;
    for (std::size_t c = 0; c < fields.size(); ++c)
      if (columns_[c].is == part::label)
        label = c;
      else if (fields[c] != columns_[c].name)
        return {};
    if (is_number(fields[label])) return {};
    return wrong(label, "a header with the label '" + std::string(fields[label]) +
                            "', or the first row? --header yes or --header no says");
  }
  [[nodiscard]] mlsd::result<void> check_names() const {
    text_codes seen;
    for (std::size_t c = 0; c < columns_.size(); ++c)
      if (seen.insert(columns_[c].name) != c) return wrong(c, "two columns are called '" + columns_[c].name + "'");
    return {};
  }

  [[nodiscard]] mlsd::result<std::size_t> column_of(const std::string& asked, const char* option) const {
    for (std::size_t c = 0; c < columns_.size(); ++c)
      if (columns_[c].name == asked) return c;
    std::size_t number = 0;
    if (mlsd::parse_value(asked, words_, number) && number < columns_.size()) return number;
    std::string names;
    for (std::size_t c = 0; c < columns_.size() && c < 20; ++c)
      names += (c == 0 ? "'" : ", '") + columns_[c].name + "'";
    return mlsd::error{mlsd::errc::missing_column, std::string(option) + ": no column '" + asked + "'; there are " +
                                                       std::to_string(columns_.size()) + ": " + names +
                                                       (columns_.size() > 20 ? ", ..." : "") + header_hint()};
  }
  [[nodiscard]] mlsd::result<void> name(const std::string& asked, const char* option, part is) {
    const auto c = column_of(asked, option);
    if (!c) return c.error();
    if (columns_[*c].is != part::number)
      return mlsd::error{mlsd::errc::invalid_argument, std::string(option) + ": column '" + asked + "' is named twice"};
    columns_[*c].is = is;
    return {};
  }
  [[nodiscard]] mlsd::result<void> bind(bool header) {
    const auto fields = scanner_.fields();
    columns_.resize(fields.size());
    for (std::size_t c = 0; c < fields.size(); ++c)
      columns_[c].name = header ? std::string(fields[c]) : std::to_string(c);
    if (auto ok = check_names(); !ok) return ok;
    if (settings_.label.empty()) return mlsd::error{mlsd::errc::invalid_argument, "a table needs --label COL"};
    if (auto ok = name(settings_.label, "--label", part::label); !ok) return ok;
    if (!settings_.weight.empty())
      if (auto ok = name(settings_.weight, "--weight", part::weight); !ok) return ok;
    if (!settings_.group.empty() && group_file_.empty())
      if (auto ok = name(settings_.group, "--group", part::group); !ok) return ok;
    for (const std::string& c : settings_.categorical)
      if (auto ok = name(c, "--categorical", part::code); !ok) return ok;
    return learnt_ == nullptr ? check_first_line() : match();
  }
  /// The columns are those of the file that was learnt from.
  [[nodiscard]] mlsd::result<void> match() {
    std::vector<std::string> names;
    for (const part p : {part::number, part::code})
      for (const column& c : columns_)
        if (c.is == p) names.push_back(c.name);
    if (names.size() != learnt_->names.size())
      return mlsd::error{mlsd::errc::mismatch, std::to_string(names.size()) + " features, the training file has " +
                                                   std::to_string(learnt_->names.size())};
    for (std::size_t f = 0; f < names.size(); ++f)
      if (names[f] != learnt_->names[f])
        return mlsd::error{mlsd::errc::mismatch, "a column '" + names[f] + "' stands where the training file has '" +
                                                     learnt_->names[f] + "'"};
    std::size_t k = 0;
    for (column& c : columns_)
      if (c.is == part::code)
        for (const std::string& text : learnt_->dictionaries[k++].texts()) c.texts.insert(text);
    label_.know(learnt_->classes);
    return {};
  }

  [[nodiscard]] mlsd::result<void> read_row() {
    const auto fields = scanner_.fields();
    if (fields.size() != columns_.size()) {
      const bool more = fields.size() > columns_.size();
      const mlsd::text_position at = more ? scanner_.position(columns_.size()) : scanner_.end_position();
      return mlsd::error{
          mlsd::errc::parse,
          "expected " + std::to_string(columns_.size()) + " fields, found " + std::to_string(fields.size()),
          mlsd::error::no_position, at.line, at.column};
    }
    for (std::size_t c = 0; c < fields.size(); ++c)
      if (auto ok = read_field(columns_[c], c, fields[c]); !ok) return ok;
    lines_.add(label_.size() - 1, scanner_.position(0).line);
    return {};
  }
  [[nodiscard]] mlsd::result<void> read_field(column& to, std::size_t c, std::string_view text) {
    switch (to.is) {
      case part::number: {
        std::optional<float> x;
        if (!mlsd::parse_value(text, words_, x))
          return wrong(c, "column '" + to.name + "': '" + std::string(text) +
                              "' is not a number; is the column to be named in --categorical?" +
                              (lines_.empty() ? header_hint() : std::string{}));
        to.numbers.push_back(x.value_or((std::numeric_limits<float>::quiet_NaN)()));
        return {};
      }
      case part::code:
        to.codes.push_back(code_of(to, std::string(text)));
        return {};
      case part::label: {
        const auto ok = label_.add(text, scanner_.position(c).line);
        return ok ? ok
                  : wrong(c, "label '" + to.name + "': " + ok.error().message +
                                 (learnt_ != nullptr && lines_.empty() ? header_hint() : std::string{}));
      }
      case part::weight: {
        float w = 0;
        if (!mlsd::parse_value(text, words_, w) || w < 0)
          return wrong(c, "column '" + to.name + "': the weight '" + std::string(text) + "' is not a number >= 0");
        weight_.push_back(w);
        return {};
      }
      case part::group: {
        const std::string id(text);
        const std::size_t before = to.texts.texts().size();
        const std::uint32_t code = to.texts.insert(id);
        if (!group_.empty() && code != group_.back() && code < before)
          return wrong(
              c, "column '" + to.name + "': group '" + id + "' comes back; the rows of a group must lie together");
        group_.push_back(code);
        return {};
      }
    }
    return {};
  }
  [[nodiscard]] std::uint32_t code_of(column& to, const std::string& text) const {
    if (learnt_ == nullptr) return to.texts.insert(text);
    const std::uint32_t code = to.texts.find(text);
    return code == text_codes::unknown ? static_cast<std::uint32_t>(to.texts.texts().size()) : code;
  }
  [[nodiscard]] dataset take() {
    dataset out;
    std::vector<mlsd::feature_info> info;
    for (const part p : {part::number, part::code})
      for (column& c : columns_) {
        if (c.is != p) continue;
        const bool is_code = p == part::code;
        info.push_back({c.name, is_code ? static_cast<std::uint32_t>(c.texts.texts().size()) : 0});
        out.layout.names.push_back(c.name);
        if (is_code) out.layout.dictionaries.push_back(mlsd::text_dictionary::of(c.texts.texts()).value());
      }
    for (const column& c : columns_)
      if (c.is == part::label) out.layout.label = c.name;
    std::tie(out.rows.label, out.layout.classes) = label_.take();
    out.lines = std::move(lines_);
    out.rows.x = mlsd::feature_matrix::unfilled(std::move(info), out.rows.label.size());
    std::size_t numbers = 0, codes = 0;
    for (column& from : columns_) {
      const column c = std::move(from);  // freed once copied: columns are never there twice
      if (c.is == part::number) std::copy(c.numbers.begin(), c.numbers.end(), out.rows.x.number(numbers++).begin());
      if (c.is == part::code) std::copy(c.codes.begin(), c.codes.end(), out.rows.x.code(codes++).begin());
    }
    out.rows.weight = std::move(weight_);
    out.rows.group = std::move(group_);
    return out;
  }

 public:
  /// Sizes of groups come from a file: then --group names no column.
  void groups_from(std::string file) { group_file_ = std::move(file); }

 private:
  const settings& settings_;
  const mlsd::table_layout* learnt_;
  const mlsd::parse_words words_ = table_words();
  mlsd::csv_scanner<gzip_source> scanner_;
  std::string group_file_{};
  std::vector<column> columns_{};
  label_column label_;
  std::vector<float> weight_{};
  std::vector<std::uint32_t> group_{};
  row_lines lines_{};
  bool is_guessed_row_ = false;  // the first line, if nobody said so
};
