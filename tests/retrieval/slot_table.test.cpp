#include "mlsd/retrieval/slot_table.hpp"

// After the indexes: no name of theirs may hide one that schemas use.
#include "mlsd/core/random.hpp"
#include "mlsd/data/schema.hpp"

#include <cstdint>
#include <map>
#include <type_traits>

#include "catch.hpp"

namespace test_slot_table {
using namespace mlsd;

struct seen {
  int times = 0;
};
inline constexpr schema sightings{feature<"times">{} = &seen::times};

TEST_CASE("slot_table: schemas that are made after it keep their own names") {
  using fields = std::remove_cvref_t<decltype(sightings)>;
  STATIC_REQUIRE(std::is_same_v<fields::find<"place">, no_slot>);
  STATIC_REQUIRE(fields::find<"times">::index == 0);
}

TEST_CASE("slot_table: an empty one finds nothing") {
  const detail::slot_table t;
  CHECK(t.size() == 0);
  CHECK(t.find(7, [](std::uint32_t) { return true; }) == detail::empty_slot);
}

TEST_CASE("slot_table: slots under one hash are told apart by what they stand for") {
  detail::slot_table t;
  for (std::uint32_t slot = 0; slot < 100; ++slot) t.insert(42, slot);
  for (std::uint32_t slot = 0; slot < 100; ++slot)
    CHECK(t.find(42, [&](std::uint32_t s) { return s == slot; }) == slot);
  CHECK(t.find(42, [](std::uint32_t) { return false; }) == detail::empty_slot);
}

TEST_CASE("slot_table: behaves as std::map under random insertions and erasures, also when crowded") {
  for (const std::uint64_t hashes : {3u, 50u, 100'000u}) {  // how many hashes the keys share
    detail::slot_table table;
    std::map<std::uint32_t, std::uint64_t> model;  // slot -> hash
    random_stream random(hashes);
    int wrong = 0;
    for (int step = 0; step < 20'000; ++step) {
      const auto slot = static_cast<std::uint32_t>(random.uniform_int(300));
      const std::uint64_t hash = (slot % hashes) << 32;
      const bool there = table.find(hash, [&](std::uint32_t s) { return s == slot; }) == slot;
      wrong += there != (model.count(slot) == 1);
      if (there) {
        table.erase(hash, slot);
        model.erase(slot);
      } else {
        table.insert(hash, slot);
        model[slot] = hash;
      }
      wrong += table.size() != model.size();
    }
    CHECK(wrong == 0);
  }
}

}  // namespace test_slot_table
