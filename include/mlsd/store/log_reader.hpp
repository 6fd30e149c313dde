#pragma once

#include "mlsd/archive/byte_stream.hpp"
#include "mlsd/archive/storage.hpp"
#include "mlsd/core/hash.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/core/time.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace mlsd {

/// One record of a feature log: what a decision was based on. `key` names the entity or the decision, `as_of` is the
/// time for which features were looked up, `schema` the fingerprint of what the bytes mean (`fingerprint(pipeline)`).
/// The log neither reads nor converts the bytes of the features; it does not own them.
struct logged_features {
  std::uint64_t key = 0;
  timestamp as_of{};
  std::uint64_t schema = 0;
  std::span<const std::byte> features{};

  /// The features as a row that was logged as its own bytes; an error if the size is another.
  template <class Row>
    requires std::is_trivially_copyable_v<Row> && std::is_default_constructible_v<Row>
  [[nodiscard]] result<Row> row() const {
    if (features.size() != sizeof(Row))
      return error{errc::mismatch, "feature log: a record of " + std::to_string(features.size()) +
                                       " bytes where a row of " + std::to_string(sizeof(Row)) + " is wanted"};
    Row r{};
    std::memcpy(static_cast<void*>(&r), features.data(), sizeof(Row));
    return r;
  }
};

/// What does not belong to any record: where it begins, and how long it is.
struct log_gap {
  std::uint64_t position = 0, bytes = 0;
  friend constexpr bool operator==(const log_gap&, const log_gap&) = default;
};

namespace detail {

// The file: a header of 16 bytes, then records on multiples of 8 bytes, little-endian:
//   marker u32 | size of the features u32 | key u64 | as_of i64 | schema u64 | check of these, seeded by the position
//   u64 | check of the features, seeded by the other u64 | features | zeros
// The position in the checks keeps bytes of the features that look like a record from being taken for one.
inline constexpr char log_magic[] = {'m', 'l', 's', 'd', ' ', 'l', 'o', 'g', '\1', 0, 0, 0, 0, 0, 0, 0};
inline constexpr std::uint32_t record_marker = 0x4352'4C6Du;
inline constexpr std::size_t log_header_size = sizeof log_magic, record_header_size = 48;

[[nodiscard]] constexpr std::uint64_t padded(std::uint64_t size) noexcept { return (size + 7) & ~std::uint64_t{7}; }
[[nodiscard]] inline std::uint64_t check_of_head(const std::byte* head, std::uint64_t position) noexcept {
  return xxh64(std::span(head, 32), position);
}

template <class = void>
void write_record(std::vector<std::byte>& to, std::uint64_t position, const logged_features& record) {
  const std::size_t start = to.size();
  byte_writer out(to);
  write_number(out, record_marker);
  write_number(out, static_cast<std::uint32_t>(record.features.size()));
  write_number(out, record.key);
  write_number(out, record.as_of.ms);
  write_number(out, record.schema);
  const std::uint64_t check = check_of_head(to.data() + start, position);
  write_number(out, check);
  write_number(out, xxh64(record.features, check));
  out.bytes(record.features.data(), record.features.size());
  out.zeros(static_cast<std::size_t>(padded(record.features.size()) - record.features.size()));
}

/// A stretch of a file in memory, which slides. Memory: the longest that was asked for, at least 256 KiB.
class file_window {
 public:
  file_window() = default;
  template <class = void> explicit file_window(const std::string& path) : path_(path), file_(path, "rb") {}
  [[nodiscard]] bool is_open() const noexcept { return file_.get() != nullptr; }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

  /// Up to n bytes from a position, fewer at the end of the file. Valid until the next call.
  template <class = void> [[nodiscard]] result<std::span<const std::byte>> at(std::uint64_t position, std::size_t n) {
    if (position < begin_ || position - begin_ > size_ || size_ - (position - begin_) < n)
      if (auto ok = slide(position, n); !ok) return ok.error();
    const std::size_t skip = static_cast<std::size_t>(position - begin_);
    return std::span<const std::byte>(buffer_).subspan(skip, (std::min)(n, size_ - skip));
  }

 private:
  template <class = void> [[nodiscard]] result<void> slide(std::uint64_t position, std::size_t n) {
    if (buffer_.size() < n || buffer_.empty()) buffer_.resize((std::max)(n, std::size_t{1} << 18));
    begin_ = position;
    size_ = 0;
    std::clearerr(file_.get());
    if (std::fseek(file_.get(), static_cast<long>(position), SEEK_SET) != 0) return io_error("read", path_);
    size_ = std::fread(buffer_.data(), 1, buffer_.size(), file_.get());
    if (std::ferror(file_.get()) != 0) return io_error("read", path_);
    return {};
  }

  std::string path_{};
  file_handle file_{};
  std::vector<std::byte> buffer_{};
  std::uint64_t begin_ = 0;
  std::size_t size_ = 0;
};

}  // namespace detail

