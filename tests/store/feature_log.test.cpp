#include "mlsd/store/feature_log.hpp"

#include "catch.hpp"
#include "draws.hpp"
#include "log_cases.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#if __has_include(<unistd.h>) && __has_include(<sys/mman.h>) && __has_include(<sys/wait.h>)
#include <sched.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <csignal>

namespace test_feature_log {
using namespace mlsd;
using mlsd_test::features_of;
using mlsd_test::is_numbered;
using mlsd_test::numbered_record;

result<void> append(feature_log& log, std::uint64_t i) {
  const auto features = features_of(i);
  return log.append(numbered_record(i, features));
}
/// Records 0 to n - 1, if these are what the log holds, and nothing else.
std::uint64_t whole_records(const std::string& path) {
  auto reader = log_reader::open(path).value();
  std::uint64_t n = 0, right = 0;
  auto r = reader.next();
  for (; r && *r; r = reader.next()) right += is_numbered(**r, n++);
  REQUIRE(r);
  REQUIRE(right == n);
  REQUIRE(reader.tail().bytes == 0);
  return n;
}

TEST_CASE("feature_log: appends, and goes on after it was closed") {
  const mlsd_test::temporary_file file("feature_log_goes_on");
  for (std::uint64_t part = 0; part < 3; ++part) {
    auto log = feature_log::open(file.path, {.sync_every = part}).value();
    CHECK(log.recovery().records == part * 50);
    CHECK(log.recovery().torn.bytes == 0);
    for (std::uint64_t i = 0; i < 50; ++i) REQUIRE(append(log, part * 50 + i));
    CHECK(log.acknowledged() == 50);
  }
  CHECK(whole_records(file.path) == 150);
}

TEST_CASE("feature_log: a buffer acknowledges when it is flushed") {
  const mlsd_test::temporary_file file("feature_log_buffer");
  std::uint64_t i = 0;
  {
    auto log = feature_log::open(file.path, {.buffer = 5000}).value();
    for (; i < 10; ++i) REQUIRE(append(log, i));
    CHECK(log.acknowledged() == 0);
    CHECK(log.size() == 16);
    REQUIRE(log.flush());
    CHECK(log.acknowledged() == 10);
    CHECK(whole_records(file.path) == 10);
    for (; log.acknowledged() == 10; ++i) REQUIRE(append(log, i));
    CHECK(log.acknowledged() == i);
    REQUIRE(append(log, i));
    REQUIRE(log.sync());
    CHECK(log.acknowledged() == i + 1);
    REQUIRE(append(log, i + 1));
    auto moved = std::move(log);
    CHECK(moved.acknowledged() == i + 1);
    CHECK(whole_records(file.path) == i + 1);
  }
  CHECK(whole_records(file.path) == i + 2);  // the end of the log's life is a flush
}

TEST_CASE("feature_log: cut at every byte of its last records, it loses those and no other") {
  const mlsd_test::temporary_file file("feature_log_cut");
  std::vector<std::uint64_t> starts;
  const auto all = mlsd_test::log_bytes(5, &starts);
  starts.push_back(all.size());
  for (std::size_t size = 0; size <= all.size(); ++size) {
    file.write(std::span(all).first(size));
    std::uint64_t whole = 0;
    while (whole < 5 && starts[whole + 1] <= size) ++whole;
    {
      auto log = feature_log::open(file.path).value();
      REQUIRE(log.recovery().records == whole);
      REQUIRE(log.recovery().torn.bytes == (size < 16 ? size : size - starts[whole]));
      REQUIRE(log.size() == (size < 16 ? 16 : starts[whole]));
      REQUIRE(append(log, whole));
    }
    REQUIRE(whole_records(file.path) == whole + 1);
  }
}

TEST_CASE("feature_log: damage in the middle is refused, or left alone if that is wanted") {
  const mlsd_test::temporary_file file("feature_log_damage");
  std::vector<std::uint64_t> starts;
  auto all = mlsd_test::log_bytes(5, &starts);
  all[starts[2] + 9] ^= std::byte{1};
  file.write(all);
  const auto refused = feature_log::open(file.path);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::corrupt);
  CHECK(refused.error().position == starts[2]);
  CHECK(file.bytes() == all);
  auto log = feature_log::open(file.path, {.accept_damage = true}).value();
  CHECK(log.recovery().records == 4);
  CHECK(log.recovery().damaged_bytes == starts[3] - starts[2]);
  CHECK(log.size() == all.size());
}

