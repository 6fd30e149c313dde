/// The labels of a table, of which only all rows together say whether they are numbers or texts.
#pragma once

#include "mlsd/core/result.hpp"
#include "mlsd/data/parse.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

/// Texts in the order they came, each with its place.
class text_codes {
 public:
  static constexpr std::uint32_t unknown = ~std::uint32_t{0};

  [[nodiscard]] std::uint32_t find(const std::string& text) const {
    const auto at = places_.find(text);
    return at == places_.end() ? unknown : at->second;
  }
  std::uint32_t insert(const std::string& text) {
    const auto [at, is_new] = places_.try_emplace(text, static_cast<std::uint32_t>(places_.size()));
    if (is_new) texts_.push_back(text);
    return at->second;
  }
  [[nodiscard]] const std::vector<std::string>& texts() const noexcept { return texts_; }

 private:
  std::unordered_map<std::string, std::uint32_t> places_{};
  std::vector<std::string> texts_{};
};

/// Numbers, or texts, which are numbered in sorted order; both at once are texts where that is asked for, and an error
/// else. A word for a missing value is no label.
class label_column {
 public:
  /// `numbers_may_be_texts`: numbers beside texts are texts, too.
  label_column(const mlsd::parse_words& words, bool numbers_may_be_texts)
      : words_(words), numbers_may_be_texts_(numbers_may_be_texts) {}

  /// Labels are those of the training file: one of these texts, or numbers, if there are none.
  void know(const std::vector<std::string>& classes) {
    are_known_ = true;
    for (const std::string& text : classes) texts_.insert(text);
  }
  /// Adds the label of a row; the error says what is wrong with it.
  [[nodiscard]] mlsd::result<void> add(std::string_view text, std::uint64_t line) {
    if (mlsd::detail::is_one_of(text, words_.missing)) return wrong(quoted(text) + " is a missing value, and no label");
    float y = 0;
    const bool is_number = mlsd::parse_value(text, words_, y);
    if (are_known_) return add_known(text, is_number, y);
    std::optional<first_label>& other = is_number ? first_text_ : first_number_;
    std::optional<first_label>& own = is_number ? first_number_ : first_text_;
    if (!own) own = {std::string(text), line};
    if (other && !numbers_may_be_texts_)
      return wrong(quoted(text) + (is_number ? " is a number, " : " is not a number, as ") + quoted(other->text) +
                   " in line " + std::to_string(other->line) + (is_number ? " is not" : " is") + "; " +
                   (other->line == doubtful_line_ ? "if that line is a header, --header yes says so"
                                                  : "--objective softmax takes both for texts"));
    if (first_text_ || numbers_may_be_texts_)
      if (auto ok = add_text(text); !ok) return ok;
    values_.push_back(y);
    return {};
  }
  /// The line may be a header that was taken for a row: errors that this would explain say so.
  void doubt(std::uint64_t line) noexcept { doubtful_line_ = line; }
  [[nodiscard]] std::size_t size() const noexcept { return values_.size(); }

  /// The labels and the texts of their classes, none if they are numbers; empties the column.
  [[nodiscard]] std::pair<std::vector<float>, std::vector<std::string>> take() {
    if (are_known_ || !first_text_)
      return {std::move(values_), are_known_ ? texts_.texts() : std::vector<std::string>{}};
    std::vector<std::string> sorted = texts_.texts();
    std::sort(sorted.begin(), sorted.end());
    std::vector<float> number;
    for (const std::string& text : texts_.texts())
      number.push_back(static_cast<float>(std::lower_bound(sorted.begin(), sorted.end(), text) - sorted.begin()));
    for (std::size_t i = 0; i < values_.size(); ++i) values_[i] = number[codes_[i]];
    return {std::move(values_), std::move(sorted)};
  }

 private:
  static constexpr std::size_t most_texts = 4096;  // classes that softmax tells apart
  struct first_label {
    std::string text{};
    std::uint64_t line = 0;
  };

  [[nodiscard]] static mlsd::error wrong(std::string message) { return {mlsd::errc::parse, std::move(message)}; }
  [[nodiscard]] static std::string quoted(std::string_view text) { return "'" + std::string(text) + "'"; }

  [[nodiscard]] mlsd::result<void> add_known(std::string_view text, bool is_number, float y) {
    const std::vector<std::string>& all = texts_.texts();
    if (all.empty() && !is_number) return wrong(quoted(text) + " is not a number");
    const std::uint32_t code = all.empty() ? 0 : texts_.find(std::string(text));
    if (code == text_codes::unknown) {
      std::string known;
      for (std::size_t k = 0; k < all.size() && k < 10; ++k) known += (k == 0 ? "" : ", ") + quoted(all[k]);
      if (all.size() > 10) known += ", ...";
      return wrong(quoted(text) + " is none of the labels of the training file: " + known);
    }
    values_.push_back(all.empty() ? y : static_cast<float>(code));
    return {};
  }
  /// Numbers of more kinds than can be classes may follow each other; they are texts no more.
  [[nodiscard]] mlsd::result<void> add_text(std::string_view text) {
    if (texts_.texts().size() <= most_texts) codes_.push_back(texts_.insert(std::string(text)));
    if (texts_.texts().size() <= most_texts || !first_text_) return {};
    return wrong("more than 4096 texts are too many classes");
  }

  const mlsd::parse_words& words_;
  bool numbers_may_be_texts_, are_known_ = false;
  std::uint64_t doubtful_line_ = 0;  // lines count from 1
  std::optional<first_label> first_number_{}, first_text_{};
  std::vector<float> values_{};         // numbers, or known classes
  std::vector<std::uint32_t> codes_{};  // of `texts_`, by row
  text_codes texts_{};
};
