/// Scores into a SQLite table, as `score_into` hands them on.
#pragma once

#include "mlsd/core/result.hpp"
#include "mlsd/core/time.hpp"
#include "mlsd/interop/sqlite.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace mlsd {

/// Where scores go, and what every row of them says of its origin.
struct sqlite_scores_config {
  std::string table = "scores";
  std::uint64_t model = 0;  ///< `fingerprint(model)`; stored as 16 hexadecimal digits
  timestamp time{};         ///< of the scoring
};

/// Keys 0, 1, 2, ...: the numbers of the rows that are scored.
struct row_numbers {
  [[nodiscard]] std::uint64_t operator[](std::size_t i) const noexcept { return i; }
  [[nodiscard]] static constexpr std::size_t size() noexcept { return ~std::size_t{0}; }
};

/// Integers or texts, one a row: a span, a column of a frame, a vector.
template <class K>
concept sqlite_keys = requires(const K& keys, std::size_t i) {
  { keys.size() } -> std::convertible_to<std::size_t>;
  requires std::integral<std::remove_cvref_t<decltype(keys[i])>> ||
               std::convertible_to<decltype(keys[i]), std::string_view>;
};

/// Appends to a table with the columns key, score, model and time (milliseconds since 1970), which it makes where it is
/// not there:
///
///     auto database = sqlite_database::open("scores.db").value();
///     auto sink = sqlite_scores<>::open(database, {.model = fingerprint(ctr), .time = now}).value();
///     auto rows = score_into(ctr, table, sink);
///
/// Every piece is one transaction with one prepared statement: all of it is in the file, or nothing. A reader gets the
/// bits back, but for what SQLite does not know: NaN is NULL, and -0 comes back as 0. A key twice is a row twice,
/// unless the table was made by somebody who says otherwise. Errors name the table and give SQLite's reason. Refers to
/// the database and to what the keys are a view of: both must outlive it, where they are.
template <sqlite_keys Keys = row_numbers> class sqlite_scores {
 public:
  /// Key i belongs to row i of the table that is scored.
  [[nodiscard]] static result<sqlite_scores> open(sqlite_database& database, const sqlite_scores_config& config,
                                                  Keys keys = {}) {
    const std::string what = "table '" + config.table + "'";
    if (auto named = detail::check_sqlite_name(config.table); !named) return named.error();
    const std::string table = sqlite_name(config.table);
    auto made = database.execute(
        "CREATE TABLE IF NOT EXISTS " + table + " (key, score REAL, model TEXT NOT NULL, time INTEGER NOT NULL)", what);
    if (!made) return made.error();
    auto insert = database.prepare("INSERT INTO " + table + " (key, score, model, time) VALUES (?1, ?2, ?3, ?4)", what);
    if (!insert) return insert.error();
    return sqlite_scores(database, std::move(*insert), config, std::move(keys));
  }

  /// What `score_into` calls. Fewer keys than rows are an error.
  [[nodiscard]] result<void> operator()(std::size_t first, std::span<const double> scores) {
    if (first > keys_.size() || scores.size() > keys_.size() - first)
      return error{errc::mismatch, insert_.what() + ": " + std::to_string(keys_.size()) + " keys for " +
                                       std::to_string(first + scores.size()) + " rows or more"};
    return database_->all_or_nothing([&] { return insert(first, scores); }, insert_.what());
  }

 private:
  sqlite_scores(sqlite_database& database, sqlite_statement insert, const sqlite_scores_config& config, Keys keys)
      : database_(&database), insert_(std::move(insert)), time_(config.time), keys_(std::move(keys)) {
    constexpr char digits[] = "0123456789abcdef";
    for (unsigned shift = 64; shift > 0; shift -= 4) model_ += digits[config.model >> (shift - 4) & 15];
  }

  [[nodiscard]] result<void> insert(std::size_t first, std::span<const double> scores) {
    if (auto ok = insert_.bind(3, std::string_view(model_)); !ok) return ok;
    if (auto ok = insert_.bind(4, time_.ms); !ok) return ok;
    for (std::size_t i = 0; i < scores.size(); ++i) {
      const auto& key = keys_[first + i];  // bound by reference: it lives until the row is in
      if (auto ok = insert_.bind(1, key); !ok) return ok;
      if (auto ok = insert_.bind(2, scores[i]); !ok) return ok;
      const auto done = insert_.step();
      insert_.reset();
      if (!done) return done.error();
    }
    return {};
  }

  sqlite_database* database_;
  sqlite_statement insert_;
  std::string model_{};
  timestamp time_;
  Keys keys_;
};

}  // namespace mlsd
