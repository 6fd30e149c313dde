/// A SQLite database (3.40 or newer) as values: a connection, and statements with bound values.
#pragma once

#include "mlsd/core/result.hpp"

#include <sqlite3.h>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace mlsd {

/// A name of a table or a column as SQL that cannot be anything else: `an "odd" name` becomes "an ""odd"" name".
template <class = void> [[nodiscard]] std::string sqlite_name(std::string_view name) {
  std::string out = "\"";
  for (const char c : name) out.append(c == '"' ? 2 : 1, c);
  return out += '"';
}

namespace detail {

/// `what` names the table or the file; the rest is SQLite's own sentence.
template <class = void> [[nodiscard]] error sqlite_error(sqlite3* database, int code, const std::string& what) {
  const char* reason = database != nullptr ? sqlite3_errmsg(database) : sqlite3_errstr(code);
  const int kind = code & 0xFF;
  const errc category = kind == SQLITE_CORRUPT || kind == SQLITE_NOTADB ? errc::corrupt
                        : kind == SQLITE_ERROR                          ? errc::invalid_argument
                                                                        : errc::io;
  return {.code = category, .message = "SQLite, " + what + ": " + reason};
}

/// Names go into SQL text, which ends at a zero byte.
template <class = void> [[nodiscard]] result<void> check_sqlite_name(std::string_view name) {
  if (name.empty()) return error{errc::invalid_argument, "SQLite: a table or a column has no name"};
  if (name.find('\0') != name.npos)
    return error{errc::invalid_argument, "SQLite: a zero byte in the name " + sqlite_name(name)};
  return {};
}

}  // namespace detail

/// A prepared statement. Values are bound, never pasted into the text. Of one database, which must outlive it.
class sqlite_statement {
 public:
  sqlite_statement(sqlite_statement&& other) noexcept
      : statement_(std::exchange(other.statement_, nullptr)), what_(std::move(other.what_)) {}
  sqlite_statement& operator=(sqlite_statement&& other) noexcept {
    std::swap(statement_, other.statement_);
    std::swap(what_, other.what_);
    return *this;
  }
  ~sqlite_statement() { sqlite3_finalize(statement_); }

  /// Values for the parameters `?1`, `?2`, ..., which keep them over `reset`. Unsigned 64-bit numbers keep their bits:
  /// the upper half reads as negative in SQL. NaN is NULL. A text must stay as it is
  /// until its parameter is bound anew or the statement ends.
  template <class = void> [[nodiscard]] result<void> bind(int parameter, std::string_view text) {
    const char* first = text.empty() ? "" : text.data();  // a null pointer would be NULL
    return checked(sqlite3_bind_text64(statement_, parameter, first, text.size(), SQLITE_STATIC, SQLITE_UTF8));
  }
  template <std::floating_point T> [[nodiscard]] result<void> bind(int parameter, T number) {
    return checked(sqlite3_bind_double(statement_, parameter, static_cast<double>(number)));
  }
  template <std::integral T> [[nodiscard]] result<void> bind(int parameter, T number) {
    return checked(sqlite3_bind_int64(statement_, parameter, static_cast<std::int64_t>(number)));
  }
  /// Runs to the next row: true if there is one, false at the end.
  template <class = void> [[nodiscard]] result<bool> step() {
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    return failure(code);
  }
  /// Back to the start, ready to run again.
  void reset() noexcept { sqlite3_reset(statement_); }

  /// For what only SQLite's own interface can do.
  [[nodiscard]] sqlite3_stmt* handle() const noexcept { return statement_; }
  /// What errors call this statement.
  [[nodiscard]] const std::string& what() const noexcept { return what_; }

 private:
  friend class sqlite_database;
  sqlite_statement(sqlite3_stmt* statement, std::string what) : statement_(statement), what_(std::move(what)) {}

  template <class = void> [[nodiscard]] error failure(int code) const {
    return detail::sqlite_error(sqlite3_db_handle(statement_), code, what_);
  }
  template <class = void> [[nodiscard]] result<void> checked(int code) const {
    if (code != SQLITE_OK) return failure(code);
    return {};
  }

  sqlite3_stmt* statement_ = nullptr;
  std::string what_;
};

/// A connection. Not for several threads at once; several connections to one file wait for each other up to 5 s.
/// Text in double quotes is a name and nothing else (SQLite's habit of taking unknown names for texts is off).
class sqlite_database {
 public:
  sqlite_database(sqlite_database&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
  sqlite_database& operator=(sqlite_database&& other) noexcept {
    std::swap(database_, other.database_);
    return *this;
  }
  ~sqlite_database() { sqlite3_close_v2(database_); }

  /// Opens the file, or makes it; ":memory:" is a database of its own in memory. A file that is no database is found
  /// out by the first statement.
  template <class = void> [[nodiscard]] static result<sqlite_database> open(const std::string& path) {
    if (path.empty()) return error{errc::invalid_argument, "SQLite: no name of a file"};
    sqlite3* opened = nullptr;
    constexpr int mode = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    const int code = sqlite3_open_v2(path.c_str(), &opened, mode, nullptr);
    sqlite_database database(opened);
    if (code != SQLITE_OK) return detail::sqlite_error(opened, code, "file '" + path + "'");
    sqlite3_busy_timeout(opened, 5000);
    sqlite3_db_config(opened, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    sqlite3_db_config(opened, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
    return database;
  }

  /// `what`: what errors call it, such as "table 'scores'". Text behind the first statement is an error.
  template <class = void>
  [[nodiscard]] result<sqlite_statement> prepare(std::string_view sql, const std::string& what = "statement") {
    sqlite3_stmt* prepared = nullptr;
    const char* rest = nullptr;
    const int code = sqlite3_prepare_v3(database_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                        &prepared, &rest);
    if (code != SQLITE_OK) return detail::sqlite_error(database_, code, what);
    sqlite_statement statement(prepared, what);
    if (prepared == nullptr) return error{errc::invalid_argument, "SQLite, " + what + ": no statement"};
    if (std::string_view(rest, static_cast<std::size_t>(sql.data() + sql.size() - rest))
            .find_first_not_of(" \t\r\n\f\v;") != sql.npos)
      return error{errc::invalid_argument, "SQLite, " + what + ": text behind the statement"};
    return statement;
  }
  /// Prepares and runs one statement that gives no rows, or whose rows are not wanted.
  template <class = void>
  [[nodiscard]] result<void> execute(std::string_view sql, const std::string& what = "statement") {
    auto statement = prepare(sql, what);
    if (!statement) return statement.error();
    for (;;) {
      const auto row = statement->step();
      if (!row) return row.error();
      if (!*row) return {};
    }
  }

  /// Runs `work() -> result<void>` in a transaction of its own, or inside of the one that is open: all of it, or
  /// nothing.
  template <class Work> [[nodiscard]] result<void> all_or_nothing(Work&& work, const std::string& what) {
    if (auto begun = execute("SAVEPOINT mlsd", what); !begun) return begun;
    result<void> done = work();
    if (done) done = execute("RELEASE mlsd", what);
    if (done) return done;
    // Where SQLite has rolled everything back itself (a full disk) there is nothing left to undo.
    static_cast<void>(execute("ROLLBACK TO mlsd", what).has_value());
    static_cast<void>(execute("RELEASE mlsd", what).has_value());
    return done;
  }

  /// For what only SQLite's own interface can do.
  [[nodiscard]] sqlite3* handle() const noexcept { return database_; }

 private:
  explicit sqlite_database(sqlite3* opened) noexcept : database_(opened) {}
  sqlite3* database_ = nullptr;
};

}  // namespace mlsd
