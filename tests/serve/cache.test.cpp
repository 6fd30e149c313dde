#include "mlsd/serve/cache.hpp"
#include "mlsd/core/random.hpp"

#include <list>
#include <string>

#include "catch.hpp"

namespace test_cache {
using mlsd::timestamp;

/// The published algorithm on a list: the newest in front, the hand goes from the back to the front.
struct sieve {
  struct node {
    std::uint64_t key;
    bool visited;
  };
  std::size_t capacity;
  std::list<node> nodes{};
  std::list<node>::iterator hand = nodes.end();
  bool ask(std::uint64_t key) {
    for (node& n : nodes)
      if (n.key == key) return n.visited = true;
    if (nodes.size() == capacity) {
      auto at = hand == nodes.end() ? std::prev(nodes.end()) : hand;
      while (at->visited) {
        at->visited = false;
        at = at == nodes.begin() ? std::prev(nodes.end()) : std::prev(at);
      }
      hand = at == nodes.begin() ? nodes.end() : std::prev(at);
      nodes.erase(at);
    }
    nodes.push_front({key, false});
    return false;
  }
};

TEST_CASE("cache: evicts as published", "[serve]") {
  mlsd::random_stream random(4);
  for (const std::size_t capacity : {std::size_t{1}, std::size_t{2}, std::size_t{7}, std::size_t{40}}) {
    auto cache = mlsd::cache<std::uint64_t>::make({.capacity = capacity}).value();
    sieve expected{capacity};
    for (int i = 0; i < 5000; ++i) {
      // A few popular keys among many.
      const std::uint64_t key = random.uniform_int(1 + random.uniform_int(90)) << 32;
      const std::uint64_t* known = cache.find(key, {});
      CHECK((known != nullptr) == expected.ask(key));
      if (known != nullptr)
        CHECK(*known == key + 1);
      else
        cache.put(key, key + 1, {});
      CHECK(cache.size() == expected.nodes.size());
    }
    CHECK(cache.hits() + cache.misses() == 5000);
  }
}

TEST_CASE("cache: answers grow stale", "[serve]") {
  auto cache = mlsd::cache<std::string>::make({.capacity = 2, .time_to_live = mlsd::duration{100}}).value();
  cache.put(1, "old", timestamp{0});
  CHECK(*cache.find(1, timestamp{100}) == "old");
  CHECK(cache.find(1, timestamp{101}) == nullptr);
  cache.put(1, "new", timestamp{101});
  CHECK(*cache.find(1, timestamp{150}) == "new");
  CHECK(cache.size() == 1);
  // What is stale leaves although it was asked for again.
  cache.put(2, "two", timestamp{150});
  cache.put(3, "three", timestamp{210});
  CHECK(cache.find(1, timestamp{190}) == nullptr);
  CHECK(cache.find(2, timestamp{210}) != nullptr);
}

TEST_CASE("cache: computes an answer once", "[serve]") {
  auto cache = mlsd::cache<int>::make({}).value();
  int computed = 0;
  for (int i = 0; i < 5; ++i) CHECK(cache.find_or(7, {}, [&] { return 40 + ++computed; }) == 41);
  CHECK(computed == 1);
}

TEST_CASE("cache: settings that cannot be", "[serve]") {
  CHECK_FALSE(mlsd::cache<int>::make({.capacity = 0}));
  CHECK_FALSE(mlsd::cache<int>::make({.capacity = 1, .time_to_live = mlsd::duration{0}}));
}

}  // namespace test_cache
