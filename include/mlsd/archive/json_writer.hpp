#pragma once

#include <cassert>

#include "mlsd/archive/describe.hpp"
#include "mlsd/archive/text.hpp"

namespace mlsd {

/// How the items of an array or object are set: one a line, or all on one line.
enum class json_layout : std::uint8_t { block, line };

/// Writes JSON piece by piece; also the archive behind `to_json`.
///
///     json_writer json;
///     json.begin_object().member("rows", n).key("auc").begin_array().value(0.91).end_array().end_object();
///     std::puts(json.text().c_str());
///
/// Numbers are the shortest text that reads back as the same bits; NaN and infinities are the strings "nan", "inf" and
/// "-inf" (all NaN become one). Text is escaped; a byte that is not UTF-8 becomes U+FFFD. Keys keep their order.
/// Preconditions, asserted: a key before each value in an object, none elsewhere; begin and end in pairs.
class json_writer {
 public:
  template <class = void> explicit json_writer(json_layout layout = json_layout::block) {
    levels_.push_back({.line = layout == json_layout::line});
  }

  json_writer& begin_object(json_layout layout = json_layout::block) { return begin('{', layout); }
  json_writer& end_object() { return end('}'); }
  json_writer& begin_array(json_layout layout = json_layout::block) { return begin('[', layout); }
  json_writer& end_array() { return end(']'); }

  template <class = void> json_writer& key(std::string_view name) {
    assert(levels_.back().object && !keyed_);
    separate();
    detail::append_quoted(out_, name);
    out_ += ": ";
    keyed_ = true;
    return *this;
  }
  template <class = void> json_writer& null() {
    separate();
    out_ += "null";
    return *this;
  }
  template <class = void> json_writer& value(std::string_view text) {
    separate();
    detail::append_quoted(out_, text);
    return *this;
  }
  json_writer& value(const char* text) { return value(std::string_view(text)); }
  /// Anything that archives know: numbers, containers, classes with `describe`.
  template <archivable T> json_writer& value(const T& v) {
    static_assert(detail::require_archivable<T>());
    using enum detail::field_kind;
    constexpr detail::field_kind kind = detail::kind_of<T>;
    if constexpr (kind == text)
      return value(std::string_view(v));
    else if constexpr (kind == optional)
      return v ? value(*v) : null();
    else if constexpr (kind == vector || kind == array)
      return items(v);
    else if constexpr (kind == record)
      return fields(v);
    else
      return scalar(v);
  }
  template <class T> json_writer& member(std::string_view name, const T& v) { return key(name).value(v); }
  /// The archive protocol.
  template <class T> void operator()(std::string_view name, const T& field) { member(name, field); }

  /// What is written so far; a document once every begin has its end.
  [[nodiscard]] const std::string& text() const noexcept { return out_; }

 private:
  struct level {
    bool object = false, line = false, empty = true;
  };

  template <class = void> json_writer& begin(char bracket, json_layout layout) {
    separate();
    out_ += bracket;
    levels_.push_back({.object = bracket == '{', .line = levels_.back().line || layout == json_layout::line});
    return *this;
  }
  template <class = void> json_writer& end(char bracket) {
    assert(levels_.size() > 1 && !keyed_ && levels_.back().object == (bracket == '}'));
    const level closed = levels_.back();
    levels_.pop_back();
    if (!closed.empty && !closed.line) new_line();
    out_ += bracket;
    return *this;
  }
  template <class = void> void new_line() {
    out_ += '\n';
    out_.append(2 * (levels_.size() - 1), ' ');
  }
  /// What stands before a key, or before a value that has none.
  template <class = void> void separate() {
    if (std::exchange(keyed_, false)) return;
    level& here = levels_.back();
    if (levels_.size() == 1) {
      here.empty = false;
      return;
    }
    const bool first = std::exchange(here.empty, false);
    if (!first) out_ += ',';
    if (!here.line)
      new_line();
    else if (!first)
      out_ += ' ';
  }
  template <class T> json_writer& scalar(T v) {
    separate();
    if constexpr (detail::kind_of<T> == detail::field_kind::boolean) {
      out_ += v ? "true" : "false";
    } else if constexpr (detail::kind_of<T> == detail::field_kind::enumeration) {
      detail::append_number(out_, static_cast<std::underlying_type_t<T>>(v));
    } else if constexpr (std::is_floating_point_v<T>) {
      const bool special = !std::isfinite(v);
      if (special) out_ += '"';
      detail::append_number(out_, v);
      if (special) out_ += '"';
    } else {
      detail::append_number(out_, v);
    }
    return *this;
  }
  template <class C> json_writer& items(const C& v) {
    using T = typename C::value_type;
    begin_array(detail::is_scalar_field<T> ? json_layout::line : json_layout::block);
    for (const auto& item : v) value(static_cast<const T&>(item));
    return end_array();
  }
  template <class T> json_writer& fields(const T& v) {
    begin_object();
    visit_fields(v, *this);
    return end_object();
  }

  std::string out_{};
  std::vector<level> levels_{};
  bool keyed_ = false;
};

/// The value as JSON, fields in the order of `describe`. O(text).
template <class T> [[nodiscard]] std::string to_json(const T& value, json_layout layout = json_layout::block) {
  static_assert(detail::require_archivable<T>());
  return json_writer(layout).value(value).text();
}

}  // namespace mlsd
