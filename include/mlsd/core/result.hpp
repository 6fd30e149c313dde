#pragma once

#include <cassert>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <new>
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
template <class = void> [[nodiscard]] std::string to_string(const error& e) {
  if (e.line != 0) return "line " + std::to_string(e.line) + ", column " + std::to_string(e.column) + ": " + e.message;
  if (e.position != error::no_position) return "byte " + std::to_string(e.position) + ": " + e.message;
  return e.message;
}

namespace detail {
template <class = void> [[noreturn]] void print_and_abort(const error& e) {
  std::fprintf(stderr, "mlsd: %s\n", to_string(e).c_str());
  std::abort();
}
}  // namespace detail

/// A value, or the error that explains why there is none. Nothing in mlsd throws for bad data.
/// `value()` on a failed result prints the reason and aborts: a program that wants to go on asks `if (r)` first.
template <class T> class [[nodiscard]] result {
 public:
  using value_type = T;

  result(T value) : has_value_(true) { ::new (static_cast<void*>(&value_)) T(std::move(value)); }
  result(mlsd::error e) : has_value_(false) { ::new (static_cast<void*>(&error_)) mlsd::error(std::move(e)); }
  result(result&& other) noexcept : has_value_(other.has_value_) { construct(std::move(other)); }
  result(const result& other)
    requires std::is_copy_constructible_v<T>
      : has_value_(other.has_value_) {
    construct(other);
  }
  result& operator=(result other) noexcept {
    destroy();
    has_value_ = other.has_value_;
    construct(std::move(other));
    return *this;
  }
  ~result() { destroy(); }

  [[nodiscard]] bool has_value() const noexcept { return has_value_; }
  [[nodiscard]] explicit operator bool() const noexcept { return has_value_; }

  [[nodiscard]] T& value() & { return check(), value_; }
  [[nodiscard]] const T& value() const& { return check(), value_; }
  [[nodiscard]] T value() && { return check(), std::move(value_); }

  [[nodiscard]] T& operator*() & noexcept { return value_; }
  [[nodiscard]] T&& operator*() && noexcept { return std::move(value_); }
  [[nodiscard]] const T& operator*() const& noexcept { return value_; }
  [[nodiscard]] T* operator->() noexcept { return &value_; }
  [[nodiscard]] const T* operator->() const noexcept { return &value_; }

  /// Requires `!has_value()`.
  [[nodiscard]] const mlsd::error& error() const noexcept { return assert(!has_value_), error_; }

 private:
  template <class From> void construct(From&& from) {
    if (has_value_)
      ::new (static_cast<void*>(&value_)) T(std::forward<From>(from).value_);
    else
      ::new (static_cast<void*>(&error_)) mlsd::error(std::forward<From>(from).error_);
  }
  void destroy() noexcept {
    if (has_value_)
      value_.~T();
    else
      error_.~error();
  }
  void check() const {
    if (!has_value_) detail::print_and_abort(error_);
  }

  // Not a std::optional or std::variant: a program has many results, and these cost it 4 ms of compile time each.
  bool has_value_;
  union {
    T value_;
    mlsd::error error_;
  };
};

/// Success without a value.
template <> class [[nodiscard]] result<void> {
 public:
  using value_type = void;

  result() = default;
  result(mlsd::error e) : error_(std::move(e)) {}

  [[nodiscard]] bool has_value() const noexcept { return !error_; }
  [[nodiscard]] explicit operator bool() const noexcept { return has_value(); }
  template <class = void> void value() const {
    if (!has_value()) detail::print_and_abort(*error_);
  }
  [[nodiscard]] const mlsd::error& error() const noexcept { return *error_; }

 private:
  std::optional<mlsd::error> error_;
};

/// True for every `result<T>`.
template <class R> inline constexpr bool is_result = false;
template <class T> inline constexpr bool is_result<result<T>> = true;

}  // namespace mlsd
