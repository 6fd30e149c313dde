#pragma once

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mlsd::report {

namespace detail {

/// The first code point of `text` and its length in bytes; length 0 if the bytes are not well-formed UTF-8.
struct code_point {
  std::uint32_t value = 0;
  std::size_t length = 0;
};

[[nodiscard]] inline code_point first_code_point(std::string_view text) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])); };
  const std::uint32_t lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return {};
  std::uint32_t value = lead & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0u) != 0x80u) return {};
    value = (value << 6) | (byte(i) & 0x3Fu);
  }
  const bool overlong = value < (length == 2 ? 0x80u : length == 3 ? 0x800u : 0x10000u);
  const bool surrogate = value >= 0xD800u && value <= 0xDFFFu;
  return overlong || surrogate || value > 0x10FFFFu ? code_point{} : code_point{value, length};
}

/// Control characters and those that turn the direction of text around: they have no place in a page.
[[nodiscard]] constexpr bool is_unprintable(std::uint32_t c) noexcept {
  return (c < 0x20 && c != '\t' && c != '\n') || (c >= 0x7F && c < 0xA0) || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069) || (c & 0xFFFEu) == 0xFFFEu || (c >= 0xFDD0 && c <= 0xFDEF);
}

}  // namespace detail

/// Any bytes as text that is safe inside HTML elements, quoted attributes and SVG. O(bytes).
/// Bytes that are not UTF-8, control characters and bidirectional overrides become U+FFFD.
template <class = void> [[nodiscard]] std::string escape(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  while (!text.empty()) {
    const auto [value, length] = detail::first_code_point(text);
    if (length == 0 || detail::is_unprintable(value)) {
      out += "\xEF\xBF\xBD";
    } else if (value == '&') {
      out += "&amp;";
    } else if (value == '<') {
      out += "&lt;";
    } else if (value == '>') {
      out += "&gt;";
    } else if (value == '"') {
      out += "&quot;";
    } else if (value == '\'') {
      out += "&#39;";
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return out;
}

/// Number of code points; bytes that are not UTF-8 count one each.
[[nodiscard]] inline std::size_t text_length(std::string_view text) noexcept {
  std::size_t n = 0;
  for (; !text.empty(); ++n) text.remove_prefix((std::max)(std::size_t{1}, detail::first_code_point(text).length));
  return n;
}

/// At most `most` code points: a longer text loses its middle to an ellipsis, because names differ at both ends.
template <class = void> [[nodiscard]] std::string shorten(std::string_view text, std::size_t most) {
  const std::size_t n = text_length(text);
  if (n <= most) return std::string(text);
  if (most == 0) return {};
  const std::size_t head = most / 2, tail = most - 1 - head;
  std::string out;
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t length = (std::max)(std::size_t{1}, detail::first_code_point(text).length);
    if (i < head || i >= n - tail) out += text.substr(0, length);
    if (i == head) out += "\xE2\x80\xA6";
    text.remove_prefix(length);
  }
  return out;
}

namespace detail {

inline constexpr std::string_view minus = "\xE2\x88\x92", absent = "\xE2\x80\x93", infinite = "\xE2\x88\x9E";

/// "1234567.8" -> "1,234,567.8".
template <class = void> [[nodiscard]] std::string group_digits(std::string digits) {
  std::size_t end = digits.find('.');
  if (end == std::string::npos) end = digits.size();
  while (end > 3) digits.insert(end -= 3, 1, ',');
  return digits;
}

template <class = void> void trim_zeros(std::string& digits) {
  if (digits.find('.') == std::string::npos) return;
  while (digits.back() == '0') digits.pop_back();
  if (digits.back() == '.') digits.pop_back();
}

/// |value| <= 1e21 with `decimals` in [0, 17], the C locale's way: "1234.50".
template <class = void> [[nodiscard]] std::string plain_digits(double value, int decimals) {
  char buffer[64];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed, decimals).ptr;
  return {buffer, end};
}

/// 3 -> "3" in superscript digits.
template <class = void> [[nodiscard]] std::string superscript(int n) {
  constexpr std::string_view digit[] = {"\xE2\x81\xB0", "\xC2\xB9",     "\xC2\xB2",     "\xC2\xB3",     "\xE2\x81\xB4",
                                        "\xE2\x81\xB5", "\xE2\x81\xB6", "\xE2\x81\xB7", "\xE2\x81\xB8", "\xE2\x81\xB9"};
  std::string out = n < 0 ? "\xE2\x81\xBB" : "";
  for (const char c : std::to_string(n < 0 ? -n : n)) out += digit[c - '0'];
  return out;
}

/// value = mantissa * 10^exponent with `digits` significant ones, after rounding: 999.6 is 1.00 * 10^3 with three.
struct rounded {
  std::string mantissa;
  int exponent = 0;
};

template <class = void> [[nodiscard]] rounded round_to(double magnitude, int digits) {
  char buffer[40];
  const char* end =
      std::to_chars(buffer, buffer + sizeof buffer, magnitude, std::chars_format::scientific, digits - 1).ptr;
  const std::string_view text(buffer, static_cast<std::size_t>(end - buffer));
  const std::size_t e = text.find('e');
  rounded r{std::string(text.substr(0, e))};
  const char* from = buffer + e + (text[e + 1] == '+' ? 2 : 1);
  std::from_chars(from, end, r.exponent);
  return r;
}

/// "1.2" and -5 -> "1.2×10⁻⁵"; a mantissa of 1 is left out.
template <class = void> [[nodiscard]] std::string scientific(rounded r) {
  trim_zeros(r.mantissa);
  return (r.mantissa == "1" ? "" : r.mantissa + "\xC3\x97") + "10" + superscript(r.exponent);
}

[[nodiscard]] inline std::string sign(double value) { return std::string(value < 0 ? minus : std::string_view{}); }

}  // namespace detail

