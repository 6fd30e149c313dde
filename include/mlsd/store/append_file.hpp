#pragma once

#include "mlsd/archive/storage.hpp"
#include "mlsd/core/result.hpp"

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

#if __has_include(<unistd.h>) && __has_include(<fcntl.h>)
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#define MLSD_HAS_POSIX_FILES 1
#endif

namespace mlsd::detail {

/// A file that one writer at a time appends to, in POSIX terms: what `append` has accepted is in the system's hands and
/// survives the death of this process; after `sync` it survives a loss of power. Elsewhere opening is an error.
class append_file {
 public:
  append_file() = default;
  append_file(append_file&& other) noexcept
      : path_(std::move(other.path_)), file_(std::exchange(other.file_, -1)), size_(other.size_) {}
  append_file& operator=(append_file&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(file_, other.file_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~append_file() {
#if defined(MLSD_HAS_POSIX_FILES)
    if (file_ >= 0) ::close(file_);
#endif
  }

  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
  [[nodiscard]] bool is_open() const noexcept { return file_ >= 0; }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

#if defined(MLSD_HAS_POSIX_FILES)
  /// Makes the file if there is none. Refuses a file that another writer has open.
  template <class = void> [[nodiscard]] static result<append_file> open(const std::string& path) {
    append_file f;
    f.path_ = path;
    f.file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (f.file_ < 0) return io_error("open", path);
    struct flock whole {};
    whole.l_type = F_WRLCK;
    whole.l_whence = SEEK_SET;
#if defined(F_OFD_SETLK)
    const int locked = ::fcntl(f.file_, F_OFD_SETLK, &whole);  // also against this process
#else
    const int locked = ::fcntl(f.file_, F_SETLK, &whole);
#endif
    if (locked != 0) return io_error("lock", path);
    struct stat about {};
    if (::fstat(f.file_, &about) != 0) return io_error("read", path);
    if (!S_ISREG(about.st_mode)) return error{errc::io, "cannot append to '" + path + "': it is not a regular file"};
    f.size_ = static_cast<std::uint64_t>(about.st_size);
    return f;
  }
  /// All of the bytes, or none of them and an error; `is_open()` is false after an error that left some behind.
  template <class = void> [[nodiscard]] result<void> append(std::span<const std::byte> bytes) {
    for (std::size_t done = 0; done < bytes.size();) {
      const auto n = ::pwrite(file_, bytes.data() + done, bytes.size() - done, static_cast<off_t>(size_ + done));
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) {
        error e = io_error("write", path_);
        if (done != 0 && !truncate(size_)) close();
        return e;
      }
      done += static_cast<std::size_t>(n);
    }
    size_ += bytes.size();
    return {};
  }
  template <class = void> [[nodiscard]] result<void> truncate(std::uint64_t size) {
    if (::ftruncate(file_, static_cast<off_t>(size)) != 0) return io_error("shorten", path_);
    size_ = size;
    return {};
  }
  /// After an error nobody knows which of the bytes are safe, so the file is closed.
  template <class = void> [[nodiscard]] result<void> sync() {
#if defined(__APPLE__)
    const int failed = ::fsync(file_);
#else
    const int failed = ::fdatasync(file_);
#endif
    if (failed == 0) return {};
    error e = io_error("sync", path_);
    close();
    return e;
  }
  /// So that the name of a new file survives a loss of power, too.
  template <class = void> [[nodiscard]] result<void> sync_directory() const {
    const std::size_t slash = path_.rfind('/');
    const std::string directory = slash == std::string::npos ? "." : path_.substr(0, slash + 1);
    const int d = ::open(directory.c_str(), O_RDONLY | O_CLOEXEC);
    const bool ok = d >= 0 && ::fsync(d) == 0;
    error e = ok ? error{} : io_error("sync", directory);
    if (d >= 0) ::close(d);
    if (ok) return {};
    return e;
  }

 private:
  void close() noexcept { ::close(std::exchange(file_, -1)); }
#else
  template <class = void> [[nodiscard]] static result<append_file> open(const std::string& path) {
    return error{errc::io, "cannot append to '" + path + "': logs need a system with POSIX files"};
  }
  [[nodiscard]] result<void> append(std::span<const std::byte>) { return {}; }
  [[nodiscard]] result<void> truncate(std::uint64_t) { return {}; }
  [[nodiscard]] result<void> sync() { return {}; }
  [[nodiscard]] result<void> sync_directory() const { return {}; }

 private:
#endif
  std::string path_{};
  int file_ = -1;
  std::uint64_t size_ = 0;
};

}  // namespace mlsd::detail

#undef MLSD_HAS_POSIX_FILES
