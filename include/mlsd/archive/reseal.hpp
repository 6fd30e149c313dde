#pragma once

#include "mlsd/archive/container.hpp"

namespace mlsd {

/// For tests and fuzzing of hostile files: sets the length and every checksum that can still be found to what the bytes
/// now say, so that a damaged file gets past them. Leaves everything else as it is; a file shorter than its header
/// stays.
template <class = void> void reseal(std::vector<std::byte>& file) {
  using namespace detail;
  if (file.size() < header::size) return;
  const auto number = [&](std::uint64_t at) { return from_little_endian<std::uint64_t>(file.data() + at); };
  const auto within = [&](std::uint64_t at, std::uint64_t n) { return at <= file.size() && n <= file.size() - at; };
  const auto checksum = [&](std::uint64_t at, std::uint64_t n) {
    return xxh64(std::span<const std::byte>(file.data() + at, static_cast<std::size_t>(n)));
  };
  overwrite(file, header::length, std::uint64_t{file.size()});
  const std::uint64_t schema_size = number(header::schema_size);
  const std::uint64_t directory_size = from_little_endian<std::uint32_t>(file.data() + header::directory_size);
  if (within(header::size, schema_size)) {
    overwrite(file, header::schema_fingerprint, checksum(header::size, schema_size));
    const std::uint64_t directory_at = aligned(header::size + schema_size);
    if (within(directory_at, directory_size)) {
      std::uint64_t at = directory_at;
      for (const std::uint64_t end = at + directory_size; at <= end && entry::size <= end - at;) {
        const std::uint64_t chunk_at = number(at + entry::at), length = number(at + entry::length);
        if (within(chunk_at, length))
          overwrite(file, static_cast<std::size_t>(at) + entry::checksum, checksum(chunk_at, length));
        at += entry_size(from_little_endian<std::uint32_t>(file.data() + at + entry::name_size));
      }
      overwrite(file, header::directory_checksum, checksum(directory_at, directory_size));
    }
  }
  overwrite(file, header::checksum, checksum(0, header::checksum));
}

}  // namespace mlsd
