#pragma once

#include "mlsd/core/result.hpp"
#include "mlsd/scoring/import/json_cursor.hpp"
#include "mlsd/scoring/import/json_tape.hpp"
#include "mlsd/scoring/import/ubj_reader.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>

namespace mlsd::detail {

enum class json_encoding : std::uint8_t { text, ubj };

/// How a document is read, and what is too much of it.
struct json_reading {
  json_encoding encoding = json_encoding::text;
  bool floats = false;  ///< fractions are floats, and NaN and infinity are numbers, as XGBoost writes them
  std::size_t most_bytes = 0xFFFF'0000u;
  std::size_t most_depth = 64;
  std::size_t longest_text = std::size_t{1} << 24;
  /// Paths of arrays whose elements are parts: read one by one, and forgotten.
  std::span<const std::string_view> parts{};
};

/// Who takes the parts of a document: a reference to what can be called with one, which must outlive it.
struct json_parts {
  void* self = nullptr;
  result<void> (*take)(void* self, json_value part) = nullptr;
};

/// The number at the front of a text, by the grammar of JSON: from_chars takes more for one.
struct json_number_text {
  std::string_view text{};  ///< empty: there is none
  bool whole = false;       ///< without a fraction or an exponent
};
template <class = void> [[nodiscard]] json_number_text number_at_front(std::string_view text) noexcept {
  std::size_t i = text.starts_with('-') ? 1 : 0;
  const auto is = [&](char c) { return i < text.size() && text[i] == c; };
  const auto digits = [&] {
    const std::size_t first = i;
    while (i < text.size() && text[i] >= '0' && text[i] <= '9') ++i;
    return i - first;
  };
  const bool zero = is('0');
  if (const std::size_t n = digits(); n == 0 || (zero && n > 1)) return {};
  const std::size_t whole = i;
  if (is('.') && (++i, digits() == 0)) return {};
  if (is('e') || is('E')) {
    ++i;
    if (is('+') || is('-')) ++i;
    if (digits() == 0) return {};
  }
  return {text.substr(0, i), i == whole};
}

/// Puts the parser's events on tapes. Memory is at most proportional to the document: more values than bytes, which
/// UBJ can announce, are an error. One class for all importers, for it costs seconds to compile.
template <class = void> class json_events {
 public:
  json_events(const json_reading& how, json_cursor& cursor, std::size_t bytes, json_tape& document, json_parts parts)
      : how_(how), cursor_(cursor), left_(bytes), document_(document), parts_(parts) {}

  bool null() {
    if (how_.floats) return number(std::numeric_limits<double>::quiet_NaN());
    if (!begin_value()) return false;
    tape().null(cursor_.position());
    return true;
  }
  bool boolean(bool value) { return number(value ? 1 : 0, json_type::boolean); }
  bool number(double value, json_type kind = json_type::number) {
    if (!begin_value()) return false;
    tape().number(value, cursor_.position(), kind);
    return true;
  }
  /// Room for so many numbers, which are the whole array that was just opened; none if there may not be so many.
  [[nodiscard]] std::span<double> numbers(std::size_t count) {
    if (count > left_) return fail("more values than bytes"), std::span<double>();
    left_ -= count;
    return tape().numbers(count);
  }
  bool number_integer(std::int64_t value) { return number(static_cast<double>(value)); }
  bool number_unsigned(std::uint64_t value) { return number(static_cast<double>(value)); }
  bool number_float(double value, const std::string& written) {
    return number(how_.floats ? static_cast<double>(to_float(value, written)) : value);
  }
  bool string(std::string_view value) {
    if (!begin_value() || !fits(value)) return false;
    tape().text(value, cursor_.position());
    return true;
  }
  template <class Bytes> bool binary(const Bytes&) { return fail("has bytes where JSON has none"); }
  bool key(std::string_view name) {
    if (!fits(name)) return false;
    tape().key(name);
    return true;
  }
  bool start_object(std::size_t) { return begin_part() && open(json_type::object); }
  bool start_array(std::size_t) {
    if (!open(json_type::array)) return false;
    if (how_.encoding == json_encoding::text) take_numbers();
    return true;
  }
  bool end_array() { return close(); }
  bool end_object() { return close(); }
  template <class Exception> bool parse_error(std::size_t, const std::string&, const Exception& e) {
    std::string_view why = e.what();
    why.remove_prefix((std::min)(why.find("] ") + 2, why.size()));
    // Its line and column do not count what `take_numbers` took.
    if (why.starts_with("parse error at ")) why.remove_prefix((std::min)(why.find(": ") + 2, why.size()));
    const bool truncated = cursor_.done();
    error_ = error{truncated ? errc::truncated : errc::parse, place() + ": parse error: " + std::string(why),
                   cursor_.position()};
    return false;
  }

  bool fail(const std::string& what, errc code = errc::corrupt) {
    error_ = mlsd::error{code, place() + ": " + what, cursor_.position()};
    return false;
  }

  [[nodiscard]] mlsd::error error_or(const char* otherwise) const {
    return error_.value_or(mlsd::error{errc::parse, otherwise, cursor_.position()});
  }

 private:
  [[nodiscard]] json_tape& tape() noexcept { return in_part_ ? part_ : document_; }
  [[nodiscard]] std::string place() {
    const std::string path = tape().open_path();
    return path.empty() ? "the document" : path;
  }
  /// Without the decimal point of a locale it is the text itself that is read: once rounded, not twice.
  [[nodiscard]] static float to_float(double value, const std::string& written) noexcept {
    float exact = 0;
    const char* end = written.data() + written.size();
    const auto parsed = std::from_chars(written.data(), end, exact);
    return parsed.ec == std::errc() && parsed.ptr == end ? exact : static_cast<float>(value);
  }
  /// Reads the numbers that the open array begins with before the parser does, which takes several times as long for
  /// each, and they are most of a model. The last is followed by the end of the array, or the comma and another value.
  /// All of them are packed, and so have no position of their own.
  void take_numbers() {
    const std::string_view rest = cursor_.rest();
    const auto skip_blanks = [&](std::size_t i) {
      while (i < rest.size() && (rest[i] == ' ' || rest[i] == '\n' || rest[i] == '\r' || rest[i] == '\t')) ++i;
      return i;
    };
    std::size_t taken = 0;
    for (std::size_t i = skip_blanks(0);;) {
      const json_number_text written = number_at_front(rest.substr(i));
      const std::size_t end = skip_blanks(i + written.text.size());
      const bool last = end < rest.size() && rest[end] == ']';
      if (!last) {
        if (end == rest.size() || rest[end] != ',') break;
        i = skip_blanks(end + 1);
        if (i == rest.size() || rest[i] == ']') break;
      }
      double value = 0;
      if (!parse_plain(written, value)) break;
      --left_;
      tape().number(value, cursor_.position());
      taken = last ? end : end + 1;
      if (last) break;
    }
    cursor_.skip(taken);
  }
  /// False for what the parser treats in ways of its own: great and tiny numbers, and none at all.
  [[nodiscard]] bool parse_plain(const json_number_text& written, double& value) const noexcept {
    const char *begin = written.text.data(), *end = begin + written.text.size();
    const auto parsed = [&](auto number) {
      const bool good = begin != end && std::from_chars(begin, end, number).ec == std::errc();
      value = static_cast<double>(number);
      return good;
    };
    return written.whole ? parsed(std::int64_t{0}) : how_.floats ? parsed(0.0f) : parsed(0.0);
  }
  bool begin_value() { return left_-- > 0 || fail("more values than bytes"); }
  bool fits(std::string_view text) {
    return text.size() <= how_.longest_text || fail("a text is too long", errc::capacity);
  }
  bool open(json_type kind) {
    if (!begin_value()) return false;
    if (++depth_ > how_.most_depth) return fail("nests too deeply", errc::capacity);
    tape().open(kind, cursor_.position());
    if (!in_part_ && kind == json_type::array && !how_.parts.empty()) parts_at_ = is_of_parts() ? depth_ : parts_at_;
    return true;
  }
  bool close() {
    tape().close();
    if (depth_-- == parts_at_) parts_at_ = 0;
    if (!in_part_ || part_.is_open()) return true;
    if (result<void> done = parts_.take(parts_.self, part_.root()); !done) {
      error_ = done.error();
      return false;
    }
    in_part_ = false;
    return true;
  }
  [[nodiscard]] bool is_of_parts() const {
    const std::string_view key = document_.open_key();
    for (const std::string_view wanted : how_.parts)
      if (!key.empty() && wanted.ends_with(key) && document_.open_path() == wanted) return true;
    return false;
  }
  bool begin_part() {
    if (in_part_ || parts_at_ == 0 || parts_at_ != depth_) return true;
    part_.clear();
    part_.root_path(document_.open_path() + "[" + std::to_string(document_.children()) + "]");
    document_.skip_element();
    in_part_ = true;
    return true;
  }

  const json_reading& how_;
  json_cursor& cursor_;
  std::size_t left_, depth_ = 0, parts_at_ = 0;  // parts_at_: the depth of the open array of parts, or 0
  json_tape& document_;
  json_parts parts_;
  json_tape part_;
  bool in_part_ = false;
  std::optional<mlsd::error> error_;
};

template <class = void>
[[nodiscard]] result<json_tape> read_json_parts(std::string_view bytes, const json_reading& how, json_parts parts) {
  json_tape document;
  const bool is_text = how.encoding == json_encoding::text;
  json_cursor cursor(bytes, how.floats && is_text);
  json_events<> events(how, cursor, bytes.size(), document, parts);
  const auto parse = [&] {
    if (!is_text) return ubj_reader(cursor, events).read();
    return nlohmann::json::sax_parse(json_bytes(cursor), json_bytes(), &events);
  };
  if (!parse() || document.is_open() || document.empty()) return events.error_or("is not JSON");
  return document;
}

/// Reads a document of JSON or UBJ (Universal Binary JSON, draft 12). The objects in the arrays that `how.parts` names
/// are given to `on_part`, one by one as they end, and are not kept: `result<void> on_part(json_value)`.
/// O(bytes) time and memory, whatever the bytes say, and no recursion.
/// Errors: the path of keys and the byte.
template <class OnPart>
[[nodiscard]] result<json_tape> read_json(std::string_view bytes, const json_reading& how, OnPart&& on_part) {
  if (bytes.size() > how.most_bytes)
    return error{errc::capacity, "the document has " + std::to_string(bytes.size()) + " bytes"};
  const auto take = [](void* self, json_value part) -> result<void> {
    return (*static_cast<std::remove_reference_t<OnPart>*>(self))(part);
  };
  return read_json_parts(bytes, how, {const_cast<void*>(static_cast<const void*>(&on_part)), take});
}

}  // namespace mlsd::detail
