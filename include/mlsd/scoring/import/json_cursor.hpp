#pragma once

#include <cstddef>
#include <iterator>
#include <string_view>

namespace mlsd::detail {

/// Bytes read in order, and how many of them have been.
class byte_cursor {
 public:
  explicit byte_cursor(std::string_view bytes)
      : begin_(bytes.data()), at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  [[nodiscard]] bool done() const noexcept { return at_ == end_; }
  [[nodiscard]] char now() const noexcept { return *at_; }
  void advance() noexcept { ++at_; }
  [[nodiscard]] std::size_t position() const noexcept { return static_cast<std::size_t>(at_ - begin_); }

 private:
  const char *begin_, *at_, *end_;
};

/// JSON text with XGBoost's NaN, Infinity and -Infinity, which JSON has no words for. They read as null and as numbers
/// beyond those of floats; inside of texts nothing changes.
class number_words_cursor {
 public:
  explicit number_words_cursor(std::string_view text) : text_(text), rest_(text) { look(); }

  [[nodiscard]] bool done() const noexcept { return word_.empty() && rest_.empty(); }
  [[nodiscard]] char now() const noexcept { return word_.empty() ? rest_.front() : word_.front(); }
  void advance() noexcept {
    if (!word_.empty()) {
      word_.remove_prefix(1);
    } else {
      escaped_ = quoted_ && !escaped_ && rest_.front() == '\\';
      rest_.remove_prefix(1);
    }
    if (word_.empty()) look();
  }
  [[nodiscard]] std::size_t position() const noexcept { return text_.size() - rest_.size(); }

 private:
  /// Meets the character that `rest_` begins with.
  void look() noexcept {
    if (rest_.empty() || escaped_) return;
    const char c = rest_.front();
    if (c == '"') quoted_ = !quoted_;
    if (quoted_ || (c != 'N' && c != 'I' && c != '-')) return;
    for (const auto& [word, reads_as] : words)
      if (rest_.starts_with(word)) {
        rest_.remove_prefix(word.size());
        word_ = reads_as;
        return;
      }
  }

  struct meaning {
    std::string_view word, reads_as;
  };
  static constexpr meaning words[] = {{"NaN", " null"}, {"Infinity", " 1e99"}, {"-Infinity", " -1e99"}};

  std::string_view text_, rest_, word_{};
  bool quoted_ = false, escaped_ = false;
};

/// The input iterator over what a cursor reads; copies share the cursor. The default one is the end.
template <class Cursor> class cursor_iterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = char;

  cursor_iterator() = default;
  explicit cursor_iterator(Cursor& cursor) : cursor_(&cursor) {}

  [[nodiscard]] char operator*() const noexcept { return cursor_->now(); }
  cursor_iterator& operator++() noexcept { return cursor_->advance(), *this; }
  cursor_iterator operator++(int) noexcept {
    const cursor_iterator before = *this;
    return ++*this, before;
  }
  [[nodiscard]] bool operator==(const cursor_iterator& other) const noexcept { return done() == other.done(); }

 private:
  [[nodiscard]] bool done() const noexcept { return cursor_ == nullptr || cursor_->done(); }

  Cursor* cursor_ = nullptr;
};

}  // namespace mlsd::detail
