#include "mlsd/retrieval/row_memory.hpp"

#include <cstdint>
#include <numeric>

#include "catch.hpp"

namespace test_row_memory {
using namespace mlsd;

TEST_CASE("row_memory: every size starts on a line, large ones on a huge page") {
  for (const std::size_t n : {1u, 100u, 5000u, 3'000'000u}) {
    detail::row_vector<float> v(n, 1.0f);
    CHECK(reinterpret_cast<std::uintptr_t>(v.data()) % 64 == 0);
    CHECK(std::accumulate(v.begin(), v.end(), 0.0) == static_cast<double>(n));
  }
  const detail::row_vector<float> large(3'000'000);
  CHECK(reinterpret_cast<std::uintptr_t>(large.data()) % detail::row_allocator<float>::huge_page == 0);
}

TEST_CASE("row_memory: growth keeps what is there") {
  detail::row_vector<std::uint32_t> v;
  for (std::uint32_t i = 0; i < 2'000'000; ++i) v.push_back(i);
  bool kept = true;
  for (std::uint32_t i = 0; i < v.size(); ++i) kept = kept && v[i] == i;
  CHECK(kept);
}

}  // namespace test_row_memory
