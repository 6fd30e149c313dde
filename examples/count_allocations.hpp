/// Counts what each thread allocates. For one source of a program: it replaces operator new.
#pragma once

#include "allocations.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>

static thread_local std::uint64_t allocation_count = 0;

std::uint64_t allocations() noexcept { return allocation_count; }

static void* counted(std::size_t n) noexcept {
  ++allocation_count;
  return std::malloc(n == 0 ? 1 : n);
}
static void* counted(std::size_t n, std::align_val_t alignment) noexcept {
  ++allocation_count;
  const auto a = static_cast<std::size_t>(alignment);
  return std::aligned_alloc(a, (n + a - 1) / a * a);
}
void* operator new(std::size_t n) {
  if (void* p = counted(n)) return p;
  std::abort();
}
void* operator new(std::size_t n, std::align_val_t alignment) {
  if (void* p = counted(n, alignment)) return p;
  std::abort();
}
void* operator new[](std::size_t n) { return operator new(n); }
void* operator new[](std::size_t n, std::align_val_t alignment) { return operator new(n, alignment); }
void* operator new(std::size_t n, const std::nothrow_t&) noexcept { return counted(n); }
void* operator new[](std::size_t n, const std::nothrow_t&) noexcept { return counted(n); }
void operator delete(void* p) noexcept { std::free(p); }
void operator delete[](void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t) noexcept { std::free(p); }
void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete[](void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }
void operator delete(void* p, const std::nothrow_t&) noexcept { std::free(p); }
void operator delete[](void* p, const std::nothrow_t&) noexcept { std::free(p); }
