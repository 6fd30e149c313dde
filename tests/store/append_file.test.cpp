#include "mlsd/store/append_file.hpp"

#include "catch.hpp"
#include "log_cases.hpp"

#include <cstddef>
#include <string>
#include <utility>

namespace test_append_file {
using mlsd::detail::append_file;

#if __has_include(<unistd.h>)
TEST_CASE("append_file: appends where the file ends, shortens, and has one writer") {
  const mlsd_test::temporary_file file("append_file");
  const std::byte bytes[] = {std::byte{1}, std::byte{2}, std::byte{3}};
  {
    auto f = append_file::open(file.path).value();
    CHECK(f.size() == 0);
    REQUIRE(f.append(bytes));
    REQUIRE(f.sync());
    REQUIRE(f.sync_directory());
#if defined(__linux__)
    CHECK(append_file::open(file.path).error().code == mlsd::errc::io);
#endif
    append_file moved = std::move(f);
    REQUIRE(moved.append(bytes));
    CHECK(moved.size() == 6);
    CHECK_FALSE(f.is_open());
  }
  auto again = append_file::open(file.path).value();
  REQUIRE(again.truncate(4));
  REQUIRE(again.append(std::span(bytes).first(1)));
  CHECK(file.bytes() == std::vector<std::byte>{bytes[0], bytes[1], bytes[2], bytes[0], bytes[0]});
}

TEST_CASE("append_file: what cannot be appended to is an error that names it") {
  const auto absent = append_file::open("/nonexistent folder/log");
  REQUIRE_FALSE(absent);
  CHECK(absent.error().message.find("'/nonexistent folder/log'") != std::string::npos);
  CHECK_FALSE(append_file::open("/dev/null"));
#if defined(__linux__)
  if (auto full = append_file::open("/dev/full"); full) CHECK_FALSE(full->append(std::span<const std::byte>()));
#endif
}
#endif

}  // namespace test_append_file
