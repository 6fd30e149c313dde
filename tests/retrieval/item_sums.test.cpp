#include "mlsd/retrieval/item_sums.hpp"
#include "catch.hpp"

#include <map>

namespace test_item_sums {
using namespace mlsd;

TEST_CASE("item_sums: gives what was added and not barred, and is empty after") {
  item_sums sums;
  sums.prepare(10);
  CHECK(sums.size() == 10);
  for (int round = 0; round < 3; ++round) {
    sums.add(7, 1);
    sums.bar(2);
    sums.add(3, -2);
    sums.add(2, 5);
    sums.add(7, 0.5);
    sums.add(9, 0);
    std::map<std::uint32_t, double> got;
    sums.drain([&](std::uint32_t item, double sum) { CHECK(got.emplace(item, sum).second); });
    CHECK(got == std::map<std::uint32_t, double>{{3, -2}, {7, 1.5}, {9, 0}});
  }
  sums.prepare(4);
  CHECK(sums.size() == 10);
}

}  // namespace test_item_sums
