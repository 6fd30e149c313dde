#include "mlsd/store/key_replay.hpp"

#include "as_of_cases.hpp"
#include "catch.hpp"

#include <cstdint>
#include <set>
#include <vector>

namespace test_key_replay {
using namespace mlsd;

TEST_CASE("as_of_match: rows and reasons in four bytes") {
  STATIC_REQUIRE(sizeof(as_of_match) == 4);
  for (const std::uint32_t row : {0u, 5u, as_of_match::most_rows - 1}) {
    const as_of_match m(row);
    CHECK(m);
    CHECK(m.row() == row);
    CHECK(m.reason() == absence::none);
  }
  for (const absence a : {absence::no_key, absence::not_yet_created, absence::too_new, absence::expired}) {
    CHECK_FALSE(as_of_match(a));
    CHECK(as_of_match(a).reason() == a);
  }
  CHECK(as_of_match{} == as_of_match(absence::no_key));
}

TEST_CASE("keyed_hash: distinct keys stay distinct, and their first bits spread") {
  std::set<std::uint64_t> seen;
  std::vector<int> part(64);
  for (std::uint64_t i = 0; i < 8192; ++i)
    for (const std::uint64_t key : {i, i << 32, ~i, i << 51}) {
      seen.insert(detail::keyed_hash(key));
      ++part[detail::part_of(detail::keyed_hash(key), 6)];
    }
  CHECK(seen.size() == 4 * 8192 - 2);  // i = 0 makes one key of three
  for (const int n : part) CHECK((n > 300 && n < 750));
  CHECK(detail::part_of(~std::uint64_t{0}, 0) == 0);
}

TEST_CASE("key_replay: many keys in one part, and buffers that serve again") {
  const auto events = mlsd_test::random_events(6000, 3000, 500, 8);
  for (const auto& rules : mlsd_test::all_rules()) {
    std::vector<as_of_match> out(2000);
    detail::key_replay<detail::known_event> replay(rules, 0, out);
    for (const std::size_t n : {std::size_t{6000}, std::size_t{100}, std::size_t{0}, std::size_t{3000}}) {
      std::vector<detail::known_event> e;
      for (std::size_t i = 0; i < n; ++i)
        e.push_back(
            {detail::keyed_hash(events.key[i]), events.event[i], events.known[i], static_cast<std::uint32_t>(i)});
      std::vector<detail::key_query> q;
      for (std::uint32_t i = 0; i < 2000; ++i)
        q.push_back({detail::keyed_hash(i * 7 % 3100), {static_cast<std::int64_t>(i * 13 % 600)}, i});
      replay.join(e, q);
      for (std::uint32_t i = 0; i < 2000; i += 41) {
        const auto expected = mlsd_test::by_definition(events, n, rules, i * 7 % 3100, i * 13 % 600);
        REQUIRE(out[i].reason() == expected.reason);
        if (out[i]) REQUIRE(out[i].row() == expected.row);
      }
    }
  }
}

}  // namespace test_key_replay