TEST_CASE("feature_log: refuses what is no log, and records that are too long") {
  const mlsd_test::temporary_file file("feature_log_other");
  const std::string text = "A diary of mine, of more than sixteen bytes.";
  file.write(std::as_bytes(std::span(text)));
  CHECK(feature_log::open(file.path).error().code == errc::mismatch);
  CHECK(file.bytes().size() == text.size());

  const mlsd_test::temporary_file other("feature_log_long");
  auto log = feature_log::open(other.path, {.longest = 10}).value();
  const std::vector<std::byte> long_features(11);
  CHECK(log.append({1, {2}, 3, long_features}).error().code == errc::capacity);
  CHECK(log.size() == 16);
#if defined(__linux__)
  CHECK(feature_log::open(other.path).error().code == errc::io);  // one writer
#endif
}

TEST_CASE("feature_log: a torn record that is longer than allowed now is cut") {
  const mlsd_test::temporary_file file("feature_log_long_torn");
  const std::vector<std::byte> large(100'000);
  std::uint64_t whole = 0;
  {
    auto log = feature_log::open(file.path).value();
    REQUIRE(append(log, 0));
    whole = log.size();
    REQUIRE(log.append({1, {2}, 3, large}));
  }
  auto bytes = file.bytes();
  bytes.resize(whole + 50'000);
  file.write(bytes);
  auto log = feature_log::open(file.path, {.longest = 1000, .accept_damage = true}).value();
  CHECK(log.size() == whole);
  CHECK(log.recovery().torn.bytes == 50'000);
  CHECK(log.recovery().records == 1);
}

TEST_CASE("feature_log: a full disk leaves no half a record, and the log goes on") {
  const mlsd_test::temporary_file file("feature_log_full");
  ::signal(SIGXFSZ, SIG_IGN);
  auto log = feature_log::open(file.path).value();
  for (std::uint64_t i = 0; i < 20; ++i) REQUIRE(append(log, i));
  rlimit before{}, small{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
  small = before;
  small.rlim_cur = static_cast<rlim_t>(log.size() + 60);  // record 20 has 48 + 33 bytes
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
  const auto failed = append(log, 20);
  ::setrlimit(RLIMIT_FSIZE, &before);
  ::signal(SIGXFSZ, SIG_DFL);
  REQUIRE_FALSE(failed);
  CHECK(failed.error().code == errc::io);
  CHECK(log.acknowledged() == 20);
  CHECK(whole_records(file.path) == 20);
  REQUIRE(append(log, 20));
  CHECK(whole_records(file.path) == 21);
}

/// The child appends from record `from` on and tells through `acknowledged` how many the log holds.
[[noreturn]] void append_until_killed(const std::string& path, std::uint64_t from, std::size_t buffer,
                                      std::atomic<std::uint64_t>& acknowledged) {
  auto log = feature_log::open(path, {.buffer = buffer});
  if (!log || log->recovery().records != from) ::_exit(1);
  for (std::uint64_t i = from;; ++i) {
    if (!append(*log, i)) ::_exit(2);
    acknowledged.store(from + log->acknowledged(), std::memory_order_release);
  }
}

TEST_CASE("feature_log: killed 200 times at any moment, it loses nothing that was acknowledged") {
  void* shared = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  REQUIRE(shared != MAP_FAILED);
  auto& acknowledged = *::new (shared) std::atomic<std::uint64_t>(0);
  mlsd_test::draws random{2024};
  std::uint64_t grew = 0, early = 0;
  for (int file_number = 0; file_number < 20; ++file_number) {
    const mlsd_test::temporary_file file("feature_log_killed");
    std::uint64_t records = 0;
    for (int kill = 0; kill < 10; ++kill) {
      const std::size_t buffer = kill % 3 == 2 ? 1000 : 0;
      acknowledged = records;
      const pid_t child = ::fork();
      REQUIRE(child >= 0);
      if (child == 0) append_until_killed(file.path, records, buffer, acknowledged);
      const std::uint64_t goal = records + random.below(40);
      int status = 0;
      while (acknowledged < goal && ::waitpid(child, &status, WNOHANG) == 0) ::sched_yield();
      for (std::uint64_t spin = random.below(3000); spin > 0; --spin) static_cast<void>(acknowledged.load());
      REQUIRE(::kill(child, SIGKILL) == 0);
      REQUIRE(::waitpid(child, &status, 0) == child);
      REQUIRE(WIFSIGNALED(status));
      early += goal == records;
      { const auto log = feature_log::open(file.path).value(); }  // cuts a torn end off
      const std::uint64_t found = whole_records(file.path);
      REQUIRE(found >= acknowledged);
      grew += found > records;
      records = found;
    }
  }
  CHECK(grew + early >= 200);
  ::munmap(shared, 4096);
}

}  // namespace test_feature_log
#endif
