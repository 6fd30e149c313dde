#ifdef MLSD_TEST_SQLITE

#include "mlsd/interop/sqlite_frame.hpp"

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>

#include "catch.hpp"

namespace test_sqlite_frame {
using namespace mlsd;
using namespace mlsd::literals;

struct event {
  std::int8_t small = 0;
  std::uint64_t key = 0;
  double amount = 0;
  std::string_view place{};
  timestamp at{};
  std::optional<std::int32_t> rank{};
  bool fraud = false;
  float recent = 0;
};
inline constexpr schema events{"small"_f = &event::small,
                               "key"_f = &event::key,
                               "amount"_f = &event::amount,
                               "odd \"place\""_f = &event::place,
                               "at"_f = &event::at,
                               "rank"_f = &event::rank,
                               "fraud"_f = mlsd::label(&event::fraud),
                               "recent"_f = mlsd::computed(&event::recent)};

sqlite_database filled(const std::string& values) {
  auto database = sqlite_database::open(":memory:").value();
  database.execute("CREATE TABLE t (unused, fraud, rank, at, \"odd \"\"place\"\"\", amount, key, small)").value();
  database.execute("INSERT INTO t VALUES " + values).value();
  return database;
}

TEST_CASE("Columns are found by name, values are checked", "[interop]") {
  auto database =
      filled("('x', 1, 7, 1700000000123, 'here; ''there''', 2, -1, -128), (NULL, 0, NULL, -1, NULL, NULL, 3, 127)");
  const auto table = read_frame<events>(database, "t").value();
  REQUIRE(table.size() == 2);
  const event a = table.row(0), b = table.row(1);
  CHECK(a.small == -128);
  CHECK(a.key == ~std::uint64_t{0});
  CHECK(a.amount == 2);
  CHECK(a.place == "here; 'there'");
  CHECK(a.at == timestamp{1'700'000'000'123});
  CHECK(a.rank == 7);
  CHECK(a.fraud);
  CHECK(a.recent == 0);
  CHECK(b.small == 127);
  CHECK(std::isnan(b.amount));
  CHECK(b.place.empty());
  CHECK_FALSE(b.rank.has_value());
  CHECK_FALSE(b.fraud);

  auto select = database.prepare("SELECT * FROM t WHERE key = ?1", "question").value();
  REQUIRE(select.bind(1, 3));
  CHECK(read_frame<events>(select).value().size() == 1);
  select.reset();
  REQUIRE(select.bind(1, 4));
  CHECK(read_frame<events>(select).value().empty());
}

TEST_CASE("What is not in the schema's types is an error that names row and column", "[interop]") {
  const std::string good = "(0, 1, 7, 9, 'p', 2, 3, 4)";
  const std::pair<const char*, const char*> cases[] = {
      {"(0, 2, 7, 9, 'p', 2, 3, 4)", "'fraud'"},       {"(0, NULL, 7, 9, 'p', 2, 3, 4)", "'fraud'"},
      {"(0, 1, 3000000000, 9, 'p', 2, 3, 4)", "rank"}, {"(0, 1, 'x', 9, 'p', 2, 3, 4)", "rank"},
      {"(0, 1, 7, 'now', 'p', 2, 3, 4)", "'at'"},      {"(0, 1, 7, 9, 5, 2, 3, 4)", "'odd \"place\"'"},
      {"(0, 1, 7, 9, 'p', 'x', 3, 4)", "'amount'"},    {"(0, 1, 7, 9, 'p', 2, 3.5, 4)", "'key'"},
      {"(0, 1, 7, 9, 'p', 2, 3, 128)", "'small'"},     {"(0, 1, 7, 9, 'p', 2, 3, NULL)", "'small'"}};
  for (const auto& [bad, name] : cases) {
    INFO(bad);
    auto database = filled(good + ", " + bad);
    const auto read = read_frame<events>(database, "t");
    REQUIRE_FALSE(read);
    CHECK(read.error().code == errc::parse);
    CHECK(read.error().message.find("table 't': row 1: column") != std::string::npos);
    CHECK(read.error().message.find(name) != std::string::npos);
  }
  auto database = filled(good);
  const auto absent = read_frame<events>(database, "no'table");
  REQUIRE_FALSE(absent);
  CHECK(absent.error().message == "SQLite, table 'no'table': no such table: no'table");
  auto fewer = database.prepare("SELECT fraud, at FROM t", "question").value();
  const auto missing = read_frame<events>(fewer);
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code == errc::missing_column);
  CHECK(missing.error().message == "SQLite, question: no column 'small'");
}

}  // namespace test_sqlite_frame

#endif
