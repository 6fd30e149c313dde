// Windows with reserved room allocate nothing, from the first event on: growing rings, late events, expiry, the sweep
// and forgotten keys included. The program counts every allocation: online_path.test.cpp.
#include "mlsd/store/windows.hpp"
#include "draws.hpp"

#include "catch.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace test_allocations {
extern std::atomic<std::size_t> count;
}

namespace test_window_allocations {
using namespace mlsd;

TEST_CASE("windows with reserved room allocate nothing while they serve", "[allocations]") {
  const std::vector<window> all{{{50}}, {{2000}}, sawtooth({700}, {100})};
  windows w = windows::make({.count = all,
                             .all_time = true,
                             .since_last = true,
                             .values = {{.sum = all, .mean = all, .decayed = {{100}}}},
                             .distinct = {{duration{2000}}, {duration{50}}},
                             .lateness = {20},
                             .forget_idle_keys = true,
                             .reserve_keys = 3000,
                             .reserve_events = 6000})
                  .value();
  mlsd_test::draws draw{6};
  std::vector<float> row(w.width());
  double sum = 0;
  std::size_t counted = 0;
  const std::size_t before = test_allocations::count;
  for (std::int64_t t = 0; t < 20'000; ++t) {
    const std::uint64_t key = draw.below(3) == 0 ? 0 : draw.below(2000) + static_cast<std::uint64_t>(t / 4000) * 2000;
    const timestamp at{t - static_cast<std::int64_t>(draw.below(20))};
    w.write(key, at, row);
    sum += static_cast<double>(row[0]);
    counted += w.add(key, at, draw.normal(), draw.below(100) + 1, draw.below(9));
  }
  CHECK(test_allocations::count - before == 0);
  CHECK(counted == 20'000);
  CHECK(w.keys() < 3000);
  CHECK(sum > 0);
}

}  // namespace test_window_allocations
