// Records and files for the tests of the feature log.
#pragma once

#include "mlsd/archive/storage.hpp"
#include "mlsd/store/log_reader.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace mlsd_test {

/// A path of its own in the folder for temporary files, which is removed before and after.
struct temporary_file {
  std::string path;
  explicit temporary_file(const char* name)
      : path((std::filesystem::temp_directory_path() / (std::string("mlsd_") + name)).string()) {
    std::remove(path.c_str());
  }
  temporary_file(const temporary_file&) = delete;
  ~temporary_file() { std::remove(path.c_str()); }
  [[nodiscard]] std::vector<std::byte> bytes() const {
    const auto content = mlsd::detail::read_file(path).value();
    return {content.bytes().begin(), content.bytes().end()};
  }
  void write(std::span<const std::byte> bytes) const {
    std::remove(path.c_str());  // a new file: some file systems flush one that is written over
    append(bytes);
  }
  void append(std::span<const std::byte> bytes) const {
    std::FILE* f = std::fopen(path.c_str(), "ab");
    std::fwrite(bytes.data(), 1, bytes.size(), f);
    std::fclose(f);
  }
};

/// Record i, of a length and with bytes that follow from i.
inline std::vector<std::byte> features_of(std::uint64_t i) {
  std::vector<std::byte> bytes(i * 37 % 101);
  for (std::size_t b = 0; b < bytes.size(); ++b) bytes[b] = static_cast<std::byte>(i * 31 + b * 7);
  return bytes;
}
inline mlsd::logged_features numbered_record(std::uint64_t i, const std::vector<std::byte>& features) {
  return {i, {static_cast<std::int64_t>(i) - 50}, 0xABCDu + i, features};
}
inline bool is_numbered(const mlsd::logged_features& r, std::uint64_t i) {
  const auto wanted = features_of(i);
  return r.key == i && r.as_of.ms == static_cast<std::int64_t>(i) - 50 && r.schema == 0xABCDu + i &&
         std::vector<std::byte>(r.features.begin(), r.features.end()) == wanted;
}
/// The bytes of a log with records 0 to n - 1, and where each begins.
inline std::vector<std::byte> log_bytes(std::uint64_t n, std::vector<std::uint64_t>* starts = nullptr) {
  const auto magic = std::as_bytes(std::span(mlsd::detail::log_magic));
  std::vector<std::byte> all(magic.begin(), magic.end());
  for (std::uint64_t i = 0; i < n; ++i) {
    if (starts != nullptr) starts->push_back(all.size());
    const auto features = features_of(i);
    mlsd::detail::write_record(all, all.size(), numbered_record(i, features));
  }
  return all;
}

}  // namespace mlsd_test
