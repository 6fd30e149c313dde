#pragma once

#include "mlsd/archive/fp_mode.hpp"
#include "mlsd/archive/schema_difference.hpp"
#include "mlsd/core/hash.hpp"

/// The outer layout of a file: header, schema, directory, chunks. docs/file-format.md draws it.
namespace mlsd::detail {

/// A byte above 127, a line end of each kind and Ctrl-Z: transfers as text damage them visibly.
inline constexpr std::array<std::byte, 8> magic{std::byte{0x89}, std::byte{'m'},  std::byte{'l'},  std::byte{'s'},
                                                std::byte{'d'},  std::byte{'\r'}, std::byte{'\n'}, std::byte{0x1a}};
inline constexpr std::uint32_t format_version = 1;

/// Offsets in the header.
namespace header {
inline constexpr std::size_t version = 8, mode = 12, length = 16, schema_fingerprint = 24, schema_size = 32,
                             directory_checksum = 40, directory_size = 48, chunk_count = 52, checksum = 56, size = 64;
}
/// Offsets in an entry of the directory; the name follows, and zeros up to a multiple of 8.
namespace entry {
inline constexpr std::size_t at = 0, length = 8, checksum = 16, version = 24, name_size = 28, size = 32;
}

[[nodiscard]] constexpr std::uint64_t entry_size(std::uint64_t name_size) noexcept {
  return (entry::size + name_size + 7) & ~std::uint64_t{7};
}

struct file_chunk {
  std::string_view name{};
  std::uint32_t version = 0;
  std::uint64_t at = 0, length = 0, checksum = 0;
  std::uint64_t entry_at = 0;
};

/// Writes the file around its chunks, in order.
template <class = void> class container_writer {
 public:
  container_writer(std::vector<std::byte>& out, std::span<const std::byte> schema, std::uint64_t directory_size)
      : out_(&out), to_(out), schema_size_(schema.size()), directory_size_(directory_size) {
    assert(out.empty());
    to_.zeros(header::size);
    to_.bytes(schema.data(), schema.size());
    write_padding(to_);
    directory_at_ = entry_at_ = out.size();
    to_.zeros(static_cast<std::size_t>(directory_size));
    std::memcpy(out.data(), magic.data(), magic.size());
    overwrite(out, header::version, format_version);
    overwrite(out, header::schema_fingerprint, xxh64(schema));
    overwrite(out, header::schema_size, schema_size_);
    overwrite(out, header::directory_size, static_cast<std::uint32_t>(directory_size));
  }
  /// Where the payload of the next chunk is to be appended.
  [[nodiscard]] byte_writer& begin_chunk() {
    write_padding(to_);
    chunk_at_ = out_->size();
    return to_;
  }
  /// What was appended since `begin_chunk` is a chunk of this name.
  void end_chunk(std::string_view name, std::uint32_t version) {
    const std::span<const std::byte> payload = std::span<const std::byte>(*out_).subspan(chunk_at_);
    overwrite(*out_, entry_at_ + entry::at, std::uint64_t{chunk_at_});
    overwrite(*out_, entry_at_ + entry::length, std::uint64_t{payload.size()});
    overwrite(*out_, entry_at_ + entry::checksum, xxh64(payload));
    overwrite(*out_, entry_at_ + entry::version, version);
    overwrite(*out_, entry_at_ + entry::name_size, static_cast<std::uint32_t>(name.size()));
    if (!name.empty()) std::memcpy(out_->data() + entry_at_ + entry::size, name.data(), name.size());
    entry_at_ += static_cast<std::size_t>(entry_size(name.size()));
    ++chunks_;
  }
  void finish(fp_mode mode) {
    assert(entry_at_ == directory_at_ + directory_size_);
    auto& out = *out_;
    overwrite(out, header::mode, static_cast<std::uint32_t>(mode));
    overwrite(out, header::length, std::uint64_t{out.size()});
    overwrite(out, header::chunk_count, chunks_);
    overwrite(out, header::directory_checksum,
              xxh64({out.data() + directory_at_, static_cast<std::size_t>(directory_size_)}));
    overwrite(out, header::checksum, xxh64({out.data(), header::checksum}));
  }

 private:
  std::vector<std::byte>* out_;
  byte_writer to_;
  std::uint64_t schema_size_, directory_size_;
  std::size_t directory_at_ = 0, entry_at_ = 0, chunk_at_ = 0;
  std::uint32_t chunks_ = 0;
};

/// A file whose outer layout is sound: lengths agree, the checksums of header, schema and directory hold.
/// Keeps views into the bytes. The payload of a chunk is checked by `verify`.
class container {
 public:
  template <class = void> [[nodiscard]] static result<container> open(std::span<const std::byte> file) {
    for (std::size_t i = 0; i < (std::min)(magic.size(), file.size()); ++i)
      if (file[i] != magic[i]) return corrupt("not an mlsd file: it does not start with the mark", i);
    if (file.size() >= header::version + 4) {
      const auto version = from_little_endian<std::uint32_t>(file.data() + header::version);
      if (version != format_version) return another_version(version);
    }
    if (file.size() < header::size) return ends_early(file.size(), header::size, "header");
    container c;
    c.file_ = file;
    byte_reader from(file, header::mode, header::size);
    c.mode_ = static_cast<fp_mode>(from.number<std::uint32_t>());
    const auto length = from.number<std::uint64_t>();
    c.fingerprint_ = from.number<std::uint64_t>();
    c.schema_size_ = from.number<std::uint64_t>();
    const auto directory_checksum = from.number<std::uint64_t>();
    c.directory_size_ = from.number<std::uint32_t>();
    const auto chunks = from.number<std::uint32_t>();
    if (xxh64(file.first(header::checksum)) != from.number<std::uint64_t>())
      return corrupt("the checksum of the header differs", header::checksum);
    if (file.size() < length) return ends_early(file.size(), length, "file");
    if (file.size() > length) return corrupt("bytes after the end of the file", length);
    if (c.schema_size_ > length - header::size)
      return corrupt("the schema is longer than the file", header::schema_size);
    c.directory_at_ = aligned(header::size + c.schema_size_);
    if (c.directory_at_ > length || c.directory_size_ > length - c.directory_at_)
      return corrupt("the directory is longer than the file", header::directory_size);
    if (xxh64(c.schema()) != c.fingerprint_) return corrupt("the checksum of the schema differs", header::size);
    const auto directory = file.subspan(static_cast<std::size_t>(c.directory_at_), c.directory_size_);
    if (xxh64(directory) != directory_checksum)
      return corrupt("the checksum of the directory differs", c.directory_at_);
    if (auto bad = c.read_directory(chunks)) return std::move(*bad);
    return c;
  }

