/// Scores into and out of a SQLite table in memory, against the same calls of SQLite's own interface written by hand.
// needs: sqlite3.h
// links: sqlite3
#include "mlsd/interop/sqlite_scores.hpp"
#include "mlsd/core/random.hpp"
#include "mlsd/interop/sqlite_frame.hpp"
#include "versus.hpp"

#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string_view>
#include <vector>

namespace {

using namespace mlsd::literals;

constexpr std::size_t rows = 200'000, piece = 65'536;

struct stored {
  std::int64_t key = 0;
  double score = 0;
  std::string_view model{};
  mlsd::timestamp time{};
};
inline constexpr mlsd::schema stored_rows{"key"_f = &stored::key, "score"_f = &stored::score,
                                          "model"_f = &stored::model, "time"_f = &stored::time};

[[nodiscard]] std::vector<double> scores() {
  mlsd::random_stream random(1, 1);
  std::vector<double> out(rows);
  for (double& x : out) x = random.uniform();
  return out;
}

void write(mlsd::sqlite_database& database, std::span<const double> all) {
  auto sink = mlsd::sqlite_scores<>::open(database, {.model = 7, .time = {5}}).value();
  for (std::size_t first = 0; first < rows; first += piece)
    sink(first, all.subspan(first, (std::min)(piece, rows - first))).value();
}

void check(int code) {
  if (code != SQLITE_OK && code != SQLITE_DONE) std::abort();
}

void write_by_hand(sqlite3* database, std::span<const double> all) {
  check(sqlite3_exec(database, "CREATE TABLE scores (key, score REAL, model TEXT NOT NULL, time INTEGER NOT NULL)",
                     nullptr, nullptr, nullptr));
  sqlite3_stmt* insert = nullptr;
  check(sqlite3_prepare_v2(database, "INSERT INTO scores VALUES (?, ?, ?, ?)", -1, &insert, nullptr));
  for (std::size_t first = 0; first < rows; first += piece) {
    check(sqlite3_exec(database, "BEGIN", nullptr, nullptr, nullptr));
    for (std::size_t i = first; i < (std::min)(rows, first + piece); ++i) {
      check(sqlite3_bind_int64(insert, 1, static_cast<std::int64_t>(i)));
      check(sqlite3_bind_double(insert, 2, all[i]));
      check(sqlite3_bind_text(insert, 3, "0000000000000007", 16, SQLITE_STATIC));
      check(sqlite3_bind_int64(insert, 4, 5));
      check(sqlite3_step(insert));
      check(sqlite3_reset(insert));
    }
    check(sqlite3_exec(database, "COMMIT", nullptr, nullptr, nullptr));
  }
  sqlite3_finalize(insert);
}

void sqlite_write(benchmark::State& state) {
  const auto all = scores();
  bench::versus(
      state, rows,
      [&] {
        auto database = mlsd::sqlite_database::open(":memory:").value();
        write(database, all);
      },
      [&] {
        sqlite3* database = nullptr;
        check(sqlite3_open(":memory:", &database));
        write_by_hand(database, all);
        sqlite3_close(database);
      });
}

void sqlite_read(benchmark::State& state) {
  auto database = mlsd::sqlite_database::open(":memory:").value();
  write(database, scores());
  bench::versus(
      state, rows, [&] { benchmark::DoNotOptimize(mlsd::read_frame<stored_rows>(database, "scores").value().size()); },
      [&] {
        std::vector<std::int64_t> key, time;
        std::vector<double> score;
        mlsd::text_column model;
        sqlite3_stmt* select = nullptr;
        check(
            sqlite3_prepare_v2(database.handle(), "SELECT key, score, model, time FROM scores", -1, &select, nullptr));
        while (sqlite3_step(select) == SQLITE_ROW) {
          key.push_back(sqlite3_column_int64(select, 0));
          score.push_back(sqlite3_column_double(select, 1));
          const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(select, 2));
          model.push_back({text, static_cast<std::size_t>(sqlite3_column_bytes(select, 2))});
          time.push_back(sqlite3_column_int64(select, 3));
        }
        sqlite3_finalize(select);
        benchmark::DoNotOptimize(score.data());
      });
}

}  // namespace

BENCH_VERSUS(sqlite_write);
BENCH_VERSUS(sqlite_read);
BENCHMARK_MAIN();
