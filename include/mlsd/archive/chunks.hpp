#pragma once

#include "mlsd/archive/container.hpp"
#include "mlsd/archive/decode.hpp"
#include "mlsd/archive/encode.hpp"

/// The root of an archived value, field by field: each field is a chunk of the file.
namespace mlsd::detail {

/// The name of the only chunk of a value that has no fields of its own.
inline constexpr std::string_view whole_value = "value";

/// Shows the root to an archive of chunks.
template <class T, class Ar> void visit_chunks(T& value, Ar& ar) {
  if constexpr (kind_of<std::remove_const_t<T>> == field_kind::record)
    visit_fields(value, ar);
  else
    ar(whole_value, value);
}

/// An archive that counts the bytes of the directory.
struct directory_counter {
  std::uint64_t size = 0;
  template <class T> void operator()(std::string_view name, const T&) { size += entry_size(name.size()); }
};
/// An archive that counts the bytes of the chunks that start at `size`.
struct chunk_counter {
  byte_counter size;
  template <class T> void operator()(std::string_view, const T& field) {
    write_padding(size);
    encoder<byte_counter>(size).value(field);
  }
};

template <class T> [[nodiscard]] std::uint64_t count_container(const T& value, std::uint64_t schema_size) {
  directory_counter directory;
  visit_chunks(value, directory);
  chunk_counter chunks{byte_counter(aligned(header::size + schema_size) + directory.size)};
  visit_chunks(value, chunks);
  return chunks.size.size();
}

/// An archive that sees the fields of the root: each becomes a chunk.
class chunk_writer {
 public:
  explicit chunk_writer(container_writer& to) noexcept : to_(&to) {}
  [[nodiscard]] bool readable() const noexcept { return readable_; }
  template <class T> void operator()(std::string_view name, const T& field) {
    to_->chunk(name, kind_of<T> == field_kind::record ? version_of<T>() : 0, [&](byte_writer& bytes) {
      encoder<byte_writer> payload(bytes);
      payload.value(field);
      readable_ = readable_ && payload.readable();
    });
  }

 private:
  container_writer* to_;
  bool readable_ = true;
};

/// An archive that sees the fields of the root: each comes from its chunk.
class chunk_reader {
 public:
  explicit chunk_reader(const container& from) noexcept : from_(&from) {}
  template <class T> void operator()(std::string_view name, T& field) {
    if (failure_) return;
    if (next_ == from_->chunks().size() || from_->chunks()[next_].name != name) {
      failure_ = error{.code = errc::corrupt, .message = "the file has no chunk '" + std::string(name) + "' here"};
      failure_->position = next_ == from_->chunks().size() ? header::chunk_count : from_->chunks()[next_].entry_at;
      return;
    }
    const file_chunk& chunk = from_->chunks()[next_++];
    if (chunk.version != (kind_of<T> == field_kind::record ? version_of<T>() : 0))
      failure_ = error{errc::corrupt, std::string(name) + ": its version is not that of the schema", chunk.entry_at};
    else if (result<void> sound = from_->verify(chunk); !sound)
      failure_ = sound.error();
    else
      read(chunk, name, field);
  }
  /// What went wrong, if anything did; chunks that were not asked for are wrong, too.
  [[nodiscard]] std::optional<error> finish() {
    if (!failure_ && next_ != from_->chunks().size())
      failure_ = error{.code = errc::corrupt,
                       .message = "the file has one more chunk '" + printable(from_->chunks()[next_].name) + "'",
                       .position = from_->chunks()[next_].entry_at};
    return std::move(failure_);
  }

 private:
  template <class T> void read(const file_chunk& chunk, std::string_view name, T& field) {
    decoder payload(from_->file(), chunk.at, chunk.at + chunk.length);
    payload(name, field);
    if (payload.failed())
      failure_ = payload.take_failure();
    else if (payload.left() != 0)
      failure_ = error{errc::corrupt, std::string(name) + ": " + std::to_string(payload.left()) + " bytes too many",
                       payload.at()};
  }

  const container* from_;
  std::size_t next_ = 0;
  std::optional<error> failure_{};
};

}  // namespace mlsd::detail
