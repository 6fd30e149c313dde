#pragma once

#include <cstddef>
#include <new>
#include <type_traits>
#include <vector>

#if __has_include(<sys/mman.h>)
#include <sys/mman.h>
#endif

namespace mlsd::detail {

/// Memory for rows that are read at random: on lines of 64 bytes, and from 4 MiB on asked for in huge pages where the
/// system has them, which saves most misses of the address cache. Any `T` without alignment of its own above 64.
template <class T> struct row_allocator {
  static_assert(alignof(T) <= 64);
  using value_type = T;
  using is_always_equal = std::true_type;
  static constexpr std::size_t line = 64, huge_page = std::size_t{1} << 21;

  row_allocator() = default;
  template <class U> row_allocator(const row_allocator<U>&) noexcept {}

  [[nodiscard]] T* allocate(std::size_t n) {
    const std::size_t bytes = n * sizeof(T);
    void* memory = ::operator new(bytes, alignment(n));
#if defined(MADV_HUGEPAGE)
    if (bytes >= 2 * huge_page) static_cast<void>(::madvise(memory, bytes / huge_page * huge_page, MADV_HUGEPAGE));
#endif
    return static_cast<T*>(memory);
  }
  void deallocate(T* p, std::size_t n) noexcept { ::operator delete(static_cast<void*>(p), alignment(n)); }
  friend bool operator==(const row_allocator&, const row_allocator&) noexcept { return true; }

 private:
  [[nodiscard]] static std::align_val_t alignment(std::size_t n) noexcept {
    return std::align_val_t{n * sizeof(T) >= 2 * huge_page ? huge_page : line};
  }
};

template <class T> using row_vector = std::vector<T, row_allocator<T>>;

}  // namespace mlsd::detail
