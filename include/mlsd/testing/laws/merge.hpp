#pragma once

#include "mlsd/testing/laws/broken.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

namespace mlsd::laws {

namespace detail {
/// A number on the line of doubles, so that neighbours differ by 1.
[[nodiscard]] constexpr std::int64_t place(double x) noexcept {
  const auto i = std::bit_cast<std::int64_t>(x);
  return i < 0 ? std::int64_t{(-0x7FFF'FFFF'FFFF'FFFF - 1)} - i : i;
}
[[nodiscard]] inline bool is_within(double a, double b, std::uint64_t ulps) noexcept {
  if (a != a || b != b) return a != a && b != b;
  const std::int64_t i = place(a), j = place(b);
  const std::uint64_t distance = i > j ? static_cast<std::uint64_t>(i) - static_cast<std::uint64_t>(j)
                                       : static_cast<std::uint64_t>(j) - static_cast<std::uint64_t>(i);
  return distance <= ulps;
}

/// Compares what `value` says of two states: a number, or a range of numbers. Returns the first difference as text.
template <class V> [[nodiscard]] std::string difference(const V& a, const V& b, std::uint64_t ulps) {
  if constexpr (std::is_arithmetic_v<V>) {
    const auto x = static_cast<double>(a), y = static_cast<double>(b);
    return is_within(x, y, ulps) ? std::string() : digits(x) + " and " + digits(y);
  } else {
    if (a.size() != b.size()) return std::to_string(a.size()) + " and " + std::to_string(b.size()) + " values";
    auto other = b.begin();
    std::size_t at = 0;
    for (const auto& x : a) {
      if (auto d = difference(x, *other++, ulps); !d.empty()) return "value " + std::to_string(at) + ": " + d;
      ++at;
    }
    return {};
  }
}

template <class S> [[nodiscard]] S merged(S into, const S& from) {
  into.merge(from);
  return into;
}
}  // namespace detail

/// A mergeable state is a monoid: `S{}` is its identity on both sides, and merging is associative. `parts` are three
/// states or more; `value(state)` is the number, or the range of numbers, that states are compared by; `ulps` is how
/// many doubles two values may lie apart. O(parts).
template <class S, class Value>
[[nodiscard]] result<void> merges_as_monoid(std::span<const S> parts, Value&& value, std::uint64_t ulps = 0) {
  const auto compare = [&](std::string_view law, std::size_t k, const S& a, const S& b) -> result<void> {
    const auto d = detail::difference(value(a), value(b), ulps);
    return d.empty() ? result<void>{} : result<void>(broken(law, "part " + std::to_string(k) + ": " + d));
  };
  if (auto ok = compare("empty + empty == empty", 0, detail::merged(S{}, S{}), S{}); !ok) return ok;
  for (std::size_t k = 0; k < parts.size(); ++k) {
    if (auto ok = compare("empty + a == a", k, detail::merged(S{}, parts[k]), parts[k]); !ok) return ok;
    if (auto ok = compare("a + empty == a", k, detail::merged(parts[k], S{}), parts[k]); !ok) return ok;
    if (k + 2 >= parts.size()) continue;
    const S left = detail::merged(detail::merged(parts[k], parts[k + 1]), parts[k + 2]);
    const S right = detail::merged(parts[k], detail::merged(parts[k + 1], parts[k + 2]));
    if (auto ok = compare("(a + b) + c == a + (b + c)", k, left, right); !ok) return ok;
  }
  return {};
}

/// The same of a monitor, by its `value()`.
template <class S> [[nodiscard]] result<void> merges_as_monoid(std::span<const S> parts, std::uint64_t ulps = 0) {
  return merges_as_monoid(
      parts, [](const S& s) { return s.value(); }, ulps);
}

}  // namespace mlsd::laws
