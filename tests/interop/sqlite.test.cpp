#ifdef MLSD_TEST_SQLITE

#include "mlsd/interop/sqlite.hpp"

#include <cstdio>
#include <limits>
#include <string>
#include <vector>

#include "catch.hpp"

namespace test_sqlite {
using namespace mlsd;

std::vector<std::string> texts(sqlite_database& database, std::string_view sql) {
  auto statement = database.prepare(sql).value();
  std::vector<std::string> out;
  while (statement.step().value())
    out.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(statement.handle(), 0)));
  return out;
}

TEST_CASE("A bound value and a quoted name are never SQL", "[interop]") {
  auto database = sqlite_database::open(":memory:").value();
  for (const std::string name : {"plain", "a \"b\" c", "x'; DROP TABLE plain; --", "select", "[z]", "é `q`"}) {
    INFO(name);
    REQUIRE(database.execute("CREATE TABLE " + sqlite_name(name) + " (" + sqlite_name(name) + " TEXT)"));
    auto insert = database.prepare("INSERT INTO " + sqlite_name(name) + " VALUES (?1)").value();
    REQUIRE(insert.bind(1, name));
    REQUIRE_FALSE(insert.step().value());
    CHECK(texts(database, "SELECT " + sqlite_name(name) + " FROM " + sqlite_name(name)) ==
          std::vector<std::string>{name});
  }
  CHECK(texts(database, "SELECT name FROM sqlite_schema ORDER BY name").size() == 6);
  CHECK(detail::check_sqlite_name("a").has_value());
  CHECK_FALSE(detail::check_sqlite_name("").has_value());
  CHECK_FALSE(detail::check_sqlite_name(std::string_view("a\0b", 3)).has_value());
}

TEST_CASE("Errors say where, and give SQLite's own reason", "[interop]") {
  auto database = sqlite_database::open(":memory:").value();
  const auto wrong = database.execute("SELEC 1", "statement of the test");
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().code == errc::invalid_argument);
  CHECK(wrong.error().message == "SQLite, statement of the test: near \"SELEC\": syntax error");
  CHECK_FALSE(database.execute("SELECT \"no such column\"").has_value());  // a name, not a text
  CHECK_FALSE(database.prepare("SELECT 1; SELECT 2").has_value());
  CHECK_FALSE(database.prepare("-- nothing").has_value());
  CHECK(database.prepare("SELECT 1 ;\r\n\t").has_value());
  CHECK_FALSE(sqlite_database::open("").has_value());

  const auto nowhere = sqlite_database::open("/no/such/folder/x.db");
  REQUIRE_FALSE(nowhere);
  CHECK(nowhere.error().code == errc::io);
  CHECK(nowhere.error().message.find("file '/no/such/folder/x.db'") != std::string::npos);

  const std::string path = "test_sqlite_no_database.db";
  std::FILE* file = std::fopen(path.c_str(), "wb");
  REQUIRE(file != nullptr);
  for (int i = 0; i < 200; ++i) std::fputs("this is no database\n", file);
  std::fclose(file);
  auto other = sqlite_database::open(path).value();
  const auto foreign = other.execute("CREATE TABLE t (x)");
  REQUIRE_FALSE(foreign);
  CHECK(foreign.error().code == errc::corrupt);
  CHECK(std::remove(path.c_str()) == 0);
}

TEST_CASE("All or nothing, alone and inside of an open transaction", "[interop]") {
  auto database = sqlite_database::open(":memory:").value();
  REQUIRE(database.execute("CREATE TABLE t (x UNIQUE)"));
  const auto insert = [&](int a, int b) {
    return database.all_or_nothing(
        [&]() -> result<void> {
          for (const int x : {a, b})
            if (auto ok = database.execute("INSERT INTO t VALUES (" + std::to_string(x) + ")", "table 't'"); !ok)
              return ok;
          return {};
        },
        "table 't'");
  };
  CHECK(insert(1, 2));
  const auto twice = insert(3, 3);
  REQUIRE_FALSE(twice);
  CHECK(twice.error().message == "SQLite, table 't': UNIQUE constraint failed: t.x");
  CHECK(sqlite3_get_autocommit(database.handle()) != 0);  // nothing is left open
  CHECK(texts(database, "SELECT x FROM t") == std::vector<std::string>{"1", "2"});

  REQUIRE(database.execute("BEGIN"));
  CHECK(insert(4, 5));
  CHECK_FALSE(insert(6, 1).has_value());
  CHECK(sqlite3_get_autocommit(database.handle()) == 0);
  REQUIRE(database.execute("COMMIT"));
  CHECK(texts(database, "SELECT x FROM t") == std::vector<std::string>{"1", "2", "4", "5"});
}

TEST_CASE("Bound numbers keep their bits; NaN is NULL", "[interop]") {
  auto database = sqlite_database::open(":memory:").value();
  auto statement = database.prepare("SELECT ?1, typeof(?1)").value();
  for (const double x : {0.1, -1.5, 5e-324, 1.7976931348623157e308, std::numeric_limits<double>::infinity()}) {
    REQUIRE(statement.bind(1, x));
    REQUIRE(statement.step().value());
    CHECK(sqlite3_column_double(statement.handle(), 0) == x);
    statement.reset();
  }
  REQUIRE(statement.bind(1, std::numeric_limits<double>::quiet_NaN()));
  REQUIRE(statement.step().value());
  CHECK(sqlite3_column_type(statement.handle(), 0) == SQLITE_NULL);
  statement.reset();
  REQUIRE(statement.bind(1, ~std::uint64_t{0}));
  REQUIRE(statement.step().value());
  CHECK(static_cast<std::uint64_t>(sqlite3_column_int64(statement.handle(), 0)) == ~std::uint64_t{0});
  statement.reset();
  REQUIRE(statement.bind(1, std::string_view{}));
  REQUIRE(statement.step().value());
  CHECK(sqlite3_column_type(statement.handle(), 0) == SQLITE_TEXT);
  CHECK_FALSE(statement.bind(2, 1).has_value());  // there is no second parameter

  sqlite_database moved = std::move(database);
  CHECK(moved.execute("SELECT 1"));
}

}  // namespace test_sqlite

#endif
