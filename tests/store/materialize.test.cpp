#include "mlsd/store/materialize.hpp"
#include "catch.hpp"

#include <optional>
#include <string>

namespace test_materialize {
using namespace mlsd;

struct visit {
  std::uint32_t user = 0;
  std::string_view site{};
  timestamp time{};
  std::array<float, 3> past{};
};
constexpr schema visits{"user"_f = &visit::user, "site"_f = &visit::site, "time"_f = &visit::time,
                        "past"_f = computed(&visit::past)};

frame<visits> some_visits() {
  frame<visits> t;
  for (std::uint32_t i = 0; i < 200; ++i)
    t.push_back({i * 7 % 5, i % 3 == 0 ? "a" : i % 3 == 1 ? "b" : "", {static_cast<std::int64_t>(i / 2) * 60'000}, {}});
  return t;
}
windows minutes_10() { return windows::make({.count = {minutes(10)}, .all_time = true, .since_last = true}).value(); }

TEST_CASE("a column of past counts sees no row of its own time or later", "[store]") {
  auto table = some_visits();
  auto counts = minutes_10();
  REQUIRE(materialize(counts, table, "past"_f, "time"_f, "user"_f, "site"_f));
  for (std::size_t i = 0; i < table.size(); ++i) {
    float window = 0, ever = 0;
    std::int64_t last = -1;
    for (std::size_t j = 0; j < table.size(); ++j) {
      const visit a = table.row(i), b = table.row(j);
      if (a.user != b.user || a.site != b.site || b.time >= a.time) continue;
      ++ever;
      window += a.time.ms - b.time.ms <= 600'000;
      last = b.time.ms > last ? b.time.ms : last;
    }
    INFO("row " << i);
    CHECK(table["past"_f][i][1] == ever);
    CHECK(table["past"_f][i][0] <= ever);
    CHECK(table["past"_f][i][0] >= window - 1);  // the window's edge is tested with the windows
    if (last >= 0) CHECK(table["past"_f][i][2] == static_cast<float>(table["time"_f][i].ms - last) / 1000);
  }
}

TEST_CASE("the counts go on online, with the bits of one long table", "[store]") {
  auto whole = some_visits(), first = whole.slice(0, 150);
  auto all = minutes_10(), some = minutes_10();
  REQUIRE(materialize(all, whole, "past"_f, "time"_f, "user"_f));
  REQUIRE(materialize(some, first, "past"_f, "time"_f, "user"_f));
  for (std::size_t i = 150; i < 200; ++i) {
    const visit v = whole.row(i);
    std::array<float, 3> past{};
    some.write(event_key(v.user), v.time, past);
    for (std::size_t j = 0; j < 3; ++j) CHECK((past[j] == v.past[j] || (past[j] != past[j] && v.past[j] != v.past[j])));
    REQUIRE(some.add(event_key(v.user), v.time));
  }
}

TEST_CASE("times that run backwards and blocks of another width are errors", "[store]") {
  auto table = some_visits();
  auto wide = windows::make({.count = {minutes(1), minutes(2)}}).value();
  const auto width = materialize(wide, table, "past"_f, "time"_f, "user"_f);
  REQUIRE_FALSE(width);
  CHECK(width.error().message.find("column 'past' has room for 3 values") == 0);
  table["time"_f][50].ms = 0;
  auto counts = minutes_10();
  const auto order = materialize(counts, table, "past"_f, "time"_f, "user"_f);
  REQUIRE_FALSE(order);
  CHECK(order.error().code == errc::order);
  CHECK(order.error().message.find("50") != std::string::npos);
}

struct payment {
  std::uint32_t card = 0;
  std::string_view shop{};
  std::optional<float> amount{};
  timestamp time{};
  std::array<float, 4> past{};
};
constexpr schema payments{"card"_f = &payment::card, "shop"_f = &payment::shop, "amount"_f = &payment::amount,
                          "time"_f = &payment::time, "past"_f = computed(&payment::past)};

TEST_CASE("values and items of a table: missing ones are none, and online has the same bits", "[store]") {
  frame<payments> table;
  for (std::uint32_t i = 0; i < 300; ++i) {
    const auto amount = i % 7 == 0 ? std::nullopt : std::optional(static_cast<float>(i % 90) / 4);
    // Every fifth comes half a minute late.
    const std::int64_t t = static_cast<std::int64_t>(i) * 20'000 - (i % 5 == 0 ? 30'000 : 0);
    table.push_back({i % 4, i % 3 == 0 ? "a" : i % 3 == 1 ? "b" : "", amount, {t}, {}});
  }
  const auto make = [] {
    return windows::make({.count = {minutes(10)},
                          .values = {{.unit = 0.25, .sum = {minutes(10)}, .mean = {minutes(10)}}},
                          .distinct = {{minutes(10)}},
                          .lateness = minutes(1)})
        .value();
  };
  auto offline = make(), online = make();
  REQUIRE(materialize(offline, table, "past"_f, "time"_f, by("card"_f), values_of("amount"_f), items_of("shop"_f)));
  for (std::size_t i = 0; i < table.size(); ++i) {
    const payment p = table.row(i);
    std::array<float, 4> past{};
    online.write(event_key(p.card), p.time, past);
    for (std::size_t j = 0; j < 4; ++j) CHECK((past[j] == p.past[j] || (past[j] != past[j] && p.past[j] != p.past[j])));
    REQUIRE(online.add(event_key(p.card), p.time, event_value(p.amount), event_item(p.shop)));
  }
  CHECK(online == offline);
  CHECK(offline.arrivals().late > 50);
  CHECK(offline.arrivals().not_numbers == 43);
  CHECK(table.row(299).past[3] == 2);  // "a" and "b", not the missing one
  auto no_values = minutes_10();
  REQUIRE_FALSE(materialize(no_values, table, "past"_f, "time"_f, by("card"_f), values_of(), items_of()));
  auto wrong = windows::make({.count = {minutes(1), minutes(2), minutes(3), minutes(4)}}).value();
  CHECK(materialize(wrong, table, "past"_f, "time"_f, by("card"_f), values_of("amount"_f), items_of())
            .error()
            .message.find("300 values") != std::string::npos);
}

TEST_CASE("values and items of one record", "[store]") {
  CHECK(event_item(std::string_view("")) == 0);
  CHECK(event_item(std::optional<int>{}) == 0);
  CHECK(event_key("tea") == event_key(std::string_view("tea")));
  CHECK(event_key(std::string("tea"), 7) == event_key("tea", 7));
  CHECK(event_item("") == 0);
  CHECK(event_item(7u) == event_key(7u));
  CHECK(event_value(std::optional<double>{2.5}) == 2.5);
  CHECK(event_value(std::optional<double>{}) != event_value(std::optional<double>{}));
  CHECK(event_value(3) == 3.0);
}

TEST_CASE("a key depends on every value and on their order", "[store]") {
  CHECK(event_key(1u, std::string_view("a")) == event_key(std::uint64_t{1}, std::string_view("a")));
  CHECK(event_key(1, 2) != event_key(2, 1));
  CHECK(event_key(1) != event_key(1, 1));
  CHECK(event_key(std::optional<int>{}) != event_key(0));
  CHECK(event_key(std::optional<int>{3}) == event_key(3));
  CHECK(event_key(std::string_view("")) == event_key(std::optional<int>{}));
}

}  // namespace test_materialize
