#include "mlsd/data/row_split.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catch.hpp"

namespace test_row_split {
using namespace mlsd;
using ranges = std::vector<row_range>;

struct prng {
  std::uint64_t state;
  std::uint64_t operator()(std::uint64_t n) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (state >> 33) % n;
  }
};

result<row_split> by_fractions(std::size_t n, std::vector<double> fractions) { return split_rows(n, fractions); }
result<row_split> by_time(const std::vector<std::int64_t>& times, std::vector<double> fractions,
                          time_split_options<std::int64_t> options = {}) {
  return split_rows_by_time<std::int64_t>(times, fractions, options);
}
result<row_split> at_times(const std::vector<std::int64_t>& times, std::vector<std::int64_t> cuts,
                           time_split_options<std::int64_t> options = {}) {
  return split_rows_at_times<std::int64_t>(times, cuts, options);
}

TEST_CASE("row_split: by order") {
  const row_split s = by_fractions(10, {0.7, 0.15, 0.15}).value();
  CHECK(s.parts == ranges{{0, 7}, {7, 9}, {9, 10}});
  CHECK(s.unused == 0);
  CHECK(by_fractions(70'000, {0.6, 0.2, 0.2}).value().parts == ranges{{0, 42'000}, {42'000, 56'000}, {56'000, 70'000}});
  const row_split less = by_fractions(10, {0.5, 0.2}).value();
  CHECK(less.parts == ranges{{0, 5}, {5, 7}});
  CHECK(less.unused == 3);
  CHECK(less.rows(1) == std::vector<std::size_t>{5, 6});
  // Ten tenths are one, whatever their sum in binary.
  CHECK(by_fractions(1'000'003, std::vector<double>(10, 0.1)).value().parts.back().last == 1'000'003);
}

TEST_CASE("row_split: fractions and parts that cannot be") {
  const auto told = [](const result<row_split>& r) { return r ? "none" : to_string(r.error()); };
  CHECK(told(by_fractions(10, {0.7, 0.4})) == "split: the fractions sum to 1.100000, more than 1");
  CHECK(told(by_fractions(10, {0.7, 0.0})) == "split: fraction 0.000000 is not positive");
  CHECK(told(by_fractions(10, {-0.5, 0.7})) == "split: fraction -0.500000 is not positive");
  CHECK(!by_fractions(10, {std::numeric_limits<double>::quiet_NaN()}));
  CHECK(!by_fractions(10, {std::numeric_limits<double>::infinity()}));
  CHECK(told(by_fractions(3, {0.9, 0.1})) == "split: part 2 of 2 has no rows");
  CHECK(by_fractions(3, {0.9, 0.1}).error().code == errc::empty);
  CHECK(told(by_fractions(0, {1.0})) == "split: part 1 of 1 has no rows");
  CHECK(told(by_time({3, 1, 2}, {0.5, 0.5})) ==
        "split: row 1 is earlier than row 0; sort the rows by time, or set .sort");
  CHECK(by_time({3, 1, 2}, {0.5, 0.5}).error().code == errc::order);
  CHECK(told(by_time({1, 1, 1}, {0.5, 0.5})) == "split: part 2 of 2 has no rows");  // one instant cannot be cut
  CHECK(told(by_time({1, 2, 3}, {0.5, 0.5}, {.gap = -1})) == "split: the gap is negative");
  CHECK(told(by_time({1, 2, 3}, {0.34, 0.66}, {.gap = 5})) == "split: part 1 of 2 has no rows");
  CHECK(told(at_times({1, 2, 3}, {2, 2})) == "split: cut 2 is not later than the one before");
  CHECK(told(at_times({1, 2, 3}, {4})) == "split: part 2 of 2 has no rows");
  CHECK(told(at_times({}, {4})) == "split: part 1 of 2 has no rows");
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double times[] = {1, nan, 2}, fractions[] = {0.5, 0.5};
  CHECK(told(split_rows_by_time<double>(times, fractions)) == "split: row 1 has no time");
}

TEST_CASE("row_split: a cut moves behind the rows of its instant") {
  CHECK(by_time({0, 1, 1, 1, 2, 3}, {0.5, 0.5}).value().parts == ranges{{0, 4}, {4, 6}});
  CHECK(by_time({0, 1, 1, 1, 2, 3}, {1.0 / 6, 5.0 / 6}).value().parts == ranges{{0, 1}, {1, 6}});
  CHECK(by_time({0, 1, 2, 3}, {0.25, 0.25, 0.25}).value().unused == 1);
  CHECK(by_time({0, 1, 2, 2}, {0.25, 0.25, 0.25}).value().parts == ranges{{0, 1}, {1, 2}, {2, 4}});
}

