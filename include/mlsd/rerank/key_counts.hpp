#pragma once

#include "mlsd/core/arena.hpp"
#include "mlsd/core/category.hpp"
#include "mlsd/core/feature.hpp"
#include "mlsd/core/hash.hpp"

#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

namespace mlsd {

/// Never defined: a rule cannot group candidates by a field of this type (an integer, an enumeration, a text, a
/// `category`, an optional of these, or an array of them).
template <class Field> struct cannot_group_by;

namespace detail {

/// Calls `f(key)` for each value by which a candidate is grouped. Missing values (empty texts and optionals) are none;
/// an array is a set of values. Texts with one 64-bit hash count as one.
template <class T, class F> constexpr void for_each_key(const T& value, F&& f) {
  if constexpr (std::is_enum_v<T>) {
    f(hash_key(static_cast<std::int64_t>(value)));
  } else if constexpr (std::integral<T>) {
    f(hash_key(static_cast<std::int64_t>(value)));
  } else if constexpr (std::is_same_v<T, code>) {
    f(hash_key(static_cast<std::int64_t>(value.value)));
  } else if constexpr (std::is_same_v<T, category>) {
    if (value.is_text())
      f(hash_key(value.text()));
    else if (!value.is_missing())
      f(hash_key(value.number()));
  } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
    const std::string_view text = value;
    if (!text.empty()) f(hash_key(text));
  } else if constexpr (requires {
                         value.has_value();
                         *value;
                       }) {
    if (value.has_value()) for_each_key(*value, f);
  } else if constexpr (requires {
                         std::tuple_size<T>::value;
                         value.begin();
                       }) {
    for (const auto& one : value) for_each_key(one, f);
  } else {
    static_assert(sizeof(cannot_group_by<T>) != 0);
  }
}

/// The most keys that one value can have.
template <class T> [[nodiscard]] consteval std::size_t most_keys() {
  if constexpr (requires { std::tuple_size<T>::value; })
    return std::tuple_size_v<T> * most_keys<typename T::value_type>();
  else if constexpr (requires(const T& v) {
                       v.has_value();
                       *v;
                     })
    return most_keys<typename T::value_type>();
  else
    return 1;
}
template <class C, fixed_string Name>
inline constexpr std::size_t most_keys_of =
    most_keys<std::remove_cvref_t<decltype(std::declval<const C&>()[feature<Name>{}])>>();

/// How many candidates have each key: open addressing in an arena, never more than half full.
class key_counts {
 public:
  [[nodiscard]] static constexpr std::size_t scratch_bytes(std::size_t keys) noexcept {
    return arena::bytes_for<cell>(places(keys));
  }
  key_counts(std::size_t keys, arena& scratch) noexcept : cells_(scratch.take<cell>(places(keys))) {}

  /// The count of a key. No more than `keys` distinct ones may be asked for.
  [[nodiscard]] std::uint32_t of(std::uint64_t key) noexcept { return at(key).count; }
  /// Counts a key of candidate `number`, from 1 and ascending: once, however often it has it.
  void add(std::uint64_t key, std::uint32_t number) noexcept {
    cell& c = at(key);
    c.count += c.last != number;
    c.last = number;
  }

 private:
  struct cell {
    std::uint64_t key = 0;
    std::uint32_t count = 0, last = 0;  // the last candidate with the key
    bool used = false;
  };
  [[nodiscard]] cell& at(std::uint64_t key) noexcept {
    const std::size_t mask = cells_.size() - 1;
    std::size_t i = static_cast<std::size_t>(key) & mask;
    while (cells_[i].used && cells_[i].key != key) i = (i + 1) & mask;
    cells_[i].used = true;
    cells_[i].key = key;
    return cells_[i];
  }
  [[nodiscard]] static constexpr std::size_t places(std::size_t keys) noexcept { return std::bit_ceil(2 * keys + 1); }

  std::span<cell> cells_;
};

}  // namespace detail
}  // namespace mlsd
