#include "mlsd/data/split.hpp"

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>

#include "catch.hpp"

namespace test_split {
using namespace mlsd;

struct event {
  timestamp time{};
  std::uint32_t user = 0;
  std::string site{};
  bool clicked = false;
};
constexpr schema events{"time"_f = &event::time, "user"_f = group_key(&event::user), "site"_f = &event::site,
                        "clicked"_f = label(&event::clicked)};

frame<events> table_of(std::size_t n) {
  frame<events> table;
  for (std::size_t i = 0; i < n; ++i)
    table.push_back({{static_cast<std::int64_t>(i / 2) * 1000},
                     static_cast<std::uint32_t>(i % 7),
                     "site " + std::to_string(i % 5),
                     i % 3 == 0});
  return table;
}

TEST_CASE("split: by time, into structured bindings") {
  const frame<events> log = table_of(20);  // ten instants of two rows
  auto [train, calibration, test] = split_by_time(log, "time"_f, {0.7, 0.15, 0.15}).value();
  CHECK(train.size() == 14);
  CHECK(calibration.size() == 4);  // the cut at 17 would part the rows of an instant
  CHECK(test.size() == 2);
  CHECK(test["time"_f][0] == timestamp{9000});
  CHECK(train["site"_f][6] == "site 1");
  CHECK(train["clicked"_f][3] == 1);

  const auto gapped = split_by_time(log, "time"_f, {0.5, 0.5}, {.gap = seconds(2)}).value();
  CHECK(gapped.part[0].size() == 6);  // t < 5 s - 2 s
  CHECK(gapped.part[1].size() == 10);
  CHECK(gapped.dropped == 4);
  const auto& [before, after] = gapped;
  CHECK(before["time"_f].back() == timestamp{2000});
  CHECK(after["time"_f].front() == timestamp{5000});
}

TEST_CASE("split: at times") {
  const frame<events> log = table_of(20);
  const auto [train, test] = split_at_times(log, "time"_f, {timestamp{4000}}).value();
  CHECK(train.size() == 8);
  CHECK(test.size() == 12);
  const auto three =
      split_at_times(log, "time"_f, {timestamp{4000}, timestamp{6000}}, {.gap = milliseconds(1)}).value();
  CHECK(three.part[2].size() == 8);
  CHECK(three.dropped == 0);
  CHECK(three.part.size() == 3);
}

TEST_CASE("split: disorder names the row, or is sorted") {
  frame<events> log = table_of(6);
  log["time"_f][4] = timestamp{-5};
  const auto refused = split_by_time(log, "time"_f, {0.5, 0.5});
  REQUIRE(!refused);
  CHECK(refused.error().code == errc::order);
  CHECK(refused.error().message.find("row 4") != std::string::npos);
  const auto [first, second] = split_by_time(log, "time"_f, {0.5, 0.5}, {.sort = true}).value();
  CHECK(first["time"_f][0] == timestamp{-5});
  CHECK(first["user"_f][0] == 4);
  CHECK(first["user"_f][1] == 0);
  CHECK(second["time"_f].back() == timestamp{2000});
}

TEST_CASE("split: by order and by group") {
  const frame<events> log = table_of(100);
  const auto [train, test] = split_by_order(log, {0.8, 0.2}).value();
  CHECK(train.size() == 80);
  CHECK(test["time"_f][0] == timestamp{40'000});
  CHECK(split_by_order(log, {0.8, 0.1}).value().unused == 10);
  CHECK(!split_by_order(log, {0.8, 0.3}));
  CHECK(!split_by_order(frame<events>{}, {0.8, 0.2}));

  // Seven users or five sites: take a seed that leaves no part empty.
  std::uint64_t seed = 0;
  while (!split_by_group(log, "user"_f, {0.5, 0.5}, {.seed = seed})) ++seed;
  const auto by_user = split_by_group(log, "user"_f, {0.5, 0.5}, {.seed = seed}).value();
  std::set<std::uint32_t> users;
  for (const std::uint32_t u : by_user.part[0]["user"_f]) users.insert(u);
  for (const std::uint32_t u : by_user.part[1]["user"_f]) CHECK(!users.contains(u));
  CHECK(by_user.part[0].size() + by_user.part[1].size() == 100);

  while (!split_by_group(log, "site"_f, {0.5, 0.5}, {.seed = seed})) ++seed;
  const auto by_site = split_by_group(log, "site"_f, {0.5, 0.5}, {.seed = seed}).value();
  std::set<std::string> sites;
  for (std::size_t i = 0; i < by_site.part[0].size(); ++i) sites.emplace(by_site.part[0]["site"_f][i]);
  for (std::size_t i = 0; i < by_site.part[1].size(); ++i)
    CHECK(!sites.contains(std::string(by_site.part[1]["site"_f][i])));
}
}  // namespace test_split
