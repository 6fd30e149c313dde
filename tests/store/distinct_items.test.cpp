#include "mlsd/store/distinct_items.hpp"

#include "draws.hpp"

#include <cstdint>
#include <set>
#include <vector>

#include "catch.hpp"

namespace test_distinct_items {
using namespace mlsd;
using namespace mlsd::detail;

// A ring of one item, and beside it the plain list of hashes.
struct events {
  ring_layout layout;
  ring_state state;
  std::vector<std::uint64_t> words;
  std::vector<std::uint64_t> model{};

  explicit events(std::uint8_t level)
      : layout(window_plan::of({.distinct = {{hours(1)}}}).value(), 1),
        state{0, 0, 0xFFFF'FFC0u, level},
        words(layout.lines(level) * 8) {
    if (ring().is_large()) tracked_counts(ring()).set(0, {});
  }
  event_ring<std::uint64_t> ring() { return {layout, words.data(), state}; }
  void insert(std::uint32_t p, std::uint64_t hash) {
    auto r = ring();
    if (p != r.size()) distinct_items(r, 0).make_room(p);
    r.insert(p, {0}, nullptr);
    distinct_items(r, 0).link(p, hash);
    if (r.is_large()) tracked_counts(r).inserted(0, 0, p);
    ++state.size, ++state.end;
    model.insert(model.begin() + p, hash);
  }
  void drop_oldest() {
    const auto r = ring();
    if (r.is_large()) tracked_counts(r).forget_oldest(0, 0);
    distinct_items(r, 0).unlink_oldest();
    --state.size;
    model.erase(model.begin());
  }
  std::uint32_t count(std::uint32_t a, std::uint32_t e) const {
    std::set<std::uint64_t> s(model.begin() + a, model.begin() + e);
    s.erase(0);
    return static_cast<std::uint32_t>(s.size());
  }
};

TEST_CASE("distinct_items: the count of any span from that of any other, with events that come late", "[store]") {
  for (const std::uint8_t level : {std::uint8_t{4}, std::uint8_t{6}})  // scanned; with an index
    for (const std::uint64_t kinds : {3u, 40u}) {
      mlsd_test::draws draw{level + kinds};
      events all(level);
      span_count known{};
      for (int step = 0; step < 3000; ++step) {
        const std::uint32_t n = all.state.size;
        if (n == 1u << level || (n > 0 && draw.below(5) < 2)) {
          all.drop_oldest();
          known = {};  // positions have moved
        } else {
          const auto back = draw.below(3) == 0 ? static_cast<std::uint32_t>(draw.below(n + 1)) : 0;
          all.insert(n - back, draw.below(kinds));  // 0 is no item
          known = {};
        }
        const auto r = all.ring();
        const distinct_items items(r, 0);
        REQUIRE(items.are_linked());
        for (int look = 0; look < 3; ++look) {
          auto a = static_cast<std::uint32_t>(draw.below(r.size() + 1));
          auto e = static_cast<std::uint32_t>(draw.below(r.size() + 1));
          if (a > e) std::swap(a, e);
          known = items.moved(known, a, e);
          REQUIRE(known.a == a);
          REQUIRE(known.e == e);
          REQUIRE(known.count == all.count(a, e));
        }
        if (!r.is_large()) continue;
        const span_count kept = tracked_counts(r)[0];  // followed every insertion and drop
        REQUIRE(kept.a <= kept.e);
        REQUIRE(kept.e <= r.size());
        REQUIRE(kept.count == all.count(kept.a, kept.e));
        if (draw.below(4) == 0) tracked_counts(r).set(0, known);
      }
    }
}

TEST_CASE("distinct_items: links and index that do not fit the hashes are found", "[store]") {
  for (const std::uint8_t level : {std::uint8_t{4}, std::uint8_t{5}}) {
    events all(level);
    for (std::uint64_t i = 0; i < 12; ++i) all.insert(static_cast<std::uint32_t>(i), i % 5);
    int found = 0;
    for (std::size_t w = all.layout.head; w < all.words.size(); ++w) {
      const std::uint64_t was = all.words[w];
      all.words[w] ^= 3;
      found += !distinct_items(all.ring(), 0).are_linked();
      all.words[w] = was;
    }
    CHECK(found > 20);
    CHECK(distinct_items(all.ring(), 0).are_linked());
  }
}

TEST_CASE("distinct_items: an index is made from the events", "[store]") {
  events all(6);
  for (std::uint64_t i = 0; i < 64; ++i) all.insert(static_cast<std::uint32_t>(i), i * i % 23);
  const auto r = all.ring();
  std::fill_n(r.block() + all.layout.index_at(6), 128, std::uint64_t{0});
  CHECK_FALSE(distinct_items(r, 0).are_linked());
  distinct_items(r, 0).index_all();
  CHECK(distinct_items(r, 0).are_linked());
}

}  // namespace test_distinct_items