/// Reads a feature log from its beginning, record by record, while it may still be written. Every byte is checked.
/// O(bytes); memory: the longest record, at most `longest` bytes of features. One thread.
class log_reader {
 public:
  static constexpr std::uint32_t default_longest = std::uint32_t{1} << 24;

  template <class = void>
  [[nodiscard]] static result<log_reader> open(const std::string& path, std::uint32_t longest = default_longest) {
    log_reader r;
    r.window_ = detail::file_window(path);
    r.longest_ = longest;
    if (!r.window_.is_open()) return detail::io_error("open", path);
    if (auto ok = r.read_header(); !ok) return ok.error();
    return r;
  }

  /// The next record, valid until the next call; nothing at the end, or where only a torn record is left: `tail()` then
  /// says how much, and a later call looks again.
  /// Errors: `corrupt`, with the place, where records follow behind bytes that are none; `capacity` where a record is
  /// longer than `longest`. After either the next call goes on behind it.
  template <class = void> [[nodiscard]] result<std::optional<logged_features>> next() {
    using namespace detail;
    if (auto ok = read_header(); !ok) return ok.error();
    tail_ = {position_, 0};
    if (position_ == 0) return nothing();  // not even a header
    const auto head = window_.at(position_, record_header_size);
    if (!head) return head.error();
    if (head->size() < record_header_size) return nothing(head->size());
    if (!is_head(head->data(), position_)) return skip_damage();
    const std::byte* const from = head->data();
    const auto size = from_little_endian<std::uint32_t>(from + 4);
    const std::uint64_t whole = record_header_size + padded(size), start = position_;
    if (size > longest_) {
      position_ += whole;
      return error{errc::capacity, "'" + window_.path() + "': a record of " + std::to_string(size) + " bytes", start};
    }
    const auto all = window_.at(position_, static_cast<std::size_t>(whole));
    if (!all) return all.error();
    if (all->size() < whole) return nothing(all->size());
    const std::byte* const record = all->data();
    const logged_features found{from_little_endian<std::uint64_t>(record + 8),
                                {from_little_endian<std::int64_t>(record + 16)},
                                from_little_endian<std::uint64_t>(record + 24),
                                all->subspan(record_header_size, size)};
    const auto padding = all->subspan(record_header_size + size);
    if (xxh64(found.features, from_little_endian<std::uint64_t>(record + 32)) !=
            from_little_endian<std::uint64_t>(record + 40) ||
        !std::all_of(padding.begin(), padding.end(), [](std::byte b) { return b == std::byte{0}; }))
      return skip_damage();
    position_ += whole;
    ++records_;
    return std::optional<logged_features>(found);
  }

  /// Records read so far.
  [[nodiscard]] std::uint64_t records() const noexcept { return records_; }
  /// Where the next record begins.
  [[nodiscard]] std::uint64_t position() const noexcept { return position_; }
  /// What is left behind the last record, once `next` has found nothing.
  [[nodiscard]] log_gap tail() const noexcept { return tail_; }

 private:
  log_reader() = default;

  /// Moves behind the header as soon as it is whole.
  template <class = void> [[nodiscard]] result<void> read_header() {
    if (position_ != 0) return {};
    const auto head = window_.at(0, detail::log_header_size);
    if (!head) return head.error();
    if (!std::equal(head->begin(), head->end(), std::as_bytes(std::span(detail::log_magic)).begin()))
      return error{.code = errc::mismatch, .message = "'" + window_.path() + "' is not a feature log", .position = 0};
    if (head->size() == detail::log_header_size) position_ = head->size();
    return {};
  }
  [[nodiscard]] static bool is_head(const std::byte* head, std::uint64_t position) noexcept {
    return detail::from_little_endian<std::uint32_t>(head) == detail::record_marker &&
           detail::from_little_endian<std::uint64_t>(head + 32) == detail::check_of_head(head, position);
  }
  [[nodiscard]] result<std::optional<logged_features>> nothing(std::uint64_t left = 0) {
    tail_.bytes = left;
    return std::optional<logged_features>{};
  }
  /// Looks for a record behind bytes that are none: an error if there is one, else a torn tail.
  template <class = void> [[nodiscard]] result<std::optional<logged_features>> skip_damage() {
    for (std::uint64_t at = position_ + 8;; at += 8) {
      const auto head = window_.at(at, detail::record_header_size);
      if (!head) return head.error();
      if (head->size() < detail::record_header_size) return nothing(at - position_ + head->size());
      if (!is_head(head->data(), at)) continue;
      const std::uint64_t start = std::exchange(position_, at);
      return error{errc::corrupt,
                   "'" + window_.path() + "': " + std::to_string(at - start) + " bytes belong to no record", start};
    }
  }

  detail::file_window window_{};
  std::uint32_t longest_ = default_longest;
  std::uint64_t position_ = 0, records_ = 0;
  log_gap tail_{};
};

}  // namespace mlsd
