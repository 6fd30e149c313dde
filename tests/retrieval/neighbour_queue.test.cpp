#include "mlsd/retrieval/neighbour_queue.hpp"

#include "mlsd/core/random.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <set>
#include <utility>
#include <vector>

#include "catch.hpp"

namespace test_neighbour_queue {
using namespace mlsd;
using detail::neighbour;

TEST_CASE("neighbour: keeps distance and slot, and sorts by them, with either sign and both zeros") {
  const float infinity = std::numeric_limits<float>::infinity();
  const std::vector<float> ascending{-infinity, -3e38f, -1.5f, -1e-45f, 0.0f, 1e-45f, 0.25f, 3e38f, infinity};
  const std::uint32_t last = (std::uint32_t{1} << 31) - 1;
  for (std::size_t i = 0; i < ascending.size(); ++i)
    for (const std::uint32_t slot : {0u, 7u, last}) {
      neighbour a(ascending[i], slot);
      CHECK(a.distance() == ascending[i]);
      CHECK(a.slot() == slot);
      CHECK_FALSE(a.marked());
      a.mark();
      CHECK((a.marked() && a.slot() == slot && a.distance() == ascending[i]));
      for (std::size_t j = i + 1; j < ascending.size(); ++j) CHECK(a < neighbour(ascending[j], 0));
    }
  CHECK(neighbour(1, 2) < neighbour(1, 3));
  CHECK(neighbour(-0.0f, 2) < neighbour(0.0f, 3));
  CHECK(neighbour(0.0f, 2) < neighbour(-0.0f, 3));
}

TEST_CASE("neighbour_queue: behaves as a set cut to its capacity, with marks") {
  detail::neighbour_queue queue;
  int wrong = 0;
  for (std::uint64_t run = 0; run < 200; ++run) {
    random_stream random(run);
    const std::size_t capacity = 1 + random.uniform_int(20);
    queue.reset(capacity);
    std::set<std::pair<float, std::uint32_t>> model;
    std::set<std::uint32_t> expanded;
    for (std::uint32_t slot = 0; slot < 60; ++slot) {
      const auto distance = static_cast<float>(random.uniform_int(9)) - 4;
      const std::size_t place = queue.insert(neighbour(distance, slot));
      model.emplace(distance, slot);
      const auto at = static_cast<std::size_t>(std::distance(model.begin(), model.find({distance, slot})));
      wrong += (at < capacity ? at : capacity) != place;
      if (model.size() > capacity) model.erase(std::prev(model.end()));
      const auto next =
          std::find_if(model.begin(), model.end(), [&](auto& e) { return expanded.count(e.second) == 0; });
      wrong += queue.has_next() != (next != model.end());
      if (next != model.end())
        wrong += queue.position() != static_cast<std::size_t>(std::distance(model.begin(), next));
      if (queue.has_next() && random.bernoulli(0.4)) {
        wrong += queue.next() != next->second || queue.expand() != next->second;
        expanded.insert(next->second);
      }
    }
    const auto nearest = queue.nearest();
    wrong += !std::equal(nearest.begin(), nearest.end(), model.begin(), model.end(), [&](neighbour n, auto& e) {
      return n.distance() == e.first && n.slot() == e.second && n.marked() == (expanded.count(e.second) == 1);
    });
  }
  CHECK(wrong == 0);
}

}  // namespace test_neighbour_queue
