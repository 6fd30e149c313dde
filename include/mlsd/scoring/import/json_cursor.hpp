#pragma once

#include <cstddef>
#include <iterator>
#include <string_view>

namespace mlsd::detail {

/// Bytes read in order, and how many of them have been. If it `knows_words`, they are JSON text with XGBoost's NaN,
/// Infinity and -Infinity, which JSON has no words for: they read as null and as numbers beyond those of floats; inside
/// of texts nothing changes.
template <class = void> class basic_json_cursor {
 public:
  explicit basic_json_cursor(std::string_view bytes, bool knows_words = false)
      : begin_(bytes.data()), end_(bytes.data() + bytes.size()), at_(begin_), stop_(end_), knows_words_(knows_words) {
    if (knows_words_) look();
  }

  [[nodiscard]] bool done() const noexcept { return at_ == end_; }
  [[nodiscard]] char now() const noexcept { return *at_; }
  /// Over a character of a text, and over the blanks that a line begins with, which may be most of it: no text of JSON
  /// holds the end of a line.
  void advance() noexcept {
    if (!knows_words_) {
      if (*at_++ == '\n')
        while (at_ != end_ && (*at_ == ' ' || *at_ == '\t')) ++at_;
      return;
    }
    if (stop_ == end_) escaped_ = quoted_ && !escaped_ && *at_ == '\\';
    if (++at_ == stop_ && stop_ != end_) {
      at_ = resume_;
      stop_ = end_;
    }
    if (stop_ == end_) look();
  }
  /// The bytes that are left, none inside of a word; and to go over so many of them, which hold no quote.
  [[nodiscard]] std::string_view rest() const noexcept {
    return stop_ == end_ ? std::string_view(at_, left()) : std::string_view();
  }
  void skip(std::size_t n) noexcept {
    at_ += n;
    if (knows_words_ && n != 0) look();
  }
  /// How many bytes are left, and the next so many of them: for a cursor that knows no words.
  [[nodiscard]] std::size_t left() const noexcept { return static_cast<std::size_t>(end_ - at_); }
  [[nodiscard]] std::string_view take(std::size_t n) noexcept {
    const std::string_view taken(at_, n < left() ? n : left());
    at_ += taken.size();
    return taken;
  }
  [[nodiscard]] std::size_t position() const noexcept {
    return static_cast<std::size_t>((stop_ == end_ ? at_ : resume_) - begin_);
  }

 private:
  /// Meets a character of the text; a word is read in place of it and of what follows.
  void look() noexcept {
    if (at_ == end_ || escaped_) return;
    const char c = *at_;
    if (c == '"') quoted_ = !quoted_;
    if (quoted_ || (c != 'N' && c != 'I' && c != '-')) return;
    const std::string_view rest(at_, static_cast<std::size_t>(end_ - at_));
    for (const auto& [word, reads_as] : words)
      if (rest.starts_with(word)) {
        resume_ = at_ + word.size();
        at_ = reads_as.data();
        stop_ = reads_as.data() + reads_as.size();
        return;
      }
  }

  struct meaning {
    std::string_view word, reads_as;
  };
  static constexpr meaning words[] = {{"NaN", " null"}, {"Infinity", " 1e99"}, {"-Infinity", " -1e99"}};

  const char *begin_, *end_;
  const char *at_, *stop_;        // of the text, or of what a word reads as
  const char* resume_ = nullptr;  // in the text, after that
  bool knows_words_, quoted_ = false, escaped_ = false;
};
using json_cursor = basic_json_cursor<>;

/// The input iterator over what a cursor reads; copies share the cursor. The default one is the end.
class json_bytes {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = char;

  json_bytes() = default;
  explicit json_bytes(json_cursor& cursor) : cursor_(&cursor) {}

  [[nodiscard]] char operator*() const noexcept { return cursor_->now(); }
  json_bytes& operator++() noexcept { return cursor_->advance(), *this; }
  json_bytes operator++(int) noexcept {
    const json_bytes before = *this;
    return ++*this, before;
  }
  [[nodiscard]] bool operator==(const json_bytes& other) const noexcept { return done() == other.done(); }

 private:
  [[nodiscard]] bool done() const noexcept { return cursor_ == nullptr || cursor_->done(); }

  json_cursor* cursor_ = nullptr;
};

}  // namespace mlsd::detail
