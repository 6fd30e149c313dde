/// Counts what the program allocates, to show that the online path allocates nothing.
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <new>

static std::atomic<std::uint64_t> allocation_count{0};

std::uint64_t allocations() noexcept;
std::uint64_t allocations() noexcept { return allocation_count.load(std::memory_order_relaxed); }

void* operator new(std::size_t n) {
  allocation_count.fetch_add(1, std::memory_order_relaxed);
  if (void* p = std::malloc(n)) return p;
  std::abort();
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
