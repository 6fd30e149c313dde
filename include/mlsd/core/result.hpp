#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace mlsd {

/// What kind of thing went wrong; the message of the `error` names the culprit.
enum class errc : std::uint8_t {
  invalid_argument,  ///< a setting outside its range
  empty,             ///< no rows where some are needed
  one_class,         ///< labels of one class only
  not_finite,        ///< NaN or infinity where a number is needed
  order,             ///< time runs backwards
  missing_column,    ///< a column or feature that is read is not there
  parse,             ///< text that is not what the schema says
  io,                ///< the operating system refused
  corrupt,           ///< bytes that this library did not write
  truncated,         ///< a file that ends early
  version,           ///< written by another version of the format
  mismatch,          ///< a valid file of another type
  capacity           ///< more than the stated bound
};

/// Bad data or a bad file: the kind, a sentence that names the culprit, and the place where one exists.
/// `position` is a byte offset in a file, `line` and `column` count from 1 in text; 0 in `line` means "no line".
struct error {
  static constexpr std::uint64_t no_position = ~std::uint64_t{0};
  errc code = errc::invalid_argument;
  std::string message{};
  std::uint64_t position = no_position;
  std::uint64_t line = 0, column = 0;
};

/// "line 7, column 3: ..." or "byte 96: ..." or the message alone.
[[nodiscard]] inline std::string to_string(const error& e) {
  if (e.line != 0) return "line " + std::to_string(e.line) + ", column " + std::to_string(e.column) + ": " + e.message;
  if (e.position != error::no_position) return "byte " + std::to_string(e.position) + ": " + e.message;
  return e.message;
}

/// A value, or the error that explains why there is none. Nothing in mlsd throws for bad data.
/// `value()` on a failed result prints the reason and aborts: a program that wants to go on asks `if (r)` first.
template <class T>
class [[nodiscard]] result {
 public:
  using value_type = T;

  result(T value) : value_(std::move(value)) {}
  result(mlsd::error e) : error_(std::move(e)) {}

  [[nodiscard]] bool has_value() const noexcept { return value_.has_value(); }
  [[nodiscard]] explicit operator bool() const noexcept { return has_value(); }

  [[nodiscard]] T& value() & { return *checked(); }
  [[nodiscard]] const T& value() const& { return *const_cast<result*>(this)->checked(); }
  [[nodiscard]] T value() && { return std::move(*checked()); }

  [[nodiscard]] T& operator*() noexcept { return *value_; }
  [[nodiscard]] const T& operator*() const noexcept { return *value_; }
  [[nodiscard]] T* operator->() noexcept { return &*value_; }
  [[nodiscard]] const T* operator->() const noexcept { return &*value_; }

  /// Requires `!has_value()`.
  [[nodiscard]] const mlsd::error& error() const noexcept { return error_; }

 private:
  T* checked() {
    if (!has_value()) {
      std::fprintf(stderr, "mlsd: %s\n", to_string(error()).c_str());
      std::abort();
    }
    return &*value_;
  }

  std::optional<T> value_;
  mlsd::error error_;
};

/// Success without a value.
template <>
class [[nodiscard]] result<void> {
 public:
  using value_type = void;

  result() = default;
  result(mlsd::error e) : error_(std::move(e)) {}

  [[nodiscard]] bool has_value() const noexcept { return !error_; }
  [[nodiscard]] explicit operator bool() const noexcept { return has_value(); }
  void value() const {
    if (has_value()) return;
    std::fprintf(stderr, "mlsd: %s\n", to_string(*error_).c_str());
    std::abort();
  }
  [[nodiscard]] const mlsd::error& error() const noexcept { return *error_; }

 private:
  std::optional<mlsd::error> error_;
};

/// True for every `result<T>`.
template <class R>
inline constexpr bool is_result = false;
template <class T>
inline constexpr bool is_result<result<T>> = true;

}  // namespace mlsd
