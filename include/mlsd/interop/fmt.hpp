/// What the values of mlsd look like in fmt (9 to 12): `fmt::format("{}", error)`.
///
/// Texts (`error`, `errc`, `timestamp`, `duration`, `category`, `feature_info`) take fill, width and precision of a
/// string: `{:>20}`. Numbers (`code`, `interval`, `estimate`, `drift_verdict`) pass what follows the colon on to each
/// of their numbers: `{:.3f}`. A `result<T>` is its value with what T takes, or its error.
#pragma once

#include "mlsd/core/category.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/core/time.hpp"
#include "mlsd/data/feature_matrix.hpp"
#include "mlsd/drift/verdict.hpp"
#include "mlsd/metrics/interval.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace mlsd::detail {

[[nodiscard]] constexpr std::string_view fmt_text(errc code) noexcept {
  switch (code) {
    case errc::invalid_argument:
      return "invalid argument";
    case errc::empty:
      return "empty";
    case errc::one_class:
      return "one class";
    case errc::not_finite:
      return "not finite";
    case errc::order:
      return "order";
    case errc::missing_column:
      return "missing column";
    case errc::parse:
      return "parse";
    case errc::io:
      return "io";
    case errc::corrupt:
      return "corrupt";
    case errc::truncated:
      return "truncated";
    case errc::version:
      return "version";
    case errc::mismatch:
      return "mismatch";
    case errc::capacity:
      return "capacity";
  }
  return "unknown";
}
[[nodiscard]] inline std::string fmt_text(const error& e) { return to_string(e); }
[[nodiscard]] inline std::string fmt_text(timestamp t) { return to_string(t); }

/// "2d 3h 4m 5.006s"; parts that are 0 are left out.
[[nodiscard]] inline std::string fmt_text(duration d) {
  if (d.ms == 0) return "0s";
  std::string out = d.ms < 0 ? "-" : "";
  const auto size = d.ms < 0 ? 0 - static_cast<std::uint64_t>(d.ms) : static_cast<std::uint64_t>(d.ms);
  const std::pair<std::uint64_t, char> parts[] = {
      {size / 86'400'000, 'd'}, {size / 3'600'000 % 24, 'h'}, {size / 60'000 % 60, 'm'}};
  const auto space = [&out] {
    if (out.size() > 1) out += ' ';
  };
  for (const auto& [n, unit] : parts)
    if (n != 0) {
      space();
      (out += std::to_string(n)) += unit;
    }
  if (const std::uint64_t ms = size % 60'000; ms != 0) {
    space();
    out += std::to_string(ms / 1000);
    if (ms % 1000 != 0) {
      std::string fraction = std::to_string(1000 + ms % 1000);
      while (fraction.back() == '0') fraction.pop_back();
      (out += '.') += fraction.substr(1);
    }
    out += 's';
  }
  return out;
}

[[nodiscard]] inline std::string fmt_text(const category& c) {
  return c.is_missing() ? "(missing)" : c.is_text() ? std::string(c.text()) : std::to_string(c.number());
}
/// "age", "site (code below 40)".
[[nodiscard]] inline std::string fmt_text(const feature_info& f) {
  return f.is_code() ? f.name + " (code below " + std::to_string(f.cardinality) + ")" : f.name;
}

template <class T> struct fmt_as_text {
  fmt::formatter<fmt::string_view> text;

  constexpr auto parse(fmt::format_parse_context& context) { return text.parse(context); }
  template <class Context> auto format(const T& value, Context& context) const {
    const auto words = fmt_text(value);
    return text.format(fmt::string_view(words.data(), words.size()), context);
  }
};

/// Writes numbers by one specification, and words between them.
template <class Number> struct fmt_as_numbers {
  fmt::formatter<Number> number;

  constexpr auto parse(fmt::format_parse_context& context) { return number.parse(context); }

 protected:
  template <class Context> void put(Number value, Context& context) const {
    context.advance_to(number.format(value, context));
  }
  template <class Context> static void put(const char* words, Context& context) {
    auto out = context.out();
    while (*words != '\0') *out++ = *words++;
    context.advance_to(out);
  }
};

}  // namespace mlsd::detail

template <> struct fmt::formatter<mlsd::errc> : mlsd::detail::fmt_as_text<mlsd::errc> {};
/// "line 7, column 3: what is wrong".
template <> struct fmt::formatter<mlsd::error> : mlsd::detail::fmt_as_text<mlsd::error> {};
/// "2017-11-06T16:00:00Z".
template <> struct fmt::formatter<mlsd::timestamp> : mlsd::detail::fmt_as_text<mlsd::timestamp> {};
template <> struct fmt::formatter<mlsd::duration> : mlsd::detail::fmt_as_text<mlsd::duration> {};
template <> struct fmt::formatter<mlsd::category> : mlsd::detail::fmt_as_text<mlsd::category> {};
template <> struct fmt::formatter<mlsd::feature_info> : mlsd::detail::fmt_as_text<mlsd::feature_info> {};

template <> struct fmt::formatter<mlsd::code> : mlsd::detail::fmt_as_numbers<std::uint32_t> {
  template <class Context> auto format(mlsd::code c, Context& context) const { return number.format(c.value, context); }
};

/// "[0.91, 0.95]".
template <> struct fmt::formatter<mlsd::interval> : mlsd::detail::fmt_as_numbers<double> {
  template <class Context> auto format(const mlsd::interval& i, Context& context) const {
    put("[", context);
    put(i.lower, context);
    put(", ", context);
    put(i.upper, context);
    put("]", context);
    return context.out();
  }
};

/// "0.93 [0.91, 0.95]".
template <> struct fmt::formatter<mlsd::estimate> : mlsd::detail::fmt_as_numbers<double> {
  template <class Context> auto format(const mlsd::estimate& e, Context& context) const {
    put(e.value, context);
    put(" [", context);
    put(e.ci.lower, context);
    put(", ", context);
    put(e.ci.upper, context);
    put("]", context);
    return context.out();
  }
};

/// "0.21, by chance up to 0.04: drifted"; the other verdicts are "significant, but small", "within chance".
template <> struct fmt::formatter<mlsd::drift_verdict> : mlsd::detail::fmt_as_numbers<double> {
  template <class Context> auto format(const mlsd::drift_verdict& v, Context& context) const {
    put(v.statistic, context);
    put(", by chance up to ", context);
    put(v.critical, context);
    put(v.drifted ? ": drifted" : v.significant ? ": significant, but small" : ": within chance", context);
    return context.out();
  }
};

template <class T> struct fmt::formatter<mlsd::result<T>> {
  fmt::formatter<T> value;

  constexpr auto parse(fmt::format_parse_context& context) { return value.parse(context); }
  template <class Context> auto format(const mlsd::result<T>& r, Context& context) const {
    return r.has_value() ? value.format(*r, context) : fmt::formatter<mlsd::error>().format(r.error(), context);
  }
};
