#pragma once

#include <cassert>
#include <limits>

#include "mlsd/archive/wire.hpp"

/// The type of an archived value, as bytes: the part of a file that makes it readable without the type.
/// docs/file-format.md draws the layout.
namespace mlsd::detail {

/// The address of this names T, without RTTI.
template <class T> inline constexpr char type_identity = 0;

/// An archive that writes the schema of what it visits. Elements of containers are visited as `T{}`.
class schema_writer {
 public:
  explicit schema_writer(std::vector<std::byte>& to) noexcept : bytes_(&to), to_(to) {}

  template <class T> void operator()(std::string_view name, const T& value) {
    ++fields_;
    text(name);
    type(value);
  }

  template <class T> void type(const T& value) {
    static_assert(require_archivable<T>());
    if constexpr (is_scalar_field<T>) {
      if constexpr (kind_of<T> == field_kind::enumeration) tag(wire::enumeration);
      tag(wire_of<T>());
    } else if constexpr (kind_of<T> == field_kind::text) {
      tag(wire::text);
    } else if constexpr (kind_of<T> == field_kind::vector) {
      tag(wire::vector);
      type(typename T::value_type{});
    } else if constexpr (kind_of<T> == field_kind::optional) {
      tag(wire::optional);
      type(typename T::value_type{});
    } else if constexpr (kind_of<T> == field_kind::array) {
      tag(wire::array);
      write_number(to_, std::uint64_t{std::tuple_size_v<T>});
      type(typename T::value_type{});
    } else {
      record(value);
    }
  }

 private:
  void tag(wire w) { write_number(to_, static_cast<std::uint8_t>(w)); }
  template <class = void> void text(std::string_view s) {
    assert(s.size() <= (std::numeric_limits<std::uint16_t>::max)());
    write_number(to_, static_cast<std::uint16_t>(s.size()));
    to_.bytes(s.data(), s.size());
  }
  template <class T> void record(const T& value) {
    for (std::size_t k = 0; k < open_.size(); ++k) {
      if (open_[k] != &type_identity<T>) continue;
      tag(wire::enclosing);
      return write_number(to_, static_cast<std::uint32_t>(k));
    }
    tag(wire::record);
    text(type_name_of<T>());
    write_number(to_, version_of<T>());
    const auto count_at = static_cast<std::size_t>(to_.size());
    write_number(to_, std::uint32_t{0});
    open_.push_back(&type_identity<T>);
    const std::uint32_t outer = std::exchange(fields_, 0);
    visit_fields(value, *this);
    overwrite(*bytes_, count_at, fields_);
    fields_ = outer;
    open_.pop_back();
  }

  std::vector<std::byte>* bytes_;
  byte_writer to_;
  std::vector<const void*> open_{};
  std::uint32_t fields_ = 0;
};

/// The schema of T.
template <class T> [[nodiscard]] std::vector<std::byte> schema_of_value(const T& value) {
  std::vector<std::byte> bytes;
  schema_writer(bytes).type(value);
  return bytes;
}

/// One type of a parsed schema. Nodes lie in preorder: the first child of node i is i + 1.
struct schema_node {
  wire kind = wire::boolean;
  wire base = wire::boolean;     ///< of an enum
  std::uint16_t field_size = 0;  ///< the name of the field that has this type
  std::uint16_t type_size = 0;   ///< the name of a record's class
  std::uint32_t field_at = 0, type_at = 0;
  std::uint32_t version = 0;  ///< of a record
  std::uint32_t next = 0;     ///< the node after this one and all that is below it
  std::uint32_t at = 0;       ///< offset in the schema
  std::uint64_t count = 0;    ///< fields of a record, length of an array, the node meant by `enclosing`
};

/// A schema whose bytes are sound: every tag known, nesting bounded, every name inside.
class parsed_schema {
 public:
  /// O(bytes), also in memory: at most one node for each byte. `position` is where the schema starts in its file.
  template <class = void>
  [[nodiscard]] static result<parsed_schema> parse(std::span<const std::byte> file, std::uint64_t position,
                                                   std::uint64_t size) {
    if (size > (std::numeric_limits<std::uint32_t>::max)())
      return error{.code = errc::corrupt, .message = "the schema is longer than 4 GiB", .position = position};
    parsed_schema s;
    s.text_ = reinterpret_cast<const char*>(file.data()) + position;
    s.position_ = position;
    byte_reader from(file, position, position + size);
    s.parse_node(from, 0, name{});
    if (!from.failed() && from.left() != 0) from.fail(errc::corrupt, "bytes after the end of the schema");
    if (from.failed()) return std::move(from.failure());
    return s;
  }