TEST_CASE("row_split: a part keeps t < T - gap, T being the start of the next") {
  const row_split s = by_time({0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {0.5, 0.5}, {.gap = 2}).value();  // T = 5
  CHECK(s.parts == ranges{{0, 3}, {5, 10}});                                                    // 2 < 5 - 2 <= 3
  CHECK(s.dropped == 2);
  CHECK(at_times({0, 1, 2, 3, 4, 5}, {3}).value().parts == ranges{{0, 3}, {3, 6}});
  CHECK(at_times({0, 1, 2, 9, 9, 9}, {5}, {.gap = 3}).value().parts ==
        ranges{{0, 2}, {3, 6}});  // from the cut, not from 9
  CHECK(at_times({0, 1, 2, 3, 4, 5}, {2, 4}, {.gap = 1}).value().parts == ranges{{0, 1}, {2, 3}, {4, 6}});
  // No overflow at the ends of 64 bits.
  constexpr std::int64_t least = (std::numeric_limits<std::int64_t>::min)(),
                         most = (std::numeric_limits<std::int64_t>::max)();
  CHECK(by_time({least, 0, most}, {0.34, 0.66}, {.gap = most}).value().parts == ranges{{0, 1}, {1, 3}});
  const std::uint8_t small[] = {0, 100, 200, 255};
  const double half[] = {0.5, 0.5};
  CHECK(split_rows_by_time<std::uint8_t>(small, half, {.gap = 150}).value().parts == ranges{{0, 1}, {2, 4}});
  const double real[] = {0.0, 0.25, 0.5, 0.75};
  CHECK(split_rows_by_time<double>(real, half, {.gap = 0.25}).value().parts == ranges{{0, 1}, {2, 4}});
  const timestamp stamps[] = {{0}, {1000}, {2000}, {3000}};
  CHECK(split_rows_by_time<timestamp>(stamps, half, {.gap = seconds(1)}).value().parts == ranges{{0, 1}, {2, 4}});
}

TEST_CASE("row_split: disorder is sorted when asked, equal times staying in their order") {
  const row_split s = by_time({5, 1, 5, 0, 7, 1}, {0.5, 0.5}, {.sort = true}).value();
  CHECK(s.rows(0) == std::vector<std::size_t>{3, 1, 5});
  CHECK(s.rows(1) == std::vector<std::size_t>{0, 2, 4});
  CHECK(by_time({0, 1}, {0.5, 0.5}, {.sort = true}).value().order.empty());
  CHECK(at_times({5, 1, 5, 0, 7, 1}, {5}, {.sort = true}).value().rows(1) == std::vector<std::size_t>{0, 2, 4});
}

TEST_CASE("row_split: laws of time splits on random times") {
  prng draw{11};
  for (int round = 0; round < 200; ++round) {
    std::vector<std::int64_t> times(50 + draw(50));
    for (std::int64_t& t : times) t = static_cast<std::int64_t>(draw(60));
    const std::int64_t gap = static_cast<std::int64_t>(draw(4));
    const result<row_split> r = by_time(times, {0.6, 0.2, 0.15}, {.gap = gap, .sort = true});
    if (!r) continue;
    std::set<std::size_t> seen;
    for (std::size_t k = 0; k < 3; ++k)
      for (const std::size_t i : r->rows(k)) CHECK(seen.insert(i).second);
    CHECK(seen.size() + r->dropped + r->unused == times.size());
    for (std::size_t k = 0; k + 1 < 3; ++k) {
      std::int64_t last = -1, start = 1000;
      for (const std::size_t i : r->rows(k)) last = (std::max)(last, times[i]);
      for (const std::size_t i : r->rows(k + 1)) start = (std::min)(start, times[i]);
      CHECK(last < start - gap);
    }
  }
}

TEST_CASE("row_split: no group is in two parts, and a group keeps its part") {
  prng draw{3};
  std::vector<std::uint32_t> users(20'000);
  for (std::uint32_t& u : users) u = static_cast<std::uint32_t>(draw(4'000));
  const std::vector<double> fractions{0.7, 0.2};
  const row_split s = split_rows_by_group(users, fractions, {.seed = 5}).value();
  std::map<std::uint32_t, std::size_t> part_of;
  std::size_t rows = 0;
  for (std::size_t k = 0; k < 2; ++k) {
    const std::vector<std::size_t> part = s.rows(k);
    CHECK(std::is_sorted(part.begin(), part.end()));
    rows += part.size();
    for (const std::size_t i : part) CHECK(part_of.emplace(users[i], k).first->second == k);
  }
  CHECK(rows + s.unused == users.size());
  // 4,000 groups: the share of groups has a standard error below .0073.
  CHECK(std::abs(static_cast<double>(s.parts[0].size()) / 20'000.0 - 0.7) < 0.04);
  CHECK(std::abs(static_cast<double>(s.unused) / 20'000.0 - 0.1) < 0.04);

  const std::vector<std::uint32_t> fewer(users.begin(), users.begin() + 5'000);
  const row_split again = split_rows_by_group(fewer, fractions, {.seed = 5}).value();
  for (std::size_t k = 0; k < 2; ++k)
    for (const std::size_t i : again.rows(k)) CHECK(part_of.at(fewer[i]) == k);
  CHECK(split_rows_by_group(users, fractions, {.seed = 6}).value().order != s.order);

  const std::vector<std::string_view> one_text(100, "same");
  CHECK(!split_rows_by_group(one_text, fractions));
}
}  // namespace test_row_split
