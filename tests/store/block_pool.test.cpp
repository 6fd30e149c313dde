#include "mlsd/store/block_pool.hpp"

#include "draws.hpp"
#include "round_trip.hpp"

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "catch.hpp"

namespace test_block_pool {
using pool = mlsd::detail::block_pool<>;

std::uint64_t lines_of(std::size_t level) { return (std::uint64_t{1} << level) + 1; }

TEST_CASE("block_pool: no two blocks share a line, and what was given back is taken again", "[store]") {
  pool p;
  std::map<std::uint32_t, std::uint32_t> held;  // block -> level
  mlsd_test::draws draw{2};
  for (int step = 0; step < 4000; ++step) {
    if (!held.empty() && draw.below(2) == 0) {
      auto it = held.lower_bound(static_cast<std::uint32_t>(draw.below(p.used_lines())));
      if (it == held.end()) it = held.begin();
      REQUIRE(*p.at(it->first) == it->first);  // nobody else wrote there
      p.give(it->second, it->first);
      held.erase(it);
    } else {
      const auto level = static_cast<std::uint32_t>(draw.below(5));
      REQUIRE(p.has_room(level, lines_of(level)));
      const std::uint32_t block = p.take(level, lines_of(level));
      REQUIRE(held.emplace(block, level).second);
      std::fill_n(p.at(block), lines_of(level) * pool::line_words, block);
    }
  }
  std::vector<std::pair<std::uint32_t, std::uint32_t>> used(held.begin(), held.end());
  CHECK(p.is_made_of(used, lines_of));
  CHECK(mlsd_test::round_trips(p));
  REQUIRE(used.size() > 2);
  const auto lines = p.used_lines();
  for (const auto& [block, level] : used) p.give(level, block);
  for (const auto& [block, level] : used) static_cast<void>(p.take(level, lines_of(level)));
  CHECK(p.used_lines() == lines);
}

TEST_CASE("block_pool: overlapping, missing and foreign blocks are found", "[store]") {
  pool p;
  const auto a = p.take(0, 2), b = p.take(1, 3);
  CHECK(p.is_made_of({{b, 1}, {a, 0}}, lines_of));
  CHECK_FALSE(p.is_made_of({{a, 0}}, lines_of));
  CHECK_FALSE(p.is_made_of({{a, 0}, {a, 0}, {b, 1}}, lines_of));
  CHECK_FALSE(p.is_made_of({{a, 1}, {b, 1}}, lines_of));
  CHECK_FALSE(p.is_made_of({{a, 0}, {b + 1, 1}}, lines_of));
  CHECK_FALSE(p.is_made_of({{a, 0}, {b, 2}}, lines_of));
  p.give(1, b);
  CHECK(p.is_made_of({{a, 0}}, lines_of));
}

TEST_CASE("block_pool: room that was reserved is there", "[store]") {
  pool p;
  p.reserve(100);
  const auto first = p.take(3, 9);
  const std::uint64_t* at = p.at(first);
  for (int i = 0; i < 10; ++i) static_cast<void>(p.take(3, 9));
  CHECK(p.at(first) == at);
}

}  // namespace test_block_pool
