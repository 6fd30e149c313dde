#pragma once

#include <charconv>
#include <concepts>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <vector>

#include "mlsd/core/time.hpp"

namespace mlsd {

/// Texts that stand for a value other than themselves, compared byte by byte.
struct parse_words {
  std::vector<std::string> missing{""};  ///< nothing in a `std::optional`, the empty text in a text, else an error
  std::vector<std::string> yes{"1", "true", "True", "TRUE"};
  std::vector<std::string> no{"0", "false", "False", "FALSE"};
};

/// A type of the user that reads itself: `bool parse_field(std::string_view, T&)`, found in the type's namespace,
/// returns false for text that is not a T.
template <class T>
concept parses_itself = requires(std::string_view text, T& value) {
  { parse_field(text, value) } -> std::same_as<bool>;
};

namespace detail {
template <class T> inline constexpr bool is_optional = false;
template <class T> inline constexpr bool is_optional<std::optional<T>> = true;

template <class T>
concept integer = std::integral<T> && !std::same_as<T, bool>;

[[nodiscard]] inline bool is_one_of(std::string_view text, const std::vector<std::string>& words) noexcept {
  for (const std::string& w : words)
    if (text == w) return true;
  return false;
}

/// Whether a decimal number is below 1 in size. Requires text that `std::from_chars` took.
[[nodiscard]] constexpr bool is_below_one(std::string_view text) noexcept {
  const std::size_t e = text.find_first_of("eE");
  const std::string_view digits = text.substr(0, e);
  const std::size_t first = digits.find_first_of("123456789");
  if (first == std::string_view::npos) return true;
  const std::size_t point = (std::min)(digits.find('.'), digits.size());
  // value = d.ddd * 10^(magnitude + exponent)
  const auto magnitude = static_cast<long long>(point) - static_cast<long long>(first) - (first < point ? 1 : 0);
  long long exponent = 0;
  if (e != std::string_view::npos) {
    const bool negative = text[e + 1] == '-';
    for (std::size_t i = e + 1; i < text.size(); ++i)
      if (text[i] >= '0' && text[i] <= '9' && exponent < (1ll << 40)) exponent = 10 * exponent + (text[i] - '0');
    if (negative) exponent = -exponent;
  }
  return magnitude + exponent < 0;
}

template <class T> [[nodiscard]] bool parse_number(std::string_view text, T& value) noexcept {
  const char* first = text.data();
  const char* const last = first + text.size();
  if (text.size() > 1 && *first == '+' && first[1] != '-') ++first;
  const auto [end, fault] = [&] {
    if constexpr (std::floating_point<T>)
      return std::from_chars(first, last, value, std::chars_format::general);
    else
      return std::from_chars(first, last, value);
  }();
  if (end != last) return false;
  if constexpr (std::floating_point<T>) {
    if (fault == std::errc::result_out_of_range && is_below_one({first, text.size()})) {
      value = *first == '-' ? -T{0} : T{0};
      return true;
    }
    if (!(value >= std::numeric_limits<T>::lowest() && value <= (std::numeric_limits<T>::max)())) return false;
  }
  return fault == std::errc{};
}
}  // namespace detail

/// Reads the whole of a text as a T; false where it is not one, and `value` is then unspecified. No blanks are skipped
/// and no locale is asked. O(length), no allocation but for a `std::string`.
/// - numbers: decimal, with a sign and for floating point an exponent; correctly rounded. Too large for T is not a T,
///   too small is zero; nor are infinity and NaN: a missing number is a `std::optional` or a word of `missing`.
/// - bool: the words of `yes` and `no`. - timestamp: what `parse_timestamp` reads. - texts: all of it.
/// - `std::optional<T>`: nothing for a word of `missing`, else as T. Where T is no optional and no text, a word of
///   `missing` is not a T. - other types: their `parse_field`.
template <class T> [[nodiscard]] bool parse_value(std::string_view text, const parse_words& words, T& value) {
  const bool missing = detail::is_one_of(text, words.missing);
  if constexpr (detail::is_optional<T>) {
    if (!missing) return parse_value(text, words, value.emplace());
    value.reset();
    return true;
  } else if constexpr (std::same_as<T, std::string_view> || std::same_as<T, std::string>) {
    value = missing ? std::string_view{} : text;
    return true;
  } else if (missing) {
    return false;
  } else if constexpr (std::same_as<T, bool>) {
    value = detail::is_one_of(text, words.yes);
    return value || detail::is_one_of(text, words.no);
  } else if constexpr (std::same_as<T, timestamp>) {
    const auto time = parse_timestamp(text);
    if (time) value = *time;
    return static_cast<bool>(time);
  } else if constexpr (std::floating_point<T> || detail::integer<T>) {
    return detail::parse_number(text, value);
  } else {
    static_assert(parses_itself<T>, "mlsd: a field of this type needs bool parse_field(std::string_view, T&)");
    return parse_field(text, value);
  }
}

/// What `parse_value<T>` takes, for a message: "an integer from 0 to 255", "a time such as 2017-11-06 16:00:00".
template <class T> [[nodiscard]] std::string expected_of(const parse_words& words) {
  const auto listed = [](const std::vector<std::string>& list) {
    std::string out;
    for (const std::string& w : list) out += (out.empty() ? "'" : ", '") + w + "'";
    return out;
  };
  if constexpr (detail::is_optional<T>) {
    return expected_of<typename T::value_type>(words) + " or nothing";
  } else if constexpr (std::same_as<T, std::string_view> || std::same_as<T, std::string>) {
    return "a text";
  } else if constexpr (std::same_as<T, bool>) {
    return "one of " + listed(words.yes) + " (true) or " + listed(words.no) + " (false)";
  } else if constexpr (std::same_as<T, timestamp>) {
    return "a time such as 2017-11-06 16:00:00";
  } else if constexpr (std::floating_point<T>) {
    return "a number";
  } else if constexpr (detail::integer<T>) {
    return "an integer from " + std::to_string((std::numeric_limits<T>::min)()) + " to " +
           std::to_string((std::numeric_limits<T>::max)());
  } else {
    return "a value that its type can read";
  }
}

}  // namespace mlsd
