#pragma once

#include <cstddef>
#include <new>

#if defined(__linux__) && __has_include(<sys/mman.h>)
#include <sys/mman.h>
#endif

namespace mlsd::detail {

/// Memory that starts at a cache line; pieces of 4 MiB and more ask Linux for huge pages, since random access to many
/// megabytes otherwise waits for page tables as long as for the data.
template <class T> struct line_allocator {
  using value_type = T;
  static constexpr std::size_t line = 64, huge_page = std::size_t{2} << 20;

  line_allocator() = default;
  template <class U> constexpr line_allocator(const line_allocator<U>&) noexcept {}
  [[nodiscard]] T* allocate(std::size_t n) {
    const std::size_t bytes = n * sizeof(T);
    void* p = ::operator new(bytes, alignment(n));
#if defined(MADV_HUGEPAGE)
    if (is_huge(n)) ::madvise(p, bytes / huge_page * huge_page, MADV_HUGEPAGE);  // advice: may fail
#endif
    return static_cast<T*>(p);
  }
  void deallocate(T* p, std::size_t n) noexcept { ::operator delete(p, alignment(n)); }
  friend bool operator==(line_allocator, line_allocator) noexcept { return true; }

 private:
  [[nodiscard]] static constexpr bool is_huge(std::size_t n) noexcept { return n >= 2 * huge_page / sizeof(T); }
  [[nodiscard]] static constexpr std::align_val_t alignment(std::size_t n) noexcept {
    return std::align_val_t{is_huge(n) ? huge_page : line};
  }
};

}  // namespace mlsd::detail