  [[nodiscard]] std::span<const std::byte> file() const noexcept { return file_; }
  [[nodiscard]] fp_mode mode() const noexcept { return mode_; }
  [[nodiscard]] std::uint64_t schema_fingerprint() const noexcept { return fingerprint_; }
  [[nodiscard]] std::span<const std::byte> schema() const noexcept {
    return file_.subspan(header::size, static_cast<std::size_t>(schema_size_));
  }
  /// Nothing where the value in the file has this schema.
  template <class = void>
  [[nodiscard]] std::optional<error> find_type_difference(std::span<const std::byte> mine) const {
    return detail::find_type_difference(mine, file_, header::size, schema_size_);
  }
  template <class = void> [[nodiscard]] result<parsed_schema> parse_schema() const {
    return parsed_schema::parse(file_, header::size, schema_size_);
  }
  [[nodiscard]] const std::vector<file_chunk>& chunks() const noexcept { return chunks_; }
  template <class = void> [[nodiscard]] result<void> verify(const file_chunk& c) const {
    const auto payload = file_.subspan(static_cast<std::size_t>(c.at), static_cast<std::size_t>(c.length));
    if (xxh64(payload) == c.checksum) return {};
    return corrupt(joined({printable(c.name), ": the checksum of this chunk differs"}), c.at);
  }

 private:
  template <class = void>
  [[nodiscard]] [[gnu::noinline]] static error corrupt(std::string_view message, std::uint64_t position) {
    return {.code = errc::corrupt, .message = std::string(message), .position = position};
  }
  template <class = void> [[nodiscard]] [[gnu::noinline]] static error another_version(std::uint32_t version) {
    return {.code = errc::version,
            .message = joined({"file format version ", std::to_string(version), ", this program reads version ",
                               std::to_string(format_version)}),
            .position = header::version};
  }
  template <class = void>
  [[nodiscard]] [[gnu::noinline]] static error ends_early(std::uint64_t size, std::uint64_t wanted, const char* what) {
    return {.code = errc::truncated,
            .message = joined({"the file ends here, its ", what, " has ", std::to_string(wanted), " bytes"}),
            .position = size};
  }
  template <class = void> [[nodiscard]] std::optional<error> read_directory(std::uint32_t count) {
    std::uint64_t end = header::size + schema_size_;
    if (auto bad = zeros(end, directory_at_)) return bad;
    end = directory_at_ + directory_size_;
    byte_reader from(file_, directory_at_, end);
    if (count > directory_size_ / entry::size)
      return corrupt("more chunks than the directory holds", header::chunk_count);
    chunks_.reserve(count);
    for (std::uint32_t k = 0; k < count; ++k) {
      file_chunk c{.entry_at = from.at()};
      c.at = from.number<std::uint64_t>();
      c.length = from.number<std::uint64_t>();
      c.checksum = from.number<std::uint64_t>();
      c.version = from.number<std::uint32_t>();
      const auto name_size = from.number<std::uint32_t>();
      if (const std::byte* name = from.take(name_size))
        c.name = {reinterpret_cast<const char*>(name), static_cast<std::size_t>(name_size)};
      while (!from.failed() && (from.at() & 7) != 0) from.zero_byte();
      if (from.failed()) return std::move(from.failure());
      if (c.at != aligned(end) || c.at > file_.size() || c.length > file_.size() - c.at)
        return corrupt("a chunk does not lie where the one before it ends", c.entry_at);
      if (auto bad = zeros(end, c.at)) return bad;
      end = c.at + c.length;
      chunks_.push_back(c);
    }
    if (from.left() != 0) return corrupt("the directory is longer than its chunks", from.at());
    if (end != file_.size()) return corrupt("bytes after the last chunk", end);
    return std::nullopt;
  }
  template <class = void> [[nodiscard]] std::optional<error> zeros(std::uint64_t first, std::uint64_t last) const {
    for (std::uint64_t i = first; i < last; ++i)
      if (file_[static_cast<std::size_t>(i)] != std::byte{0}) return corrupt("padding is not zero", i);
    return std::nullopt;
  }

  std::span<const std::byte> file_{};
  fp_mode mode_ = fp_mode::any;
  std::uint64_t fingerprint_ = 0, schema_size_ = 0, directory_at_ = 0;
  std::uint32_t directory_size_ = 0;
  std::vector<file_chunk> chunks_{};
};

}  // namespace mlsd::detail
