#include "mlsd/store/line_allocator.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

#include "catch.hpp"

namespace test_line_allocator {

template <class T> std::uintptr_t address(const T& v) { return reinterpret_cast<std::uintptr_t>(v.data()); }

TEST_CASE("line_allocator: memory starts at a cache line, large memory at a huge page", "[store]") {
  for (const std::size_t n : {1u, 3u, 1000u}) {
    std::vector<std::uint64_t, mlsd::detail::line_allocator<std::uint64_t>> v(n, 7);
    CHECK(address(v) % 64 == 0);
    v.push_back(8);
    CHECK(address(v) % 64 == 0);
    CHECK(v.front() == 7);
  }
  std::vector<std::uint64_t, mlsd::detail::line_allocator<std::uint64_t>> large(600'000, 5);
  CHECK(address(large) % (2u << 20) == 0);
  const auto copy = large;
  CHECK(copy == large);
}

}  // namespace test_line_allocator
