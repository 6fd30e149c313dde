#include "mlsd/store/key_table.hpp"

#include "catch.hpp"

#include <cstdint>
#include <map>

namespace test_key_table {
using namespace mlsd;

TEST_CASE("key_table: an empty one finds nothing and erases nothing") {
  key_table<int> t;
  CHECK(t.size() == 0);
  CHECK(t.find(0) == nullptr);
  t.erase(0);
  t.prefetch(0);
  CHECK(t.size() == 0);
}

TEST_CASE("key_table: behaves as std::map under a long random sequence of insertions and erasures") {
  for (const std::uint64_t range : {7u, 64u, 1000u}) {  // crowded and sparse
    key_table<std::uint64_t> table;
    std::map<std::uint64_t, std::uint64_t> model;
    std::uint64_t state = range;
    for (std::uint64_t step = 0; step < 20000; ++step) {
      state = state * 6364136223846793005u + 1442695040888963407u;
      // Keys that share all low bits are the hard case for a table of a power of two.
      const std::uint64_t key = ((state >> 33) % range) << 40;
      if ((state >> 20) % 3 == 0) {
        table.erase(key);
        model.erase(key);
      } else {
        table[key] += step;
        model[key] += step;
      }
    }
    REQUIRE(table.size() == model.size());
    for (std::uint64_t k = 0; k < range; ++k) {
      const auto* v = table.find(k << 40);
      const auto m = model.find(k << 40);
      REQUIRE((v != nullptr) == (m != model.end()));
      if (v != nullptr) REQUIRE(*v == m->second);
    }
    std::size_t seen = 0;
    table.for_each([&](std::uint64_t key, std::uint64_t value) {
      ++seen;
      REQUIRE(model.at(key) == value);
    });
    CHECK(seen == model.size());
  }
}

TEST_CASE("key_table: reserved room is enough, and a walk over slots meets every key once") {
  key_table<std::uint64_t> t;
  t.reserve(0);
  CHECK(t.slots() == 0);
  t.reserve(1000);
  const std::size_t slots = t.slots();
  for (std::uint64_t k = 0; k < 1000; ++k) {
    t.prefetch_slot(static_cast<std::size_t>(k));
    t[k * k] = k;
  }
  CHECK(t.slots() == slots);
  std::map<std::uint64_t, std::uint64_t> met;
  for (std::size_t i = 0; i < slots; ++i)
    if (const auto e = t.at_slot(i); e.value != nullptr) CHECK(met.emplace(e.key, *e.value).second);
  CHECK(met.size() == 1000);
  for (const auto& [key, value] : met) CHECK(key == value * value);
}

}  // namespace test_key_table
