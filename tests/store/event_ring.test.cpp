#include "mlsd/store/event_ring.hpp"

#include "draws.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "catch.hpp"

namespace test_event_ring {
using namespace mlsd;
using namespace mlsd::detail;

struct memory {
  ring_layout layout;
  ring_state state;
  std::vector<std::uint64_t> words;
  memory(const window_plan& plan, std::uint8_t level, std::uint32_t end)
      : layout(plan, 0), state{0, 0, end, level}, words(layout.lines(level) * 8) {}
  event_ring<std::uint64_t> ring() { return {layout, words.data(), state}; }
  void added() { ++state.size, ++state.end; }
};
window_plan plan() {
  return window_plan::of({.count = {hours(1), hours(2), hours(3)}, .values = {{.decayed = {{9}}}, {.unit = 1}}})
      .value();
}

TEST_CASE("event_ring: finds the first event from a time, whatever the hint", "[store]") {
  mlsd_test::draws draw{3};
  for (const std::uint32_t n : {0u, 1u, 2u, 7u, 32u})
    for (const std::uint32_t end : {0u, 5u, 0xFFFF'FFF0u}) {  // positions in the ring wrap, sequence numbers too
      memory m(plan(), 5, end);
      std::vector<std::int64_t> times;
      const std::int64_t none[2] = {fixed_point::none, fixed_point::none};
      for (std::uint32_t i = 0; i < n; ++i) {
        times.push_back((times.empty() ? 0 : times.back()) + static_cast<std::int64_t>(draw.below(3)));
        m.ring().insert(i, {times.back()}, none);
        m.added();
      }
      const auto r = m.ring();
      for (std::int64_t t = -1; t <= 66; ++t)
        for (std::uint32_t near = 0; near <= n + 2; ++near)
          REQUIRE(r.first_from({t}, near) == std::lower_bound(times.begin(), times.end(), t) - times.begin());
      for (std::int64_t t = -1; t <= 66; ++t)
        REQUIRE(r.end_of({t}) == std::upper_bound(times.begin(), times.end(), t) - times.begin());
      for (std::uint32_t w = 0; w < 3; ++w)
        for (std::uint32_t i = 0; i <= n; ++i) {
          r.set_hint(w, i);
          REQUIRE(r.hint(w) == i);
        }
    }
}

TEST_CASE("event_ring: sums and counts between any two events, inserted in any order", "[store]") {
  struct event {
    std::int64_t time, units[2];
  };
  mlsd_test::draws draw{8};
  memory m(plan(), 6, 0xFFFF'FFE0u);
  std::vector<event> model;
  for (int i = 0; i < 60; ++i) {
    event e{static_cast<std::int64_t>(draw.below(30)), {static_cast<std::int64_t>(draw.below(9)) - 4, 1}};
    if (draw.below(3) == 0) e.units[1] = fixed_point::none;
    const auto at = m.ring().end_of({e.time});
    auto r = m.ring();
    r.insert(at, {e.time}, e.units);
    r.decay_from(at, plan().decays, {100});
    m.added();
    model.insert(model.begin() + at, e);
  }
  const auto r = m.ring();
  REQUIRE(r.size() == 60);
  CHECK(r.total() == 60);
  for (std::uint32_t a = 0; a <= 60; ++a)
    for (std::uint32_t e = a; e <= 60; ++e)
      for (std::uint32_t v = 0; v < 2; ++v) {
        std::int64_t sum = 0;
        std::uint32_t count = 0;
        for (std::uint32_t i = a; i < e; ++i)
          if (model[i].units[v] != fixed_point::none) sum += model[i].units[v], ++count;
        REQUIRE(r.units(v, a, e) == sum);
        REQUIRE(r.count(v, a, e) == count);
      }
  for (std::uint32_t i = 0; i < 60; ++i) {
    std::uint32_t ties = 0;
    for (std::uint32_t j = 0; j < i; ++j) ties += model[j].time == model[i].time;
    REQUIRE(r.ties(i) == ties);
  }
  // The decayed sum of everything, as a sum of its parts.
  double wanted = 0;
  for (const event& e : model)
    if (e.units[0] != fixed_point::none)
      wanted += static_cast<double>(e.units[0]) * std::exp2(-static_cast<double>(40 - e.time) / 9);
  CHECK(r.decayed(0, plan().decays[0], 59, {40}, {100}) == Approx(wanted).epsilon(1e-13));
  CHECK(r.decayed(0, plan().decays[0], 59, {40}, {5}) == 0);  // a gap longer than the memory
}

TEST_CASE("ring_layout: blocks are whole lines, and a bigger one that costs nothing is taken", "[store]") {
  const ring_layout counts(window_plan::of({.count = {hours(1)}}).value(), 0);
  CHECK(counts.head == 1);
  CHECK(counts.record == 1);
  CHECK(counts.lines(0) == 1);
  CHECK(counts.filled(0) == 2);  // one word and four: still a line
  const ring_layout items(window_plan::of({.distinct = {{hours(1)}, {hours(2)}}}).value(), 2);
  CHECK(items.record == 5);
  for (std::uint32_t level = 0; level < 20; ++level) {
    CHECK(items.lines(items.filled(level)) == items.lines(level));
    CHECK(items.lines(level) <= items.lines(level + 1));
    CHECK(items.lines(level) * 8 >= items.head + (std::size_t{items.record} << level));
  }
  CHECK(items.index_at(5) + 4 * 32 <= items.lines(5) * 8);
}

}  // namespace test_event_ring
