#pragma once

#include <span>

#include "mlsd/archive/byte_stream.hpp"
#include "mlsd/archive/text.hpp"

/// JSON text (RFC 8259), checked and cut into nodes.
namespace mlsd::detail {

enum class json_kind : std::uint8_t { null, boolean, number, text, array, object };

/// A node of the document, in the order of the text. In an object the nodes of keys and values alternate.
struct json_node {
  std::uint32_t at = 0;     ///< offset of its first character
  std::uint32_t next = 0;   ///< the node after this one and all that is below it
  std::uint32_t count = 0;  ///< items of an array, members of an object
  json_kind kind = json_kind::null;
};

/// The place of a byte in a text; columns count bytes.
template <class = void>
[[nodiscard]] error json_error(std::string_view text, std::size_t at, std::string message, errc code = errc::parse) {
  error e{.code = code, .message = std::move(message), .position = at, .line = 1, .column = 1};
  for (const char c : text.substr(0, at)) {
    ++e.column;
    if (c == '\n') {
      ++e.line;
      e.column = 1;
    }
  }
  return e;
}

/// A text that is sound JSON: strict grammar, UTF-8, nesting bounded. O(text); 16 bytes a value. Keeps the view.
template <class = void> class json_document {
 public:
  [[nodiscard]] static result<json_document> parse(std::string_view text) {
    if (text.size() >= (std::numeric_limits<std::uint32_t>::max)())
      return error{.code = errc::capacity, .message = "JSON text longer than 4 GiB"};
    json_document d;
    d.text_ = text;
    d.value(0);
    d.skip_space();
    if (!d.failed_ && d.at_ != text.size()) d.fail("expected the end of the text");
    if (d.failed_) return json_error(text, d.failed_at_, std::move(d.message_));
    return d;
  }

  [[nodiscard]] const json_node& operator[](std::size_t i) const noexcept { return nodes_[i]; }
  [[nodiscard]] std::string_view text() const noexcept { return text_; }
  /// The characters of a number, true, false or null.
  [[nodiscard]] std::string_view word(std::size_t i) const noexcept {
    const std::string_view rest = text_.substr(nodes_[i].at);
    return rest.substr(0, rest.find_first_of(" \t\r\n,]}"));
  }
  /// A text without its quotes and escapes.
  [[nodiscard]] std::string unescaped(std::size_t i) const {
    std::string out;
    for (std::size_t at = nodes_[i].at + std::size_t{1}; text_[at] != '"';) {
      const std::size_t plain = (std::min)(text_.find('"', at), text_.find('\\', at));
      out += text_.substr(at, plain - at);
      at = plain;
      if (text_[at] == '\\') append_escape(out, at);
    }
    return out;
  }

 private:
  void fail(std::string message) {
    if (std::exchange(failed_, true)) return;
    message_ = std::move(message);
    failed_at_ = at_;
  }
  [[nodiscard]] char here() const noexcept { return at_ < text_.size() ? text_[at_] : '\0'; }
  void skip_space() noexcept {
    while (here() == ' ' || here() == '\t' || here() == '\r' || here() == '\n') ++at_;
  }
  [[nodiscard]] bool skip(char c) noexcept {
    if (here() != c) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!skip(c)) fail(std::string("expected '") + c + "'" + found());
  }
  [[nodiscard]] std::string found() const {
    if (at_ >= text_.size()) return ", found the end of the text";
    return ", found " + quote(text_.substr(at_, (std::max)(std::size_t{1}, utf8_length(text_.substr(at_)))));
  }

