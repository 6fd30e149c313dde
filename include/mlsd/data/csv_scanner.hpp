#pragma once

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mlsd/core/result.hpp"
#include "mlsd/data/byte_source.hpp"

namespace mlsd {

/// How bytes become fields. The default is RFC 4180 with "\n", "\r\n" or "\r" as the end of a record.
struct csv_format {
  char separator = ',';
  char quote = '"';                          ///< '\0': no quoting, every quote is text
  bool trim = false;                         ///< drop spaces and tabs around unquoted fields and around quotes
  bool keep_empty_lines = false;             ///< false: a line without any text is no record
  std::size_t max_record_bytes = 16u << 20;  ///< a longer record is an error: an unclosed quote cannot eat memory
  std::size_t max_fields = 65'536;           ///< a record with more is an error
  std::size_t buffer_bytes = 64u << 10;      ///< asked from the source at once
};

/// Where a byte of text is; both count from 1, columns in bytes.
struct text_position {
  std::uint64_t line = 1, column = 1;
  friend constexpr bool operator==(const text_position&, const text_position&) = default;
};

/// What `csv_scanner::next` found.
enum class csv_step : std::uint8_t {
  record,  ///< `fields()` has it
  bad,     ///< `error()` tells what is wrong with the record; the next call goes on after it
  end,     ///< no more records
  failed   ///< the source failed or is not text; `error()` says why, and there is nothing to go on with
};

namespace detail {

/// Line ends in a text: "\n", "\r\n" and "\r" count one each.
[[nodiscard]] inline std::uint64_t count_line_ends(const char* first, const char* last) noexcept {
  std::uint64_t n = 0;
  const auto find = [last](const char* from, char c) {
    return from == last ? nullptr
                        : static_cast<const char*>(std::memchr(from, c, static_cast<std::size_t>(last - from)));
  };
  for (const char* p = first; (p = find(p, '\n')) != nullptr; ++p) ++n;
  for (const char* p = first; (p = find(p, '\r')) != nullptr; ++p) n += p + 1 == last || p[1] != '\n';
  return n;
}

/// First "\n" or "\r" in a text, or `last`.
[[nodiscard]] inline const char* find_line_end(const char* first, const char* last) noexcept {
  while (first != last && *first != '\n' && *first != '\r') ++first;
  return first;
}

/// What follows the line end at `at`; `last` stays.
[[nodiscard]] inline const char* after_line_end(const char* at, const char* last) noexcept {
  if (at == last) return last;
  return at + (*at == '\r' && at + 1 != last && at[1] == '\n' ? 2 : 1);
}

/// Eight bytes with the top bit set in each byte that may end or change a field: the separator, the quote, and every
/// byte below 14 (line ends, and control characters that turn out to be text).
class csv_marks {
 public:
  constexpr csv_marks(char separator, char quote) noexcept
      : separator_(ones * static_cast<unsigned char>(separator)), quote_(ones * static_cast<unsigned char>(quote)) {}

  [[nodiscard]] std::uint64_t operator()(const char* p) const noexcept {
    std::uint64_t word;
    std::memcpy(&word, p, sizeof word);
    const std::uint64_t s = word ^ separator_, q = word ^ quote_;
    // (x & low) + low has the top bit clear exactly where the lower seven bits of x are zero.
    const std::uint64_t not_separator = ((s & low) + low) | s, not_quote = ((q & low) + low) | q;
    const std::uint64_t not_control = ((word & low) + (128 - 14) * ones) | word;
    return ~(not_separator & not_quote & not_control) & ~low;
  }
  /// Which byte the lowest mark is in, in the order of memory.
  [[nodiscard]] static std::size_t first(std::uint64_t marks) noexcept {
    if constexpr (std::endian::native == std::endian::little)
      return static_cast<std::size_t>(std::countr_zero(marks)) / 8;
    else
      return static_cast<std::size_t>(std::countl_zero(marks)) / 8;
  }
  [[nodiscard]] static std::uint64_t without_first(std::uint64_t marks) noexcept {
    if constexpr (std::endian::native == std::endian::little)
      return marks & (marks - 1);
    else
      return marks & ~(std::uint64_t{1} << (63 - std::countl_zero(marks)));
  }

