#include "mlsd/core/scored.hpp"

#include "catch.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

namespace test_scored {

using namespace mlsd;
constexpr float nan = std::numeric_limits<float>::quiet_NaN();
constexpr float infinity = std::numeric_limits<float>::infinity();

TEST_CASE("scored: best first, ties by id, NaN last") {
  std::vector<scored<>> hits{{7, nan}, {4, 1}, {2, 0.0f}, {1, -0.0f}, {9, infinity}, {3, nan}, {0, 1}, {5, -infinity}};
  std::sort(hits.begin(), hits.end(), best_first{});
  std::vector<std::uint32_t> ids;
  for (const auto& h : hits) ids.push_back(h.id);
  CHECK(ids == std::vector<std::uint32_t>{9, 0, 4, 1, 2, 5, 3, 7});
}

TEST_CASE("scored: the order is a strict total order of items with different ids, NaN included") {
  const float scores[] = {nan, -nan, -infinity, -1, -0.0f, 0, 1, 1, infinity};
  std::vector<scored<>> all;
  for (std::uint32_t i = 0; i < 9; ++i) all.push_back({i, scores[i]});
  const best_first less{};
  for (const auto& a : all) {
    CHECK_FALSE(less(a, a));
    for (const auto& b : all) {
      if (a.id != b.id) CHECK(less(a, b) != less(b, a));
      for (const auto& c : all)
        if (less(a, b) && less(b, c)) CHECK(less(a, c));
    }
  }
}

TEST_CASE("scored: any ordered type is an id") {
  STATIC_REQUIRE(best_first{}(scored{std::int64_t{-1}, 2.0f}, scored{std::int64_t{-2}, 1.0f}));
  CHECK(best_first{}(scored<std::string>{"a", 1}, scored<std::string>{"b", 1}));
  CHECK(scored<>{} == scored<>{0, 0});
}

}  // namespace test_scored
