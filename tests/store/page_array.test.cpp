#include "mlsd/store/page_array.hpp"

#include "catch.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>

namespace test_page_array {
using mlsd::detail::page_array;

TEST_CASE("page_array: aligned, of any size, and moved without a copy") {
  for (const std::size_t n : {std::size_t{0}, std::size_t{1}, std::size_t{1000}, std::size_t{600000}}) {
    page_array<std::uint64_t> a(n);
    REQUIRE(a.size() == n);
    REQUIRE(reinterpret_cast<std::uintptr_t>(a.data()) % 64 == 0);
    for (std::size_t i = 0; i < n; ++i) a[i] = i;
    const auto* where = a.data();
    page_array<std::uint64_t> b(std::move(a)), c;
    c = std::move(b);
    REQUIRE(std::as_const(c).data() == where);
    for (std::size_t i = 0; i < n; i += 97) REQUIRE(std::as_const(c)[i] == i);
  }
  struct alignas(256) wide {
    int x;
  };
  CHECK(reinterpret_cast<std::uintptr_t>(page_array<wide>(3).data()) % 256 == 0);
}

}  // namespace test_page_array
