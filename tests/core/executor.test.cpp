#include "mlsd/core/executor.hpp"

#include "catch.hpp"

#include <string>
#include <vector>

namespace test_executor {

using namespace mlsd;

static_assert(executor<sequential>);
static_assert(!executor<int>);

/// Runs the indices backwards: any order is allowed, so no result may depend on it.
struct backwards {
  static std::size_t concurrency() noexcept { return 3; }
  template <class F> static void for_each_index(std::size_t n, F&& f) {
    while (n > 0) f(--n);
  }
};
static_assert(executor<backwards>);

TEST_CASE("executor: sequential runs every index once, in order") {
  std::vector<std::size_t> seen;
  sequential{}.for_each_index(5, [&](std::size_t i) { seen.push_back(i); });
  CHECK(seen == std::vector<std::size_t>{0, 1, 2, 3, 4});
  sequential{}.for_each_index(0, [](std::size_t) { FAIL("no index is there"); });
  CHECK(sequential::concurrency() == 1);
}

TEST_CASE("executor: chunks cover [0, n) once, each of the grain's size but the last") {
  for (std::size_t n : {0u, 1u, 9u, 10u, 11u, 100u})
    for (std::size_t grain : {1u, 3u, 10u, 1000u}) {
      std::vector<int> hits(n);
      for_each_chunk(backwards{}, n, grain, [&](std::size_t first, std::size_t last) {
        CHECK(first % grain == 0);
        CHECK((last - first == grain || last == n));
        CHECK(first < last);
        for (std::size_t i = first; i < last; ++i) ++hits[i];
      });
      CHECK(hits == std::vector<int>(n, 1));
    }
}

TEST_CASE("executor: a grain near the largest number does not overflow") {
  std::size_t covered = 0;
  for_each_chunk(sequential{}, 10, ~std::size_t{0},
                 [&](std::size_t first, std::size_t last) { covered += last - first; });
  CHECK(covered == 10);
  CHECK(reduce_chunks<std::size_t>(
            sequential{}, 10, ~std::size_t{0}, [](std::size_t first, std::size_t last) { return last - first; },
            [](std::size_t& into, std::size_t from) { into += from; }) == 10);
}

TEST_CASE("executor: the merge tree depends on n and grain only") {
  const auto tree = [](auto&& ex, std::size_t n) {
    return reduce_chunks<std::string>(
        ex, n, 2, [](std::size_t first, std::size_t) { return std::to_string(first); },
        [](std::string& into, const std::string& from) { into = "(" + into + " " + from + ")"; });
  };
  CHECK(tree(sequential{}, 0).empty());
  CHECK(tree(sequential{}, 1) == "0");
  CHECK(tree(sequential{}, 9) == "(((0 2) (4 6)) 8)");
  for (std::size_t n = 0; n < 40; ++n) CHECK(tree(sequential{}, n) == tree(backwards{}, n));
}

TEST_CASE("executor: a lvalue executor is used where it stands") {
  backwards mine;
  int calls = 0;
  for_each_chunk(mine, 4, 1, [&](std::size_t, std::size_t) { ++calls; });
  CHECK(calls == 4);
}

}  // namespace test_executor
