#include "mlsd/core/threads.hpp"

#include "catch.hpp"

#include <atomic>
#include <cmath>
#include <set>
#include <vector>

namespace test_threads {

using namespace mlsd;

static_assert(executor<threads>);

TEST_CASE("threads: every index once, call after call") {
  for (const std::size_t count : {1u, 2u, 5u}) {
    threads pool{count};
    CHECK(pool.concurrency() == count);
    for (const std::size_t n : {0u, 1u, 2u, 3u, 1000u})
      for (int again = 0; again < 20; ++again) {
        std::vector<std::atomic<int>> hits(n);
        pool.for_each_index(n, [&](std::size_t i) { ++hits[i]; });
        for (const auto& h : hits) REQUIRE(h == 1);
      }
  }
}

TEST_CASE("threads: 0 means as many as the machine has; an unused pool ends") {
  threads pool;
  CHECK(pool.concurrency() >= 1);
}

TEST_CASE("threads: what tasks wrote is seen after the call") {
  threads pool{4};
  std::vector<std::size_t> out(5000);
  for (std::size_t round = 1; round < 50; ++round) {
    pool.for_each_index(out.size(), [&](std::size_t i) { out[i] += i * round; });
    REQUIRE(out[4999] == 4999 * round * (round + 1) / 2);
  }
}

TEST_CASE("threads: floating-point sums have the same bits for any number of threads") {
  const auto sum = [](auto&& ex) {
    return reduce_chunks<double>(
        ex, 10'007, 64,
        [](std::size_t first, std::size_t last) {
          double s = 0;
          for (std::size_t i = first; i < last; ++i) s += std::sqrt(static_cast<double>(i));
          return s;
        },
        [](double& into, double from) { into += from; });
  };
  const double expected = sum(sequential{});
  for (const std::size_t count : {1u, 2u, 3u, 7u}) {
    threads pool{count};
    for (int again = 0; again < 10; ++again) REQUIRE(sum(pool) == expected);
  }
}

TEST_CASE("threads: short calls one after the other, each over before the next begins", "[threads]") {
  threads pool{3};
  std::size_t wrong = 0;
  for (std::size_t round = 0; round < 3000; ++round) {
    std::size_t hits[5] = {};  // gone with the call
    const std::size_t n = round % 5 + 1;
    pool.for_each_index(n, [&](std::size_t i) { hits[i] += round; });
    for (std::size_t i = 0; i < 5; ++i) wrong += hits[i] != (i < n ? round : 0);
  }
  CHECK(wrong == 0);
}

TEST_CASE("threads: a task with state is called through, not copied") {
  struct counter {
    std::atomic<int> calls{0};
    void operator()(std::size_t) { ++calls; }
  } count;
  threads pool{2};
  pool.for_each_index(100, count);
  CHECK(count.calls == 100);
}

}  // namespace test_threads
