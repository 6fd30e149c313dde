#pragma once

#include "mlsd/data/frame.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <type_traits>

/// Where the values of a pipeline lie while it runs. Slots are reached by number and type, so that what runs on them
/// is compiled once a type, not once a pipeline.
namespace mlsd::detail {

/// Reads a stored column from some row on.
template <class T> struct column_reader {
  const typename column_of<T>::type::value_type* data;
  [[nodiscard]] const T& operator[](std::size_t i) const noexcept { return data[i]; }
  [[nodiscard]] column_reader from(std::size_t row) const noexcept { return {data + row}; }
};
template <> struct column_reader<bool> {
  const std::uint8_t* data;
  [[nodiscard]] bool operator[](std::size_t i) const noexcept { return data[i] != 0; }
  [[nodiscard]] column_reader from(std::size_t row) const noexcept { return {data + row}; }
};
template <> struct column_reader<std::string_view> {
  const text_column* data;
  std::size_t first;
  [[nodiscard]] std::string_view operator[](std::size_t i) const noexcept { return (*data)[first + i]; }
  [[nodiscard]] column_reader from(std::size_t row) const noexcept { return {data, first + row}; }
};
template <class T>
[[nodiscard]] column_reader<T> read_from(const typename column_of<T>::type& column, std::size_t first) noexcept {
  if constexpr (std::is_same_v<T, std::string_view>)
    return {&column, first};
  else
    return {column.data() + first};
}

/// The slots of some rows: of the inputs, the column objects of the table and the first row in them; of what stages
/// write, the values.
struct column_slots {
  const void* const* table;
  std::byte* const* written;  ///< by slot - inputs
  std::size_t inputs, first;

  template <class T> [[nodiscard]] column_reader<T> reader(std::size_t slot) const noexcept {
    if (slot < inputs) return read_from<T>(*static_cast<const typename column_of<T>::type*>(table[slot]), first);
    if constexpr (requires { column_reader<T>{static_cast<const T*>(nullptr)}; })
      return {reinterpret_cast<const T*>(written[slot - inputs])};
    else
      std::abort();  // texts and bools are never written by stages
  }
  template <class T> [[nodiscard]] T* writer(std::size_t slot) const noexcept {
    return reinterpret_cast<T*>(written[slot - inputs]);
  }
};

/// The slots of one row, side by side in one buffer. A value that cannot be copied as bytes is kept by address.
struct row_slots {
  std::byte* bytes;
  const std::uint32_t* at;  ///< by slot: where it starts

  template <class T> [[nodiscard]] const T& read(std::size_t slot) const noexcept {
    if constexpr (std::is_trivially_copyable_v<T>)
      return *reinterpret_cast<const T*>(bytes + at[slot]);
    else
      return **reinterpret_cast<const T* const*>(bytes + at[slot]);
  }
  template <class T> [[nodiscard]] T* writer(std::size_t slot) const noexcept {
    return reinterpret_cast<T*>(bytes + at[slot]);
  }
};

}  // namespace mlsd::detail
