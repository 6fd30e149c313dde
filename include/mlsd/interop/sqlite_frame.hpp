/// Rows out of a SQLite database, into a frame of the user's struct.
#pragma once

#include "mlsd/core/result.hpp"
#include "mlsd/core/time.hpp"
#include "mlsd/data/frame.hpp"
#include "mlsd/interop/sqlite.hpp"

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace mlsd {

namespace detail {

template <class T> inline constexpr bool is_sqlite_optional = false;
template <class T> inline constexpr bool is_sqlite_optional<std::optional<T>> = true;

/// The value of a column in the row where a statement stands; empty where SQLite holds something else than a T.
template <class T> [[nodiscard]] std::optional<T> sqlite_value(sqlite3_stmt* row, int column) {
  const int type = sqlite3_column_type(row, column);
  if constexpr (is_sqlite_optional<T>) {
    if (type == SQLITE_NULL) return T{};
    const auto value = sqlite_value<typename T::value_type>(row, column);
    return value ? std::optional<T>(*value) : std::nullopt;
  } else if constexpr (std::floating_point<T>) {
    if (type == SQLITE_NULL) return std::numeric_limits<T>::quiet_NaN();
    if (type != SQLITE_FLOAT && type != SQLITE_INTEGER) return std::nullopt;
    const double number = sqlite3_column_double(row, column);
    constexpr auto largest = static_cast<double>((std::numeric_limits<T>::max)());
    if (number > largest || number < -largest)
      if (number - number == 0) return std::nullopt;  // finite, but no T holds it
    return static_cast<T>(number);
  } else if constexpr (std::same_as<T, std::string_view>) {
    if (type == SQLITE_NULL) return T{};
    if (type != SQLITE_TEXT) return std::nullopt;
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(row, column));
    return T(text, static_cast<std::size_t>(sqlite3_column_bytes(row, column)));
  } else {
    if (type != SQLITE_INTEGER) return std::nullopt;
    const std::int64_t number = sqlite3_column_int64(row, column);
    if constexpr (std::same_as<T, timestamp> || std::same_as<T, duration>) {
      return T{number};
    } else if constexpr (std::same_as<T, bool>) {
      return number == 0 || number == 1 ? std::optional<T>(number == 1) : std::nullopt;
    } else {
      static_assert(std::integral<T>, "mlsd: SQLite has numbers, texts and times, and optional ones of these");
      const auto value = static_cast<T>(number);
      const bool keeps_bits = sizeof(T) == sizeof number;
      return keeps_bits || (static_cast<std::int64_t>(value) == number && (value < T{}) == (number < 0))
                 ? std::optional<T>(value)
                 : std::nullopt;
    }
  }
}

template <const auto& Schema> class sqlite_reader {
  using schema_type = schema_of<Schema>;

 public:
  [[nodiscard]] static constexpr bool is_read(role r) noexcept { return r != role::computed; }

  /// Where the statement has each field.
  [[nodiscard]] result<void> find_columns(const sqlite_statement& from) {
    const int columns = sqlite3_column_count(from.handle());
    result<void> found;
    frame<Schema>::for_each_index([&]<std::size_t I>() {
      if constexpr (is_read(schema_type::template field_type<I>::role)) {
        for (int c = columns; c-- > 0;)
          if (schema_type::template name<I> == sqlite3_column_name(from.handle(), c)) place_[I] = c;
        if (place_[I] < 0 && found)
          found = error{errc::missing_column,
                        "SQLite, " + from.what() + ": no column '" + std::string(schema_type::template name<I>) + "'"};
      }
    });
    return found;
  }
  [[nodiscard]] result<void> add_row(const sqlite_statement& from, frame<Schema>& to) const {
    result<void> read;
    frame<Schema>::for_each_index([&]<std::size_t I>() {
      using T = typename schema_type::template value_type<I>;
      auto& column = to.template column_at<I>();
      if constexpr (is_read(schema_type::template field_type<I>::role)) {
        if (const auto value = sqlite_value<T>(from.handle(), place_[I])) return column.push_back(*value);
        read = error{errc::parse, "SQLite, " + from.what() + ": row " + std::to_string(to.size()) + ": column '" +
                                      std::string(schema_type::template name<I>) + "' holds another type of value"};
      }
      column.push_back(T{});
    });
    return read;
  }

 private:
  std::array<int, schema_type::size> place_ = [] {
    std::array<int, schema_type::size> none{};
    none.fill(-1);
    return none;
  }();
};

}  // namespace detail

/// The rows that a SELECT gives, its columns taken by name; those without a field are left out. Parameters must be
/// bound. Numbers, bool (0 and 1), text, `timestamp` and `duration` (milliseconds), and `std::optional` of these. NULL
/// is nothing in an optional, NaN in a floating-point field, the empty text in a text; elsewhere it is an error, as is
/// a number that does not fit or a value of another type: the error names the row and the column. Integers of 64 bits
/// keep their bits. Fields that are `computed` stay zero. O(rows x columns).
template <const auto& Schema> [[nodiscard]] result<frame<Schema>> read_frame(sqlite_statement& select) {
  detail::sqlite_reader<Schema> reader;
  if (auto found = reader.find_columns(select); !found) return found.error();
  frame<Schema> out;
  for (std::size_t rows = 0;; out.set_size(++rows)) {
    const auto row = select.step();
    if (!row) return row.error();
    if (!*row) return out;
    if (auto read = reader.add_row(select, out); !read) return read.error();
  }
}

/// The same for all rows of a table or view, in its order.
template <const auto& Schema>
[[nodiscard]] result<frame<Schema>> read_frame(sqlite_database& from, const std::string& table) {
  if (auto named = detail::check_sqlite_name(table); !named) return named.error();
  auto select = from.prepare("SELECT * FROM " + sqlite_name(table), "table '" + table + "'");
  if (!select) return select.error();
  return read_frame<Schema>(*select);
}

}  // namespace mlsd
