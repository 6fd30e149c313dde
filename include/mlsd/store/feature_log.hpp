#pragma once

#include "mlsd/core/result.hpp"
#include "mlsd/store/append_file.hpp"
#include "mlsd/store/log_reader.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace mlsd {

struct feature_log_config {
  std::uint64_t sync_every = 0;  ///< records between syncs to the disk; 1: each write, 0: never
  std::size_t buffer = 0;        ///< bytes of records to gather before they are written; 0: write each
  std::uint32_t longest = log_reader::default_longest;  ///< bytes of features in a record
  bool accept_damage = false;  ///< go on behind a damaged middle; else opening such a log is an error
};

/// What opening a log found: whole records, the torn end that it cut off, and damage that it left alone.
struct log_recovery {
  std::uint64_t records = 0;
  log_gap torn{};
  std::uint64_t damaged_bytes = 0;
};

/// An append-only log of the features behind decisions, from which any of them can be repeated and checked.
/// Acknowledged is what the system has accepted (`write` returned): `append` without a buffer, `flush` with one. No
/// acknowledged record is lost when the process is killed, at whatever byte; with `sync_every` none of those up to the
/// last sync when the machine loses power. Opening reads and checks the whole log, and cuts a torn record at its end
/// off: records before it are untouched. Damage with records behind it is no torn end but an error.
/// Append: O(bytes), one system call a record or a buffer. One writer, which a lock on the file ensures; readers any.
class feature_log {
 public:
  template <class = void>
  [[nodiscard]] static result<feature_log> open(const std::string& path, feature_log_config config = {}) {
    auto file = detail::append_file::open(path);
    if (!file) return file.error();
    feature_log log;
    log.config_ = config;
    log.file_ = std::move(*file);
    if (auto ok = log.recover(); !ok) return ok.error();
    return log;
  }
  feature_log(feature_log&&) = default;
  feature_log& operator=(feature_log&& other) noexcept {
    std::swap(config_, other.config_);
    std::swap(file_, other.file_);
    std::swap(recovery_, other.recovery_);
    std::swap(buffer_, other.buffer_);
    std::swap(buffered_, other.buffered_);
    std::swap(acknowledged_, other.acknowledged_);
    std::swap(unsynced_, other.unsynced_);
    return *this;
  }
  /// Writes what is buffered, if it can. Who must know calls `flush`.
  ~feature_log() {
    if (file_.is_open()) static_cast<void>(flush());
  }

  /// An error if the record is longer than `longest`, or could not be written: then the log is as before.
  template <class = void> [[nodiscard]] result<void> append(const logged_features& record) {
    if (!file_.is_open()) return closed();
    if (record.features.size() > config_.longest)
      return error{errc::capacity, "feature log: a record of " + std::to_string(record.features.size()) +
                                       " bytes, the longest is " + std::to_string(config_.longest)};
    const std::size_t before = buffer_.size();
    // Room for all of it first: half a record in the buffer would be written with the next one.
    const std::size_t after =
        before + detail::record_header_size + static_cast<std::size_t>(detail::padded(record.features.size()));
    if (buffer_.capacity() < after) buffer_.reserve((std::max)(after, 2 * buffer_.capacity()));
    detail::write_record(buffer_, file_.size() + before, record);
    ++buffered_;
    if (buffer_.size() < config_.buffer) return {};
    auto written = flush();
    if (!written && buffered_ != 0) {  // the others stay in the buffer
      buffer_.resize(before);
      --buffered_;
    }
    return written;
  }
  /// Writes what is buffered. On an error all of it stays, and may be tried again.
  template <class = void> [[nodiscard]] result<void> flush() {
    if (auto ok = write_buffer(); !ok) return ok;
    return config_.sync_every != 0 && unsynced_ >= config_.sync_every ? sync_file() : result<void>{};
  }
  /// Writes what is buffered and waits until the disk has everything. After an error here the log must be opened again.
  template <class = void> [[nodiscard]] result<void> sync() {
    if (auto ok = write_buffer(); !ok) return ok;
    return sync_file();
  }

  [[nodiscard]] const log_recovery& recovery() const noexcept { return recovery_; }
  /// Records written since the log was opened.
  [[nodiscard]] std::uint64_t acknowledged() const noexcept { return acknowledged_; }
  /// Bytes of the file.
  [[nodiscard]] std::uint64_t size() const noexcept { return file_.size(); }
  [[nodiscard]] const feature_log_config& config() const noexcept { return config_; }

 private:
  feature_log() = default;

  [[nodiscard]] error closed() const { return {errc::io, "feature log: closed after an error; open it again"}; }

  template <class = void> [[nodiscard]] result<void> write_buffer() {
    if (!file_.is_open()) return closed();
    if (auto ok = file_.append(buffer_); !ok) return ok;
    acknowledged_ += buffered_;
    unsynced_ += std::exchange(buffered_, 0);
    buffer_.clear();
    return {};
  }
  [[nodiscard]] result<void> sync_file() {
    unsynced_ = 0;
    return file_.sync();
  }
  template <class = void> [[nodiscard]] result<void> recover() {
    auto reader = log_reader::open(file_.path(), config_.longest);
    if (!reader) return reader.error();
    for (;;) {
      const std::uint64_t start = reader->position();
      const auto record = reader->next();
      if (record) {
        if (!*record) break;
        continue;
      }
      if (!config_.accept_damage || record.error().code == errc::io) return record.error();
      if (reader->position() > file_.size()) {  // a record longer than `longest`, and torn
        recovery_.records = reader->records();
        recovery_.torn = {start, file_.size() - start};
        return file_.truncate(start);
      }
      recovery_.damaged_bytes += reader->position() - start;
    }
    recovery_.records = reader->records();
    if (reader->position() == 0) return begin();
    recovery_.torn = {reader->position(), file_.size() - reader->position()};
    return recovery_.torn.bytes == 0 ? result<void>{} : file_.truncate(reader->position());
  }
  /// A new log, or one that was killed before its header was whole.
  template <class = void> [[nodiscard]] result<void> begin() {
    recovery_.torn = {0, file_.size()};
    if (auto ok = file_.truncate(0); !ok) return ok;
    if (auto ok = file_.append(std::as_bytes(std::span(detail::log_magic))); !ok) return ok;
    return config_.sync_every != 0 ? file_.sync_directory() : result<void>{};
  }

  feature_log_config config_{};
  detail::append_file file_{};
  log_recovery recovery_{};
  std::vector<std::byte> buffer_{};
  std::uint64_t buffered_ = 0, acknowledged_ = 0, unsynced_ = 0;
};

}  // namespace mlsd