/// `value` as people read it, to three significant digits: 0.0123, 54,321, 1.25M, 3.1×10⁻⁵. Whole numbers under 100,000
/// are kept whole. NaN is an en dash. O(1), one short string.
template <class = void> [[nodiscard]] std::string compact(double value) {
  if (std::isnan(value)) return std::string(detail::absent);
  const std::string sign = detail::sign(value);
  const double magnitude = std::fabs(value);
  if (std::isinf(value)) return sign + std::string(detail::infinite);
  if (magnitude == 0) return "0";
  if (magnitude < 1e5 && magnitude >= 1 && magnitude == std::floor(magnitude))
    return sign + detail::group_digits(detail::plain_digits(magnitude, 0));
  const auto rounded = detail::round_to(magnitude, 3);
  const int e = rounded.exponent;
  if (e < -4 || e >= 15) return sign + detail::scientific(rounded);
  const int thousands = e < 5 ? 0 : e / 3;
  constexpr std::string_view unit[] = {"", "k", "M", "G", "T"};
  constexpr double size[] = {1, 1e3, 1e6, 1e9, 1e12};
  std::string digits = detail::plain_digits(magnitude / size[thousands], (std::max)(0, 2 - e + 3 * thousands));
  detail::trim_zeros(digits);
  return sign + detail::group_digits(std::move(digits)) + std::string(unit[thousands]);
}

/// `value` with exactly `decimals` in [0, 17] of them and digits in groups of three, so that a column of them lines up.
/// From 1e15 on it is `compact`. A negative number that rounds to zero shows no sign.
template <class = void> [[nodiscard]] std::string fixed(double value, int decimals) {
  if (!(std::fabs(value) < 1e15)) return compact(value);
  std::string digits = detail::plain_digits(std::fabs(value), decimals);
  const bool zero = digits.find_first_not_of("0.") == std::string::npos;
  return (zero ? std::string{} : detail::sign(value)) + detail::group_digits(std::move(digits));
}

/// A share as a percentage with so many decimals: `percent(0.0312, 1)` is 3.1%.
template <class = void> [[nodiscard]] std::string percent(double share, int decimals = 1) {
  return std::isfinite(share) ? fixed(100 * share, decimals) + "%" : compact(share);
}

}  // namespace mlsd::report
