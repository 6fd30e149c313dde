#pragma once

#include <cstddef>
#include <new>
#include <type_traits>
#include <utility>

#if __has_include(<sys/mman.h>)
#include <sys/mman.h>
#endif

namespace mlsd::detail {

/// A fixed array on pages of its own, huge ones where the system grants them: random access to gigabytes then costs one
/// cache miss instead of two. Items start with indeterminate values. Allocates once.
template <class T>
  requires std::is_trivially_destructible_v<T>
class page_array {
 public:
  page_array() = default;
  explicit page_array(std::size_t size) : size_(size) {
    if (size == 0) return;
    const std::size_t bytes = size * sizeof(T);
    data_ = static_cast<T*>(::operator new(bytes, alignment(bytes)));
#if __has_include(<sys/mman.h>) && defined(MADV_HUGEPAGE)
    if (bytes >= huge_page) static_cast<void>(::madvise(data_, bytes, MADV_HUGEPAGE));  // a refusal costs only speed
#endif
  }
  page_array(page_array&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  page_array& operator=(page_array&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~page_array() {
    if (data_ != nullptr) ::operator delete(data_, alignment(size_ * sizeof(T)));
  }

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] T* data() noexcept { return data_; }
  [[nodiscard]] const T* data() const noexcept { return data_; }
  [[nodiscard]] T& operator[](std::size_t i) noexcept { return data_[i]; }
  [[nodiscard]] const T& operator[](std::size_t i) const noexcept { return data_[i]; }

 private:
  static constexpr std::size_t huge_page = std::size_t{1} << 21;
  [[nodiscard]] static constexpr std::align_val_t alignment(std::size_t bytes) noexcept {
    return std::align_val_t{bytes >= huge_page ? huge_page : alignof(T) < 64 ? 64 : alignof(T)};
  }

  T* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace mlsd::detail
