#include "mlsd/data/byte_source.hpp"

#include <cstdio>
#include <span>
#include <string>
#include <utility>

#include "catch.hpp"

namespace test_byte_source {
using namespace mlsd;

static_assert(byte_source<text_source>);
static_assert(byte_source<file_source>);
static_assert(byte_source<decltype([](std::span<char>) { return std::size_t{0}; })>);
static_assert(byte_source<decltype([](std::span<char>) -> result<std::size_t> { return std::size_t{0}; })>);
static_assert(!byte_source<decltype([](char*) { return std::size_t{0}; })>);
static_assert(!byte_source<decltype([](std::span<char>) {})>);

template <class Source> std::string drained(Source source, std::size_t chunk) {
  std::string out, buffer(chunk, '\0');
  for (;;) {
    const result<std::size_t> n = source(std::span<char>(buffer));
    if (!n) return to_string(n.error());
    if (*n == 0) return out;
    out.append(buffer, 0, *n);
  }
}

TEST_CASE("byte_source: a text and a file give the same bytes in chunks of any size") {
  std::string bytes = "line\r\n\n";
  for (int i = 0; i < 300; ++i) bytes += static_cast<char>(i);
  const char* const path = "mlsd_byte_source_test.bin";
  std::FILE* f = std::fopen(path, "wb");
  REQUIRE(f != nullptr);
  REQUIRE(std::fwrite(bytes.data(), 1, bytes.size(), f) == bytes.size());
  REQUIRE(std::fclose(f) == 0);
  for (const std::size_t chunk : {1u, 2u, 7u, 4096u}) {
    CHECK(drained(text_source(bytes), chunk) == bytes);
    CHECK(drained(file_source(path), chunk) == bytes);
  }
  file_source moved(path);
  char two[2];
  CHECK(moved(two).value() == 2);
  file_source other = std::move(moved);
  CHECK(drained(std::move(other), 8) == bytes.substr(2));
  file_source reused(path);
  CHECK(reused(two).value() == 2);
  reused = file_source("elsewhere");
  CHECK(reused.path() == "elsewhere");
  std::remove(path);
  CHECK(drained(text_source(""), 3).empty());
}

TEST_CASE("byte_source: a file that cannot be read names its path") {
  CHECK(drained(file_source("no/such/file"), 4).starts_with("cannot open 'no/such/file': "));
  CHECK(drained(file_source("."), 4).starts_with("cannot read '.': "));  // a folder opens but does not read
}
}  // namespace test_byte_source
