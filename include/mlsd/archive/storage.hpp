#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "mlsd/core/result.hpp"

#if __has_include(<unistd.h>) && __has_include(<sys/stat.h>)
#include <sys/stat.h>
#include <unistd.h>
#define MLSD_HAS_POSIX_FILES 1
#endif

namespace mlsd::detail {

template <class = void> [[nodiscard]] error io_error(const char* what, const std::string& path) {
  return {.code = errc::io, .message = std::string("cannot ") + what + " '" + path + "': " + std::strerror(errno)};
}

/// An open file that closes itself.
class file_handle {
 public:
  file_handle() = default;
  file_handle(const std::string& path, const char* mode) : file_(std::fopen(path.c_str(), mode)) {}
  file_handle(file_handle&& other) noexcept : file_(std::exchange(other.file_, nullptr)) {}
  file_handle& operator=(file_handle&& other) noexcept {
    std::swap(file_, other.file_);
    return *this;
  }
  ~file_handle() {
    if (file_ != nullptr) std::fclose(file_);
  }
  [[nodiscard]] std::FILE* get() const noexcept { return file_; }
  /// False where the system could not write what was buffered.
  [[nodiscard]] bool close() noexcept { return std::fclose(std::exchange(file_, nullptr)) == 0; }

 private:
  std::FILE* file_ = nullptr;
};

/// Bytes that were read, without a first pass of zeros.
class file_bytes {
 public:
  file_bytes() = default;
  file_bytes(file_bytes&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  file_bytes& operator=(file_bytes&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~file_bytes() { std::free(data_); }
  [[nodiscard]] std::span<const std::byte> bytes() const noexcept { return {data_, size_}; }
  /// The next n bytes of the file, fewer at its end. False where memory ended.
  [[nodiscard]] bool append(std::FILE* from, std::size_t n) noexcept {
    void* grown = std::realloc(data_, size_ + n);
    if (grown == nullptr) return false;
    data_ = static_cast<std::byte*>(grown);
    size_ += std::fread(data_ + size_, 1, n, from);
    return true;
  }

 private:
  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

/// The whole of a file, pipes included.
template <class = void> [[nodiscard]] result<file_bytes> read_file(const std::string& path) {
  const file_handle file(path, "rb");
  if (file.get() == nullptr) return io_error("open", path);
  std::size_t expected = 0;
  if (std::fseek(file.get(), 0, SEEK_END) == 0) {
    const long size = std::ftell(file.get());
    if (size > 0 && size < (long{1} << 40)) expected = static_cast<std::size_t>(size);
    std::rewind(file.get());
  }
  file_bytes content;
  for (std::size_t step = expected + 1; std::feof(file.get()) == 0;) {
    if (!content.append(file.get(), step))
      return error{.code = errc::capacity, .message = "'" + path + "' does not fit into memory"};
    if (std::ferror(file.get()) != 0) return io_error("read", path);
    step = content.bytes().size() + 65536;
  }
  return content;
}

/// The file that a path means once links are followed; the path itself where there is none yet.
template <class = void> [[nodiscard]] result<std::string> resolve_target(const std::string& path) {
#if defined(MLSD_HAS_POSIX_FILES)
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0) return path;
  if (S_ISDIR(about.st_mode))
    return error{.code = errc::io, .message = "cannot write '" + path + "': it is a directory"};
  if (!S_ISREG(about.st_mode))
    return error{.code = errc::io, .message = "cannot write '" + path + "': it is not a regular file"};
  char* real = ::realpath(path.c_str(), nullptr);
  if (real == nullptr) return io_error("resolve", path);
  std::string target(real);
  std::free(real);
  return target;
#else
  return path;
#endif
}

/// A new file beside the target, under a name that nobody has.
template <class = void> [[nodiscard]] file_handle create_beside(const std::string& target, std::string& name) {
  file_handle file;
  for (int attempt = 0; attempt < 1000 && file.get() == nullptr; ++attempt) {
    name = target + ".part" + std::to_string(attempt);
    file = file_handle(name, "wbx");
    if (file.get() == nullptr && errno != EEXIST) break;
  }
  return file;
}

/// Writes beside the target and renames: at every moment the target is the older file or the whole new one.
template <class = void>
[[nodiscard]] result<void> replace_file(const std::string& path, std::span<const std::byte> content) {
  auto target = resolve_target(path);
  if (!target) return target.error();
  std::string beside;
  file_handle file = create_beside(*target, beside);
  if (file.get() == nullptr) return io_error("write", path);
  bool written = std::fwrite(content.data(), 1, content.size(), file.get()) == content.size();
  written = std::fflush(file.get()) == 0 && written;
#if defined(MLSD_HAS_POSIX_FILES)
  written = written && ::fsync(::fileno(file.get())) == 0;
#endif
  const int reason = errno;
  if (!file.close() || !written) {
    if (!written) errno = reason;
    error e = io_error("write", path);
    std::remove(beside.c_str());
    return e;
  }
  if (std::rename(beside.c_str(), target->c_str()) != 0) {
    error e = io_error("replace", path);
    std::remove(beside.c_str());
    return e;
  }
  return {};
}

}  // namespace mlsd::detail

#undef MLSD_HAS_POSIX_FILES
