#pragma once

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>

/// Values as text, for messages and JSON.
namespace mlsd::detail {

/// The parts end to end. Messages are put together here, out of line, so that readers stay small.
template <class = void>
[[nodiscard]] [[gnu::noinline]] std::string joined(std::initializer_list<std::string_view> parts) {
  std::string out;
  for (const std::string_view part : parts) out += part;
  return out;
}

/// The shortest text that reads back as the same number; "nan", "inf", "-inf".
template <class N> void append_number(std::string& out, N number) {
  char buffer[40];
  if constexpr (std::is_floating_point_v<N>) {
    if (std::isnan(number)) {
      out += "nan";
      return;
    }
  }
  const auto end = [&] {
    if constexpr (std::is_integral_v<N> && sizeof(N) == 1)
      return std::to_chars(buffer, buffer + sizeof buffer, static_cast<int>(number)).ptr;
    else if constexpr (std::is_integral_v<N> && std::is_signed_v<N>)
      return std::to_chars(buffer, buffer + sizeof buffer, static_cast<std::int64_t>(number)).ptr;
    else if constexpr (std::is_integral_v<N>)
      return std::to_chars(buffer, buffer + sizeof buffer, static_cast<std::uint64_t>(number)).ptr;
    else
      return std::to_chars(buffer, buffer + sizeof buffer, number).ptr;
  }();
  out.append(buffer, end);
}

/// Bytes of the UTF-8 character at the start of `s`; 0 where there is none (RFC 3629: no surrogates, nothing overlong).
[[nodiscard]] constexpr std::size_t utf8_length(std::string_view s) noexcept {
  const auto at = [&](std::size_t i) { return i < s.size() ? static_cast<unsigned char>(s[i]) : 0u; };
  const auto tail = [&](std::size_t i) { return (at(i) & 0xc0u) == 0x80u; };
  const unsigned first = at(0);
  if (s.empty()) return 0;
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return tail(1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    if ((first == 0xe0 && at(1) < 0xa0) || (first == 0xed && at(1) > 0x9f)) return 0;
    return tail(1) && tail(2) ? 3 : 0;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    if ((first == 0xf0 && at(1) < 0x90) || (first == 0xf4 && at(1) > 0x8f)) return 0;
    return tail(1) && tail(2) && tail(3) ? 4 : 0;
  }
  return 0;
}

/// The text in quotes, with the escapes of JSON; control characters are escaped, so that a terminal is safe from them.
/// A byte that is not UTF-8 becomes U+FFFD.
template <class = void> void append_quoted(std::string& out, std::string_view s) {
  constexpr std::string_view hex = "0123456789abcdef";
  const auto escape = [&](unsigned c) { (((out += "\\u00") += hex[(c >> 4) & 15])) += hex[c & 15]; };
  out += '"';
  while (!s.empty()) {
    const std::size_t n = utf8_length(s);
    const char c = s.front();
    if (n == 0)
      out += "\\ufffd";
    else if (n == 2 && c == '\xc2' && static_cast<unsigned char>(s[1]) < 0xa0)
      escape(static_cast<unsigned char>(s[1]));
    else if (c == '"' || c == '\\')
      (out += '\\') += c;
    else if (c == '\n')
      out += "\\n";
    else if (c == '\r')
      out += "\\r";
    else if (c == '\t')
      out += "\\t";
    else if (n == 1 && (static_cast<unsigned char>(c) < 0x20 || c == '\x7f'))
      escape(static_cast<unsigned char>(c));
    else
      out += s.substr(0, n);
    s.remove_prefix((std::max)(n, std::size_t{1}));
  }
  out += '"';
}

/// At most `limit` bytes of the text, in quotes; what was left out is counted.
template <class = void> [[nodiscard]] std::string quote(std::string_view s, std::size_t limit = 60) {
  std::string out;
  std::size_t n = (std::min)(s.size(), limit);
  while (n < s.size() && n > 0 && (static_cast<unsigned char>(s[n]) & 0xc0u) == 0x80u) --n;
  append_quoted(out, s.substr(0, n));
  if (n < s.size()) out += "... (" + std::to_string(s.size()) + " bytes)";
  return out;
}

/// A name from a file: as it is, or in quotes with escapes where a terminal should not see it.
template <class = void> [[nodiscard]] std::string printable(std::string_view s) {
  std::string out = quote(s);
  return out.size() == s.size() + 2 ? std::string(s) : out;
}

/// Hexadecimal digits, zeros in front.
template <class = void> [[nodiscard]] std::string hexadecimal(std::uint64_t number, int digits = 16) {
  std::string out(static_cast<std::size_t>(digits), '0');
  for (auto i = out.size(); i-- > 0; number >>= 4) out[i] = "0123456789abcdef"[number & 15];
  return out;
}

}  // namespace mlsd::detail