  [[nodiscard]] const schema_node& operator[](std::size_t i) const noexcept { return nodes_[i]; }
  [[nodiscard]] std::size_t size() const noexcept { return nodes_.size(); }
  /// The offset in the file of a node.
  [[nodiscard]] std::uint64_t position(std::size_t i) const noexcept { return position_ + nodes_[i].at; }
  [[nodiscard]] std::string_view field_name(std::size_t i) const noexcept {
    return {text_ + nodes_[i].field_at, nodes_[i].field_size};
  }
  [[nodiscard]] std::string_view type_name(std::size_t i) const noexcept {
    return {text_ + nodes_[i].type_at, nodes_[i].type_size};
  }
  /// The record that an `enclosing` node means, or the node itself.
  [[nodiscard]] std::size_t resolve(std::size_t i) const noexcept {
    return nodes_[i].kind == wire::enclosing ? static_cast<std::size_t>(nodes_[i].count) : i;
  }
  /// The scalar that a node is: of an enum the number under it; `text` for all that is no scalar.
  [[nodiscard]] wire scalar(std::size_t i) const noexcept {
    if (nodes_[i].kind == wire::enumeration) return nodes_[i].base;
    return size_of(nodes_[i].kind) != 0 ? nodes_[i].kind : wire::text;
  }
  /// "vector of f32", "array of 3 u64", "target_encoder".
  template <class = void> [[nodiscard]] std::string spelled(std::size_t i) const {
    std::string out;
    for (;; ++i) {
      const schema_node& n = nodes_[i];
      if (n.kind == wire::enclosing) return spelled(resolve(i)).insert(0, out);
      if (n.kind == wire::record) return out + (n.type_size == 0 ? "record" : printable(type_name(i)));
      if (n.kind == wire::enumeration) return out + "enum " + std::string(name_of(n.base));
      out += name_of(n.kind);
      if (n.kind == wire::vector || n.kind == wire::optional)
        out += " of ";
      else if (n.kind == wire::array)
        out += " of " + std::to_string(n.count) + " ";
      else
        return out;
    }
  }

 private:
  struct name {
    std::uint32_t at = 0;
    std::uint16_t size = 0;
  };
  template <class = void> name parse_name(byte_reader& from) const {
    name n;
    n.size = from.number<std::uint16_t>();
    n.at = static_cast<std::uint32_t>(from.at() - position_);
    (void)from.take(n.size);
    return n;
  }
  template <class = void> void parse_node(byte_reader& from, std::uint32_t depth, name field) {
    const std::size_t i = nodes_.size();
    const auto at = static_cast<std::uint32_t>(from.at() - position_);
    if (depth >= maximal_depth) return from.fail(errc::corrupt, "types are nested too deep");
    const auto kind = static_cast<wire>(from.number<std::uint8_t>());
    if (from.failed()) return;
    nodes_.push_back({.kind = kind, .field_size = field.size, .field_at = field.at, .at = at});
    switch (kind) {
      case wire::enumeration: {
        const auto base = static_cast<wire>(from.number<std::uint8_t>());
        if (base < wire::u8 || base > wire::i64) from.fail(errc::corrupt, "an enum of something else than integers");
        nodes_[i].base = base;
        break;
      }
      case wire::array:
        nodes_[i].count = from.number<std::uint64_t>();
        [[fallthrough]];
      case wire::vector:
      case wire::optional:
        parse_node(from, depth + 1, name{});
        break;
      case wire::record: {
        const name type = parse_name(from);
        nodes_[i].type_at = type.at;
        nodes_[i].type_size = type.size;
        nodes_[i].version = from.number<std::uint32_t>();
        nodes_[i].count = from.number<std::uint32_t>();
        open_.push_back(static_cast<std::uint32_t>(i));
        for (std::uint64_t k = 0; k < nodes_[i].count && !from.failed(); ++k) {
          const name child = parse_name(from);
          parse_node(from, depth + 1, child);
        }
        open_.pop_back();
        break;
      }
      case wire::enclosing: {
        const auto level = from.number<std::uint32_t>();
        if (level >= open_.size()) return from.fail(errc::corrupt, "a type refers to a record that it is not in");
        nodes_[i].count = open_[level];
        break;
      }
      default:
        if (kind < wire::boolean || kind > wire::text)
          from.fail(errc::corrupt, "unknown type tag " + std::to_string(static_cast<int>(kind)), from.at() - 1);
    }
    nodes_[i].next = static_cast<std::uint32_t>(nodes_.size());
  }

  std::vector<schema_node> nodes_{};
  std::vector<std::uint32_t> open_{};
  const char* text_ = nullptr;
  std::uint64_t position_ = 0;
};

}  // namespace mlsd::detail
