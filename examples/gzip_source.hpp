/// A file, packed by gzip or not, as a `mlsd::byte_source`; through zlib.
#pragma once

#include "mlsd/core/result.hpp"

#include <zlib.h>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <utility>

class gzip_source {
 public:
  explicit gzip_source(std::string path) : path_(std::move(path)), file_(gzopen(path_.c_str(), "rb")) {}
  gzip_source(gzip_source&& other) noexcept
      : path_(std::move(other.path_)), file_(std::exchange(other.file_, nullptr)) {}
  gzip_source& operator=(gzip_source&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(file_, other.file_);
    return *this;
  }
  ~gzip_source() {
    if (file_ != nullptr) gzclose(file_);
  }

  [[nodiscard]] mlsd::result<std::size_t> operator()(std::span<char> to) {
    if (file_ == nullptr) return mlsd::error{mlsd::errc::io, "cannot open '" + path_ + "'"};
    const auto most = (std::min)(to.size(), std::size_t{1} << 30);
    const int n = gzread(file_, to.data(), static_cast<unsigned>(most));
    int status = Z_OK;
    const char* what = gzerror(file_, &status);
    if (n < 0 || (status != Z_OK && status != Z_STREAM_END))
      return mlsd::error{mlsd::errc::io, "cannot read '" + path_ + "': " + what};
    return static_cast<std::size_t>(n);
  }

 private:
  std::string path_;
  gzFile file_ = nullptr;
};
