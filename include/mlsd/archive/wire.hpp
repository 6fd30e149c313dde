#pragma once

#include "mlsd/archive/byte_stream.hpp"
#include "mlsd/archive/describe.hpp"
#include "mlsd/archive/text.hpp"

/// The type tags of the file format, and its scalars as text.
namespace mlsd::detail {

/// Numbers of the file format: they never change.
enum class wire : std::uint8_t {
  boolean = 1,
  u8 = 2,
  u16 = 3,
  u32 = 4,
  u64 = 5,
  i8 = 6,
  i16 = 7,
  i32 = 8,
  i64 = 9,
  f32 = 10,
  f64 = 11,
  text = 12,
  enumeration = 13,
  vector = 14,
  array = 15,
  optional = 16,
  record = 17,
  enclosing = 18  ///< the type of a record that this one lies in
};

template <class T> [[nodiscard]] consteval wire wire_of() {
  if constexpr (kind_of<T> == field_kind::boolean) {
    return wire::boolean;
  } else if constexpr (kind_of<T> == field_kind::enumeration) {
    return wire_of<std::underlying_type_t<T>>();
  } else if constexpr (std::is_floating_point_v<T>) {
    return sizeof(T) == 4 ? wire::f32 : wire::f64;
  } else {
    const auto first = static_cast<std::uint8_t>(std::is_signed_v<T> && !std::is_same_v<T, char> ? wire::i8 : wire::u8);
    return static_cast<wire>(first + std::countr_zero(sizeof(T)));
  }
}

/// Bytes of a scalar; 0 for what is not one.
[[nodiscard]] constexpr std::uint64_t size_of(wire w) noexcept {
  switch (w) {
    case wire::boolean:
    case wire::u8:
    case wire::i8:
      return 1;
    case wire::u16:
    case wire::i16:
      return 2;
    case wire::u32:
    case wire::i32:
    case wire::f32:
      return 4;
    case wire::u64:
    case wire::i64:
    case wire::f64:
      return 8;
    default:
      return 0;
  }
}

[[nodiscard]] constexpr std::string_view name_of(wire w) noexcept {
  constexpr std::string_view names[] = {"?",      "bool",  "u8",       "u16",    "u32",      "u64",    "i8",
                                        "i16",    "i32",   "i64",      "f32",    "f64",      "string", "enum",
                                        "vector", "array", "optional", "record", "enclosing"};
  return names[static_cast<std::uint8_t>(w) < std::size(names) ? static_cast<std::uint8_t>(w) : 0];
}

/// A scalar of a payload.
template <class = void> void append_scalar(std::string& out, wire kind, const std::byte* from) {
  switch (kind) {
    case wire::boolean:
      out += *from == std::byte{0} ? "false" : "true";
      break;
    case wire::u8:
      append_number(out, from_little_endian<std::uint8_t>(from));
      break;
    case wire::u16:
      append_number(out, from_little_endian<std::uint16_t>(from));
      break;
    case wire::u32:
      append_number(out, from_little_endian<std::uint32_t>(from));
      break;
    case wire::u64:
      append_number(out, from_little_endian<std::uint64_t>(from));
      break;
    case wire::i8:
      append_number(out, from_little_endian<std::int8_t>(from));
      break;
    case wire::i16:
      append_number(out, from_little_endian<std::int16_t>(from));
      break;
    case wire::i32:
      append_number(out, from_little_endian<std::int32_t>(from));
      break;
    case wire::i64:
      append_number(out, from_little_endian<std::int64_t>(from));
      break;
    case wire::f32:
      append_number(out, from_little_endian<float>(from));
      break;
    case wire::f64:
      append_number(out, from_little_endian<double>(from));
      break;
    default:
      break;
  }
}

}  // namespace mlsd::detail
