#ifdef MLSD_TEST_SQLITE

#include "mlsd/interop/sqlite_scores.hpp"

#include <bit>
#include <cmath>
#include <cstdio>
#include <limits>
#include <string>
#include <vector>

#include "catch.hpp"
#include "mlsd/archive/fingerprint.hpp"
#include "mlsd/features.hpp"
#include "mlsd/interop/sqlite_frame.hpp"
#include "mlsd/serve/batch.hpp"
#include "mlsd/training/gbdt.hpp"

namespace test_sqlite_scores {
using namespace mlsd;
using namespace mlsd::literals;

struct stored {
  std::int64_t key = 0;
  double score = 0;
  std::string_view model{};
  timestamp time{};
};
inline constexpr schema stored_rows{"key"_f = &stored::key, "score"_f = &stored::score, "model"_f = &stored::model,
                                    "time"_f = &stored::time};

struct visit {
  std::uint64_t user = 0;
  float age = 0;
  bool bought = false;
};
inline constexpr schema visits{"user"_f = &visit::user, "age"_f = &visit::age,
                               "bought"_f = mlsd::label(&visit::bought)};

TEST_CASE("A table scored into a file comes back with the same bits", "[interop]") {
  frame<visits> table;
  for (int i = 0; i < 1000; ++i)
    table.push_back(
        {~std::uint64_t{0} - static_cast<std::uint64_t>(i) * 7919, static_cast<float>(i % 83), i % 83 > 40});
  auto [features, x] = (from<visits>() | on("age"_f)(clip{0, 80})).fit(table).value();
  const auto model = features | gbdt_trainer{.trees = 3}.fit<logistic>(x).value();

  const std::string path = "test_sqlite_scores.db";
  static_cast<void>(std::remove(path.c_str()));
  {
    auto database = sqlite_database::open(path).value();
    auto sink = sqlite_scores<std::span<const std::uint64_t>>::open(
                    database, {.table = "click \"scores\"", .model = fingerprint(model), .time = {1'700'000'000'123}},
                    table["user"_f])
                    .value();
    CHECK(score_into(model, table, sink, {.rows = 300}).value() == 1000);
  }
  auto database = sqlite_database::open(path).value();
  const auto back = read_frame<stored_rows>(database, "click \"scores\"").value();
  REQUIRE(back.size() == 1000);
  char digits[17];
  std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(fingerprint(model)));
  for (std::size_t i = 0; i < 1000; ++i) {
    const double score = model(table.row(i));
    REQUIRE(static_cast<std::uint64_t>(back["key"_f][i]) == table["user"_f][i]);
    REQUIRE(std::bit_cast<std::uint64_t>(back["score"_f][i]) == std::bit_cast<std::uint64_t>(score));
    REQUIRE(back["model"_f][i] == digits);
    REQUIRE(back["time"_f][i] == timestamp{1'700'000'000'123});
  }
  CHECK(std::remove(path.c_str()) == 0);
}

TEST_CASE("Keys are row numbers, or texts; later scores are appended", "[interop]") {
  auto database = sqlite_database::open(":memory:").value();
  const std::vector<double> scores{0.25, -0.0, 1, 1e300, std::numeric_limits<double>::quiet_NaN()};
  auto numbered = sqlite_scores<>::open(database, {}).value();
  REQUIRE(numbered(40, scores));
  auto again = sqlite_scores<>::open(database, {.time = {5}}).value();
  REQUIRE(again(0, scores));
  const auto back = read_frame<stored_rows>(database, "scores").value();
  REQUIRE(back.size() == 10);
  CHECK(back["key"_f][0] == 40);
  CHECK(back["key"_f][9] == 4);
  CHECK(back["time"_f][5].ms == 5);
  CHECK(back["model"_f][0] == "0000000000000000");
  for (const std::size_t i : {0u, 2u, 3u})
    CHECK(std::bit_cast<std::uint64_t>(back["score"_f][i]) == std::bit_cast<std::uint64_t>(scores[i]));
  CHECK(back["score"_f][1] == 0);  // without its sign
  CHECK(std::isnan(back["score"_f][4]));

  const std::vector<std::string> names{"o'hara", "", "a\"; DROP TABLE scores; --", "né", "x"};
  auto named = sqlite_scores<std::span<const std::string>>::open(database, {.table = "named"}, names).value();
  REQUIRE(named(0, std::span(scores).first(2)));
  REQUIRE(named(2, std::span(scores).subspan(2)));
  auto select = database.prepare("SELECT key FROM named").value();
  for (const std::string& name : names) {
    REQUIRE(select.step().value());
    CHECK(reinterpret_cast<const char*>(sqlite3_column_text(select.handle(), 0)) == name);
  }
}

TEST_CASE("What cannot be written names the table, and leaves nothing behind", "[interop]") {
  auto database = sqlite_database::open(":memory:").value();
  const std::vector<double> scores(6, 0.5);
  const std::vector<int> keys{1, 2, 3, 2, 4, 5};
  REQUIRE(database.execute(
      "CREATE TABLE once (key INTEGER PRIMARY KEY, score REAL, model TEXT NOT NULL, time INTEGER NOT NULL)"));
  auto sink = sqlite_scores<std::span<const int>>::open(database, {.table = "once"}, keys).value();
  REQUIRE(sink(0, std::span(scores).first(2)));
  const auto twice = sink(2, std::span(scores).first(3));
  REQUIRE_FALSE(twice);
  CHECK(twice.error().message == "SQLite, table 'once': UNIQUE constraint failed: once.key");
  CHECK(read_frame<stored_rows>(database, "once").value().size() == 2);
  CHECK(sink(4, std::span(scores).first(2)));  // the sink is as good as before
  const auto short_of_keys = sink(4, std::span(scores).first(3));
  REQUIRE_FALSE(short_of_keys);
  CHECK(short_of_keys.error().message == "table 'once': 6 keys for 7 rows or more");

  REQUIRE(database.execute("CREATE TABLE foreign_columns (a, b)"));
  const auto foreign = sqlite_scores<>::open(database, {.table = "foreign_columns"});
  REQUIRE_FALSE(foreign);
  CHECK(foreign.error().message.find("table 'foreign_columns'") != std::string::npos);
  CHECK(foreign.error().message.find("key") != std::string::npos);
  CHECK_FALSE(sqlite_scores<>::open(database, {.table = ""}).has_value());
  CHECK_FALSE(sqlite_scores<>::open(database, {.table = "sqlite_schema"}).has_value());

  auto orphan = sqlite_scores<>::open(database, {.table = "gone"}).value();
  REQUIRE(database.execute("DROP TABLE gone"));
  const auto gone = orphan(0, scores);
  REQUIRE_FALSE(gone);
  CHECK(gone.error().message == "SQLite, table 'gone': no such table: gone");
}

}  // namespace test_sqlite_scores

#endif