 private:
  static constexpr std::uint64_t ones = 0x0101010101010101u, low = 0x7f7f7f7f7f7f7f7fu;
  std::uint64_t separator_, quote_;
};

/// Cuts one record into fields. The text must be followed by 8 line feeds that are not part of it: the loop needs no
/// other bound.
template <class = void> class csv_splitter {
 public:
  enum class outcome : std::uint8_t { record, more, bad };

  explicit csv_splitter(const csv_format& format)
      : format_(format), marks_(format.separator, format.quote == '\0' ? format.separator : format.quote) {}

  /// The record that begins at `first`. `final`: the text is complete; otherwise `more` asks for a longer piece.
  outcome split(const char* first, const char* last, bool final) {
    count_ = 0;
    escaped_.clear();
    open_quote = nullptr;
    quoted = false;
    const char* field = first;
    for (const char* p = first;;) {
      std::uint64_t marks = marks_(p);
      p += 8;
      while (marks != 0) {
        const char* at = p - 8 + csv_marks::first(marks);
        marks = csv_marks::without_first(marks);
        if (*at == format_.separator) {
          if (!push_unquoted(field, at)) return bad(at, "more than " + std::to_string(format_.max_fields) + " fields");
          field = at + 1;
        } else if (*at == '\n' || *at == '\r') {
          if (!has_line_end(at, last, final)) return outcome::more;
          if (!push_unquoted(field, at)) return bad(at, "more than " + std::to_string(format_.max_fields) + " fields");
          return finish(at, last);
        } else if (*at == format_.quote && format_.quote != '\0') {
          if (skip_blanks(field) != at) return bad(at, "a quote inside an unquoted field");
          const char* after = nullptr;
          const outcome o = split_quoted(at, last, final, after);
          if (o != outcome::record) return o;
          if (*after != format_.separator) return finish(after, last);
          p = field = after + 1;
          break;
        }
      }
    }
  }

  [[nodiscard]] std::span<const std::string_view> fields() const noexcept { return {fields_.data(), count_}; }

  /// First byte of field i (its opening quote, where it has one) in the text given to `split`.
  [[nodiscard]] const char* begin_of(std::size_t i, const char* record) const noexcept {
    for (const escape& e : escaped_)
      if (e.field == i) return e.first - 1;
    const char* p = fields_[i].data();
    return p != record && format_.quote != '\0' && p[-1] == format_.quote ? p - 1 : p;
  }

  const char* end = nullptr;         ///< after the record and its line end
  const char* open_quote = nullptr;  ///< with `more`: the quote that is still open, if one is
  const char* fault = nullptr;       ///< with `bad`: where
  std::string reason{};              ///< with `bad`: what
  bool quoted = false;               ///< some field had quotes

 private:
  struct escape {
    std::size_t field;
    const char *first, *last;
  };

  outcome bad(const char* at, std::string why) {
    fault = at;
    reason = std::move(why);
    return outcome::bad;
  }

  [[nodiscard]] bool is_blank(char c) const noexcept { return (c == ' ' || c == '\t') && c != format_.separator; }
  [[nodiscard]] const char* skip_blanks(const char* p) const noexcept {
    if (format_.trim)
      while (is_blank(*p)) ++p;
    return p;
  }

  /// False where more bytes could still change what ends here.
  [[nodiscard]] static bool has_line_end(const char* at, const char* last, bool final) noexcept {
    return final || (at != last && (*at == '\n' || at + 1 != last));
  }

  [[nodiscard]] bool push(const char* first, const char* last) {
    if (count_ == fields_.size()) {
      if (count_ >= format_.max_fields) return false;
      fields_.resize((std::min)((std::max)(2 * count_, std::size_t{16}), format_.max_fields));
    }
    fields_[count_++] = {first, static_cast<std::size_t>(last - first)};
    return true;
  }
  [[nodiscard]] bool push_unquoted(const char* first, const char* last) {
    if (format_.trim) {
      while (first != last && is_blank(*first)) ++first;
      while (first != last && is_blank(last[-1])) --last;
    }
    return push(first, last);
  }

  outcome split_quoted(const char* opening, const char* last, bool final, const char*& after) {
    quoted = true;
    open_quote = opening;
    const char* closing = opening + 1;
    bool doubled = false;
    for (;; closing += 2, doubled = true) {
      closing = static_cast<const char*>(
          closing < last ? std::memchr(closing, format_.quote, static_cast<std::size_t>(last - closing)) : nullptr);
      if (closing == nullptr) return final ? bad(opening, "the quote that opens here is never closed") : outcome::more;
      if (closing + 1 == last && !final) return outcome::more;
      if (closing + 1 == last || closing[1] != format_.quote) break;
    }
    open_quote = nullptr;
    after = skip_blanks(closing + 1);
    const bool line_end = *after == '\n' || *after == '\r';
    if (line_end && !has_line_end(after, last, final)) return outcome::more;
    if (!line_end && *after != format_.separator)
      return count_line_ends(opening, closing) == 0
                 ? bad(after, "text after the closing quote")
                 : bad(opening, "the quote that opens here is closed in front of text on a later line");
    if (doubled) escaped_.push_back({count_, opening + 1, closing});
    if (!push(opening + 1, closing)) return bad(opening, "more than " + std::to_string(format_.max_fields) + " fields");
    return outcome::record;
  }

  outcome finish(const char* at, const char* last) {
    end = after_line_end(at, last);
    if (!escaped_.empty()) unescape();
    return outcome::record;
  }

  /// Copies the fields with doubled quotes, so that the raw text stays as it was.
  void unescape() {
    std::size_t bytes = 0;
    for (const escape& e : escaped_) bytes += static_cast<std::size_t>(e.last - e.first);
    if (text_.size() < bytes) text_.resize(bytes);
    char* to = text_.data();
    for (const escape& e : escaped_) {
      char* const begin = to;
      for (const char* p = e.first; p != e.last; ++p) {
        *to++ = *p;
        if (*p == format_.quote) ++p;
      }
      fields_[e.field] = {begin, static_cast<std::size_t>(to - begin)};
    }
  }

  csv_format format_;
  csv_marks marks_;
  std::vector<std::string_view> fields_;
  std::size_t count_ = 0;
  std::vector<escape> escaped_;
  std::vector<char> text_;
};

}  // namespace detail

/// Records of a CSV text that arrives in chunks of any size; a file may be larger than memory.
///
/// A field is quoted as a whole or not at all; inside quotes, separators and line ends are text and `""` is one quote.
/// A UTF-8 byte order mark is skipped, the last record needs no line end, lines without text are skipped unless
/// `keep_empty_lines`. A record that breaks these rules (a quote inside an unquoted field, text after a closing quote,
/// a quote never closed, more bytes or fields than the format allows) is `bad`; it is taken to end at the
/// first line end after the fault (the opening quote, if its closing is at fault), so the lines that a stray quote
/// would swallow are read.
///
/// O(bytes). Memory: one buffer of `buffer_bytes`, which grows to at most `max_record_bytes` for long records; nothing
/// is allocated per record or field. Each call reads on until the buffer is full or the source ends.
template <byte_source Source> class csv_scanner {
 public:
  explicit csv_scanner(Source source, const csv_format& format = {})
      : source_(std::move(source)), format_(format), splitter_(format) {
    limit_ = (std::max)(format.max_record_bytes, std::size_t{16}) + 2;
    buffer_.resize((std::clamp)(format.buffer_bytes, std::size_t{4}, limit_) + padding);
  }

  /// Moves to the next record. Views from the call before are no longer valid.
  [[nodiscard]] csv_step next() {
    while (!failed_) {
      record_ = next_;
      line_ = next_line_;
      if (!started_ && !start()) break;
      if (record_ == filled_) {
        if (!refill()) break;
        if (filled_ == 0) return csv_step::end;
      }
      if (skipping_) {
        if (!skip_rest_of_line()) break;
        continue;
      }
      const char* const first = buffer_.data() + record_;
      const char* const last = buffer_.data() + filled_;
      const outcome o = splitter_.split(first, last, ended_);
      if (o == outcome::record) {
        next_ = static_cast<std::size_t>(splitter_.end - buffer_.data());
        next_line_ += splitter_.quoted ? detail::count_line_ends(first, splitter_.end) : 1;
        const std::span<const std::string_view> all = fields();
        if (all.size() == 1 && all[0].empty() && !splitter_.quoted && !format_.keep_empty_lines) continue;
        return csv_step::record;
      }
      if (give_up(o)) return csv_step::bad;
      if (!refill()) break;
    }
    return csv_step::failed;
  }

  /// The record. Valid until the next call of `next`, as are the texts.
  [[nodiscard]] std::span<const std::string_view> fields() const noexcept { return splitter_.fields(); }
  /// Why the last step was `bad` or `failed`.
  [[nodiscard]] const mlsd::error& error() const noexcept { return error_; }
  /// The bytes of the record, without its line end; of a bad record, its lines up to the fault's or the part that was
  /// read.
  [[nodiscard]] std::string_view raw() const noexcept {
    std::size_t n = next_ - record_;
    if (n != 0 && buffer_[record_ + n - 1] == '\n') --n;
    if (n != 0 && buffer_[record_ + n - 1] == '\r') --n;
    return {buffer_.data() + record_, n};
  }
  /// Line on which the record begins.
  [[nodiscard]] std::uint64_t line() const noexcept { return line_; }
  /// Where field i of the record begins (its quote, if it has one). O(bytes of the record).
  [[nodiscard]] text_position position(std::size_t i) const noexcept {
    assert(i < fields().size());
    const char* const first = buffer_.data() + record_;
    return position_of(splitter_.begin_of(i, first), first);
  }
  /// Where the record's text ends.
  [[nodiscard]] text_position end_position() const noexcept {
    return position_of(raw().data() + raw().size(), raw().data());
  }

 private:
  using outcome = detail::csv_splitter<>::outcome;
  static constexpr std::size_t padding = 8;

  [[nodiscard]] text_position position_of(const char* at, const char* first) const noexcept {
    const char* begin = at;
    while (begin != first && begin[-1] != '\n' && begin[-1] != '\r') --begin;
    return {line_ + detail::count_line_ends(first, begin), static_cast<std::uint64_t>(at - begin) + 1};
  }

  bool fail(mlsd::error e) {
    error_ = std::move(e);
    failed_ = true;
    return false;
  }

  /// Checks the format and the first bytes.
  bool start() {
    const char s = format_.separator, q = format_.quote;
    const auto line_end = [](char c) { return c == '\n' || c == '\r'; };
    if (s == q || line_end(s) || line_end(q) || q == ' ' || q == '\t')
      return fail(
          {errc::invalid_argument, "separator and quote must differ, and neither may be a line end or a blank quote"});
    if (!refill()) return false;
    started_ = true;
    const std::string_view text{buffer_.data(), filled_};
    if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff"))
      return fail({errc::parse, "the text is UTF-16; UTF-8 is needed", 0});
    if (text.starts_with("\x1f\x8b")) return fail({errc::parse, "the bytes are gzip, not text", 0});
    if (text.starts_with("\xef\xbb\xbf")) record_ = next_ = 3;
    return true;
  }

  /// Moves what is left to the front and reads until the buffer is full or the source ends.
  bool refill() {
    const std::size_t left = filled_ - record_;
    std::memmove(buffer_.data(), buffer_.data() + record_, left);
    record_ = next_ = 0;
    filled_ = left;
    if (const std::size_t room = buffer_.size() - padding; left > room / 2)
      buffer_.resize((std::min)(2 * room, limit_) + padding);
    while (!ended_ && filled_ < buffer_.size() - padding) {
      const result<std::size_t> n =
          source_(std::span<char>(buffer_).subspan(filled_, buffer_.size() - padding - filled_));
      if (!n) return fail(n.error());
      filled_ += *n;
      ended_ = *n == 0;
    }
    std::memset(buffer_.data() + filled_, '\n', padding);
    return true;
  }

  /// True where the record is bad: it ends at the first line end after the fault, and where that is not in the buffer,
  /// the rest of the line is skipped later. False where more bytes are needed.
  [[nodiscard]] bool give_up(outcome o) {
    const bool full = filled_ - record_ >= limit_;
    if (!full && o == outcome::more) return false;
    const char* const first = buffer_.data() + record_;
    const char* const last = buffer_.data() + filled_;
    const char* at = o == outcome::bad ? splitter_.fault : splitter_.open_quote;
    if (at == nullptr) at = first;
    const char* const line_end = detail::find_line_end(at, last);
    const bool whole_line = ended_ || (line_end != last && (*line_end == '\n' || line_end + 1 != last));
    if (!full && !whole_line) return false;

    const text_position where = position_of(at, first);
    error_ = {o == outcome::bad ? errc::parse : errc::capacity, splitter_.reason, mlsd::error::no_position, where.line,
              where.column};
    if (o == outcome::more)
      error_.message = (splitter_.open_quote == nullptr ? "a record of more than "
                                                        : "the quote that opens here is not closed within ") +
                       std::to_string(format_.max_record_bytes) + " bytes";
    skipping_ = !whole_line;
    const char* const end = skipping_ ? line_end : detail::after_line_end(line_end, last);
    next_line_ += detail::count_line_ends(first, end);
    next_ = static_cast<std::size_t>(end - buffer_.data());
    return true;
  }

  /// False where the source failed.
  bool skip_rest_of_line() {
    const char* const last = buffer_.data() + filled_;
    const char* const end = detail::find_line_end(buffer_.data() + record_, last);
    if (!ended_ && end + 1 == last && *end == '\r') {
      record_ = filled_ - 1;
      return refill();
    }
    skipping_ = end == last;
    next_line_ += skipping_ ? 0 : 1;
    next_ = static_cast<std::size_t>(detail::after_line_end(end, last) - buffer_.data());
    return true;
  }

  Source source_;
  csv_format format_;
  detail::csv_splitter<> splitter_;
  std::vector<char> buffer_;
  std::size_t limit_ = 0;                           // bytes of a record with its line end
  std::size_t record_ = 0, next_ = 0, filled_ = 0;  // record [record_, next_) of bytes [0, filled_)
  std::uint64_t line_ = 1, next_line_ = 1;
  bool started_ = false, ended_ = false, failed_ = false, skipping_ = false;
  mlsd::error error_{};
};

}  // namespace mlsd
