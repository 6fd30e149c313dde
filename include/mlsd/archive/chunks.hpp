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
  byte_writer size;
  template <class T> void operator()(std::string_view, const T& field) {
    write_padding(size);
    encoder(size).value(field);
  }
};

template <class T> [[nodiscard]] std::uint64_t count_container(const T& value, std::uint64_t schema_size) {
  directory_counter directory;
  visit_chunks(value, directory);
  chunk_counter chunks{byte_writer(aligned(header::size + schema_size) + directory.size)};
  visit_chunks(value, chunks);
  return chunks.size.size();
}

/// What the directory says of a field's class; 0 where it is no class.
template <class T>
inline constexpr std::uint32_t chunk_version = kind_of<T> == field_kind::record ? version_of<T>() : 0;

/// An archive that sees the fields of the root: each becomes a chunk.
class chunk_writer {
 public:
  explicit chunk_writer(container_writer<>& to) noexcept : to_(&to) {}
  [[nodiscard]] bool readable() const noexcept { return readable_; }
  template <class T> void operator()(std::string_view name, const T& field) {
    encoder payload(to_->begin_chunk());
    payload.value(field);
    readable_ = readable_ && payload.readable();
    to_->end_chunk(name, chunk_version<T>);
  }

 private:
  container_writer<>* to_;
  bool readable_ = true;
};

/// An archive that sees the fields of the root: each comes from its chunk.
class chunk_reader {
 public:
  explicit chunk_reader(const container& from) noexcept : from_(&from) {}
  template <class T> void operator()(std::string_view name, T& field) {
    const file_chunk* chunk = begin(name, chunk_version<T>);
    if (chunk == nullptr) return;
    decoder payload(from_->file(), chunk->at, chunk->at + chunk->length);
    payload(name, field);
    end(name, payload);
  }
  /// What went wrong, if anything did; chunks that were not asked for are wrong, too.
  template <class = void> [[nodiscard]] std::optional<error> finish() {
    if (!failure_ && next_ != from_->chunks().size()) {
      const file_chunk& more = from_->chunks()[next_];
      fail(joined({"the file has one more chunk '", printable(more.name), "'"}), more.entry_at);
    }
    return std::move(failure_);
  }

 private:
  template <class = void> void fail(std::string message, std::uint64_t position) {
    failure_ = error{.code = errc::corrupt, .message = std::move(message), .position = position};
  }
  template <class = void> [[gnu::noinline]] const file_chunk* begin(std::string_view name, std::uint32_t version) {
    if (failure_) return nullptr;
    const bool left = next_ < from_->chunks().size();
    const file_chunk* chunk = left ? &from_->chunks()[next_++] : nullptr;
    if (!left || chunk->name != name)
      fail(joined({"the file has no chunk '", name, "' here"}), left ? chunk->entry_at : header::chunk_count);
    else if (chunk->version != version)
      fail(joined({name, ": its version is not that of the schema"}), chunk->entry_at);
    else if (result<void> sound = from_->verify(*chunk); !sound)
      failure_ = sound.error();
    return failure_ ? nullptr : chunk;
  }
  template <class = void> [[gnu::noinline]] void end(std::string_view name, decoder& payload) {
    if (payload.failed())
      failure_ = payload.take_failure();
    else if (payload.left() != 0)
      fail(joined({name, ": ", std::to_string(payload.left()), " bytes too many"}), payload.at());
  }

  const container* from_;
  std::size_t next_ = 0;
  std::optional<error> failure_{};
};

}  // namespace mlsd::detail
