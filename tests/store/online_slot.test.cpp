#include "mlsd/store/online_slot.hpp"

#include "catch.hpp"

#include <array>
#include <cstdint>

namespace test_online_slot {
using namespace mlsd;

struct odd_row {
  std::array<char, 13> text{};
};

TEST_CASE("online_slot: holds one key, and tells others and emptiness apart") {
  detail::online_slot<odd_row> slot;
  using outcome = decltype(slot)::outcome;
  decltype(slot)::content out;
  CHECK(slot.read(0, out) == outcome::free);
  CHECK_FALSE(slot.used());
  decltype(slot)::content in{7, {{-1}, {2}, 3}, {}};
  in.row.text = {'t', 'h', 'i', 'r', 't', 'e', 'e', 'n', 'b', 'y', 't', 'e', 's'};
  slot.store(in);
  CHECK(slot.read(8, out) == outcome::other_key);
  REQUIRE(slot.read(7, out) == outcome::copied);
  CHECK((out.key == 7 && out.order == in.order && out.row.text == in.row.text));
  CHECK((slot.used() && slot.key() == 7 && slot.order() == in.order));
  slot.clear();
  CHECK(slot.read(7, out) == outcome::free);
}

TEST_CASE("online_slot: a small row shares a cache line with its header") {
  STATIC_REQUIRE(sizeof(detail::online_slot<std::array<float, 6>>) == 64);
  STATIC_REQUIRE(sizeof(detail::online_slot<std::array<float, 16>>) == 128);
  STATIC_REQUIRE(alignof(detail::online_slot<char>) == 64);
}

}  // namespace test_online_slot