  void value(std::uint32_t depth) {
    skip_space();
    if (depth >= maximal_depth) return fail("nested too deep");
    const std::size_t i = nodes_.size();
    nodes_.push_back({.at = static_cast<std::uint32_t>(at_)});
    switch (here()) {
      case '{':
        members(i, depth);
        break;
      case '[':
        items(i, depth);
        break;
      case '"':
        nodes_[i].kind = json_kind::text;
        string();
        break;
      case 't':
        word(i, json_kind::boolean, "true");
        break;
      case 'f':
        word(i, json_kind::boolean, "false");
        break;
      case 'n':
        word(i, json_kind::null, "null");
        break;
      default:
        number(i);
    }
    nodes_[i].next = static_cast<std::uint32_t>(nodes_.size());
  }
  void members(std::size_t i, std::uint32_t depth) {
    nodes_[i].kind = json_kind::object;
    ++at_;
    skip_space();
    if (skip('}')) return;
    do {
      skip_space();
      nodes_.push_back({.at = static_cast<std::uint32_t>(at_),
                        .next = static_cast<std::uint32_t>(nodes_.size() + 1),
                        .kind = json_kind::text});
      string();
      skip_space();
      expect(':');
      if (failed_) return;
      value(depth + 1);
      ++nodes_[i].count;
      skip_space();
    } while (!failed_ && skip(','));
    if (!failed_) expect('}');
  }
  void items(std::size_t i, std::uint32_t depth) {
    nodes_[i].kind = json_kind::array;
    ++at_;
    skip_space();
    if (skip(']')) return;
    do {
      value(depth + 1);
      ++nodes_[i].count;
      skip_space();
    } while (!failed_ && skip(','));
    if (!failed_) expect(']');
  }
  void word(std::size_t i, json_kind kind, std::string_view wanted) {
    nodes_[i].kind = kind;
    if (text_.substr(at_, wanted.size()) != wanted) return fail("expected a value" + found());
    at_ += wanted.size();
  }
  void digits() {
    if (here() < '0' || here() > '9') return fail("expected a digit" + found());
    while (here() >= '0' && here() <= '9') ++at_;
  }
  void number(std::size_t i) {
    nodes_[i].kind = json_kind::number;
    const bool minus = skip('-');
    if (!minus && (here() < '0' || here() > '9')) return fail("expected a value" + found());
    if (!skip('0')) digits();
    if (skip('.')) digits();
    if (skip('e') || skip('E')) {
      if (!skip('-')) (void)skip('+');
      digits();
    }
  }
  void string() {
    if (!skip('"')) return fail("expected a text in quotes" + found());
    while (!skip('"')) {
      if (at_ >= text_.size()) return fail("a text without its closing quote");
      if (static_cast<unsigned char>(here()) < 0x20) return fail("a control character in a text");
      if (here() == '\\') {
        if (!escape()) return fail("not an escape of JSON");
        continue;
      }
      const std::size_t n = utf8_length(text_.substr(at_));
      if (n == 0) return fail("a text that is not UTF-8");
      at_ += n;
    }
  }
  /// Steps over one escape; false, and on its start, where it is none.
  [[nodiscard]] bool escape() noexcept {
    const char c = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    if (c != 'u') {
      if (std::string_view("\"\\/bfnrt").find(c) == std::string_view::npos || c == '\0') return false;
      at_ += 2;
      return true;
    }
    const std::uint32_t high = four_digits(at_ + 2);
    if (high > 0xffff || (high >= 0xdc00 && high <= 0xdfff)) return false;
    if (high >= 0xd800 && high <= 0xdbff) {
      if (text_.substr(at_ + 6, 2) != "\\u") return false;
      const std::uint32_t low = four_digits(at_ + 8);
      if (low < 0xdc00 || low > 0xdfff) return false;
      at_ += 6;
    }
    at_ += 6;
    return true;
  }
  /// The number that four hexadecimal digits spell; more than 0xffff where they do not.
  [[nodiscard]] std::uint32_t four_digits(std::size_t at) const noexcept {
    std::uint32_t n = 0;
    if (at > text_.size() || text_.size() - at < 4) return ~std::uint32_t{0};
    const char* const end = text_.data() + at + 4;
    const auto parsed = std::from_chars(text_.data() + at, end, n, 16);
    return parsed.ec == std::errc{} && parsed.ptr == end ? n : ~std::uint32_t{0};
  }
  /// Requires a sound escape at `at`; steps over it.
  void append_escape(std::string& out, std::size_t& at) const {
    constexpr std::string_view from = "\"\\/bfnrt", to = "\"\\/\b\f\n\r\t";
    if (text_[at + 1] != 'u') {
      out += to[from.find(text_[at + 1])];
      at += 2;
      return;
    }
    std::uint32_t c = four_digits(at + 2);
    at += 6;
    if (c >= 0xd800 && c <= 0xdbff) {
      c = 0x10000 + ((c - 0xd800) << 10) + (four_digits(at + 2) - 0xdc00);
      at += 6;
    }
    const auto put = [&](std::uint32_t bits) { out += static_cast<char>(static_cast<unsigned char>(bits)); };
    if (c < 0x80) return put(c);
    if (c < 0x800) {
      put(0xc0 | (c >> 6));
    } else {
      if (c < 0x10000) {
        put(0xe0 | (c >> 12));
      } else {
        put(0xf0 | (c >> 18));
        put(0x80 | ((c >> 12) & 0x3f));
      }
      put(0x80 | ((c >> 6) & 0x3f));
    }
    put(0x80 | (c & 0x3f));
  }

  std::string_view text_{};
  std::vector<json_node> nodes_{};
  std::size_t at_ = 0, failed_at_ = 0;
  bool failed_ = false;
  std::string message_{};
};

}  // namespace mlsd::detail
