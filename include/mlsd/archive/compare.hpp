#pragma once

#include "mlsd/archive/encode.hpp"
#include "mlsd/archive/schema_difference.hpp"

namespace mlsd {

/// The first place where two values differ.
struct difference {
  std::string path{};
  std::string left{}, right{};
};

/// "stages.2.mean: 1.5 is not 2"
template <class = void> [[nodiscard]] std::string to_string(const difference& d) {
  return detail::at_path(d.path, d.left + " is not " + d.right);
}

namespace detail {

/// Walks two payloads of one schema side by side.
template <class = void> class payload_comparison {
 public:
  payload_comparison(const parsed_schema& schema, std::span<const std::byte> left, std::span<const std::byte> right)
      : schema_(schema), left_(left, 0, left.size()), right_(right, 0, right.size()) {}

  [[nodiscard]] std::optional<difference> first() { return value(0); }

 private:
  using found = std::optional<difference>;

  [[nodiscard]] static found under(std::string_view name, found below) {
    if (below) below->path.insert(0, below->path.empty() ? std::string(name) : std::string(name) + ".");
    return below;
  }
  [[nodiscard]] static found scalars(wire scalar, const std::byte* left, const std::byte* right) {
    const std::uint64_t size = size_of(scalar);
    if (std::memcmp(left, right, static_cast<std::size_t>(size)) == 0) return std::nullopt;
    difference d;
    append_scalar(d.left, scalar, left);
    append_scalar(d.right, scalar, right);
    if (d.left == d.right) {  // two kinds of NaN
      d.left += bits(size, left);
      d.right += bits(size, right);
    }
    return d;
  }
  [[nodiscard]] static std::string bits(std::uint64_t size, const std::byte* from) {
    if (size == 4) return " (0x" + hexadecimal(from_little_endian<std::uint32_t>(from), 8) + ")";
    return " (0x" + hexadecimal(from_little_endian<std::uint64_t>(from)) + ")";
  }

  [[nodiscard]] found value(std::size_t i) {
    if (const wire scalar = schema_.scalar(i); scalar != wire::text) {
      const std::byte *a = left_.take(size_of(scalar)), *b = right_.take(size_of(scalar));
      return a == nullptr || b == nullptr ? found{} : scalars(scalar, a, b);
    }
    switch (schema_[i].kind) {
      case wire::text: {
        const std::string_view a = left_.text(), b = right_.text();
        return a == b ? found{} : difference{.path = {}, .left = quote(a), .right = quote(b)};
      }
      case wire::vector: {
        const std::uint64_t n = left_.count(1), m = right_.count(1);
        if (n == m) return items(i + 1, n);
        return difference{.path = {}, .left = std::to_string(n) + " items", .right = std::to_string(m) + " items"};
      }
      case wire::array:
        if (schema_[i].count == 0) skip_zero();
        return items(i + 1, schema_[i].count);
      case wire::optional: {
        const bool a = left_.flag("an optional"), b = right_.flag("an optional");
        if (a != b) return difference{.path = {}, .left = a ? "a value" : "none", .right = b ? "a value" : "none"};
        return a ? value(i + 1) : found{};
      }
      default:
        return record(schema_.resolve(i));
    }
  }
  [[nodiscard]] found record(std::size_t i) {
    if (schema_[i].count == 0) skip_zero();
    std::size_t child = i + 1;
    for (std::uint64_t k = 0; k < schema_[i].count; ++k) {
      if (found below = value(child)) return under(schema_.field_name(child), std::move(below));
      child = schema_[child].next;
    }
    return std::nullopt;
  }
  [[nodiscard]] found items(std::size_t i, std::uint64_t n) {
    if (const wire scalar = schema_.scalar(i); scalar != wire::text) {
      const std::uint64_t size = size_of(scalar);
      const std::byte *a = left_.block(n, size), *b = right_.block(n, size);
      if (a == nullptr || b == nullptr) return std::nullopt;
      for (std::uint64_t k = 0; k < n; ++k)
        if (found here = scalars(scalar, a + k * size, b + k * size)) return under(std::to_string(k), std::move(here));
      return std::nullopt;
    }
    for (std::uint64_t k = 0; k < n; ++k)
      if (found below = value(i)) return under(std::to_string(k), std::move(below));
    return std::nullopt;
  }
  void skip_zero() {
    left_.zero_byte();
    right_.zero_byte();
  }

  const parsed_schema& schema_;
  byte_reader left_, right_;
};

template <class T> [[nodiscard]] std::vector<std::byte> payload_of(const T& value) {
  std::vector<std::byte> bytes;
  byte_writer to(bytes);
  encoder(to).value(value);
  return bytes;
}

}  // namespace detail

/// Nothing where all bits of two values are equal, else the path of the first difference in the order of `describe`,
/// with both values as text. A NaN equals a NaN of the same bits; 0 differs from -0. O(bytes), and memory for both.
template <archivable T> [[nodiscard]] std::optional<difference> compare(const T& left, const T& right) {
  const auto a = detail::payload_of(left), b = detail::payload_of(right);
  if (a == b) return std::nullopt;
  const auto schema_bytes = detail::schema_of_value(left);
  const auto schema = detail::parsed_schema::parse(schema_bytes, 0, schema_bytes.size());
  auto where = schema ? detail::payload_comparison(*schema, a, b).first() : std::nullopt;
  return where ? std::move(where) : difference{.path = {}, .left = "one payload", .right = "the other"};
}

}  // namespace mlsd
