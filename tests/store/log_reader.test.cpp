#include "mlsd/store/log_reader.hpp"

#include "catch.hpp"
#include "draws.hpp"
#include "log_cases.hpp"

#include <array>
#include <cstdint>
#include <cstring>
#include <vector>

namespace test_log_reader {
using namespace mlsd;
using mlsd_test::is_numbered;
using mlsd_test::log_bytes;

TEST_CASE("log_reader: gives back what was logged, then the end, and goes on when the log grows") {
  const mlsd_test::temporary_file file("log_reader_grows");
  const auto all = log_bytes(300);
  std::vector<std::uint64_t> starts;
  static_cast<void>(log_bytes(300, &starts));
  file.write(std::span(all).first(9));
  auto reader = log_reader::open(file.path).value();
  CHECK_FALSE(*reader.next());
  std::uint64_t expected = 0;
  std::size_t written = 9;
  for (const std::size_t bytes : {std::size_t{16}, std::size_t{starts[100]} + 5, all.size()}) {
    file.append(std::span(all).first(bytes).subspan(written));
    written = bytes;
    for (auto r = reader.next(); r && *r; r = reader.next()) REQUIRE(is_numbered(**r, expected++));
    CHECK(expected == (bytes == 16 ? 0u : bytes == all.size() ? 300u : 100u));
    CHECK(reader.tail().bytes == (bytes == starts[100] + 5 ? 5 : 0));
  }
  CHECK(reader.records() == 300);
  CHECK(reader.position() == all.size());
}

TEST_CASE("log_reader: a file cut anywhere gives the whole records before the cut, and a torn tail") {
  const mlsd_test::temporary_file file("log_reader_cut");
  std::vector<std::uint64_t> starts;
  const auto all = log_bytes(6, &starts);
  for (std::size_t size = 0; size < all.size(); ++size) {
    file.write(std::span(all).first(size));
    auto reader = log_reader::open(file.path).value();
    std::uint64_t whole = 0, n = 0;
    while (whole < 6 && (whole + 1 < 6 ? starts[whole + 1] : all.size()) <= size) ++whole;
    auto r = reader.next();
    for (; r && *r; r = reader.next()) REQUIRE(is_numbered(**r, n++));
    REQUIRE(r);
    REQUIRE(n == whole);
    if (size >= 16) REQUIRE((reader.tail() == log_gap{starts[whole], size - starts[whole]}));
  }
}

TEST_CASE("log_reader: damage in the middle is an error with its place, and the records behind it are still there") {
  const mlsd_test::temporary_file file("log_reader_middle");
  std::vector<std::uint64_t> starts;
  const auto all = log_bytes(9, &starts);
  for (std::uint64_t broken = 0; broken < 9; ++broken)
    for (std::size_t at = starts[broken]; at < (broken + 1 < 9 ? starts[broken + 1] : all.size()); at += 5) {
      auto damaged = all;
      damaged[at] ^= std::byte{0x10};
      file.write(damaged);
      auto reader = log_reader::open(file.path).value();
      std::uint64_t n = 0;
      int errors = 0;
      for (;;) {
        const auto r = reader.next();
        if (!r) {
          ++errors;
          REQUIRE(r.error().code == errc::corrupt);
          REQUIRE(r.error().position == starts[broken]);
          REQUIRE(n == broken);
          ++n;
          continue;
        }
        if (!*r) break;
        REQUIRE(is_numbered(**r, n++));
      }
      REQUIRE(errors == (broken < 8 ? 1 : 0));
      REQUIRE(n == (broken < 8 ? 9 : 8));
      REQUIRE(reader.tail().bytes == (broken < 8 ? 0 : all.size() - starts[8]));
    }
}

TEST_CASE("log_reader: mutated files end, and never give a record that was not logged") {
  const mlsd_test::temporary_file file("log_reader_mutated");
  const auto all = log_bytes(8);
  mlsd_test::draws random{77};
  for (int k = 0; k < 800; ++k) {
    auto damaged = all;
    for (std::uint64_t i = 0; i <= random.below(6); ++i)
      damaged[random.below(damaged.size())] = static_cast<std::byte>(random.bits());
    if (k % 4 == 0) damaged.resize(random.below(damaged.size()));
    if (k % 7 == 0 && damaged.size() > 40)
      damaged.insert(damaged.begin() + 40, static_cast<std::size_t>(random.below(20)), std::byte{1});
    file.write(damaged);
    auto reader = log_reader::open(file.path);
    if (!reader) continue;
    for (int steps = 0;; ++steps) {
      REQUIRE(steps < 40);
      const auto r = reader->next();
      if (r && !*r) break;
      if (r) REQUIRE(((*r)->key < 8 && is_numbered(**r, (*r)->key)));
    }
  }
}

TEST_CASE("log_reader: a record inside a record's features is not taken for one") {
  const mlsd_test::temporary_file file("log_reader_inside");
  const auto inner = log_bytes(3);
  std::vector<std::byte> all = log_bytes(1);
  const std::size_t start = all.size();
  detail::write_record(all, start, {1, {2}, 3, inner});
  all[start + 5] ^= std::byte{1};  // the length
  file.write(all);
  auto reader = log_reader::open(file.path).value();
  CHECK(*reader.next());
  const auto r = reader.next();
  REQUIRE(r);
  CHECK_FALSE(*r);
  CHECK(reader.tail() == log_gap{start, all.size() - start});
}

TEST_CASE("log_reader: sealed nonsense is bounded") {
  const mlsd_test::temporary_file file("log_reader_hostile");
  std::vector<std::byte> all = log_bytes(1);
  const std::size_t start = all.size();
  detail::write_record(all, start, {1, {2}, 3, {}});
  detail::overwrite(all, start + 4, std::uint32_t{0xFFFF'FFF0});
  detail::overwrite(all, start + 32, detail::check_of_head(all.data() + start, start));
  file.write(all);
  auto reader = log_reader::open(file.path).value();
  CHECK(*reader.next());
  CHECK(reader.next().error().code == errc::capacity);
  CHECK_FALSE(*reader.next());

  file.write(std::as_bytes(std::span("something else entirely")));
  CHECK(log_reader::open(file.path).error().code == errc::mismatch);
  CHECK(log_reader::open(file.path + ".absent").error().code == errc::io);
}

TEST_CASE("logged_features: rows of a fixed type") {
  const std::array<float, 3> row{1, 2, 3};
  const logged_features r{1, {2}, 3, std::as_bytes(std::span(row))};
  CHECK(r.row<std::array<float, 3>>().value() == row);
  CHECK(r.row<std::array<float, 2>>().error().message ==
        "feature log: a record of 12 bytes where a row of 8 is wanted");
}

}  // namespace test_log_reader
