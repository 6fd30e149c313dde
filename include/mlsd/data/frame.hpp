#pragma once

#include "mlsd/data/schema.hpp"
#include "mlsd/data/text_column.hpp"

#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace mlsd {

namespace detail {
/// How a column of T is stored: texts end to end, bools as bytes (`std::vector<bool>` has no spans).
template <class T> struct column_of {
  using type = std::vector<T>;
};
template <> struct column_of<std::string_view> {
  using type = text_column;
};
template <> struct column_of<bool> {
  using type = std::vector<std::uint8_t>;
};

template <std::size_t I, class Column> struct frame_cell {
  Column column{};
};

template <const auto& Schema, class Indices> struct frame_cells;
template <const auto& Schema, std::size_t... I>
struct frame_cells<Schema, std::index_sequence<I...>>
    : frame_cell<I, typename column_of<typename schema_of<Schema>::template value_type<I>>::type>... {
  [[nodiscard]] std::array<const void*, sizeof...(I)> addresses() const noexcept {
    return {
        &static_cast<
             const frame_cell<I, typename column_of<typename schema_of<Schema>::template value_type<I>>::type>&>(*this)
             .column...};
  }
};

template <std::size_t I, class Column> [[nodiscard]] constexpr Column& column(frame_cell<I, Column>& c) noexcept {
  return c.column;
}
template <std::size_t I, class Column>
[[nodiscard]] constexpr const Column& column(const frame_cell<I, Column>& c) noexcept {
  return c.column;
}

template <class T> [[nodiscard]] std::span<T> view_of(std::vector<T>& v) noexcept { return v; }
template <class T> [[nodiscard]] std::span<const T> view_of(const std::vector<T>& v) noexcept { return v; }
[[nodiscard]] inline text_column& view_of(text_column& c) noexcept { return c; }
[[nodiscard]] inline const text_column& view_of(const text_column& c) noexcept { return c; }
}  // namespace detail

/// A table [n rows] stored by columns, one for each field of the schema.
/// `table["age"_f]` is a `std::span` over the column (bytes 0/1 for a bool, a `text_column` for texts).
/// Growth is amortised O(1) a row; a name that the schema lacks does not compile.
template <const auto& Schema> class frame {
 public:
  using schema_type = schema_of<Schema>;
  using record_type = typename schema_type::record_type;
  static constexpr std::size_t columns = schema_type::size;

  frame() = default;
  explicit frame(std::size_t rows) { resize(rows); }
  /// One row for each record.
  explicit frame(std::span<const record_type> records) {
    reserve(records.size());
    for (const record_type& r : records) push_back(r);
  }

  [[nodiscard]] std::size_t size() const noexcept { return rows_; }
  [[nodiscard]] bool empty() const noexcept { return rows_ == 0; }

  template <fixed_string Name>
    requires(!std::is_same_v<typename schema_type::template find<Name>, no_slot>)
  [[nodiscard]] decltype(auto) operator[](feature<Name>) noexcept {
    return detail::view_of(column_at<schema_type::template find<Name>::index>());
  }
  template <fixed_string Name>
    requires(!std::is_same_v<typename schema_type::template find<Name>, no_slot>)
  [[nodiscard]] decltype(auto) operator[](feature<Name>) const noexcept {
    return detail::view_of(column_at<schema_type::template find<Name>::index>());
  }

  /// The stored column of field I; whoever changes its length must change that of all.
  template <std::size_t I> [[nodiscard]] auto& column_at() noexcept { return detail::column<I>(cells_); }
  template <std::size_t I> [[nodiscard]] const auto& column_at() const noexcept { return detail::column<I>(cells_); }

  /// The addresses of all columns, by the numbers of their fields.
  [[nodiscard]] std::array<const void*, columns> column_addresses() const noexcept { return cells_.addresses(); }

  /// Value of field I in row i, as kernels see it.
  template <std::size_t I>
  [[nodiscard]] auto value(std::size_t i) const noexcept {  // the type is not spelled out: it would be in all symbols
    assert(i < rows_);
    using T = typename schema_type::template value_type<I>;
    if constexpr (std::is_same_v<T, bool>)
      return column_at<I>()[i] != 0;
    else
      return T(column_at<I>()[i]);
  }

  /// Row i as the user's struct; its texts are views into this frame unless the struct owns them.
  [[nodiscard]] record_type row(std::size_t i) const {
    record_type r{};
    for_each_index([&]<std::size_t I>() { set_field<Schema, I>(r, value<I>(i)); });
    return r;
  }
  void push_back(const record_type& r) {
    for_each_index([&]<std::size_t I>() { column_at<I>().push_back(field_value<Schema, I>(r)); });
    ++rows_;
  }
  /// Call after all columns have been grown to `rows` by hand.
  void set_size(std::size_t rows) noexcept {
    for_each_index([&]<std::size_t I>() { assert(column_at<I>().size() == rows); });
    rows_ = rows;
  }
  void resize(std::size_t rows) {
    for_each_index([&]<std::size_t I>() { column_at<I>().resize(rows); });
    rows_ = rows;
  }
  void reserve(std::size_t rows) {
    for_each_index([&]<std::size_t I>() { column_at<I>().reserve(rows); });
  }

  /// The rows with these numbers, in this order. O(rows * columns); allocates the new frame.
  [[nodiscard]] frame gather(std::span<const std::size_t> rows) const {
    frame out;
    out.reserve(rows.size());
    for_each_index([&]<std::size_t I>() {
      for (const std::size_t i : rows) {
        assert(i < rows_);
        out.template column_at<I>().push_back(column_at<I>()[i]);
      }
    });
    out.rows_ = rows.size();
    return out;
  }
  /// Rows [first, first + count).
  [[nodiscard]] frame slice(std::size_t first, std::size_t count) const {
    assert(first + count <= rows_);
    frame out;
    out.reserve(count);
    for_each_index([&]<std::size_t I>() {
      for (std::size_t i = first; i < first + count; ++i) out.template column_at<I>().push_back(column_at<I>()[i]);
    });
    out.rows_ = count;
    return out;
  }

  /// `f.template operator()<I>()` for each field number I.
  template <class F> static constexpr void for_each_index(F&& f) {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (f.template operator()<I>(), ...);
    }(std::make_index_sequence<columns>{});
  }

 private:
  detail::frame_cells<Schema, std::make_index_sequence<columns>> cells_;
  std::size_t rows_ = 0;
};

}  // namespace mlsd
