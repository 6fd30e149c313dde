#include "recommend/past.hpp"

#include "mlsd/core/random.hpp"
#include "recommend/request.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

#include "catch.hpp"

namespace test_past {

catalogue small_catalogue() {
  catalogue c;
  c.genres = {"Comedy", "Drama", "Horror"};
  for (std::uint32_t f = 0; f < 40; ++f)
    c.films.push_back({f + 1, "", f % 7 == 0 ? 0.0f : 1980.0f + static_cast<float>(f), {f % 3, (f + 1) % 3}, f});
  for (std::uint32_t u = 0; u < 10; ++u) c.users.push_back(u + 1);
  mlsd::random_stream random(1);
  std::vector<std::uint32_t> pairs(400);
  for (std::uint32_t i = 0; i < pairs.size(); ++i) pairs[i] = i;
  random.shuffle(pairs);
  for (std::size_t i = 0; i < pairs.size(); ++i)
    c.ratings.push_back({pairs[i] % 10,
                         pairs[i] / 10,
                         0.5f * static_cast<float>(1 + random.uniform_int(10)),
                         {1'000'000'000'000 + 7'200'000 * static_cast<std::int64_t>(i)}});
  return c;
}

std::vector<std::uint64_t> bits(const request& r, const past& p, const catalogue& c) {
  std::vector<std::uint64_t> b;
  const auto add = [&](auto x) { b.push_back(std::bit_cast<std::uint64_t>(static_cast<double>(x))); };
  for (std::size_t k = 0; k < r.recent.size(); ++k) {
    b.push_back(r.recent.index[k]);
    add(r.recent.value[k]);
    add(r.latest.value[k]);
  }
  for (const float g : r.genres) add(g);
  for (const float x : {r.of_user.seen, r.of_user.user_stars, r.of_user.user_year}) add(x);
  for (std::uint32_t f = 0; f < c.films.size(); ++f) {
    b.push_back(r.memory->seen(f));
    const film_state s = p.film_at(f, r.time);
    for (const double x : {double{s.ratings}, double{s.stars}, s.warmth}) add(x);
    b.push_back(static_cast<std::uint64_t>(s.last.ms));
  }
  return b;
}

TEST_CASE("recommend: a request sees the same bits whatever happens after it") {
  const catalogue c = small_catalogue();
  for (const std::size_t now : {0u, 1u, 50u, 300u, 399u}) {
    std::vector<rating> future(c.ratings.begin() + static_cast<std::ptrdiff_t>(now), c.ratings.end());
    mlsd::random_stream(now).shuffle(future);
    past told_before(c), told_all(c);
    for (std::size_t i = 0; i < now; ++i) {
      told_before.add(c.ratings[i]);
      told_all.add(c.ratings[i]);
    }
    for (std::size_t i = 0; i < future.size(); ++i) {
      rating r = future[i];
      r.time = c.ratings[now + i].time;
      told_all.add(r);
    }
    notes memory(c), other(c);
    for (std::uint32_t user = 0; user <= c.users.size(); ++user) {
      const auto t = c.ratings[now].time;
      const request a = request::make(user, t, c, told_before, memory), b = request::make(user, t, c, told_all, other);
      CHECK(bits(a, told_before, c) == bits(b, told_all, c));
    }
  }
}

TEST_CASE("recommend: the next request sees the rating that has just arrived") {
  const catalogue c = small_catalogue();
  past p(c);
  notes memory(c);
  const rating first = c.ratings[0];
  CHECK(request::make(first.user, first.time, c, p, memory).recent.size() == 0);
  p.add(first);
  CHECK(request::make(first.user, first.time, c, p, memory).recent.size() == 0);  // its own instant
  const auto after = first.time + mlsd::milliseconds(1);
  const request r = request::make(first.user, after, c, p, memory);
  REQUIRE(r.recent.size() == 1);
  CHECK(r.recent.index[0] == first.film);
  CHECK(r.of_user.user_stars == first.stars);
  CHECK(memory.seen(first.film));
  CHECK(p.film_at(first.film, after).warmth == 1);
  CHECK(!request::make(first.user + 1, after, c, p, memory).memory->seen(first.film));
}

TEST_CASE("recommend: what a source thought is forgotten with its request") {
  const catalogue c = small_catalogue();
  past p(c);
  notes memory(c);
  const request r = request::make(0, c.ratings[0].time, c, p, memory);
  r.memory->write(2, 5, {0.5f, 1});
  CHECK(memory.of(2, 5).place == 1);
  CHECK(memory.of(1, 5).place != memory.of(1, 5).place);
  static_cast<void>(request::make(0, c.ratings[1].time, c, p, memory));
  CHECK(memory.of(2, 5).score != memory.of(2, 5).score);
}

}  // namespace test_past
