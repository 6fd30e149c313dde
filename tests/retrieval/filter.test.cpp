#include "mlsd/retrieval/filter.hpp"
#include "catch.hpp"
#include "mlsd/retrieval/fuse.hpp"
#include "mlsd/retrieval/popularity.hpp"
#include "mlsd/testing/laws/ranking.hpp"

#include <vector>

namespace test_filter {
using namespace mlsd;

/// Finds ids 0 to n - 1 in order, and counts how often it is asked.
struct counting {
  std::uint32_t n = 100;
  struct scratch {
    int searches = 0;
  };
  std::span<hit<>> search(int, std::span<hit<>> out, scratch& s) const noexcept {
    ++s.searches;
    const std::size_t found = (std::min)(out.size(), std::size_t{n});
    for (std::uint32_t i = 0; i < found; ++i) out[i] = {i, -static_cast<float>(i), 4};
    return out.first(found);
  }
};

constexpr auto every_tenth = [](std::uint32_t id) { return id % 10 == 0; };

TEST_CASE("where: asks for more until enough pass") {
  const counting source;
  const auto r = where(source, every_tenth);
  static_assert(retriever<std::remove_const_t<decltype(r)>, int>);
  decltype(r)::scratch s;
  std::vector<hit<>> buffer(3);
  const auto hits = r.search(0, buffer, s);
  REQUIRE(hits.size() == 3);
  for (std::uint32_t i = 0; i < 3; ++i) CHECK(hits[i] == hit<>{10 * i, -10.0f * static_cast<float>(i), 4});
  CHECK(s.source.searches == 3);  // 6, 12, 24
  CHECK(laws::ranks_hits(r, 0, 15));
}

TEST_CASE("where: ends when there is no more, or at the bound") {
  std::vector<hit<>> buffer(50);
  const auto few = where(counting{35}, every_tenth);
  decltype(few)::scratch s;
  CHECK(few.search(0, buffer, s).size() == 4);
  const auto bounded = where(counting{}, every_tenth, 25);
  decltype(bounded)::scratch t;
  CHECK(bounded.search(0, buffer, t).size() == 3);
  CHECK(bounded.search(0, std::span(buffer).first(1), t).size() == 1);
  CHECK(bounded.search(0, std::span(buffer).first(0), t).empty());
  const auto nothing = where(counting{}, [](std::uint32_t) { return false; });
  decltype(nothing)::scratch u;
  CHECK(nothing.search(0, buffer, u).empty());
}

TEST_CASE("where: a retriever that takes a predicate is asked once and answers exactly") {
  auto p = popularity::make(days(1)).value();
  for (std::uint32_t i = 0; i < 200; ++i) p.add(i, timestamp{}, static_cast<float>(200 - i));
  const auto r = where(
      p, [](int wanted, std::uint32_t id) { return static_cast<int>(id % 100) == wanted; }, 1);
  decltype(r)::scratch s;
  std::vector<hit<>> buffer(3);
  const auto hits = r.search(99, buffer, s);
  REQUIRE(hits.size() == 2);
  CHECK(hits[0].id == 99);
  CHECK(hits[1].id == 199);
}

TEST_CASE("where: filters inside and outside of a fusion") {
  const counting source;
  const auto even = where(source, [](std::uint32_t id) { return id % 2 == 0; });
  const auto outside = where(fuse(even, where(source, every_tenth)), [](std::uint32_t id) { return id > 4; });
  decltype(outside)::scratch s;
  std::vector<hit<>> buffer(4);
  const auto hits = outside.search(0, buffer, s);
  REQUIRE_FALSE(hits.empty());
  for (const hit<>& h : hits) CHECK((h.id > 4 && h.id % 2 == 0));
  CHECK(hits[0].id == 10);
  CHECK(hits[0].origins == 3);
  CHECK(laws::ranks_hits(outside, 0, 8));
}

}  // namespace test_filter
