#pragma once

#include "mlsd/archive/text.hpp"
#include "mlsd/core/result.hpp"

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

namespace mlsd::detail {

/// One line of a text, cut at its first '='. Views of the text.
struct key_value_line {
  std::string_view key{}, value{};  ///< without '=', the key is the line
  std::uint64_t number = 0;         ///< from 1
  bool has_value = false;

  /// An error that points to `at`, a place in this line.
  template <class = void> [[nodiscard]] mlsd::error fault(const char* at, std::string what) const {
    return {.code = errc::parse,
            .message = std::move(what),
            .line = number == 0 ? 1 : number,
            .column = static_cast<std::uint64_t>(at - key.data()) + 1};
  }
  template <class = void> [[nodiscard]] mlsd::error fault(std::string what) const {
    return fault(has_value ? value.data() : key.data(), printable(key) + ": " + std::move(what));
  }
};

/// The lines of a text in memory, which ends lines with "\n" or "\r\n". O(bytes), no copy, no allocation.
class key_value_lines {
 public:
  constexpr explicit key_value_lines(std::string_view text) noexcept : rest_(text) {}

  /// Moves to the next line; false where there is none.
  bool next() noexcept {
    if (rest_.empty()) return false;
    const auto* end = static_cast<const char*>(std::memchr(rest_.data(), '\n', rest_.size()));
    std::string_view text =
        rest_.substr(0, end == nullptr ? rest_.size() : static_cast<std::size_t>(end - rest_.data()));
    rest_.remove_prefix(text.size() + (end == nullptr ? 0 : 1));
    if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
    const std::size_t equals = text.find('=');
    line_.has_value = equals != std::string_view::npos;
    line_.key = text.substr(0, equals);
    line_.value = line_.has_value ? text.substr(equals + 1) : text.substr(text.size());
    ++line_.number;
    return true;
  }
  /// The line moved to; before the first and after the last, where the text starts or ends.
  [[nodiscard]] const key_value_line& line() const noexcept { return line_; }

 private:
  std::string_view rest_;
  key_value_line line_;
};

/// What a number of type T looks like, for messages.
template <class T> inline constexpr const char* kind_of_number = std::is_integral_v<T> ? "an integer" : "a number";

/// The whole of a text as one number, correctly rounded; infinity and NaN are numbers.
template <class T> [[nodiscard]] bool parse_whole(std::string_view text, T& value) noexcept {
  const char* const end = text.data() + text.size();
  const auto [stopped, fault] = std::from_chars(text.data(), end, value);
  return stopped == end && fault == std::errc{};
}

/// The numbers of a line's value, between spaces; what was in `out` is dropped. O(bytes); memory in proportion.
template <class T> [[nodiscard]] result<void> parse_numbers(const key_value_line& line, std::vector<T>& out) {
  out.clear();
  const char* at = line.value.data();
  const char* const end = at + line.value.size();
  for (;;) {
    while (at != end && *at == ' ') ++at;
    if (at == end) return {};
    T value{};
    const auto [stopped, fault] = std::from_chars(at, end, value);
    if (fault == std::errc::result_out_of_range)
      return line.fault(at, std::string(line.key) + ": a number is too large, or too close to zero");
    if (fault != std::errc{} || (stopped != end && *stopped != ' '))
      return line.fault(at, std::string(line.key) + ": expected " + kind_of_number<T>);
    out.push_back(value);
    at = stopped;
  }
}

/// The one number of a line's value.
template <class T> [[nodiscard]] result<T> parse_number(const key_value_line& line) {
  T value{};
  if (!parse_whole(line.value, value)) return line.fault(std::string("expected ") + kind_of_number<T>);
  return value;
}

}  // namespace mlsd::detail
