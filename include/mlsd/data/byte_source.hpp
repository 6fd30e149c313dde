#pragma once

#include <algorithm>
#include <cerrno>
#include <concepts>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "mlsd/core/result.hpp"

namespace mlsd {

/// Anything that is called as `source(std::span<char>)`, puts up to that many bytes there and returns how many, as a
/// `std::size_t` or, where reading can fail, a `result` of one. 0 is the end; fewer than asked is not. A lambda over
/// zlib's `gzread` is one.
template <class S>
concept byte_source = std::invocable<S&, std::span<char>> &&
                      (std::same_as<std::invoke_result_t<S&, std::span<char>>, std::size_t> ||
                       std::same_as<std::invoke_result_t<S&, std::span<char>>, result<std::size_t>>);

/// Text in memory, which must outlive the source.
class text_source {
 public:
  constexpr explicit text_source(std::string_view text) noexcept : rest_(text) {}

  std::size_t operator()(std::span<char> to) noexcept {
    const std::size_t n = (std::min)(to.size(), rest_.size());
    if (n != 0) std::memcpy(to.data(), rest_.data(), n);
    rest_.remove_prefix(n);
    return n;
  }

 private:
  std::string_view rest_;
};

/// A file, opened at the first read and closed with the source; errors name the path and the system's reason.
class file_source {
 public:
  explicit file_source(std::string path) noexcept : path_(std::move(path)) {}
  file_source(file_source&& other) noexcept
      : path_(std::move(other.path_)), file_(std::exchange(other.file_, nullptr)) {}
  file_source& operator=(file_source&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(file_, other.file_);
    return *this;
  }
  ~file_source() {
    if (file_ != nullptr) std::fclose(file_);
  }

  [[nodiscard]] const std::string& path() const noexcept { return path_; }

  result<std::size_t> operator()(std::span<char> to) {
    if (file_ == nullptr && (file_ = std::fopen(path_.c_str(), "rb")) == nullptr) return failure("open");
    const std::size_t n = std::fread(to.data(), 1, to.size(), file_);
    if (n < to.size() && std::ferror(file_) != 0) return failure("read");
    return n;
  }

 private:
  template <class = void> [[nodiscard]] error failure(const char* action) const {
    return {errc::io, std::string("cannot ") + action + " '" + path_ + "': " + std::strerror(errno)};
  }

  std::string path_;
  std::FILE* file_ = nullptr;
};

}  // namespace mlsd
