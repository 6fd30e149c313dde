#pragma once

#include "mlsd/archive/chunks.hpp"
#include "mlsd/archive/storage.hpp"

namespace mlsd {

namespace detail {

template <class T> [[nodiscard]] result<void> write_container(const T& value, std::vector<std::byte>& out) {
  const std::vector<std::byte> schema = schema_of_value(value);
  directory_counter directory;
  visit_chunks(value, directory);
  out.clear();
  out.reserve(static_cast<std::size_t>(count_container(value, schema.size())));
  container_writer to(out, schema, directory.size);
  chunk_writer chunks(to);
  visit_chunks(value, chunks);
  to.finish(fp_mode_of_build());
  if (chunks.readable()) return {};
  return error{.code = errc::capacity,
               .message = "objects are nested deeper than " + std::to_string(maximal_depth) + " levels"};
}

}  // namespace detail

/// The value as the bytes of a file. Little-endian on every machine; equal values give equal bytes in builds of one
/// `fp_mode`. O(bytes), one allocation of that size. Aborts with the reason where objects nest deeper than 256 levels:
/// `save` reports that as an error.
template <class T> [[nodiscard]] std::vector<std::byte> to_bytes(const T& value) {
  static_assert(detail::require_archivable<T>());
  std::vector<std::byte> out;
  detail::write_container(value, out).value();
  return out;
}

/// The value in the bytes of a file, or the reason with its byte position and the path of the field:
/// "stages.2.mean: expected f32, found u64". Every byte is checked: checksums, types, lengths, flags, padding, then the
/// `validate()` of every object. Hostile bytes are an error; memory asked for is bounded by a multiple of the bytes
/// that the type sets: the most that one item of a vector takes in memory over the least that it takes in the file.
template <class T> [[nodiscard]] result<T> from_bytes(std::span<const std::byte> bytes) {
  static_assert(!std::is_const_v<T>, "mlsd: load what is not const: load<std::remove_const_t<decltype(model)>>");
  static_assert(detail::require_archivable<T>());
  const auto file = detail::container::open(bytes);
  if (!file) return file.error();
  T value{};
  if (auto difference = file->find_type_difference(detail::schema_of_value(value))) return std::move(*difference);
  detail::chunk_reader chunks(*file);
  detail::visit_chunks(value, chunks);
  if (auto failure = chunks.finish()) return std::move(*failure);
  if constexpr (detail::kind_of<T> == detail::field_kind::record && detail::has_invariants<T>)
    if (auto sound = detail::validate_fields(value); !sound)
      return error{.code = sound.error().code, .message = sound.error().message, .position = 0};
  return value;
}

/// Writes the value to a file. The file is written beside its target and renamed, so that a crash never leaves half a
/// file nor destroys an older one; a link is followed; what is no regular file is refused.
template <class T> [[nodiscard]] result<void> save(const std::string& path, const T& value) {
  static_assert(detail::require_archivable<T>());
  std::vector<std::byte> out;
  if (auto encoded = detail::write_container(value, out); !encoded) return encoded;
  return detail::replace_file(path, out);
}

/// Reads a value from a file; errors as `from_bytes`, with the path in front.
template <class T> [[nodiscard]] result<T> load(const std::string& path) {
  static_assert(detail::require_archivable<T>());
  auto content = detail::read_file(path);
  if (!content) return content.error();
  auto value = from_bytes<T>(content->bytes());
  if (value) return value;
  error e = value.error();
  e.message = detail::joined({"'", path, "': ", e.message});
  return e;
}

}  // namespace mlsd
