#include "mlsd/archive/storage.hpp"

#include <cstdlib>

#include "archive/sample.hpp"
#include "catch.hpp"

namespace test_storage {
using namespace mlsd::detail;

std::string directory() {
  const char* t = std::getenv("TMPDIR");
  return std::string(t != nullptr ? t : "/tmp") + "/mlsd_storage_test";
}
std::span<const std::byte> bytes_of(std::string_view s) { return std::as_bytes(std::span(s.data(), s.size())); }
std::string content(const std::string& path) {
  const auto r = read_file(path);
  if (!r) return to_string(r.error());
  return {reinterpret_cast<const char*>(r->bytes().data()), r->bytes().size()};
}
bool exists(const std::string& path) { return file_handle(path, "rb").get() != nullptr; }

TEST_CASE("storage: a file is replaced as a whole and leaves nothing beside it") {
  const std::string path = directory() + ".replace";
  REQUIRE(replace_file(path, bytes_of("first")));
  CHECK(content(path) == "first");
  REQUIRE(replace_file(path, bytes_of("second, longer")));
  CHECK(content(path) == "second, longer");
  REQUIRE(replace_file(path, {}));
  CHECK(content(path).empty());
  CHECK_FALSE(exists(path + ".part0"));
  std::remove(path.c_str());
}

TEST_CASE("storage: what a crash left beside the target is neither used nor in the way") {
  const std::string path = directory() + ".crash";
  REQUIRE(replace_file(path + ".part0", bytes_of("half a fi")));
  REQUIRE(replace_file(path, bytes_of("whole")));
  CHECK(content(path) == "whole");
  CHECK(content(path + ".part0") == "half a fi");
  std::remove(path.c_str());
  std::remove((path + ".part0").c_str());
}

TEST_CASE("storage: larger than any buffer") {
  const std::string path = directory() + ".large";
  std::string text(3'000'000, 'x');
  text[2'999'999] = 'y';
  REQUIRE(replace_file(path, bytes_of(text)));
  CHECK(content(path) == text);
  std::remove(path.c_str());
}

TEST_CASE("storage: what cannot be read or written is an error that names the path") {
  const std::string nowhere = directory() + ".absent/file";
  const auto unwritten = replace_file(nowhere, bytes_of("x"));
  REQUIRE_FALSE(unwritten);
  CHECK(unwritten.error().code == mlsd::errc::io);
  CHECK(unwritten.error().message == "cannot write '" + nowhere + "': No such file or directory");
  CHECK(read_file(nowhere).error().message == "cannot open '" + nowhere + "': No such file or directory");
#if __has_include(<unistd.h>)
  CHECK(replace_file("/", bytes_of("x")).error().message == "cannot write '/': it is a directory");
  CHECK(replace_file("/dev/null", bytes_of("x")).error().message ==
        "cannot write '/dev/null': it is not a regular file");
  CHECK(test_archive::contains(read_file("/").error().message, "cannot read '/'"));

  const std::string target = directory() + ".target", link = directory() + ".link";
  REQUIRE(replace_file(target, bytes_of("old")));
  REQUIRE(::symlink(target.c_str(), link.c_str()) == 0);
  REQUIRE(replace_file(link, bytes_of("new")));
  CHECK(content(target) == "new");
  std::remove(link.c_str());
  std::remove(target.c_str());
#endif
}

}  // namespace test_storage
