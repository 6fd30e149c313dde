#include "mlsd/core/arena.hpp"

#include <algorithm>
#include <cstdint>

#include "catch.hpp"

namespace test_arena {

TEST_CASE("arena: pieces are aligned, zeroed and apart", "[core]") {
  mlsd::arena memory(mlsd::arena::bytes_for<char>(3) + mlsd::arena::bytes_for<double>(4));
  const auto text = memory.take<char>(3);
  const auto numbers = memory.take<double>(4);
  CHECK(reinterpret_cast<std::uintptr_t>(numbers.data()) % alignof(double) == 0);
  CHECK(std::all_of(numbers.begin(), numbers.end(), [](double x) { return x == 0; }));
  std::fill(text.begin(), text.end(), 'x');
  std::fill(numbers.begin(), numbers.end(), 1.5);
  CHECK(std::all_of(text.begin(), text.end(), [](char c) { return c == 'x'; }));
  CHECK(memory.take<int>(0).empty());
  CHECK(memory.used() <= memory.capacity());
}

TEST_CASE("arena: a scope gives back what was taken in it", "[core]") {
  mlsd::arena memory(mlsd::arena::bytes_for<std::uint32_t>(8));
  for (int round = 0; round < 3; ++round) {
    const mlsd::arena::scope scope(memory);
    const auto words = memory.take<std::uint32_t>(8);
    CHECK(std::count(words.begin(), words.end(), 0u) == 8);
    std::fill(words.begin(), words.end(), 7u);
  }
  CHECK(memory.used() == 0);
}

}  // namespace test_arena
